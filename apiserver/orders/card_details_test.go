package orders

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// fill sets every field of a value, so that its JSON omits nothing.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	}
}

func filled[T any]() *T {
	value := new(T)
	fill(reflect.ValueOf(value).Elem())
	return value
}

// The API shows the parts of an order under the names under which they are stored. A part whose
// name changes must be removed from this list, and the API description changes with it.
func TestPartsOfACardHaveTheirStoredNames(t *testing.T) {
	for _, part := range []struct{ kept, shown, none any }{
		{filled[order.Terms](), termsOf(filled[order.Terms]()), termsOf(new(order.Terms))},
		{filled[order.Form](), formOf(filled[order.Form]()), formOf(new(order.Form))},
		{filled[order.Contract](), contractOf(filled[order.Contract]()), contractOf(new(order.Contract))},
		{filled[order.Act](), actOf(filled[order.Act]()), actOf(new(order.Act))},
		{filled[order.Invoice](), invoiceOf(filled[order.Invoice]()), invoiceOf(new(order.Invoice))},
		{filled[order.Bill](), billOf(filled[order.Bill]()), billOf(new(order.Bill))},
		{filled[order.Dispute](), disputeOf(filled[order.Dispute]()), disputeOf(new(order.Dispute))},
		{filled[[]order.Difference](), differencesOf(*filled[[]order.Difference]()), nil},
		{filled[[]order.Action](), actionsOf(*filled[[]order.Action]()), nil},
	} {
		kept, err := json.Marshal(part.kept)
		require.NoError(t, err)
		shown, err := json.Marshal(part.shown)
		require.NoError(t, err)
		require.JSONEq(t, string(kept), string(shown))
		if part.none == nil {
			continue
		}
		kept, err = json.Marshal(reflect.New(reflect.TypeOf(part.kept).Elem()).Interface())
		require.NoError(t, err)
		shown, err = json.Marshal(part.none)
		require.NoError(t, err)
		require.JSONEq(t, string(kept), string(shown), "what is not set is left out")
	}
}
