package strictjson

import (
	"bytes"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// MaxDepth is the largest number of nested objects and arrays.
	MaxDepth = 32
	// maxInteger is the largest integer up to which a double represents every integer (RFC 7493,
	// 2.2).
	maxInteger = 1<<53 - 1
	// maxPath bounds the path of a fault, whose names come from the sender, in bytes.
	maxPath = 200
)

// Check returns the first fault of a JSON text as a [*Fault]; nil if there is none.
func Check(data []byte) error {
	s := scanner{data: data}
	return s.text(nil)
}

// unknown selects what happens to a name that no field of a struct has.
type unknown int

const (
	refuseUnknown unknown = iota
	// blankOthers overwrites the member with spaces, but refuses the name of a field in another
	// case.
	blankOthers
	// blankUnknown also overwrites the name of a field in another case, so that encoding/json
	// cannot take it for the field.
	blankUnknown
)

// scanner reads a JSON text once, in linear time.
type scanner struct {
	data    []byte
	at      int
	depth   int
	path    []step
	unknown unknown
}

// step is one part of a path: a name, or an index if the name is empty.
type step struct {
	name  string
	index int
}

func (s *scanner) fault(kind Kind) error {
	var b strings.Builder
	for _, p := range s.path {
		switch {
		case p.name == "":
			b.WriteString("[" + strconv.Itoa(p.index) + "]")
		case b.Len() > 0:
			b.WriteString("." + p.name)
		default:
			b.WriteString(p.name)
		}
	}
	path := b.String()
	if len(path) > maxPath {
		path = strings.ToValidUTF8(path[:maxPath], "")
	}
	return &Fault{Kind: kind, Path: path, Offset: s.at}
}

// text reads the whole text. t is the type that it will be decoded into; nil if there is none.
func (s *scanner) text(t reflect.Type) error {
	if bytes.HasPrefix(s.data, []byte("\xef\xbb\xbf")) {
		return s.fault(Encoding)
	}
	if err := s.value(t); err != nil {
		return err
	}
	if s.skipSpace(); s.at < len(s.data) {
		return s.fault(Syntax)
	}
	return nil
}

func (s *scanner) skipSpace() {
	for s.at < len(s.data) && (s.data[s.at] == ' ' || s.data[s.at] == '\t' || s.data[s.at] == '\n' || s.data[s.at] == '\r') {
		s.at++
	}
}

// next skips spaces and returns the next byte; 0, which does not occur in JSON, at the end.
func (s *scanner) next() byte {
	if s.skipSpace(); s.at < len(s.data) {
		return s.data[s.at]
	}
	return 0
}

func (s *scanner) value(t reflect.Type) error {
	switch c := s.next(); c {
	case '{':
		return s.nested(func() error { return s.object(t) })
	case '[':
		return s.nested(func() error { return s.array(t) })
	case '"':
		_, err := s.string()
		return err
	case 't':
		return s.word("true")
	case 'f':
		return s.word("false")
	case 'n':
		return s.word("null")
	default:
		if c >= utf8.RuneSelf && !utf8.Valid(s.data[s.at:]) {
			return s.fault(Encoding)
		}
		return s.number(t)
	}
}

func (s *scanner) nested(read func() error) error {
	if s.depth++; s.depth > MaxDepth {
		return s.fault(Depth)
	}
	s.at++
	err := read()
	s.depth--
	return err
}

func (s *scanner) word(w string) error {
	if !bytes.HasPrefix(s.data[s.at:], []byte(w)) {
		return s.fault(Syntax)
	}
	s.at += len(w)
	return nil
}

func (s *scanner) array(t reflect.Type) error {
	element := elementOf(t)
	if s.next() == ']' {
		s.at++
		return nil
	}
	s.path = append(s.path, step{})
	for i := 0; ; i++ {
		s.path[len(s.path)-1].index = i
		if err := s.value(element); err != nil {
			return err
		}
		switch s.next() {
		case ',':
			s.at++
		case ']':
			s.at++
			s.path = s.path[:len(s.path)-1]
			return nil
		default:
			return s.fault(Syntax)
		}
	}
}

func (s *scanner) object(t reflect.Type) error {
	if s.next() == '}' {
		s.at++
		return nil
	}
	seen := map[string]struct{}{}
	blank := blanker{data: s.data, comma: -1}
	for {
		if s.next() != '"' {
			return s.fault(Syntax)
		}
		begin := s.at
		name, err := s.string()
		if err != nil {
			return err
		}
		s.path = append(s.path, step{name: name, index: -1})
		folded := fold(name)
		if _, twice := seen[folded]; twice {
			return s.fault(Duplicate)
		}
		seen[folded] = struct{}{}
		inner, known := memberOf(t, name)
		if !known && (s.unknown == refuseUnknown || s.unknown == blankOthers && isField(t, folded)) {
			return s.fault(Unknown)
		}
		if s.next() != ':' {
			return s.fault(Syntax)
		}
		s.at++
		if err := s.value(inner); err != nil {
			return err
		}
		s.path = s.path[:len(s.path)-1]
		blank.member(begin, s.at, known)
		switch s.next() {
		case ',':
			blank.separator(s.at)
			s.at++
		case '}':
			s.at++
			return nil
		default:
			return s.fault(Syntax)
		}
	}
}

// blanker overwrites unknown members with spaces, each with one of the commas next to it.
type blanker struct {
	data  []byte
	comma int  // offset of the comma before the next member; -1 if no known member precedes it
	first bool // all members so far were unknown
	kept  bool
}

func (b *blanker) member(begin, end int, known bool) {
	b.first = false
	if known {
		b.kept = true
		return
	}
	overwrite(b.data[begin:end])
	if b.comma >= 0 {
		overwrite(b.data[b.comma : b.comma+1])
		b.comma = -1
	}
	b.first = !b.kept
}

func (b *blanker) separator(at int) {
	if b.first { // no member is left before the comma
		overwrite(b.data[at : at+1])
		return
	}
	b.comma = at
}

func overwrite(part []byte) {
	for i := range part {
		part[i] = ' '
	}
}
