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

// The formats of what people type. Every text of a request has one of them, or a pattern, or a list of values.
const (
	formatLine     = "line"      // one line, see [humantext.Line]
	formatText     = "text"      // several lines, see [humantext.Text]
	formatFileName = "file-name" // see [humantext.FileName]
)

// writeDown gives a body with its texts as they are kept, before huma measures them, so that neither «required» nor a limit can be
// met by what is not seen. What cannot be kept, and an integer that is not written as one, is told per field.
func writeDown(r huma.Registry, schema *huma.Schema, body []byte) ([]byte, error) {
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

// value goes through a value together with its schema, which is nil where none is known.
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
		if fault := wholeFault(s, v.String()); fault != "" {
			w.found = append(w.found, problems.FieldProblem{Field: shownPath(path), Message: fault})
		}
	}
	return v
}

var wholeNumber = regexp.MustCompile(`^-?[0-9]+$`)

// wholeFault says why what is given for an integer is none; empty for anything else. 10.0 and +10 are one for some readers only.
func wholeFault(s *huma.Schema, given string) string {
	if s == nil || s.Type != huma.TypeInteger || wholeNumber.MatchString(given) {
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

// text writes a text down. Those of a form that is still being filled in have no format: they stay as they were typed.
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

// filled is nothing for a text in which nothing is to be read.
func filled(text string) string {
	if humantext.Filled(text) {
		return text
	}
	return ""
}
