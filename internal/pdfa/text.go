package pdfa

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"epkr/internal/pdfa/cos"
)

// documentEncoding has the characters of PDFDocEncoding from 0x80 on that Latin-1 does not have there
// (ISO 32000-1 annex D.2).
var documentEncoding = []rune("•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\uFFFD€")

// decodeText returns a text string (ISO 32000-1 clause 7.9.2.2).
func decodeText(s cos.String) string {
	switch {
	case strings.HasPrefix(string(s), "\xFE\xFF"):
		var units []uint16
		for i := 2; i+1 < len(s); i += 2 {
			units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
		}
		return string(utf16.Decode(units))
	case strings.HasPrefix(string(s), "\xEF\xBB\xBF"):
		return string(s[3:])
	}
	var b strings.Builder
	for i := range len(s) {
		if at := int(s[i]) - 0x80; at >= 0 && at < len(documentEncoding) {
			b.WriteRune(documentEncoding[at])
		} else {
			b.WriteRune(rune(s[i]))
		}
	}
	return b.String()
}

// sameText compares texts. XML does not keep spaces at the ends.
func sameText(info, xmp string) bool {
	return strings.Trim(info, " \t\r\n\x00") == strings.TrimSpace(xmp)
}

// date matches a date of PDF (ISO 32000-1 clause 7.9.4) and one of XMP (ISO 8601): year, month, day,
// hour, minute, second, zone.
var date = regexp.MustCompile(
	`^(?:D:)?(\d{4})-?(\d{2})?-?(\d{2})?T?(\d{2})?:?(\d{2})?:?(\d{2})?(?:\.\d+)?(Z|[+-]\d{2})?[':]?(\d{2})?'?$`)

// sameTime compares a date of the document information with one of the metadata. If one of them has no
// zone, it has that of the other.
func sameTime(info, xmp string) bool {
	a, zoneA, okA := parseDate(info)
	b, zoneB, okB := parseDate(xmp)
	if !okA || !okB {
		return false
	}
	if zoneA != nil && zoneB != nil {
		return a.Add(-*zoneA).Equal(b.Add(-*zoneB))
	}
	return a.Equal(b)
}

// parseDate returns the time on the clock, and the offset of its zone from UTC if it has one.
func parseDate(s string) (at time.Time, zone *time.Duration, ok bool) {
	m := date.FindStringSubmatch(strings.TrimSpace(strings.ReplaceAll(s, "Z00'00'", "Z")))
	if m == nil {
		return time.Time{}, nil, false
	}
	part := func(i, missing int) int {
		if n, err := strconv.Atoi(m[i]); err == nil {
			return n
		}
		return missing
	}
	at = time.Date(part(1, 0), time.Month(part(2, 1)), part(3, 1), part(4, 0), part(5, 0), part(6, 0), 0, time.UTC)
	if m[7] != "" {
		offset := time.Duration(part(7, 0)) * time.Hour
		minutes := time.Duration(part(8, 0)) * time.Minute
		if strings.HasPrefix(m[7], "-") {
			minutes = -minutes
		}
		offset += minutes
		zone = &offset
	}
	return at, zone, true
}
