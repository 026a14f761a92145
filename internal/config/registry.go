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

// Registry is how worker reads the registry of cadastral engineers.
type Registry struct {
	URL      string // absolute http(s) URL, or s3://bucket/folder in the platform's own storage
	Schedule schedule.Schedule
	Fuse     registry.Fuse
}

func loadRegistry(v *variables) Registry {
	fuse := registry.DefaultFuse()
	fuse.Percent = v.number("EPKR_REGISTRY_MAX_LOST_PERCENT", fuse.Percent, 100)
	fuse.Count = v.number("EPKR_REGISTRY_MAX_LOST", fuse.Count, 1_000_000)
	fuse.GroupPercent = v.number("EPKR_REGISTRY_MAX_LOST_GROUP_PERCENT", fuse.GroupPercent, 100)
	return Registry{
		URL:      v.registryURL("EPKR_REGISTRY_URL"),
		Schedule: v.schedule("EPKR_REGISTRY_CRON", "0 3 * * *"),
		Fuse:     fuse,
	}
}

// inStorage says that the registry is handed over in the platform's own storage, whose address is judged by itself.
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
