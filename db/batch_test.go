package db_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/testenv"
)

func TestBatchFunctionsTakeTurns(t *testing.T) {
	store, url := open(t)
	one, two := uuid.New(), uuid.New()
	testenv.Exec(t, url, `insert into parties (id, kind, name, ogrn) values ($1, 'organisation', 'А', '1'), ($2, 'organisation', 'Б', '2')`, one, two)
	row := body()
	require.NoError(t, store.InsertBody(t.Context(), row))
	var turns []string
	names := func(turn string, ids ...uuid.UUID) db.BatchFunc {
		return func(q *sqlcgen.Queries) error {
			for range ids {
				turns = append(turns, turn)
				rows, err := q.PartyNames(t.Context(), ids)
				require.NoError(t, err)
				require.Len(t, rows, len(ids))
			}
			return nil
		}
	}
	found := false
	err := store.Batch(t.Context(), names("two", one, two), names("none"), names("one", one), func(q *sqlcgen.Queries) error {
		_, err := q.Verdict(t.Context(), uuid.New())
		require.ErrorIs(t, err, db.ErrNotFound)
		found = isStored(t, q, row)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"two", "one", "two"}, turns)
	require.True(t, found)
}

func TestBatchInTransactionSeesItsWrites(t *testing.T) {
	store, _ := open(t)
	before, between := body(), body()
	err := store.InPipeline(t.Context(), func(p *db.Pipeline) error {
		require.NoError(t, p.Deferred.InsertBody(t.Context(), before))
		return p.Batch(t.Context(), func(q *sqlcgen.Queries) error {
			require.True(t, isStored(t, q, before))
			return p.Deferred.InsertBody(t.Context(), between)
		}, func(q *sqlcgen.Queries) error {
			require.False(t, isStored(t, q, between))
			require.True(t, isStored(t, q, between), "deferred statements are sent before the next query")
			return nil
		})
	})
	require.NoError(t, err)
	require.True(t, isStored(t, store.Queries, between))
}

func TestBatchFailureRollsBack(t *testing.T) {
	errFunction := errors.New("the function failed")
	invalid := body()
	invalid.Sha256 = "no hash"
	for name, spoil := range map[string]func(*db.Pipeline) db.BatchFunc{
		"a function fails": func(*db.Pipeline) db.BatchFunc { return func(*sqlcgen.Queries) error { return errFunction } },
		"its query fails": func(*db.Pipeline) db.BatchFunc {
			return func(q *sqlcgen.Queries) error { return q.InsertBody(t.Context(), invalid) }
		},
		"a deferred statement fails": func(p *db.Pipeline) db.BatchFunc {
			return func(*sqlcgen.Queries) error { return p.Deferred.InsertBody(t.Context(), invalid) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			store, _ := open(t)
			row := body()
			asks := func(q *sqlcgen.Queries) error {
				_, err := q.BodyMatches(t.Context(), matchParams(row))
				return err
			}
			for _, last := range [][]db.BatchFunc{{}, {asks}} {
				err := store.InPipeline(t.Context(), func(p *db.Pipeline) error {
					require.NoError(t, p.Immediate.InsertBody(t.Context(), row))
					return p.Batch(t.Context(), append([]db.BatchFunc{asks, spoil(p)}, last...)...)
				})
				require.True(t, errors.Is(err, errFunction) || db.IsIntegrityViolation(err), "%v", err)
			}
			require.NoError(t, store.Batch(t.Context(), asks), "the connection is usable again")
			require.False(t, isStored(t, store.Queries, row))
		})
	}
}

func TestBatchPanicReleasesOtherFunctions(t *testing.T) {
	store, _ := open(t)
	ended := errors.New("the other goes on")
	require.Panics(t, func() {
		_ = store.Batch(t.Context(), func(q *sqlcgen.Queries) error {
			_, _ = q.Verdict(t.Context(), uuid.New())
			panic("a fault of the program")
		}, func(q *sqlcgen.Queries) error {
			_, ended = q.Verdict(t.Context(), uuid.New())
			return ended
		})
	})
	require.ErrorContains(t, ended, "another query of the batch failed")
	require.NoError(t, store.Batch(t.Context(), func(q *sqlcgen.Queries) error {
		_, err := q.LastEvent(t.Context())
		return err
	}), "the connection is usable again")
}
