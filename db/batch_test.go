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

func TestQuestionsPutTogetherTakeTurns(t *testing.T) {
	store, url := open(t)
	one, two := uuid.New(), uuid.New()
	testenv.Exec(t, url, `insert into parties (id, kind, name, ogrn) values ($1, 'organisation', 'А', '1'), ($2, 'organisation', 'Б', '2')`, one, two)
	row := body()
	require.NoError(t, store.InsertBody(t.Context(), row))
	var turns []string
	names := func(turn string, ids ...uuid.UUID) db.Question {
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
	err := store.Together(t.Context(), names("two", one, two), names("none"), names("one", one), func(q *sqlcgen.Queries) error {
		_, err := q.Verdict(t.Context(), uuid.New())
		require.ErrorIs(t, err, db.ErrNotFound)
		found = kept(t, q, row)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"two", "one", "two"}, turns)
	require.True(t, found)
}

func TestQuestionsOfATransactionSeeWhatItWrites(t *testing.T) {
	store, _ := open(t)
	before, between := body(), body()
	err := store.InPipeline(t.Context(), func(p *db.Pipeline) error {
		require.NoError(t, p.Later.InsertBody(t.Context(), before))
		return p.Together(t.Context(), func(q *sqlcgen.Queries) error {
			require.True(t, kept(t, q, before))
			return p.Later.InsertBody(t.Context(), between)
		}, func(q *sqlcgen.Queries) error {
			require.False(t, kept(t, q, between))
			require.True(t, kept(t, q, between), "what is to come later comes before the next question")
			return nil
		})
	})
	require.NoError(t, err)
	require.True(t, kept(t, store.Queries, between))
}

func TestAFailureAmongQuestionsKeepsNothing(t *testing.T) {
	changedMind := errors.New("no, after all")
	invalid := body()
	invalid.Sha256 = "no hash"
	for name, spoil := range map[string]func(*db.Pipeline) db.Question{
		"a question fails": func(*db.Pipeline) db.Question { return func(*sqlcgen.Queries) error { return changedMind } },
		"its query fails": func(*db.Pipeline) db.Question {
			return func(q *sqlcgen.Queries) error { return q.InsertBody(t.Context(), invalid) }
		},
		"what was to come later does": func(p *db.Pipeline) db.Question {
			return func(*sqlcgen.Queries) error { return p.Later.InsertBody(t.Context(), invalid) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			store, _ := open(t)
			row := body()
			asks := func(q *sqlcgen.Queries) error {
				_, err := q.BodyMatches(t.Context(), same(row))
				return err
			}
			for _, last := range [][]db.Question{{}, {asks}} {
				err := store.InPipeline(t.Context(), func(p *db.Pipeline) error {
					require.NoError(t, p.Now.InsertBody(t.Context(), row))
					return p.Together(t.Context(), append([]db.Question{asks, spoil(p)}, last...)...)
				})
				require.True(t, errors.Is(err, changedMind) || db.IsConstraint(err), "%v", err)
			}
			require.NoError(t, store.Together(t.Context(), asks), "the connection serves again")
			require.False(t, kept(t, store.Queries, row))
		})
	}
}

func TestAQuestionThatPanicsLeavesNobodyWaiting(t *testing.T) {
	store, _ := open(t)
	ended := errors.New("the other goes on")
	require.Panics(t, func() {
		_ = store.Together(t.Context(), func(q *sqlcgen.Queries) error {
			_, _ = q.Verdict(t.Context(), uuid.New())
			panic("a fault of the program")
		}, func(q *sqlcgen.Queries) error {
			_, ended = q.Verdict(t.Context(), uuid.New())
			return ended
		})
	})
	require.ErrorContains(t, ended, "another question failed")
	require.NoError(t, store.Together(t.Context(), func(q *sqlcgen.Queries) error {
		_, err := q.LastEvent(t.Context())
		return err
	}), "the connection serves again")
}
