package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
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
