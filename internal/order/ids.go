package order

import (
	"reflect"
	"strings"
)

// CanonicalID returns a UUID in canonical form for any of its spellings: capitals, braces,
// urn:uuid: or no dashes. It returns any other text unchanged.
func CanonicalID(id string) string {
	text := strings.TrimPrefix(strings.ToLower(id), "urn:uuid:")
	if len(text) == 38 { // in braces; parsers read only what is inside
		text = text[1:37]
	}
	if len(text) == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-' {
		text = text[:8] + text[9:13] + text[14:18] + text[19:23] + text[24:]
	}
	if len(text) != 32 || strings.Trim(text, "0123456789abcdef") != "" {
		return id
	}
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// CanonicalIDs rewrites every field of a struct that is tagged format:"uuid", including nested
// structs and lists, so that ids can be compared as texts. details is a pointer.
func CanonicalIDs(details any) { canonicalIDs(reflect.ValueOf(details)) }

func canonicalIDs(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			canonicalIDs(v.Elem())
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			canonicalIDs(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			field := v.Field(i)
			if v.Type().Field(i).Tag.Get("format") == "uuid" && field.Kind() == reflect.String && field.CanSet() {
				field.SetString(CanonicalID(field.String()))
				continue
			}
			canonicalIDs(field)
		}
	}
}

// canonical rewrites the ids of a message in canonical form; a message sent by hand may spell them
// differently.
func (m *Message) canonical() {
	m.ID, m.Actor.Person, m.Actor.Party = CanonicalID(m.ID), CanonicalID(m.Actor.Person), CanonicalID(m.Actor.Party)
	if m.Body != nil {
		m.Body.ID = CanonicalID(m.Body.ID)
	}
}
