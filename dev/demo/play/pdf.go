package play

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// pdf returns a one-page document with a heading and lines of Russian text. It embeds no fonts: the
// reader substitutes its own. Characters outside Windows-1251 are replaced.
func pdf(lines ...string) ([]byte, error) {
	var page bytes.Buffer
	page.WriteString("BT /F1 9 Tf 14 TL 48 780 Td\n")
	for _, line := range lines {
		encoded, err := encoding.ReplaceUnsupported(charmap.Windows1251.NewEncoder()).String(line)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&page, "<%x> Tj T*\n", encoded)
	}
	page.WriteString("ET\n")
	return assemble([]string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", page.Len(), page.String()),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /FirstChar 32 /LastChar 255 /Widths [" + strings.Repeat("600 ", 224) +
			"] /Encoding << /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [" + cyrillicGlyphs() + "] >> >>",
	}), nil
}

// assemble writes the objects and the cross-reference table.
func assemble(objects []string) []byte {
	var out bytes.Buffer
	out.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	places := make([]int, len(objects))
	for i, object := range objects {
		places[i] = out.Len()
		fmt.Fprintf(&out, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := out.Len()
	fmt.Fprintf(&out, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, place := range places {
		fmt.Fprintf(&out, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return out.Bytes()
}

// cyrillicGlyphs names the glyphs of the codes in which Windows-1251 and the font's base encoding
// differ. The letters are afii10017 … afii10049 and afii10065 … afii10097, with Ё after Е.
func cyrillicGlyphs() string {
	names := "168 /afii10023 184 /afii10071 /afii61352 192"
	for _, first := range []int{10017, 10065} {
		for letter := range 33 {
			if letter != 6 { // Ё
				names += fmt.Sprintf(" /afii%d", first+letter)
			}
		}
	}
	return names
}
