package workflows_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	historypb "go.temporal.io/api/history/v1"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// A deleted draft leaves no row and no text; its workflow closes once its files are removed.
func TestDeletedDraftLeavesNoData(t *testing.T) {
	acceptance.Covers(t, "S-11")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	sealed, err := s.files.Put(t.Context(), []byte("вложение"), "text/plain")
	require.NoError(t, err)
	o.file(customer, "вложение", "text/plain")
	require.Equal(t, "applied", o.verdict(o.send(customer, order.Delete, nil, nil)))
	o.waitClosed()
	for _, table := range []string{"orders", "order_events", "files", "message_bodies"} {
		column := "order_id"
		if table == "orders" {
			column = "id"
		}
		require.Zero(t, testenv.Scalar[int](t, s.url, `select count(*)::int from `+table+` where `+column+` = $1`, o.id), table)
	}
	_, _, err = s.files.Open(t.Context(), sealed.SHA256)
	require.Error(t, err)
}

// An order of an unknown customer is refused at its creation; its workflow shows the reason and
// ends.
func TestOrderOfAnUnknownCustomerIsNotCreated(t *testing.T) {
	t.Parallel()
	s := newEnv(t)
	known := s.customer()
	for name, c := range map[string]struct {
		by   order.Actor
		code order.Code
	}{
		"неизвестная сторона": {order.Actor{Role: order.RoleCustomer, Person: known.Person, Party: uuid.NewString()}, order.CodeUnknownCustomer},
		"неизвестный человек": {order.Actor{Role: order.RoleCustomer, Person: uuid.NewString(), Party: known.Party}, order.CodeNotStored},
	} {
		o := &testOrder{env: s, id: uuid.New()}
		require.Equal(t, string(c.code), o.verdict(o.sendCreate(c.by)), name)
		o.waitClosed()
		require.Contains(t, o.details(), "**Заказ не создан**: "+order.ReasonOf(c.code), name)
		require.Zero(t, o.failedTasks(), name)
		_, err := replay(&historypb.History{Events: o.settledEvents("")})
		require.NoError(t, err)
	}
}
