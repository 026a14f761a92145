package search_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/internal/acceptance"
	"epkr/internal/config"
)

// The API names each configured address of a service as that service.
func TestAddressesOfTheLandRegistryAreThoseOfTheConfiguration(t *testing.T) {
	acceptance.Covers(t, "R-GKU-2", "R-WORK-1")
	configured := config.LandRegistry{
		Cabinet: "https://lk.example/", Accounting: "https://lk.example/1", Rights: "https://lk.example/2", Both: "https://lk.example/3",
	}
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.LandRegistry = configured })
	var shown struct{ Cabinet, Accounting, Rights, Both string }
	p.Browser().Do(http.MethodGet, "/api/reference/land-registry", nil).OK().Into(&shown)
	require.Equal(t, configured, config.LandRegistry(shown))
}
