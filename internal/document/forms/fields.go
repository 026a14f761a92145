package forms

import (
	"strconv"

	"epkr/internal/document/template"
	"epkr/internal/humantext"
)

// field is a value of a text, and where it comes from.
type field[T any] struct {
	name     string // in the text
	path     string // in the struct
	label    string // for people
	presence template.Presence
	// needed reports whether a document needs a value that other documents may lack; nil means never.
	needed func(T) bool
	value  func(T) string
}

// schemaOf returns the presence of each field.
func schemaOf[T any](fields []field[T]) map[string]template.Presence {
	names := make(map[string]template.Presence, len(fields))
	for _, f := range fields {
		names[f.name] = f.presence
	}
	return names
}

// valuesOf returns the value of each field in normal form.
func valuesOf[T any](fields []field[T], source T) (map[string]string, error) {
	values := make(map[string]string, len(fields))
	for _, f := range fields {
		v, err := normal(f.path, f.label, f.value(source))
		if err != nil {
			return nil, err
		}
		if v == "" && (f.presence == template.Required || f.needed != nil && f.needed(source)) {
			return nil, fault(f.path, "%s: не указано.", f.label)
		}
		if v != "" {
			values[f.name] = v
		}
	}
	return values, nil
}

func normal(path, label, v string) (string, error) {
	if humantext.Fault(v) != "" {
		return "", fault(path, "%s: %s", label, humantext.Unshowable)
	}
	return humantext.Text(v), nil
}

// rowsOf returns the values of a table's rows, each with its number.
func rowsOf[T any](path string, fields []field[T], rows []T) ([]map[string]string, error) {
	all := make([]map[string]string, len(rows))
	for i, row := range rows {
		values, err := valuesOf(at(path, i, fields), row)
		if err != nil {
			return nil, err
		}
		values[numberColumn] = strconv.Itoa(i + 1)
		all[i] = values
	}
	return all, nil
}

// numberColumn is the column with the number of the row.
const numberColumn = "номер"

// at returns the fields of one row.
func at[T any](path string, i int, fields []field[T]) []field[T] {
	placed := make([]field[T], len(fields))
	for j, f := range fields {
		f.path = indexed(path, i) + "." + f.path
		placed[j] = f
	}
	return placed
}

// columnsOf returns the columns of a table.
func columnsOf[T any](fields []field[T]) map[string]template.Presence {
	columns := schemaOf(fields)
	columns[numberColumn] = template.Required
	return columns
}

// of returns the fields of a part of a struct.
func of[T, P any](part func(T) P, prefix, path string, fields []field[P]) []field[T] {
	whole := make([]field[T], len(fields))
	for i, f := range fields {
		presence := f.presence
		if presence != template.Required && presence != template.Optional {
			presence = template.With(prefix + string(presence))
		}
		whole[i] = field[T]{
			name: prefix + f.name, path: path + f.path, label: f.label, presence: presence,
			value: func(t T) string { return f.value(part(t)) },
		}
		if f.needed != nil {
			whole[i].needed = func(t T) bool { return f.needed(part(t)) }
		}
	}
	return whole
}

func indexed(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
