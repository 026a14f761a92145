package cos

import (
	"iter"
	"maps"
	"slices"
)

// Value is an object: nil (null, or missing), bool, int64, float64, [Name], [String], [Array], [Dict],
// [Ref] or [Stream].
type Value any

// Name is a name, without its slash and with its #xx decoded.
type Name string

// String is the bytes of a string, at most [MaxString] of them.
type String string

// Array is an array.
type Array []Value

// Dict is a dictionary. A key that is not there has the value null.
type Dict map[Name]Value

// All iterates over a dictionary in the order of its keys.
func (d Dict) All() iter.Seq2[Name, Value] {
	return func(yield func(Name, Value) bool) {
		for _, key := range slices.Sorted(maps.Keys(d)) {
			if !yield(key, d[key]) {
				return
			}
		}
	}
}

// Ref is a reference to an indirect object.
type Ref struct{ Number, Generation int64 }

// Stream is a stream: its dictionary and where its bytes begin in the file.
type Stream struct {
	Dict   Dict
	offset int64
}
