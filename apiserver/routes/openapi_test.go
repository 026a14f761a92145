package routes_test

import (
	"encoding/json"
	"flag"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/routes"
	"epkr/internal/order"
)

// update rewrites the description: go test ./apiserver/routes -run TestDescription -update
var update = flag.Bool("update", false, "write the description of the API anew")

const described = "../openapi.json"

func TestDescriptionOfTheAPIIsCommitted(t *testing.T) {
	text, err := routes.OpenAPI()
	require.NoError(t, err)
	if *update {
		require.NoError(t, os.WriteFile(described, text, 0o644))
	}
	committed, err := os.ReadFile(described)
	require.NoError(t, err)
	require.Equal(t, string(committed), string(text), "run go test ./apiserver/routes -run TestDescription -update")
	var document struct{ OpenAPI string }
	require.NoError(t, json.Unmarshal(text, &document))
	require.Equal(t, "3.1.0", document.OpenAPI)
}

func TestDescriptionHasAnOperationForEveryMessageOfPeople(t *testing.T) {
	text, err := routes.OpenAPI()
	require.NoError(t, err)
	var document struct{ Paths map[string]json.RawMessage }
	require.NoError(t, json.Unmarshal(text, &document))
	for _, rule := range order.Rules() {
		if rule.SentByPeople() && !slices.Equal(rule.Senders(), []string{"оператор"}) {
			_, found := document.Paths["/api/orders/{order}/"+string(rule.Kind)]
			require.True(t, found, "apiserver/orders/messages/messages.go has no row for %s", rule.Kind)
		}
	}
}
