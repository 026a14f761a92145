package db_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/testenv"
)

// Of two transactions that wait for each other, one succeeds, and the other may be sent again.
func TestDeadlockedTransactionMayBeRepeated(t *testing.T) {
	t.Parallel()
	store, err := db.Open(t.Context(), testenv.Database(t))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	held := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
	var errs [2]error
	var both sync.WaitGroup
	for i, names := range [2][2]string{{"a", "b"}, {"b", "a"}} {
		both.Go(func() {
			errs[i] = store.InTx(t.Context(), func(q *sqlcgen.Queries) error {
				if err := q.LockIdentity(t.Context(), names[0]); err != nil {
					return err
				}
				close(held[i])
				<-held[1-i]
				return q.LockIdentity(t.Context(), names[1])
			})
		})
	}
	both.Wait()
	failed := errs[0]
	if failed == nil {
		failed = errs[1]
	}
	require.Error(t, failed)
	require.True(t, errs[0] == nil || errs[1] == nil, "one of them succeeds")
	require.True(t, db.IsUnavailable(failed), failed)
}
