package esia

import (
	"bytes"
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode"

	"epkr/internal/humantext"
	"epkr/internal/strictjson"
)

// ЕСИА encodes the same fact in different types: a number with or without quotes, a boolean as
// true, "true" or 1, a list bare or inside an object. The types below decode every form and
// distinguish a missing value from a given one.

// text is a string that may be encoded as a number or a boolean. It is empty for a missing value
// and for null.
type text string

var errNotText = errors.New("neither text nor a number")

// UnmarshalJSON refuses only objects and lists.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = ""
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0 || data[0] == '{' || data[0] == '[':
		return errNotText
	case data[0] == '"':
		var decoded string
		if err := strictjson.UnmarshalKnown(data, &decoded); err != nil {
			return errNotText
		}
		*t = text(strings.TrimSpace(decoded))
	case data[0] == 'n': // null
	case data[0] == 't' || data[0] == 'f':
		*t = text(data)
	default:
		*t = text(wholeNumber(string(data)))
	}
	return nil
}

// wholeNumber rewrites 1.027E12 and 5.0 as digits; it returns a number with a fraction unchanged.
func wholeNumber(number string) string {
	if !strings.ContainsAny(number, ".eE") || len(number) > 40 {
		return number
	}
	value, _, err := big.ParseFloat(number, 10, 200, big.ToNearestEven)
	if err != nil || !value.IsInt() || value.MantExp(nil) > 200 {
		return number
	}
	return value.Text('f', 0)
}

// line returns a one-line text for people, normalised and without control characters.
func (t text) line() string {
	return humantext.Line(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, string(t)))
}

// padded restores the leading zero that a number lost as a JSON number.
func (t text) padded(length int) string {
	if len(t) == length-1 && digits(string(t)) == string(t) {
		return "0" + string(t)
	}
	return string(t)
}

// flag is a boolean that may be missing.
type flag int

const (
	unknown flag = iota
	yes
	no
)

// UnmarshalJSON decodes a value that it does not recognise as missing.
func (f *flag) UnmarshalJSON(data []byte) error {
	*f = unknown
	var decoded text
	if decoded.UnmarshalJSON(data) != nil {
		return nil
	}
	switch strings.ToLower(string(decoded)) {
	case "true", "1", "y", "yes", "да":
		*f = yes
	case "false", "0", "n", "no", "нет":
		*f = no
	}
	return nil
}

// number is an identifier: decimal digits.
type number string

var errNotDecimal = errors.New("an identifier is not decimal")

// UnmarshalJSON accepts digits with and without quotes, and null.
func (n *number) UnmarshalJSON(data []byte) error {
	var decoded text
	if err := decoded.UnmarshalJSON(data); err != nil || digits(string(decoded)) != string(decoded) {
		return errNotDecimal
	}
	*n = number(decoded)
	return nil
}

// moment is a time in seconds since the epoch; zero if missing.
type moment int64

var errNotMoment = errors.New("not a time in seconds")

// UnmarshalJSON accepts whole and fractional seconds, with and without quotes.
func (m *moment) UnmarshalJSON(data []byte) error {
	var decoded text
	if err := decoded.UnmarshalJSON(data); err != nil {
		return errNotMoment
	}
	if decoded == "" {
		return nil
	}
	value, _, err := big.ParseFloat(string(decoded), 10, 64, big.ToNearestEven)
	if err != nil {
		return errNotMoment
	}
	seconds, _ := value.Int64()
	*m = moment(seconds)
	return nil
}

func (m moment) time() time.Time { return time.Unix(int64(m), 0) }

// audience is a list of one or several clients.
type audience []string

// UnmarshalJSON accepts a string, a list of strings, and null.
func (a *audience) UnmarshalJSON(data []byte) error {
	*a = nil
	var one text
	if one.UnmarshalJSON(data) == nil {
		if one != "" {
			*a = audience{string(one)}
		}
		return nil
	}
	var all []text
	if err := strictjson.UnmarshalKnown(data, &all); err != nil {
		return errNotText
	}
	for _, client := range all {
		*a = append(*a, string(client))
	}
	return nil
}

// collection is a list of embedded elements or of URLs to read them from.
type collection struct {
	Elements []json.RawMessage
	// Complete reports whether the response lists all elements, possibly none: their number equals
	// its size member.
	Complete bool
}

// UnmarshalJSON accepts {"elements": […]}, a bare list, and a single element in place of a list.
func (c *collection) UnmarshalJSON(data []byte) error {
	*c = collection{}
	var list []json.RawMessage
	if strictjson.UnmarshalKnown(data, &list) == nil {
		c.Elements, c.Complete = list, list != nil
		return nil
	}
	var whole struct {
		Size     text            `json:"size"`
		Elements json.RawMessage `json:"elements"`
	}
	if strictjson.UnmarshalKnown(data, &whole) != nil {
		return nil // not a collection: incomplete
	}
	elements := bytes.TrimSpace(whole.Elements)
	switch {
	case len(elements) == 0 || elements[0] == 'n':
		c.Complete = whole.Size == "0"
	case elements[0] == '[':
		c.Complete = strictjson.UnmarshalKnown(elements, &c.Elements) == nil
	default:
		c.Elements, c.Complete = []json.RawMessage{elements}, true
	}
	if whole.Size != "" && string(whole.Size) != strconv.Itoa(len(c.Elements)) {
		c.Complete = false
	}
	return nil
}

// parseDate parses ЕСИА's dd.mm.yyyy and the ISO form; it returns the zero time for anything else.
func parseDate(value text) time.Time {
	for _, layout := range []string{"02.01.2006", time.DateOnly, time.RFC3339} {
		if parsed, err := time.Parse(layout, string(value)); err == nil {
			return time.Date(parsed.Year(), parsed.Month(), parsed.Day(), 0, 0, 0, 0, time.UTC)
		}
	}
	return time.Time{}
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
