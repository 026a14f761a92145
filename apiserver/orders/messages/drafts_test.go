package messages_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders/messages"
	"epkr/internal/order"
)

func TestPartialFormIsSaved(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	address := "/api/orders/" + id.String() + "/form"
	var form messages.SavedForm
	customer.Do(http.MethodGet, address, nil).OK().Into(&form)
	require.Zero(t, form.Version)
	body := apitest.Object{"version": 0, "details": apitest.Object{"region": "", "price": "not yet a number"}, "text": apitest.Object{"address": "Мос"}}
	customer.Do(http.MethodPut, address, body).OK().Into(&form)
	require.EqualValues(t, 1, form.Version)
	require.Equal(t, problems.FormVersion, customer.Do(http.MethodPut, address, body).Problem().Code, "another window was first")
	body["version"] = 1
	customer.Do(http.MethodPut, address, body).OK()
	customer.Do(http.MethodGet, address, nil).OK().Into(&form)
	require.EqualValues(t, 2, form.Version)
	require.Equal(t, "Мос", form.Form.Text["address"])

	body["text"] = apitest.Object{"description": string(make([]byte, messages.MaxForm))}
	require.Equal(t, problems.BodyTooLarge, customer.Do(http.MethodPut, address, body).Problem().Code)
	customer.RequireApplied(id, order.Publish, apitest.Conditions("77", 30))
	customer.Do(http.MethodGet, address, nil).OK()
	customer.RequireApplied(id, order.Cancel, nil)
	require.Equal(t, string(order.CodeStage), customer.Do(http.MethodGet, address, nil).Problem().Code)
}
