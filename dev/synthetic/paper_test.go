package synthetic_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/pdfa"
)

// The platform takes a paper as a contract, and each text makes another file.
func TestPapersArePDFA(t *testing.T) {
	t.Parallel()
	paper, err := synthetic.Paper("Договор подряда № 7 — «Ёлка»", "Стоимость: 42 000,00 руб.", "a4c7d1f2-0000-4000-8000-000000000000")
	require.NoError(t, err)
	report, err := pdfa.Check(bytes.NewReader(paper), int64(len(paper)))
	require.NoError(t, err)
	require.Empty(t, report.Faults)
	require.Equal(t, "PDF/A-1a", report.Standard())
	again, err := synthetic.Paper("Договор подряда № 7 — «Ёлка»", "Стоимость: 42 000,00 руб.", "a4c7d1f2-0000-4000-8000-000000000000")
	require.NoError(t, err)
	require.Equal(t, paper, again)
	another, err := synthetic.Paper("Договор подряда № 7 — «Ёлка»", "Стоимость: 42 000,00 руб.")
	require.NoError(t, err)
	require.NotEqual(t, paper, another)
}
