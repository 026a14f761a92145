package strictjson

import (
	"math"
	"reflect"
	"strconv"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// string reads a string and returns its decoded value.
func (s *scanner) string() (string, error) {
	s.at++
	begin := s.at
	var decoded []byte // nil as long as the string has no escapes
	for s.at < len(s.data) {
		switch c := s.data[s.at]; {
		case c == '"':
			text := s.data[begin:s.at]
			s.at++
			if decoded != nil {
				text = decoded
			}
			return string(text), nil
		case c == '\\':
			if decoded == nil {
				decoded = append(make([]byte, 0, s.at-begin+16), s.data[begin:s.at]...)
			}
			r, err := s.escape()
			if err != nil {
				return "", err
			}
			decoded = utf8.AppendRune(decoded, r)
		case c < ' ':
			return "", s.fault(Syntax)
		case c < utf8.RuneSelf:
			if decoded != nil {
				decoded = append(decoded, c)
			}
			s.at++
		default:
			r, size := utf8.DecodeRune(s.data[s.at:])
			if r == utf8.RuneError && size == 1 {
				return "", s.fault(Encoding)
			}
			if isNoncharacter(r) {
				return "", s.fault(Character)
			}
			if decoded != nil {
				decoded = append(decoded, s.data[s.at:s.at+size]...)
			}
			s.at += size
		}
	}
	return "", s.fault(Syntax)
}

var escapes = map[byte]rune{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads what follows a backslash.
func (s *scanner) escape() (rune, error) {
	if s.at+1 >= len(s.data) {
		return 0, s.fault(Syntax)
	}
	if r, simple := escapes[s.data[s.at+1]]; simple {
		s.at += 2
		return r, nil
	}
	r, ok := s.unit()
	if !ok {
		return 0, s.fault(Syntax)
	}
	if utf16.IsSurrogate(r) {
		low, ok := s.unit()
		if r = utf16.DecodeRune(r, low); !ok || r == utf8.RuneError {
			return 0, s.fault(Character)
		}
	}
	if r == 0 || isNoncharacter(r) {
		return 0, s.fault(Character)
	}
	return r, nil
}

// unit reads one \uXXXX.
func (s *scanner) unit() (rune, bool) {
	if s.at+6 > len(s.data) || s.data[s.at] != '\\' || s.data[s.at+1] != 'u' {
		return 0, false
	}
	r := rune(0)
	for _, c := range s.data[s.at+2 : s.at+6] {
		digit, ok := hexDigit(c)
		if !ok {
			return 0, false
		}
		r = r<<4 | digit
	}
	s.at += 6
	return r, true
}

func hexDigit(c byte) (rune, bool) {
	switch {
	case '0' <= c && c <= '9':
		return rune(c - '0'), true
	case 'a' <= c && c <= 'f':
		return rune(c-'a') + 10, true
	case 'A' <= c && c <= 'F':
		return rune(c-'A') + 10, true
	}
	return 0, false
}

// isNoncharacter reports whether r is a noncharacter. RFC 7493, 2.1 forbids them in texts, as it
// does surrogates.
func isNoncharacter(r rune) bool { return r >= 0xFDD0 && r <= 0xFDEF || r&0xFFFE == 0xFFFE }

// number reads a number. It must fit a double, unless it is decoded into an integer, which may be
// larger.
func (s *scanner) number(t reflect.Type) error {
	begin := s.at
	s.one('-')
	if !s.one('0') && !s.digits() {
		return s.fault(Syntax)
	}
	whole := true
	if s.one('.') {
		whole = false
		if !s.digits() {
			return s.fault(Syntax)
		}
	}
	if s.one('e') || s.one('E') {
		whole = false
		_ = s.one('+') || s.one('-')
		if !s.digits() {
			return s.fault(Syntax)
		}
	}
	value, err := strconv.ParseFloat(string(s.data[begin:s.at]), 64)
	if err != nil || whole && math.Abs(value) > maxInteger && !isInteger(t) {
		return s.fault(Number)
	}
	return nil
}

func isInteger(t reflect.Type) bool {
	t = indirect(t)
	return t != nil && reflect.Int <= t.Kind() && t.Kind() <= reflect.Uint64
}

func (s *scanner) one(c byte) bool {
	if s.at < len(s.data) && s.data[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *scanner) digits() bool {
	begin := s.at
	for s.at < len(s.data) && '0' <= s.data[s.at] && s.data[s.at] <= '9' {
		s.at++
	}
	return s.at > begin
}

// fold returns the same spelling for all names that encoding/json considers equal: for it, ſ equals
// s and the Kelvin sign equals k.
func fold(name string) string {
	plain := true
	for i := range len(name) {
		if c := name[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	folded := make([]rune, 0, len(name))
	for _, r := range name {
		folded = append(folded, foldRune(r))
	}
	return string(folded)
}

// foldRune returns the lower-case Latin letter to which r folds; if there is none, the smallest
// rune that folds to r.
func foldRune(r rune) rune {
	least := r
	for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
		least = min(least, other)
	}
	if 'A' <= least && least <= 'Z' {
		return least + ('a' - 'A')
	}
	return least
}
