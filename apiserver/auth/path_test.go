package auth

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSameHost(t *testing.T) {
	for _, c := range []struct {
		host, public string
		same         bool
	}{
		{"epkr.test", "https://epkr.test", true},
		{"EPKR.test:443", "https://epkr.test", true},
		{"epkr.test", "https://epkr.test:443", true},
		{"epkr.test:80", "http://epkr.test", true},
		{"www.epkr.test", "https://epkr.test", false},
		{"epkr.test:8080", "https://epkr.test", false},
		{"127.0.0.1:8080", "http://localhost:8080", false},
	} {
		public, err := url.Parse(c.public)
		require.NoError(t, err)
		require.Equal(t, c.same, sameHost(c.host, public), "%s at %s", c.host, c.public)
	}
}

func TestOnlyPathsOfThePlatformAreLocal(t *testing.T) {
	for wanted, want := range map[string]string{
		"/orders/1?tab=chat#last":        "/orders/1?tab=chat#last",
		"/профиль":                       "/%D0%BF%D1%80%D0%BE%D1%84%D0%B8%D0%BB%D1%8C",
		"":                               "/",
		"orders":                         "/",
		"//evil.test":                    "/",
		"/\\evil.test":                   "/",
		"/\t/evil.test":                  "/",
		"https://evil.test/":             "/",
		"javascript:alert(1)":            "/",
		"/api/auth/logout":               "/",
		"/" + strings.Repeat("a", 2_000): "/",
	} {
		require.Equal(t, want, localPath(wanted), "%q", wanted)
	}
}
