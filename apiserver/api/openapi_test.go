package api

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

const described = "../openapi.json"

func TestDescriptionOfTheAPIIsCommitted(t *testing.T) {
	text, err := OpenAPI()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(described, text, 0o644))
	}
	committed, err := os.ReadFile(described)
	require.NoError(t, err)
	require.Equal(t, string(committed), string(text), "run go test ./apiserver/api -run TestDescription -update")
	var document struct{ OpenAPI string }
	require.NoError(t, json.Unmarshal(text, &document))
	require.Equal(t, "3.1.0", document.OpenAPI)
}
