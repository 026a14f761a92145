package config

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/registry"
)

func TestRegistryDefaultsToThreeInMoscow(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-4")
	_, worker, err := load(minimal())
	require.NoError(t, err)
	evening := time.Date(2026, 3, 1, 21, 0, 0, 0, time.UTC)
	require.Equal(t, time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), worker.Registry.Schedule.Next(evening))
	require.Equal(t, registry.DefaultLossLimit(), worker.Registry.LossLimit)
}

func TestRegistrySettings(t *testing.T) {
	_, worker, err := load(with(minimal(), map[string]string{
		"EPKR_REGISTRY_URL": "s3://handover/registry", "EPKR_REGISTRY_CRON": "*/5 * * * *",
		"EPKR_REGISTRY_MAX_LOST_PERCENT": "3", "EPKR_REGISTRY_MAX_LOST": "0", "EPKR_REGISTRY_MAX_LOST_GROUP_PERCENT": "100",
	}))
	require.NoError(t, err)
	require.Equal(t, registry.LossLimit{Percent: 3, Count: 0, GroupPercent: 100, GroupSize: 50}, worker.Registry.LossLimit)
	require.Equal(t, "s3://handover/registry", worker.Registry.URL)
	require.Equal(t, "*/5 * * * *", worker.Registry.Schedule.String())
}

func TestInvalidRegistrySettingsAreReported(t *testing.T) {
	for _, c := range []struct{ variable, value string }{
		{"EPKR_REGISTRY_URL", "s3:///folder"},
		{"EPKR_REGISTRY_URL", "s3://key@bucket/folder"},
		{"EPKR_REGISTRY_URL", "ftp://registry"},
		{"EPKR_REGISTRY_CRON", "at three"},
		{"EPKR_REGISTRY_CRON", "0 3 1 * 1"},
		{"EPKR_REGISTRY_MAX_LOST_PERCENT", "101"},
		{"EPKR_REGISTRY_MAX_LOST", "-1"},
		{"EPKR_REGISTRY_MAX_LOST_GROUP_PERCENT", "many"},
	} {
		_, _, err := load(with(minimal(), map[string]string{c.variable: c.value}))
		found := problems(err)
		require.Len(t, found, 1, "%s=%s", c.variable, c.value)
		require.Equal(t, c.variable, found[0].Name)
	}
}

func TestProductionAcceptsRegistryInStorage(t *testing.T) {
	_, _, err := load(with(production(t), map[string]string{"EPKR_REGISTRY_URL": "s3://handover/registry"}))
	require.NoError(t, err)
}
