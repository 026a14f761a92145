package routes_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// hostile is one request of the walk. must means that every operation has to refuse it as invalid
// input.
type hostile struct {
	name, method, target string
	headers              []string
	body                 []byte
	must                 bool
}

// walker builds hostile requests from the API description.
type walker struct {
	schemas huma.Registry
	order   uuid.UUID
	all     []hostile
}

const tooBig = 1 << 20 // more than any operation accepts

// impossibleTexts are texts, encoded as JSON, that no body may contain.
var impossibleTexts = map[string]string{
	"NUL": `"a\u0000b"`, "a lone surrogate": `"\ud800"`, "a low surrogate": `"\udfff"`, "windows-1251": "\"\xcf\xf0\xe8\"", "a control character": `"a\u0007"`,
	"U+FFFD": `"\ufffd"`, "a noncharacter": `"\uffff"`,
}

var impossibleNumbers = map[string]string{"1e400": "1e400", "-1e400": "-1e400", "2^53+1": "9007199254740993", "400 digits": strings.Repeat("9", 400), "NaN": "NaN"}

// otherValues are of another type than the member, or edge cases: an operation may refuse or accept
// them, but must not fail.
var otherValues = map[string]string{
	"null": "null", "-0": "-0", "a fraction": "0.5", "0": "0", "-1": "-1", "2^31": "2147483648", "2^53-1": "9007199254740991", "1e2": "1e2", "true": "true",
	"an array": "[]", "an array of null": "[null]", "an object": "{}", "the last day": `"9999-12-31"`, "year 0": `"0000-01-01"`, "the last second": `"9999-12-31T23:59:59Z"`,
	"year 10000": `"10000-01-01"`, "no day": `"2026-02-30"`, "an RTL mark": `"\u202e\u200f"`, "nothing seen": `"\u200b\u2800"`, "quotes": `"'\"\\%_;--"`,
	"an empty text": `""`, "a UUID": `"00000000-0000-0000-0000-000000000000"`,
}

func (w *walker) resolve(s *huma.Schema) *huma.Schema {
	for s.Ref != "" {
		s = w.schemas.SchemaFromRef(s.Ref)
	}
	return s
}

// example returns a value that the schema allows.
func (w *walker) example(s *huma.Schema) any {
	s = w.resolve(s)
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case s.Type == huma.TypeObject:
		o := map[string]any{}
		for name, member := range s.Properties {
			o[name] = w.example(member)
		}
		return o
	case s.Type == huma.TypeArray:
		return []any{w.example(s.Items)}
	case s.Type == huma.TypeBoolean:
		return true
	case s.Type == huma.TypeInteger || s.Type == huma.TypeNumber:
		return max(1, *s.Minimum)
	case s.Format == "uuid":
		return uuid.NewString()
	case s.Format == "date":
		return "2027-01-31"
	case strings.Contains(s.Pattern, "A-Za-z0-9+/"):
		return strings.Repeat("A", 43) + "="
	case strings.Contains(s.Pattern, "{64}"):
		return strings.Repeat("0", 64)
	case s.Pattern != "":
		return "77"
	}
	return "значение"
}

// place is one value of a body: set replaces it, double repeats its name.
type place struct {
	path   string
	schema *huma.Schema
	set    func(value string) []byte
	double func(name string) []byte
}

const mark = "@place@"

// places returns all values of an example body.
func (w *walker) places(schema *huma.Schema) (found []place) {
	whole := w.example(schema)
	var visit func(s *huma.Schema, path string, put func(any), get any)
	render := func(put func(any), was any, value string) []byte {
		put(mark)
		text, err := json.Marshal(whole)
		put(was)
		if err != nil {
			panic(err)
		}
		return bytes.Replace(text, []byte(`"`+mark+`"`), []byte(value), 1)
	}
	visit = func(s *huma.Schema, path string, put func(any), value any) {
		s = w.resolve(s)
		if path != "" {
			found = append(found, place{path: path, schema: s, set: func(v string) []byte { return render(put, value, v) }})
		}
		switch v := value.(type) {
		case map[string]any:
			for name, member := range s.Properties {
				inner, name := v[name], name
				visit(member, memberPath(path, name), func(x any) { v[name] = x }, inner)
				found[indexOf(found, memberPath(path, name))].double = func(other string) []byte {
					valueText, _ := json.Marshal(inner)
					otherText, _ := json.Marshal(other)
					return render(func(x any) { v[name] = x }, inner, string(valueText)+","+string(otherText)+":"+string(valueText))
				}
			}
		case []any:
			visit(s.Items, path+"[0]", func(x any) { v[0] = x }, v[0])
		}
	}
	visit(schema, "", func(any) {}, whole)
	return found
}

func indexOf(found []place, path string) int {
	for i, p := range found {
		if p.path == path {
			return i
		}
	}
	panic(path)
}

// target fills the parameters into the address.
func (w *walker) target(op *huma.Operation, values map[string]string) string {
	path := op.Path
	for _, p := range op.Parameters {
		if p.In == "path" {
			value := uuid.NewString()
			if p.Name == "order" {
				value = w.order.String()
			}
			if given, ok := values[p.Name]; ok {
				value = given
			}
			path = strings.ReplaceAll(path, "{"+p.Name+"}", value)
		}
	}
	return path
}

func (w *walker) add(op *huma.Operation, name string, must bool, target string, body []byte, headers ...string) {
	for i := 0; i < len(headers); i += 2 {
		if headers[i] == "Idempotency-Key" {
			w.all = append(w.all, hostile{op.OperationID + ": " + name, op.Method, target, headers, body, must})
			return
		}
	}
	w.all = append(w.all, hostile{op.OperationID + ": " + name, op.Method, target, append(headers, "Idempotency-Key", uuid.NewString()), body, must})
}

// endsOrder are the operations after which the others could not run.
var endsOrder = map[string]bool{string(order.Delete): true, string(order.Cancel): true}

func (w *walker) operation(op *huma.Operation) {
	target := w.target(op, nil)
	if endsOrder[op.OperationID] {
		target = w.target(op, map[string]string{"order": uuid.NewString()})
	}
	for _, p := range op.Parameters {
		if p.In == "query" {
			w.query(op, p, target)
		}
		if p.In == "header" {
			for name, value := range map[string]string{"RTL": "\u202e", "long": strings.Repeat("1", 200), "bytes": "\xff", "a date": "9999-12-31"} {
				w.add(op, p.Name+" of "+name, name != "a date" || p.Name != "Idempotency-Key", target, w.exampleBody(op), p.Name, value)
			}
		}
		if p.In == "path" && p.Schema.Format == "uuid" {
			for _, value := range []string{"%00", "%ED%A0%80", "9999-12-31", "1e400", "%E2%80%AE", strings.Repeat("a", 4000)} {
				w.add(op, p.Name+" of "+value[:3], true, w.target(op, map[string]string{p.Name: value}), w.exampleBody(op))
			}
		}
	}
	if op.OperationID != "finish-login" {
		w.add(op, "an unknown parameter", true, target+"?unknown=1", w.exampleBody(op))
	}
	if hasJSON(op) {
		w.body(op, target)
	}
}

// hasJSON reports whether an operation takes JSON; a form is tested by its own package.
func hasJSON(op *huma.Operation) bool {
	return op.RequestBody != nil && op.RequestBody.Content["application/json"] != nil
}

func (w *walker) exampleBody(op *huma.Operation) []byte {
	if !hasJSON(op) {
		return nil
	}
	text, err := json.Marshal(w.example(op.RequestBody.Content["application/json"].Schema))
	if err != nil {
		panic(err)
	}
	return text
}

func (w *walker) query(op *huma.Operation, p *huma.Param, target string) {
	ask := func(name string, must bool, raw string) { w.add(op, p.Name+" of "+name, must, target+"?"+raw, nil) }
	tolerant := op.OperationID == "finish-login"
	value := url.QueryEscape(fmt.Sprint(w.example(p.Schema)))
	if p.Schema.Type == huma.TypeArray {
		value = url.QueryEscape(fmt.Sprint(w.example(p.Schema.Items)))
		many := strings.Repeat("&"+p.Name+"="+value, *p.Schema.MaxItems+1)
		ask("too many values", true, many[1:])
	} else {
		ask("two values", true, p.Name+"="+value+"&"+p.Name+"="+value)
	}
	ask("two cases", !tolerant, p.Name+"="+value+"&"+strings.ToUpper(p.Name)+"x="+value)
	ask("another case", !tolerant, strings.ToUpper(p.Name)+"="+value)
	for name, text := range map[string]string{"NUL": "%00", "a surrogate": "%ED%A0%80", "windows-1251": "%cf%f0%e8", "a broken escape": "%zz", "U+FFFD": "%EF%BF%BD"} {
		ask(name, true, p.Name+"="+text)
	}
	for name, text := range map[string]string{
		"1e400": "1e400", "-0": "-0", "2^53+1": "9007199254740993", "2^64": "18446744073709551616", "the last day": "9999-12-31", "year 0": "0000-01-01",
		"an RTL mark": "%E2%80%AE", "quotes": "%27%22%5C%25_", "nothing": "", "a cursor of NUL": "eyJuIjoiXHUwMDAwIn0", "a cursor": "eyJzIjoidXBkYXRlZCIsImEiOi05MjIzMzcyMDM2ODU0Nzc1ODA4LCJkIjoiOTk5OS0xMi0zMSJ9",
	} {
		ask(name, false, p.Name+"="+text)
	}
	if p.Schema.Type == huma.TypeInteger {
		for _, text := range []string{"%2B1", "1.0", "1e0", "%201"} {
			ask(text, true, p.Name+"="+text)
		}
	}
	if p.Schema.MaxLength != nil {
		ask("a text too long", true, p.Name+"="+strings.Repeat("a", *p.Schema.MaxLength+1))
	}
}

func (w *walker) body(op *huma.Operation, target string) {
	schema := op.RequestBody.Content["application/json"].Schema
	ask := func(name string, must bool, body []byte) { w.add(op, name, must, target, body) }
	for _, p := range w.places(schema) {
		if p.double != nil {
			last := p.path[strings.LastIndexByte(p.path, '.')+1:]
			for _, other := range []string{last, strings.ToUpper(last), strings.ToUpper(last[:1]) + last[1:]} {
				ask(p.path+" doubled as "+other, true, p.double(other))
			}
			if at := strings.IndexAny(last, "sk"); at >= 0 {
				folded := strings.NewReplacer("s", "ſ", "k", "\u212a").Replace(last)
				ask(p.path+" doubled as "+folded, true, p.double(folded))
			}
		}
		for name, value := range impossibleNumbers {
			ask(p.path+" of "+name, true, p.set(value))
		}
		for name, value := range impossibleTexts {
			ask(p.path+" of "+name, true, p.set(value))
		}
		for name, value := range otherValues {
			ask(p.path+" of "+name, false, p.set(value))
		}
		w.beyond(p, ask)
	}
	deep := strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)
	for name, text := range map[string]string{
		"an array": "[]", "a text": `"a"`, "a number": "1", "null": "null", "deep": deep, "half": `{"a":`, "two": "{}{}", "a byte order mark": "\ufeff{}",
		"UTF-16": "\xff\xfe{\x00}\x00", "an unknown name": `{"unknown":1}`,
	} {
		ask(name, true, []byte(text))
	}
	ask("1 MB", true, []byte(`{"a":"`+strings.Repeat("a", tooBig)+`"}`))
	w.add(op, "windows-1251", true, target, []byte("{}"), "Content-Type", "application/json; charset=windows-1251")
}

// beyond sends values outside the limits in the description.
func (w *walker) beyond(p place, ask func(string, bool, []byte)) {
	s := p.schema
	if s.MaxLength != nil {
		ask(p.path+" too long", true, p.set(`"`+strings.Repeat("я", *s.MaxLength+1)+`"`))
	}
	if s.Type == huma.TypeString {
		ask(p.path+" of 1 MB", true, p.set(`"`+strings.Repeat("a", tooBig)+`"`))
	}
	if s.Type == huma.TypeInteger {
		ask(p.path+" with a point", true, p.set("1.0"))
		ask(p.path+" with an exponent", true, p.set("1e0"))
	}
	if s.Minimum != nil {
		ask(p.path+" too small", true, p.set(fmt.Sprintf("%.0f", *s.Minimum-1)))
		ask(p.path+" too large", true, p.set(fmt.Sprintf("%.0f", *s.Maximum+1)))
	}
	if s.MaxItems != nil {
		one, _ := json.Marshal(w.example(s.Items))
		ask(p.path+" too many", true, p.set("["+strings.Repeat(string(one)+",", *s.MaxItems)+string(one)+"]"))
	}
	if s.MinItems != nil && *s.MinItems > 0 {
		ask(p.path+" of nothing", true, p.set("[]"))
		ask(p.path+" null", true, p.set("null"))
	}
}

// Hostile input to any operation, by anybody who may call it, causes no internal error and no
// answer without a code, and nothing outside the documented limits is accepted.
func TestEveryOperationHandlesHostileInput(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.Customer(synthetic.LoginCustomer)
	id := customer.CreateDraft()
	byRole := map[order.Role]*apitest.Browser{
		order.RoleCustomer: customer, order.RoleEngineer: p.Engineer(synthetic.LoginEngineerMoscow), order.RoleModerator: p.Moderator(),
		order.RoleEmployer: p.Employer(synthetic.LoginEmployerHead),
	}
	callers := map[string]*apitest.Browser{}
	for _, o := range p.Server.Operations() {
		callers[o.ID] = customer
		if len(o.Access.Roles()) > 0 {
			callers[o.ID] = byRole[o.Access.Roles()[0]]
		}
	}
	head := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	for _, id := range []string{"get-employer-switch", "set-employer-switch", "list-admissions", "list-admission-history", "decide-admission"} {
		callers[id] = head
	}
	w := &walker{schemas: p.Server.OpenAPI().Components.Schemas, order: id}
	for _, op := range operationsOf(p.Server) {
		// Signing out would end the session of the other requests, and a stream does not end.
		if op.OperationID != "logout" && op.OperationID != "follow-events" {
			w.operation(op)
		}
	}
	var counting sync.Mutex
	statuses := map[int]int{}
	began := time.Now()
	requests := make(chan hostile)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for h := range requests {
				status := sendHostile(callers[strings.SplitN(h.name, ":", 2)[0]], h)
				counting.Lock()
				statuses[status]++
				counting.Unlock()
			}
		})
	}
	for _, h := range w.all {
		requests <- h
	}
	close(requests)
	workers.Wait()
	t.Logf("%d requests in %s: %v", len(w.all), time.Since(began), statuses)
	require.Greater(t, len(w.all), 5000)
	require.Greater(t, statuses[http.StatusOK], 100, "some requests are accepted")
	customer.Do(http.MethodGet, "/api/orders/"+id.String(), nil).OK()
}

// sendHostile sends a hostile request and checks the answer.
func sendHostile(b *apitest.Browser, h hostile) (status int) {
	t := b.Platform.T
	request, err := http.NewRequestWithContext(t.Context(), h.method, b.Platform.URL+h.target, bytes.NewReader(h.body))
	if err != nil {
		t.Errorf("%s: %v", h.name, err)
		return 0
	}
	if len(h.body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(h.headers); i += 2 {
		request.Header.Set(h.headers[i], h.headers[i+1])
	}
	response, err := b.Client.Do(request)
	if err != nil {
		t.Errorf("%s: %v", h.name, err)
		return 0
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	said := fmt.Sprintf("%s: %d %.300s", h.name, response.StatusCode, answer)
	var problem problems.Problem
	switch {
	case err != nil:
		t.Errorf("%s: %v", h.name, err)
	case response.StatusCode >= http.StatusInternalServerError:
		t.Error(said)
	case response.StatusCode >= http.StatusBadRequest:
		if response.Header.Get("Content-Type") != problems.MediaType || json.Unmarshal(answer, &problem) != nil || problem.Code == "" || problem.Detail == "" {
			t.Errorf("no problem: %s", said)
		}
	}
	if h.must && response.StatusCode != 400 && response.StatusCode != 422 && response.StatusCode != 413 && response.StatusCode != 415 && response.StatusCode != 431 {
		t.Errorf("not refused: %s", said)
	}
	return response.StatusCode
}
