package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/testenv"
)

// body returns a row that does not depend on others.
func body() sqlcgen.InsertBodyParams {
	return sqlcgen.InsertBodyParams{
		ID: uuid.New(), OrderID: uuid.New(), AuthorID: uuid.New(), Body: []byte(`{"note": "текст"}`),
		Sha256: "0000000000000000000000000000000000000000000000000000000000000000",
	}
}

func open(t *testing.T) (*db.Store, string) {
	t.Helper()
	url := testenv.Database(t)
	store, err := db.Open(t.Context(), url+"&pool_max_conns=1") // with one connection, a connection left in a transaction blocks every later query
	require.NoError(t, err)
	t.Cleanup(store.Close)
	return store, url
}

func isStored(t *testing.T, q *sqlcgen.Queries, row sqlcgen.InsertBodyParams) bool {
	t.Helper()
	found, err := q.BodyMatches(t.Context(), matchParams(row))
	require.NoError(t, err)
	return found
}

func matchParams(row sqlcgen.InsertBodyParams) sqlcgen.BodyMatchesParams {
	return sqlcgen.BodyMatchesParams{ID: row.ID, OrderID: row.OrderID, AuthorID: row.AuthorID, Sha256: row.Sha256}
}

func TestPipelineKeepsStatementOrder(t *testing.T) {
	store, _ := open(t)
	first, second := body(), body()
	err := store.InPipeline(t.Context(), func(p *db.Pipeline) error {
		require.NoError(t, p.Deferred.InsertBody(t.Context(), first))
		require.True(t, isStored(t, p.Immediate, first), "deferred statements are sent before the next query")
		return p.Deferred.InsertBody(t.Context(), second)
	})
	require.NoError(t, err)
	require.True(t, isStored(t, store.Queries, first))
	require.True(t, isStored(t, store.Queries, second), "remaining deferred statements are sent with the commit")
}

func TestFailedPipelineRollsBack(t *testing.T) {
	changedMind := errors.New("no, after all")
	invalid := body()
	invalid.Sha256 = "no hash"
	for name, spoil := range map[string]func(context.Context, *db.Pipeline) error{
		"its function fails": func(context.Context, *db.Pipeline) error { return changedMind },
		"a later statement fails with the commit": func(ctx context.Context, p *db.Pipeline) error {
			return p.Deferred.InsertBody(ctx, invalid)
		},
		"a later statement fails with a question": func(ctx context.Context, p *db.Pipeline) error {
			_ = p.Deferred.InsertBody(ctx, invalid)
			_, err := p.Immediate.BodyMatches(ctx, matchParams(invalid))
			require.True(t, db.IsIntegrityViolation(err), "%v", err)
			return err
		},
		"a statement fails at once": func(ctx context.Context, p *db.Pipeline) error { return p.Immediate.InsertBody(ctx, invalid) },
	} {
		t.Run(name, func(t *testing.T) {
			store, _ := open(t)
			row := body()
			err := store.InPipeline(t.Context(), func(p *db.Pipeline) error {
				require.NoError(t, p.Immediate.InsertBody(t.Context(), row))
				return spoil(t.Context(), p)
			})
			require.True(t, errors.Is(err, changedMind) || db.IsIntegrityViolation(err), "%v", err)
			require.False(t, isStored(t, store.Queries, row))
			require.NoError(t, store.InPipeline(t.Context(), func(p *db.Pipeline) error { return p.Immediate.InsertBody(t.Context(), row) }))
			require.True(t, isStored(t, store.Queries, row), "the connection is usable again")
		})
	}
}

func TestPipelineReadsManyRows(t *testing.T) {
	store, url := open(t)
	one, two := uuid.New(), uuid.New()
	testenv.Exec(t, url, `insert into parties (id, kind, name, ogrn) values ($1, 'organisation', 'А', '1'), ($2, 'organisation', 'Б', '2')`, one, two)
	err := store.InPipeline(t.Context(), func(p *db.Pipeline) error {
		require.NoError(t, p.Deferred.InsertBody(t.Context(), body()))
		rows, err := p.Immediate.PartyNames(t.Context(), []uuid.UUID{one, two})
		require.Len(t, rows, 2)
		return err
	})
	require.NoError(t, err)
}

func TestPipelineThatIgnoredAFailureReturnsRollbackError(t *testing.T) {
	store, _ := open(t)
	row, invalid := body(), body()
	invalid.Sha256 = "no hash"
	err := store.InPipeline(t.Context(), func(p *db.Pipeline) error {
		require.NoError(t, p.Immediate.InsertBody(t.Context(), row))
		require.Error(t, p.Immediate.InsertBody(t.Context(), invalid))
		return nil
	})
	require.ErrorIs(t, err, pgx.ErrTxCommitRollback)
	require.False(t, isStored(t, store.Queries, row))
}
