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

// A deleted draft leaves no row and no text; its workflow closes when its files are gone.
func TestDeletedDraftLeavesNothing(t *testing.T) {
	acceptance.Covers(t, "S-11")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	sealed, err := s.files.Put(t.Context(), []byte("вложение"), "text/plain")
	require.NoError(t, err)
	l.file(customer, "вложение", "text/plain")
	require.Equal(t, "applied", l.verdict(l.send(customer, order.Delete, nil, nil)))
	l.finished()
	for _, table := range []string{"orders", "order_events", "files", "message_bodies"} {
		column := "order_id"
		if table == "orders" {
			column = "id"
		}
		require.Zero(t, testenv.Scalar[int](t, s.url, `select count(*)::int from `+table+` where `+column+` = $1`, l.id), table)
	}
	_, _, err = s.files.Open(t.Context(), sealed.SHA256)
	require.Error(t, err)
}

// An order of somebody whom the platform does not know is refused at its creation; its workflow says so and ends.
func TestOrderOfAnUnknownCustomerIsNotCreated(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	known := s.customer()
	for name, c := range map[string]struct {
		by   order.Actor
		code order.Code
	}{
		"неизвестная сторона": {order.Actor{Role: order.RoleCustomer, Person: known.Person, Party: uuid.NewString()}, order.CodeUnknownCustomer},
		"неизвестный человек": {order.Actor{Role: order.RoleCustomer, Person: uuid.NewString(), Party: known.Party}, order.CodeNotKept},
	} {
		l := &life{stage: s, id: uuid.New()}
		require.Equal(t, string(c.code), l.verdict(l.start(c.by)), name)
		l.finished()
		require.Contains(t, l.details(), "**Заказ не создан**: "+order.ReasonOf(c.code), name)
		require.Zero(t, l.failedTasks(), name)
		_, err := replay(&historypb.History{Events: l.settled("")})
		require.NoError(t, err)
	}
}
