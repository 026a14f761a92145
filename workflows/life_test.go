package workflows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
	"epkr/internal/testenv"
)

// A deleted draft leaves no row and no text; its workflow closes when its files are gone.
func TestDeletedDraftLeavesNothing_S11(t *testing.T) {
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
