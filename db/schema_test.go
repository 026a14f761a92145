package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv"
)

// An index on a column that every action changes would make each action update all indexes of the
// order's row.
func TestOrdersIndexesExcludeFrequentlyUpdatedColumns(t *testing.T) {
	_, url := open(t)
	changing := []string{"seq", "state", "updated_at", "waits_for", "waits_from", "waits_since", "deadline"}
	require.Equal(t, len(changing), testenv.Scalar[int](t, url,
		`select count(*)::int from pg_attribute where attrelid = 'orders'::regclass and attname = any($1)`, changing))
	require.Empty(t, testenv.Column[string](t, url, `
		select format('%s (%s)', i.indexrelid::regclass, a.attname) from pg_index i join pg_attribute a on a.attrelid = i.indexrelid
		where i.indrelid = 'orders'::regclass and a.attname = any($1)`, changing))
}
