// Package input refuses requests that two readers could interpret differently, and normalizes texts
// to the form in which they are stored.
package input

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"epkr/apiserver/httpapi/problems"
	"epkr/internal/strictjson"
)

func init() {
	// By default huma accepts names in any case, as encoding/json does.
	huma.ValidateStrictCasing = true
}

// MaxBody is the maximum size of a request body in bytes; files are uploaded to S3 directly.
const MaxBody = 1 << 20

// CheckAddress requires an address that can be parsed, because huma relies on it.
func CheckAddress(c *fiber.Ctx) *problems.Problem {
	if _, err := url.ParseRequestURI(string(c.Request().RequestURI())); err != nil {
		return problems.New(problems.BadRequest).WithDetail("Адрес запроса записан с ошибкой.")
	}
	return nil
}

const (
	givenTwice    = "Указано несколько раз: оставьте одно значение."
	unknownName   = "Лишнее поле."
	noSuchText    = "Есть символы, которых в тексте не бывает. Введите значение заново."
	brokenQuery   = "Параметры адреса записаны с ошибкой."
	otherEncoding = "Запрос принимается только в кодировке UTF-8, без отметки порядка байтов."
)

// CheckParameters requires that each declared parameter is given at most once and is valid text.
// Undeclared parameters are refused unless open is set.
func CheckParameters(c *fiber.Ctx, op *huma.Operation, open bool) *problems.Problem {
	query, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return problems.New(problems.BadRequest).WithDetail(brokenQuery)
	}
	var found []problems.FieldProblem
	known := map[string]*huma.Param{}
	for _, p := range op.Parameters {
		switch p.In {
		case "query":
			known[p.Name] = p
		case "header":
			found = appendFault(found, p.Name, headerFault(c, p.Name))
		case "path":
			found = appendFault(found, p.Name, parameterFault(p, c.Params(p.Name)))
		}
	}
	for name, values := range query {
		p := known[name]
		switch {
		case p == nil && open:
			continue
		case p == nil:
			found = appendFault(found, shown(name), unknownName)
			continue
		case len(values) > 1 && (p.Explode == nil || !*p.Explode):
			found = appendFault(found, name, givenTwice)
		}
		for _, v := range values {
			found = appendFault(found, name, parameterFault(p, v))
		}
	}
	if len(found) > 0 {
		slices.SortFunc(found, byField)
		return problems.Invalid(found...)
	}
	return nil
}

func appendFault(found []problems.FieldProblem, field, fault string) []problems.FieldProblem {
	if fault == "" {
		return found
	}
	return append(found, problems.FieldProblem{Field: field, Message: fault})
}

func headerFault(c *fiber.Ctx, name string) string {
	values := c.Request().Header.PeekAll(name)
	if len(values) > 1 {
		return givenTwice
	}
	return textFault(c.Get(name))
}

func parameterFault(p *huma.Param, value string) string {
	if fault := textFault(value); fault != "" || value == "" {
		return fault
	}
	return integerFault(p.Schema, value)
}

// textFault returns why a parameter is not valid text; empty if it is.
func textFault(value string) string {
	if !utf8.ValidString(value) || strings.ContainsFunc(value, func(r rune) bool { return r == 0 || r == utf8.RuneError }) {
		return noSuchText
	}
	return ""
}

// shownName is the maximum number of letters of an unknown parameter name in an answer.
const shownName = 64

func shown(name string) string {
	name = strings.ToValidUTF8(name, "\uFFFD")
	if utf8.RuneCountInString(name) > shownName {
		name = string([]rune(name)[:shownName]) + "…"
	}
	return name
}

// strictBody checks the body when huma reads it, within huma's limit and timeout.
type strictBody struct {
	humaContext
	schemas huma.Registry
}

// Strict returns a context whose body is checked against the schemas when it is read.
func Strict(ctx huma.Context, schemas huma.Registry) huma.Context { return strictBody{ctx, schemas} }

// humaContext is an alias, because embedding huma.Context would hide its method Context.
type humaContext = huma.Context

// Unwrap implements the interface that humafiber expects.
func (c strictBody) Unwrap() huma.Context { return c.humaContext }

// BodyReader returns the body; reading an invalid body fails with a [problems.Problem].
func (c strictBody) BodyReader() io.Reader {
	body := c.humaContext.BodyReader()
	if body == nil {
		return nil
	}
	op := c.Operation()
	return &strictReader{from: body, limit: op.MaxBodyBytes, schemas: c.schemas, schema: op.RequestBody.Content[jsonType].Schema}
}

type strictReader struct {
	from  io.Reader
	limit int64

	schemas huma.Registry
	schema  *huma.Schema
	// checked contains the unread rest of the checked body; nil before the check.
	checked *bytes.Reader
}

func (r *strictReader) Read(p []byte) (int, error) {
	if r.checked == nil {
		body, err := io.ReadAll(io.LimitReader(r.from, r.limit))
		if err != nil {
			return 0, err //nolint:wrapcheck // huma looks for timeouts
		}
		if err := checkBody(body, r.limit); err != nil {
			return 0, err
		}
		if len(body) > 0 {
			if body, err = normalizeBody(r.schemas, r.schema, body); err != nil {
				return 0, err
			}
		}
		r.checked = bytes.NewReader(body)
	}
	return r.checked.Read(p)
}

// Close discards what the client still sends.
func (r *strictReader) Close() error {
	if c, ok := r.from.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// checkBody requires an empty body or unambiguous UTF-8 JSON.
func checkBody(body []byte, limit int64) error {
	var fault *strictjson.Fault
	switch {
	case len(body) == 0:
		return nil
	case int64(len(body)) >= limit && limit == MaxBody:
		return problems.New(problems.BodyTooLarge)
	case int64(len(body)) >= limit:
		return problems.New(problems.BodyTooLarge).WithDetail(fmt.Sprintf("Запрос больше %d КБ: столько здесь принимается.", limit>>10))
	case errors.As(strictjson.Check(body), &fault):
		return bodyProblem(fault)
	}
	return nil
}

const jsonType = "application/json"

// IsUTF8JSON reports whether the body has one Content-Type, which is JSON in UTF-8. A missing
// Content-Type counts as JSON.
func IsUTF8JSON(c *fiber.Ctx) bool {
	given := c.Request().Header.PeekAll(fiber.HeaderContentType)
	if len(given) == 0 || c.Request().Header.ContentLength() == 0 {
		return true
	}
	media, parameters, err := mime.ParseMediaType(string(given[0]))
	charset, named := parameters["charset"]
	return err == nil && len(given) == 1 && media == jsonType && (!named || strings.EqualFold(charset, "utf-8"))
}

// IsForm reports whether the body has one Content-Type, which is a multipart form.
func IsForm(c *fiber.Ctx) bool {
	given := c.Request().Header.PeekAll(fiber.HeaderContentType)
	if len(given) != 1 {
		return false
	}
	media, parameters, err := mime.ParseMediaType(string(given[0]))
	return err == nil && media == fiber.MIMEMultipartForm && parameters["boundary"] != ""
}

// bodyFaults are the texts of faults in fields of a body.
var bodyFaults = map[strictjson.Kind]string{
	strictjson.Duplicate: "Указано несколько раз, возможно, буквами другого регистра: оставьте одно значение.",
	strictjson.Unknown:   unknownName,
	strictjson.Character: noSuchText,
	strictjson.Number:    "Слишком большое число.",
	strictjson.Depth:     "Слишком много вложенных групп полей.",
}

func bodyProblem(fault *strictjson.Fault) *problems.Problem {
	switch fault.Kind {
	case strictjson.Syntax:
		return problems.New(problems.BadRequest)
	case strictjson.Encoding:
		p := problems.New(problems.BadRequest).WithDetail(otherEncoding)
		if fault.Path != "" {
			p.Errors = []problems.FieldProblem{{Field: shownPath(fault.Path), Message: noSuchText}}
		}
		return p
	}
	return problems.Invalid(problems.FieldProblem{Field: shownPath(fault.Path), Message: bodyFaults[fault.Kind]})
}

// shownPath returns a path without control characters, which names in it may contain.
func shownPath(path string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, path)
}
