package messages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders/messages"
	"epkr/dev/synthetic"
	"epkr/internal/humantext"
	"epkr/internal/order"
)

// Invisible characters do not fill in a field and are not stored.
func TestTextsAreNormalized(t *testing.T) {
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.Customer(synthetic.LoginCustomer)
	id := customer.CreateDraft()
	for _, blank := range []string{" ", "\u00a0", "\u200b", "\u2800", "\u3164", "\u00ad", "\u2060", "\ufeff", "\u202e", "\u0301"} {
		body := apitest.Conditions("77", 30)
		body["text"] = apitest.Object{"address": blank}
		a := customer.Send(uuid.NewString(), id, order.Publish, body)
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, "%+q: %s", blank, a.Text())
		require.Equal(t, []string{"text.address"}, apitest.Fields(a.Problem()))
		a = customer.Do(http.MethodPost, "/api/orders/"+id.String()+"/files", apitest.Object{"name": blank, "size": 1, "sha256": strings.Repeat("0", 64)})
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, "%+q: %s", blank, a.Text())
		require.Equal(t, []string{"name"}, apitest.Fields(a.Problem()))
	}
	body := apitest.Conditions("77", 30)
	body["text"] = apitest.Object{
		"address": "\u00a0Хи\u00adмки,  Заречная\u200b 1\n", "description": "Первая\r\nвторая\u202e и\u0306 \U0001f468\u200d\U0001f469\u200d\U0001f467 ",
		"cadastralNumbers": []string{"50:10:0010203:\u200b45 "},
	}
	customer.RequireApplied(id, order.Publish, body)
	var text order.Form
	apitest.Answer{T: t, Body: []byte(apitest.Value[string](p, "select body from message_bodies"))}.Into(&text)
	require.Equal(t, order.Form{
		Address: "Химки, Заречная 1", Description: "Первая\nвторая й \U0001f468\u200d\U0001f469\u200d\U0001f467",
		CadastralNumbers: []string{"50:10:0010203:45"},
	}, text)
	for _, broken := range []string{"a\u0007", "a\u0090", "a\ufffdb", "\u001b[31m", "\u007f"} {
		body["text"] = apitest.Object{"address": "Химки", "description": broken}
		a := customer.Send(uuid.NewString(), id, order.Amend, body)
		require.Equal(t, http.StatusUnprocessableEntity, a.Status, "%+q: %s", broken, a.Text())
		require.Equal(t, []problems.FieldProblem{{Field: "text.description", Message: humantext.Unshowable}}, a.Problem().Errors)
		a = customer.Do(http.MethodPut, "/api/orders/"+id.String()+"/form", apitest.Object{"version": 0, "text": apitest.Object{"a": []any{apitest.Object{"b": broken}}}})
		require.Equal(t, []problems.FieldProblem{{Field: "text.a[0].b", Message: humantext.Unshowable}}, a.Problem().Errors)
	}
	// Limits apply to the stored text: this letter has three characters before normalisation.
	body["text"] = apitest.Object{"address": strings.Repeat("\U0001D160", 400)}
	require.Equal(t, []string{"text.address"}, apitest.Fields(customer.Send(uuid.NewString(), id, order.Amend, body).Problem()))
	// A form that is being filled in is stored unchanged.
	customer.Do(http.MethodPut, "/api/orders/"+id.String()+"/form", apitest.Object{"version": 0, "text": apitest.Object{"address": "Химки, "}}).OK()
	var saved messages.SavedForm
	customer.Do(http.MethodGet, "/api/orders/"+id.String()+"/form", nil).OK().Into(&saved)
	require.Equal(t, "Химки, ", saved.Form.Text["address"])
}
