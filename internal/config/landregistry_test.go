package config

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
)

var landRegistryVariables = []string{
	"EPKR_LAND_REGISTRY_CABINET_URL", "EPKR_LAND_REGISTRY_ACCOUNTING_URL", "EPKR_LAND_REGISTRY_RIGHTS_URL", "EPKR_LAND_REGISTRY_BOTH_URL",
}

func addresses(l LandRegistry) []string { return []string{l.Cabinet, l.Accounting, l.Rights, l.Both} }

// Each service has its own address; one that is not set is the cabinet's.
func TestEachServiceOfTheLandRegistryHasItsAddress(t *testing.T) {
	acceptance.Covers(t, "R-GKU-2", "R-WORK-1")
	api, err := LoadAPI(lookupIn(minimal()))
	require.NoError(t, err)
	require.Equal(t, []string{defaultCabinet, defaultCabinet, defaultCabinet, defaultCabinet}, addresses(api.LandRegistry))

	changes, want := map[string]string{}, []string{}
	for _, name := range landRegistryVariables {
		want = append(want, "https://lk.example/?of="+name)
		changes[name] = "https://lk.example/?of=" + name
	}
	api, err = LoadAPI(lookupIn(with(minimal(), changes)))
	require.NoError(t, err)
	require.Equal(t, want, addresses(api.LandRegistry))

	cabinet := "https://lk.example/cabinet"
	api, err = LoadAPI(lookupIn(with(minimal(), map[string]string{"EPKR_LAND_REGISTRY_CABINET_URL": cabinet})))
	require.NoError(t, err)
	require.Equal(t, []string{cabinet, cabinet, cabinet, cabinet}, addresses(api.LandRegistry))
}

// An address to which a button must not lead people is refused at the start, by its variable.
func TestAddressesOfTheLandRegistryAreChecked(t *testing.T) {
	for _, name := range landRegistryVariables {
		for _, value := range []string{
			"http://lk.rosreestr.ru/", "lk.rosreestr.ru", "https://", "https:///gku", "https://:443/", "javascript:alert(1)", "https://a:b@lk.rosreestr.ru/", "https://lk .ru/",
		} {
			_, err := LoadAPI(lookupIn(with(minimal(), map[string]string{name: value})))
			var refused *VariableError
			require.ErrorAs(t, err, &refused, "%s=%s", name, value)
			require.Equal(t, name, refused.Name, value)
		}
	}
}
