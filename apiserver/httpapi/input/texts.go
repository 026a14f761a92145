package input

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi/problems"
	"epkr/internal/humantext"
)

// The formats of texts that people type. Every text of a request has one of them, a pattern, or a
// list of values.
const (
	formatLine     = "line"      // one line, see [humantext.Line]
	formatText     = "text"      // several lines, see [humantext.Text]
	formatFileName = "file-name" // see [humantext.FileName]
)

// normalizeBody returns a body with its texts in stored form. It runs before huma validates
// lengths, so that invisible characters cannot satisfy «required» or a limit. Texts that cannot be
// stored and integers in another notation are reported per field.
func normalizeBody(r huma.Registry, schema *huma.Schema, body []byte) ([]byte, error) {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, fmt.Errorf("decoding a body that has been checked: %w", err)
	}
	w := textWriter{registry: r}
	value = w.value(schema, value, "")
	if len(w.found) > 0 {
		slices.SortFunc(w.found, byField)
		return nil, problems.Invalid(w.found...)
	}
	if !w.changed {
		return body, nil
	}
	out, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("encoding a body anew: %w", err)
	}
	return out, nil
}

func byField(a, b problems.FieldProblem) int { return strings.Compare(a.Field, b.Field) }

type textWriter struct {
	registry huma.Registry
	found    []problems.FieldProblem
	changed  bool
}

// value normalizes a value by its schema; a nil schema means unknown.
func (w *textWriter) value(s *huma.Schema, v any, path string) any {
	for s != nil && s.Ref != "" {
		s = w.registry.SchemaFromRef(s.Ref)
	}
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			v[name] = w.value(memberSchema(s, name), inner, joinPath(path, name))
		}
	case []any:
		var items *huma.Schema
		if s != nil {
			items = s.Items
		}
		for i := range v {
			v[i] = w.value(items, v[i], path+"["+strconv.Itoa(i)+"]")
		}
	case string:
		return w.text(s, v, path)
	case json.Number:
		if fault := integerFault(s, v.String()); fault != "" {
			w.found = append(w.found, problems.FieldProblem{Field: shownPath(path), Message: fault})
		}
	}
	return v
}

var integerPattern = regexp.MustCompile(`^-?[0-9]+$`)

// integerFault returns why a value is not an integer in digits; empty for other types. 10.0 and +10
// are integers for some readers only.
func integerFault(s *huma.Schema, given string) string {
	if s == nil || s.Type != huma.TypeInteger || integerPattern.MatchString(given) {
		return ""
	}
	return "Укажите целое число цифрами."
}

func memberSchema(s *huma.Schema, name string) *huma.Schema {
	if s == nil {
		return nil
	}
	if member, known := s.Properties[name]; known {
		return member
	}
	additional, _ := s.AdditionalProperties.(*huma.Schema)
	return additional
}

func joinPath(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// text normalizes a text by its format. Texts of a form that is being filled in have no format and
// stay unchanged.
func (w *textWriter) text(s *huma.Schema, text, path string) string {
	written, fault := text, humantext.Fault(text)
	if fault == "" && s != nil {
		switch s.Format {
		case formatLine:
			written = filled(humantext.Line(text))
		case formatText:
			written = filled(humantext.Text(text))
		case formatFileName:
			written, fault = humantext.FileName(text)
		}
	}
	if fault != "" {
		w.found = append(w.found, problems.FieldProblem{Field: shownPath(path), Message: fault})
		return text
	}
	w.changed = w.changed || written != text
	return written
}

// filled returns "" for a text without visible characters.
func filled(text string) string {
	if humantext.Filled(text) {
		return text
	}
	return ""
}
