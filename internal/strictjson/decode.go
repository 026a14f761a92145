package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// Unmarshal decodes a text without faults. It refuses names that do not match a field exactly, in
// the field's own case.
func Unmarshal(data []byte, into any) error {
	s := scanner{data: data}
	if err := s.text(reflect.TypeOf(into)); err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// UnmarshalExtended is [Unmarshal] for a text whose author may have added members: it ignores
// unknown names, but refuses the name of a field in another case.
func UnmarshalExtended(data []byte, into any) error { return unmarshal(data, into, blankOthers) }

// UnmarshalKnown is [UnmarshalExtended] for a text from third parties: it also ignores the name of
// a field in another case.
func UnmarshalKnown(data []byte, into any) error { return unmarshal(data, into, blankUnknown) }

func unmarshal(data []byte, into any, u unknown) error {
	s := scanner{data: bytes.Clone(data), unknown: u}
	if err := s.text(reflect.TypeOf(into)); err != nil {
		return err
	}
	return json.Unmarshal(s.data, into)
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// indirect returns the type behind pointers; nil for a type that decodes itself and for an unknown
// type.
func indirect(t reflect.Type) reflect.Type {
	for t != nil {
		if pointer := reflect.PointerTo(t); pointer.Implements(jsonUnmarshaler) || pointer.Implements(textUnmarshaler) {
			return nil
		}
		if t.Kind() != reflect.Pointer {
			break
		}
		t = t.Elem()
	}
	return t
}

// elementOf returns the element type of an array that is decoded into t.
func elementOf(t reflect.Type) reflect.Type {
	if t = indirect(t); t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		return t.Elem()
	}
	return nil
}

// memberOf returns the type of a member of an object that is decoded into t. For types other than
// structs every name is known.
func memberOf(t reflect.Type, name string) (inner reflect.Type, known bool) {
	switch t = indirect(t); {
	case t == nil:
		return nil, true
	case t.Kind() == reflect.Map:
		return t.Elem(), true
	case t.Kind() == reflect.Struct:
		inner, known = fieldsOf(t)[name]
		return inner, known
	}
	return nil, true
}

// isField reports whether the struct has a field with this name, ignoring case.
func isField(t reflect.Type, folded string) bool {
	if t = indirect(t); t == nil || t.Kind() != reflect.Struct {
		return false
	}
	for name := range fieldsOf(t) {
		if fold(name) == folded {
			return true
		}
	}
	return false
}

var fieldsByType sync.Map // reflect.Type to map[string]reflect.Type

// fieldsOf returns the fields of a struct by their JSON names.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	if known, found := fieldsByType.Load(t); found {
		return known.(map[string]reflect.Type)
	}
	fields := map[string]reflect.Type{}
	addFields(t, fields)
	kept, _ := fieldsByType.LoadOrStore(t, fields)
	return kept.(map[string]reflect.Type)
}

// addFields adds the fields of a struct and those of its embedded structs without a JSON name.
func addFields(t reflect.Type, fields map[string]reflect.Type) {
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		embedded := indirect(f.Type)
		switch {
		case tag == "-":
		case f.Anonymous && name == "" && embedded != nil && embedded.Kind() == reflect.Struct:
			inner := map[string]reflect.Type{}
			addFields(embedded, inner)
			for name, t := range inner {
				if _, nearer := fields[name]; !nearer {
					fields[name] = t
				}
			}
		case !f.IsExported():
		case name == "":
			fields[f.Name] = f.Type
		default:
			fields[name] = f.Type
		}
	}
}
