package db_test

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/testenv"
)

// Concurrent statements run on server connections other than those on which they were prepared.
func TestStoreAnswersBehindAPooler(t *testing.T) {
	t.Parallel()
	store, err := db.Open(t.Context(), testenv.Pooler(t, testenv.Database(t), 3))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	group, ctx := errgroup.WithContext(t.Context())
	for client := range 8 {
		group.Go(func() error {
			for i := range 40 {
				body := sqlcgen.InsertBodyParams{ID: uuid.New(), OrderID: uuid.New(), AuthorID: uuid.New(), Body: []byte(`{"note":"` + strconv.Itoa(i) + `"}`), Sha256: strings.Repeat("0", 64)}
				err := store.InPipeline(ctx, func(p *db.Pipeline) error {
					if err := p.Deferred.InsertBody(ctx, body); err != nil {
						return err
					}
					return p.Batch(ctx, func(q *sqlcgen.Queries) error {
						_, err := q.BodyMatches(ctx, sqlcgen.BodyMatchesParams{ID: body.ID, OrderID: body.OrderID, AuthorID: body.AuthorID, Sha256: body.Sha256})
						return err
					}, func(q *sqlcgen.Queries) error {
						_, err := q.EngineerNames(ctx, []uuid.UUID{body.ID, body.OrderID})
						return err
					})
				})
				if err != nil {
					return err
				}
				if client%4 == 1 {
					_, err = store.StageEngineers(ctx, []sqlcgen.StageEngineersParams{{RunID: body.ID, Snils: "1", Active: true, Entry: body.Body}})
				} else if client%2 == 0 {
					err = store.InTx(ctx, func(q *sqlcgen.Queries) error { return q.Notify(ctx, "{}") })
				} else {
					_, err = store.SchemaIsCurrent(ctx)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
}

// checkEchoWithin checks a listener once within the limit.
func checkEchoWithin(t *testing.T, l *db.Listener, store *db.Store, limit time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	return l.CheckEcho(ctx, store)
}

func TestCheckEchoDetectsMissingNotifications(t *testing.T) {
	t.Parallel()
	direct := testenv.Database(t)
	pooled := testenv.Pooler(t, direct, 3)
	store, err := db.Open(t.Context(), pooled)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	listen := func(url string) (*db.Listener, *atomic.Int32, *atomic.Int32) {
		var changes, connections atomic.Int32
		l := db.NewListener(func(db.OrderChange) { changes.Add(1) }, func() { connections.Add(1) })
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { l.Run(ctx, url); close(ended) }()
		t.Cleanup(func() { cancel(); <-ended })
		return l, &changes, &connections
	}

	l, changes, connections := listen(direct)
	require.NoError(t, checkEchoWithin(t, l, store, testenv.Timeout))
	require.NoError(t, store.Notify(t.Context(), `{"o":"1"}`))
	testenv.Eventually(t, "the change arrives", func() bool { return changes.Load() == 1 })
	require.EqualValues(t, 1, connections.Load())

	deaf, _, tries := listen(pooled)
	testenv.Eventually(t, "a connection to the pooler", func() bool { return tries.Load() == 1 })
	require.ErrorContains(t, checkEchoWithin(t, deaf, store, testenv.Timeout), "EPKR_LISTEN_DATABASE_URL")
	testenv.Eventually(t, "the connection is replaced, and reconnected is called", func() bool { return tries.Load() == 2 })
}
