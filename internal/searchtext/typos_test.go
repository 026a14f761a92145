package searchtext

import (
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
)

func TestOneTypo(t *testing.T) {
	acceptance.Covers(t, "R-CUST-9")
	for _, typed := range []string{"кузницов", "кузнцов", "кузнеццов", "кузнецво", "узнецов", "кузнецовв", "рузнецов"} {
		require.True(t, OneTypo(typed, "кузнецов"), typed)
		require.True(t, OneTypo("кузнецов", typed), typed)
		shared := slices.ContainsFunc(Spellings(typed), func(s string) bool { return slices.Contains(Spellings("кузнецов"), s) })
		require.True(t, shared, "%s is found by a common spelling", typed)
	}
	for _, typed := range []string{"кузнецов", "кузницев", "кузнец", "козницов", "кузцонев", "", "к"} {
		require.False(t, OneTypo(typed, "кузнецов"), typed)
	}
	require.Empty(t, Spellings("лиф"), "a short word is not corrected")
}

func TestCorrected(t *testing.T) {
	acceptance.Covers(t, "R-CUST-9")
	matches := func(stored, typed string, similar ...string) bool {
		_, all, ok := Corrected(typed, similar)
		return ok && !slices.ContainsFunc(all, func(p string) bool { return !regexp.MustCompile(p).MatchString(" " + Fold(stored) + " ") })
	}
	require.True(t, matches("Кузнецов Пётр Ильич", "Кузницов Петр", "кузнецов", "кузнецова"))
	require.False(t, matches("Кузнецова Анна", "Кузницов", "кузнецов"), "a correction is a whole word")
	require.False(t, matches("Кузнецов Пётр", "Кузницов Иван", "кузнецов"))
	require.False(t, matches("Кузнецов Пётр", "Кузницов", "кузьмин"), "no word is corrected")
	index, all, _ := Corrected("Кузницов П", []string{"кузнецов"})
	require.Equal(t, []string{"кузницов| кузнецов ", " п"}, all)
	require.Equal(t, all[0], index)
}
