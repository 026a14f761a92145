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

// ЕСИА writes the same fact in different types: a number with and without quotes, a yes as true, "true" or 1, a list bare or in an object. These types
// read every form, and keep apart what was said and what was not.

// text is a string that may come as a number or a boolean. A missing one and null are empty.
type text string

var errNotText = errors.New("neither text nor a number")

// UnmarshalJSON refuses objects and lists only.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = ""
	data = bytes.TrimSpace(data)
	switch {
	case len(data) == 0 || data[0] == '{' || data[0] == '[':
		return errNotText
	case data[0] == '"':
		var said string
		if err := strictjson.UnmarshalKnown(data, &said); err != nil {
			return errNotText
		}
		*t = text(strings.TrimSpace(said))
	case data[0] == 'n': // null
	case data[0] == 't' || data[0] == 'f':
		*t = text(data)
	default:
		*t = text(wholeNumber(string(data)))
	}
	return nil
}

// wholeNumber writes 1.027E12 and 5.0 as digits; a number that is not whole stays as it is.
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

// line is a text for people, written down as everybody's are; it has no control characters.
func (t text) line() string {
	return humantext.Line(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return -1
		}
		return r
	}, string(t)))
}

// padded gives a number back the zeros in front that it lost as a JSON number.
func (t text) padded(length int) string {
	if len(t) == length-1 && digits(string(t)) == string(t) {
		return "0" + string(t)
	}
	return string(t)
}

// flag is a yes, a no, or what was not said.
type flag int

const (
	unknown flag = iota
	yes
	no
)

// UnmarshalJSON takes what it does not understand as not said.
func (f *flag) UnmarshalJSON(data []byte) error {
	*f = unknown
	var said text
	if said.UnmarshalJSON(data) != nil {
		return nil
	}
	switch strings.ToLower(string(said)) {
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
	var said text
	if err := said.UnmarshalJSON(data); err != nil || digits(string(said)) != string(said) {
		return errNotDecimal
	}
	*n = number(said)
	return nil
}

// moment is a time in seconds; zero where none is said.
type moment int64

var errNotMoment = errors.New("not a time in seconds")

// UnmarshalJSON accepts whole and broken seconds, with and without quotes.
func (m *moment) UnmarshalJSON(data []byte) error {
	var said text
	if err := said.UnmarshalJSON(data); err != nil {
		return errNotMoment
	}
	if said == "" {
		return nil
	}
	value, _, err := big.ParseFloat(string(said), 10, 64, big.ToNearestEven)
	if err != nil {
		return errNotMoment
	}
	seconds, _ := value.Int64()
	*m = moment(seconds)
	return nil
}

func (m moment) time() time.Time { return time.Unix(int64(m), 0) }

// audience is one client or several.
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

// collection is embedded elements, or the addresses to read them from.
type collection struct {
	Elements []json.RawMessage
	// Told says that the answer speaks of all its elements, though there may be none: it holds as many as it counts.
	Told bool
}

// UnmarshalJSON accepts {"elements": […]}, a bare list, and one element where a list belongs.
func (c *collection) UnmarshalJSON(data []byte) error {
	*c = collection{}
	var list []json.RawMessage
	if strictjson.UnmarshalKnown(data, &list) == nil {
		c.Elements, c.Told = list, list != nil
		return nil
	}
	var whole struct {
		Size     text            `json:"size"`
		Elements json.RawMessage `json:"elements"`
	}
	if strictjson.UnmarshalKnown(data, &whole) != nil {
		return nil // no collection at all: nothing is told
	}
	elements := bytes.TrimSpace(whole.Elements)
	switch {
	case len(elements) == 0 || elements[0] == 'n':
		c.Told = whole.Size == "0"
	case elements[0] == '[':
		c.Told = strictjson.UnmarshalKnown(elements, &c.Elements) == nil
	default:
		c.Elements, c.Told = []json.RawMessage{elements}, true
	}
	if whole.Size != "" && string(whole.Size) != strconv.Itoa(len(c.Elements)) {
		c.Told = false
	}
	return nil
}

// date reads ЕСИА's dd.mm.yyyy and the ISO form; anything else gives the zero time.
func date(said text) time.Time {
	for _, layout := range []string{"02.01.2006", time.DateOnly, time.RFC3339} {
		if parsed, err := time.Parse(layout, string(said)); err == nil {
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
