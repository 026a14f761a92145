package registry

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"epkr/internal/strictjson"
)

// column is one column of the CSV encoding, with its getter and setter.
type column struct {
	name     string
	optional bool // may be absent from a file
	get      func(Row) (string, error)
	set      func(*Row, string) error
}

// csvColumns are in the order in which they are written; a reader accepts them in any order.
var csvColumns = []column{
	textColumn("registry_number", false, func(r *Row) *string { return &r.RegistryNumber }),
	textColumn("snils", false, func(r *Row) *string { return &r.SNILS }),
	textColumn("last_name", false, func(r *Row) *string { return &r.LastName }),
	textColumn("first_name", false, func(r *Row) *string { return &r.FirstName }),
	textColumn("middle_name", false, func(r *Row) *string { return &r.MiddleName }),
	textColumn("attestat_number", true, func(r *Row) *string { return &r.AttestatNumber }),
	dateColumn("attestat_date", true, func(r *Row) *Date { return &r.AttestatDate }),
	dateColumn("attestat_annulled", true, func(r *Row) *Date { return &r.AttestatAnnulled }),
	textColumn("sro_name", false, func(r *Row) *string { return &r.SROName }),
	textColumn("sro_number", false, func(r *Row) *string { return &r.SRONumber }),
	dateColumn("sro_in", false, func(r *Row) *Date { return &r.SROIn }),
	dateColumn("sro_out", false, func(r *Row) *Date { return &r.SROOut }),
	textColumn("sro_out_reason", false, func(r *Row) *string { return &r.SROOutReason }),
	{
		name: "status",
		get:  func(r Row) (string, error) { return string(r.Status), nil },
		set:  func(r *Row, s string) error { r.Status = Status(strings.Clone(s)); return nil },
	},
	listColumn("disciplinary", func(r *Row) *[]Disciplinary { return &r.Disciplinary }),
	listColumn("results", func(r *Row) *[]Result { return &r.Results }),
}

func textColumn(name string, optional bool, field func(*Row) *string) column {
	return column{
		name: name, optional: optional,
		get: func(r Row) (string, error) { return *field(&r), nil },
		// The cells of a line share its memory. Clone lets that memory be freed.
		set: func(r *Row, s string) error { *field(r) = strings.Clone(s); return nil },
	}
}

func dateColumn(name string, optional bool, field func(*Row) *Date) column {
	return column{
		name: name, optional: optional,
		get: func(r Row) (string, error) { return field(&r).String(), nil },
		set: func(r *Row, s string) error { return field(r).UnmarshalText([]byte(s)) },
	}
}

// listColumn is a column whose cells hold a JSON array, or nothing for an empty one.
func listColumn[T any](name string, field func(*Row) *[]T) column {
	return column{
		name: name, optional: true,
		get: func(r Row) (string, error) {
			if len(*field(&r)) == 0 {
				return "", nil
			}
			b, err := json.Marshal(*field(&r))
			return string(b), err
		},
		set: func(r *Row, s string) error {
			if s == "" {
				return nil
			}
			return strictjson.UnmarshalExtended([]byte(s), field(r))
		},
	}
}

// csvParser returns a function that parses rows with those column names. It ignores unknown
// columns, so that a source may add some.
func csvParser(names []string) (func([]byte) (Row, error), error) {
	at, folded := make(map[string]int, len(names)), map[string]bool{}
	for i, name := range names {
		lower := strings.ToLower(name)
		if folded[lower] {
			return nil, &Error{Code: CodeFormat, Line: 2, Message: "столбец повторяется: " + columnLabel(lower)}
		}
		folded[lower] = true
		at[strings.Clone(name)] = i
	}
	var missing []string
	for _, c := range csvColumns {
		switch _, ok := at[c.name]; {
		case !ok && folded[c.name]:
			return nil, &Error{Code: CodeFormat, Line: 2, Message: "имя столбца " + c.name + " пишется строчными буквами"}
		case !ok && !c.optional:
			missing = append(missing, c.name)
		}
	}
	if len(missing) > 0 {
		return nil, &Error{Code: CodeFormat, Line: 2, Message: "нет столбца " + strings.Join(missing, ", ")}
	}
	return func(line []byte) (Row, error) {
		cells, err := splitCSV(line)
		if err != nil {
			return Row{}, err
		}
		if len(cells) != len(names) {
			return Row{}, fmt.Errorf("в строке значений %d, а столбцов в файле %d", len(cells), len(names))
		}
		var row Row
		for _, c := range csvColumns {
			if i, ok := at[c.name]; ok {
				if err := c.set(&row, cells[i]); err != nil {
					return Row{}, fmt.Errorf("столбец %s: неверное значение", c.name)
				}
			}
		}
		return row, nil
	}, nil
}

// columnLabel returns the name of a known column and hides others, which may contain anything.
func columnLabel(name string) string {
	for _, c := range csvColumns {
		if c.name == name {
			return name
		}
	}
	return "неизвестный"
}

var errQuotes = errors.New("неверные кавычки")

// splitCSV splits one line by RFC 4180. A quoted cell may not continue on the next line:
// encoding/csv would follow an unclosed quote to the end of the file.
func splitCSV(line []byte) ([]string, error) {
	rest := string(line)
	cells := make([]string, 0, len(csvColumns))
	for {
		if !strings.HasPrefix(rest, `"`) {
			cell, after, more := strings.Cut(rest, ",")
			if strings.Contains(cell, `"`) {
				return nil, errQuotes
			}
			cells = append(cells, cell)
			if !more {
				return cells, nil
			}
			rest = after
			continue
		}
		cell, after, err := cutQuoted(rest[1:])
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
		if after == "" {
			return cells, nil
		}
		if after[0] != ',' {
			return nil, errQuotes
		}
		rest = after[1:]
	}
}

// cutQuoted returns the cell up to the closing quote and the rest of the line. A doubled quote
// stands for one.
func cutQuoted(s string) (cell, after string, err error) {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '"')
		if i < 0 {
			return "", "", errQuotes
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		if !strings.HasPrefix(s, `"`) {
			return b.String(), s, nil
		}
		b.WriteByte('"')
		s = s[1:]
	}
}
