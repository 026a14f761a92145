package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

func TestFormIsSavedWhileItIsFilledIn(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	address := "/api/orders/" + id.String() + "/form"
	var form SavedForm
	customer.do(http.MethodGet, address, nil).ok().into(&form)
	require.Zero(t, form.Version)
	body := object{"version": 0, "details": object{"region": "", "price": "not yet a number"}, "text": object{"address": "Мос"}}
	customer.do(http.MethodPut, address, body).ok().into(&form)
	require.EqualValues(t, 1, form.Version)
	require.Equal(t, codeFormVersion, customer.do(http.MethodPut, address, body).problem().Code, "another window was first")
	body["version"] = 1
	customer.do(http.MethodPut, address, body).ok()
	customer.do(http.MethodGet, address, nil).ok().into(&form)
	require.EqualValues(t, 2, form.Version)
	require.Equal(t, "Мос", form.Form.Text["address"])

	body["text"] = object{"description": string(make([]byte, maxForm))}
	require.Equal(t, codeBodyTooLarge, customer.do(http.MethodPut, address, body).problem().Code)
	customer.tell(id, order.Publish, conditions("77", 30))
	customer.do(http.MethodGet, address, nil).ok()
	customer.tell(id, order.Cancel, nil)
	require.Equal(t, string(order.CodeStage), customer.do(http.MethodGet, address, nil).problem().Code)
}
