package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/humantext"
	"epkr/internal/order"
)

// What is not seen neither fills a field in nor is kept of what was typed.
func TestTextsAreWrittenDownAsTheyAreSeen(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	customer := p.customer(synthetic.LoginCustomer)
	id := customer.draft()
	for _, blank := range []string{" ", "\u00a0", "\u200b", "\u2800", "\u3164", "\u00ad", "\u2060", "\ufeff", "\u202e", "\u0301"} {
		body := conditions("77", 30)
		body["text"] = object{"address": blank}
		a := customer.send(uuid.NewString(), id, order.Publish, body)
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%+q: %s", blank, a.text())
		require.Equal(t, []string{"text.address"}, fields(a.problem()))
		a = customer.do(http.MethodPost, "/api/orders/"+id.String()+"/files", object{"name": blank, "size": 1, "sha256": strings.Repeat("0", 64)})
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%+q: %s", blank, a.text())
		require.Equal(t, []string{"name"}, fields(a.problem()))
	}
	body := conditions("77", 30)
	body["text"] = object{
		"address": "\u00a0Хи\u00adмки,  Заречная\u200b 1\n", "description": "Первая\r\nвторая\u202e и\u0306 \U0001f468\u200d\U0001f469\u200d\U0001f467 ",
		"cadastralNumbers": []string{"50:10:0010203:\u200b45 "},
	}
	customer.tell(id, order.Publish, body)
	var text order.Form
	answer{t: t, body: []byte(value[string](p, "select body from message_bodies"))}.into(&text)
	require.Equal(t, order.Form{
		Address: "Химки, Заречная 1", Description: "Первая\nвторая й \U0001f468\u200d\U0001f469\u200d\U0001f467",
		CadastralNumbers: []string{"50:10:0010203:45"},
	}, text)
	for _, broken := range []string{"a\u0007", "a\u0090", "a\ufffdb", "\u001b[31m", "\u007f"} {
		body["text"] = object{"address": "Химки", "description": broken}
		a := customer.send(uuid.NewString(), id, order.Amend, body)
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%+q: %s", broken, a.text())
		require.Equal(t, []FieldProblem{{"text.description", humantext.Unshowable}}, a.problem().Errors)
		a = customer.do(http.MethodPut, "/api/orders/"+id.String()+"/form", object{"version": 0, "text": object{"a": []any{object{"b": broken}}}})
		require.Equal(t, []FieldProblem{{"text.a[0].b", humantext.Unshowable}}, a.problem().Errors)
	}
	// A limit is measured on what is kept: this letter is three when it is composed.
	body["text"] = object{"address": strings.Repeat("\U0001D160", 400)}
	require.Equal(t, []string{"text.address"}, fields(customer.send(uuid.NewString(), id, order.Amend, body).problem()))
	// A form that is still being filled in stays as it was typed.
	customer.do(http.MethodPut, "/api/orders/"+id.String()+"/form", object{"version": 0, "text": object{"address": "Химки, "}}).ok()
	var saved SavedForm
	customer.do(http.MethodGet, "/api/orders/"+id.String()+"/form", nil).ok().into(&saved)
	require.Equal(t, "Химки, ", saved.Form.Text["address"])
}

func TestCadastralNumbersAreReadWhateverTheirColons(t *testing.T) {
	for given, want := range map[string]string{
		"77:01:0001001": "77:01:0001001", "77：01：0001001": "77:01:0001001", "77∶01∶0001001": "77:01:0001001", " 77:01: 000\u00ad1001 ": "77:01:0001001",
		"77:01:0001001:12": "77:01:0001001:12", "77：01：0001001：12": "77:01:0001001:12",
	} {
		number, err := cadastral(given)
		require.NoError(t, err, given)
		require.Equal(t, want, number)
	}
	for _, wrong := range []string{"", "77:01", "77:01:0001001:", "77:01:0001001:12 34", "77:01:0001001 77:01:0001002", "77:01:0001001:0"} {
		_, err := cadastral(wrong)
		require.Error(t, err, wrong)
	}
}

func TestAFileIsCalledWhatIsSeen(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	customer := p.customer(synthetic.LoginCustomer)
	id := customer.draft()
	require.Equal(t, "счетfdp.exe", customer.beginFile(id, "счет\u202efdp.exe", []byte("a"), hexSum([]byte("a"))).Name)
	require.Equal(t, "Андрей 1.pdf", customer.beginFile(id, `C:\тайна\Андреи`+"\u0306\u00a01.pdf. ", []byte("a"), hexSum([]byte("a"))).Name)
	for _, name := range []string{"CON", "nul.txt", "..", "/", "a\u0000.pdf", "a\u0007.pdf", "a\ufffd.pdf", "\u202e.\u200b"} {
		a := customer.do(http.MethodPost, "/api/orders/"+id.String()+"/files", object{"name": name, "size": 1, "sha256": strings.Repeat("0", 64)})
		require.Equal(t, http.StatusUnprocessableEntity, a.status, "%+q: %s", name, a.text())
		require.Equal(t, []string{"name"}, fields(a.problem()))
	}
}

// codes are texts of requests that no person types: their values are compared with what the platform knows.
var codes = map[string]bool{"give-consent.version": true, "publish.details.workKind": true, "amend.details.workKind": true}

// A field that is added has to say what kind of text it is, and how much of it there may be.
func TestEveryInputIsBounded(t *testing.T) {
	s, err := bareServer()
	require.NoError(t, err)
	n := 0
	eachInput(s, func(op *huma.Operation, in, path string, schema *huma.Schema) {
		n++
		name := op.OperationID + "." + path
		switch schema.Type {
		case huma.TypeString:
			known := schema.Format != "" || schema.Pattern != "" || len(schema.Enum) > 0
			assert.True(t, known || in != "body" || codes[name], "%s is of no kind of text", name)
			fixed := len(schema.Enum) > 0 || schema.Format == "uuid" || schema.Format == "date" || strings.HasPrefix(schema.Pattern, "^[0-9a-f]{") || strings.HasPrefix(schema.Pattern, "^[0-9]{") || strings.HasPrefix(schema.Pattern, "^[A-Za-z0-9+/]{")
			assert.True(t, fixed || schema.MaxLength != nil, "%s has no maxLength", name)
		case huma.TypeInteger, huma.TypeNumber:
			assert.NotNil(t, schema.Minimum, "%s has no minimum", name)
			assert.NotNil(t, schema.Maximum, "%s has no maximum", name)
		case huma.TypeArray:
			assert.NotNil(t, schema.MaxItems, "%s has no maxItems", name)
			assert.True(t, schema.MinItems == nil || !schema.Nullable, "%s: null passes minItems", name)
		}
	})
	require.Greater(t, n, 200)
}

// eachInput goes through every parameter and every member of a body.
func eachInput(s *Server, visit func(op *huma.Operation, in, path string, schema *huma.Schema)) {
	schemas := s.OpenAPI().Components.Schemas
	var walk func(op *huma.Operation, in, path string, schema *huma.Schema)
	walk = func(op *huma.Operation, in, path string, schema *huma.Schema) {
		for schema.Ref != "" {
			schema = schemas.SchemaFromRef(schema.Ref)
		}
		visit(op, in, path, schema)
		for name, member := range schema.Properties {
			walk(op, in, joinPath(path, name), member)
		}
		if schema.Items != nil {
			walk(op, in, path+"[0]", schema.Items)
		}
	}
	for _, op := range operationsOf(s) {
		for _, p := range op.Parameters {
			walk(op, p.In, p.Name, p.Schema)
		}
		if op.RequestBody != nil {
			walk(op, "body", "", op.RequestBody.Content[jsonType].Schema)
		}
	}
}

func operationsOf(s *Server) (all []*huma.Operation) {
	for _, item := range s.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete, item.Patch} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	return all
}
