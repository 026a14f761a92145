package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/internal/acceptance"
	"epkr/internal/testenv"
)

// directory writes a directory of n banks of a date, beginning with a number, and returns its path.
func directory(t *testing.T, date string, from, n int) string {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `<ED807 EDDate="%s" InfoTypeCode="FIRR">`, date)
	for i := range n {
		fmt.Fprintf(&b, `<BICDirectoryEntry BIC="04%07d"><ParticipantInfo NameP="Bank %d"/></BICDirectoryEntry>`, from+i, from+i)
	}
	b.WriteString(`</ED807>`)
	path := filepath.Join(t.TempDir(), "ED807.xml")
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o600))
	return path
}

func TestDirectoryOfBanksIsReplacedWholeOrNotAtAll(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2")
	url := testenv.Database(t)
	store, err := db.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	var out bytes.Buffer
	c := &bankCommands{store: store, out: &out}
	there := func() string {
		return testenv.Scalar[string](t, url, `select count(*) || ' of ' || coalesce(max(as_of)::text, 'never') || ' to ' || coalesce(max(bic), '') from banks`)
	}

	require.NoError(t, c.load(t.Context(), directory(t, "2026-03-01", 1, 300), false))
	require.Equal(t, "300 of 2026-03-01 to 040000300", there())
	require.Contains(t, out.String(), "банков 300, было 0, исключено 0")

	for name, refused := range map[string]struct {
		path string
		says string
	}{
		"older":     {directory(t, "2026-02-28", 1, 300), "сведения на 28.02.2026, а загружены на 01.03.2026"},
		"too small": {directory(t, "2026-03-02", 1, 199), "банков 199, сейчас загружено 300"},
		"broken":    {filepath.Join(t.TempDir(), "nothing.xml"), "не открывается"},
	} {
		err := c.load(t.Context(), refused.path, false)
		require.ErrorContains(t, err, refused.says, name)
		require.ErrorContains(t, err, filepath.Base(refused.path), name)
		require.Equal(t, "300 of 2026-03-01 to 040000300", there(), name)
	}

	require.NoError(t, c.load(t.Context(), directory(t, "2026-03-02", 101, 250), false))
	require.Equal(t, "250 of 2026-03-02 to 040000350", there())
	require.Contains(t, out.String(), "банков 250, было 300, исключено 100")
	require.Equal(t, int64(250), testenv.Scalar[int64](t, url, `select count(*) from banks where as_of = '2026-03-02'`))
	require.NoError(t, c.load(t.Context(), directory(t, "2026-03-03", 1, 3), true), "--small accepts any number")
	require.Equal(t, "3 of 2026-03-03 to 040000003", there())

	out.Reset()
	require.NoError(t, c.load(t.Context(), directory(t, "2026-03-03", 1, 5), true), "the same day again")
	require.ErrorContains(t, c.load(t.Context(), directory(t, "2026-03-04", 1, 150), false), "--small")
}
