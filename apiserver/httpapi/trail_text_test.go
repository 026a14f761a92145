package httpapi

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestUserAgentIsBoundedAndPrintable(t *testing.T) {
	require.Equal(t, "Firefox/1 ёж", boundedText("Fire\x00fox/1 \u202eёж\xff", 300))
	require.Len(t, []rune(boundedText(strings.Repeat("ё", 1000), maxUserAgent)), maxUserAgent)
}
