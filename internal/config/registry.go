package config

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/schedule"
)

// Registry holds the settings of the registry sync.
type Registry struct {
	URL       string // absolute http(s) URL, or s3://bucket/folder in the platform's own storage
	Schedule  schedule.Schedule
	LossLimit registry.LossLimit
}

func loadRegistry(v *variables) Registry {
	limit := registry.DefaultLossLimit()
	limit.Percent = v.number("EPKR_REGISTRY_MAX_LOST_PERCENT", limit.Percent, 100)
	limit.Count = v.number("EPKR_REGISTRY_MAX_LOST", limit.Count, 1_000_000)
	limit.GroupPercent = v.number("EPKR_REGISTRY_MAX_LOST_GROUP_PERCENT", limit.GroupPercent, 100)
	return Registry{
		URL:       v.registryURL("EPKR_REGISTRY_URL"),
		Schedule:  v.schedule("EPKR_REGISTRY_CRON", "0 3 * * *"),
		LossLimit: limit,
	}
}

// inStorage reports whether the snapshots are read from the platform's own storage, whose address
// has its own rules.
func (r Registry) inStorage() bool { return strings.HasPrefix(r.URL, "s3://") }

func (v *variables) registryURL(name string) string {
	value := v.text(name, "")
	if !strings.HasPrefix(value, "s3://") {
		return v.url(name)
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		v.fail(name, "not such an address", "s3://bucket/folder, or "+expectedURL)
		return ""
	}
	return value
}

func (v *variables) schedule(name, fallback string) schedule.Schedule {
	s, err := schedule.Parse(v.text(name, fallback), order.Moscow)
	if err != nil {
		v.fail(name, "not a usable schedule", `five cron fields in Moscow time such as "0 3 * * *": minute, hour, day of month, month, day of week; not both days`)
	}
	return s
}

// number reads a whole number from 0 to limit.
func (v *variables) number(name string, fallback, limit int) int {
	value, err := strconv.Atoi(v.text(name, strconv.Itoa(fallback)))
	if err != nil || value < 0 || value > limit {
		v.fail(name, "not a usable number", fmt.Sprintf("a whole number from 0 to %d", limit))
		return fallback
	}
	return value
}
