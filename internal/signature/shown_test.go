package signature

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// Texts of hostile certificates can be stored and shown.
func TestShown(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"  Межевой \n Пётр ":       "Межевой Пётр",
		"Меже\x00вой":              "Меже\uFFFDвой",
		"\u202eйовежеМ":            "йовежеМ",
		"\xff":                     "\uFFFD",
		strings.Repeat("ё", 1000):  strings.Repeat("ё", 1000),
		strings.Repeat("ё", 2<<20): strings.Repeat("ё", 999) + "…",
	} {
		got := shown(text)
		require.Equal(t, want, got)
		require.True(t, utf8.ValidString(got))
	}
}

// Times of hostile certificates can be stored: in JSON the years end at 9999.
func TestStoredTimes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, want string }{
		{"2026-11-30T03:00:00+03:00", "2026-11-30T00:00:00Z"},
		{"9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00Z"},
		{"0000-01-01T00:00:00+12:00", "0001-01-01T00:00:00Z"},
	} {
		at, err := time.Parse(time.RFC3339, c.text)
		require.NoError(t, err)
		stored, err := json.Marshal(utc(at))
		require.NoError(t, err)
		require.Equal(t, `"`+c.want+`"`, string(stored))
	}
}
