package strictjson

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
)

// Unmarshal decodes a text that has no fault and no names but those of the fields that it is decoded into, in their own case.
func Unmarshal(data []byte, into any) error {
	s := scanner{data: data}
	if err := s.text(reflect.TypeOf(into)); err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}

// UnmarshalExtended is [Unmarshal] for a text whose author may have added members: names that no field has are passed over, but the
// name of a field in another case is refused.
func UnmarshalExtended(data []byte, into any) error { return unmarshal(data, into, blankOthers) }

// UnmarshalKnown is [UnmarshalExtended] for a text of strangers: the name of a field in another case is another name, and passed over.
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

// plain is the type behind pointers; nil for one that decodes itself, or of which nothing is known.
func plain(t reflect.Type) reflect.Type {
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

// elementOf is the type of the elements of an array that is decoded into t.
func elementOf(t reflect.Type) reflect.Type {
	if t = plain(t); t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Array) {
		return t.Elem()
	}
	return nil
}

// memberOf is the type of a member of an object that is decoded into t. Whatever is no struct knows every name.
func memberOf(t reflect.Type, name string) (inner reflect.Type, known bool) {
	switch t = plain(t); {
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

// isField says that a field of the struct has the name, if case does not matter.
func isField(t reflect.Type, folded string) bool {
	if t = plain(t); t == nil || t.Kind() != reflect.Struct {
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

// fieldsOf are the fields of a struct by their names in JSON.
func fieldsOf(t reflect.Type) map[string]reflect.Type {
	if known, found := fieldsByType.Load(t); found {
		return known.(map[string]reflect.Type)
	}
	fields := map[string]reflect.Type{}
	addFields(t, fields)
	kept, _ := fieldsByType.LoadOrStore(t, fields)
	return kept.(map[string]reflect.Type)
}

// addFields adds the fields of a struct, and those of the structs that are embedded in it without a name.
func addFields(t reflect.Type, fields map[string]reflect.Type) {
	for f := range t.Fields() {
		tag := f.Tag.Get("json")
		name, _, _ := strings.Cut(tag, ",")
		embedded := plain(f.Type)
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
