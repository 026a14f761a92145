package httpapi

import (
	"os"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSecurityKindsListsEveryConstant(t *testing.T) {
	source, err := os.ReadFile("trail.go")
	require.NoError(t, err)
	var declared []SecurityKind
	for _, found := range regexp.MustCompile(`SecurityKind = "([a-z-]+)"`).FindAllSubmatch(source, -1) {
		declared = append(declared, SecurityKind(found[1]))
	}
	require.NotEmpty(t, declared)
	require.ElementsMatch(t, declared, securityKinds)
}
