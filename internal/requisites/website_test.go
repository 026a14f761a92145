package requisites

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWebsite(t *testing.T) {
	for in, want := range map[string]string{
		"example.ru":            "https://example.ru",
		" HTTPS://Example.RU/ ": "https://example.ru",
		"https://кадастр.рф/цены?x=1":     "https://кадастр.рф/цены?x=1",
		"\u200bhttps://a.example.ru/b/c/": "https://a.example.ru/b/c",
	} {
		got, err := Website(in)
		require.NoError(t, err, in)
		require.Equal(t, want, got, in)
		again, err := Website(got)
		require.NoError(t, err)
		require.Equal(t, got, again, "the normal form is its own")
	}
	for _, in := range []string{
		"", " ", "example", "javascript:alert(1)", "javascript://example.ru/%0aalert(1)", "data:text/html,x", "ftp://example.ru", "//example.ru",
		"http://example.ru", "https://user:pw@example.ru", "https://example.ru:8080", "https://127.0.0.1", "https://exa mple.ru", `https://example.ru\@evil.ru`,
		"https://", "mailto:a@example.ru", "https://example.ru/" + strings.Repeat("a", 300),
	} {
		_, err := Website(in)
		require.Error(t, err, in)
		require.Equal(t, KindWebsite, err.(*Error).Kind, in) //nolint:errorlint // always its own type
	}
}
