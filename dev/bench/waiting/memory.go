package waiting

import (
	"context"
	"fmt"
	"time"

	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/dev/browser"
)

// Memory measures the worker's memory after a restart, with 10,000 waiting orders: before any of
// them gets a message, and after three times as many of them as the worker caches have processed
// one.
func Memory(ctx context.Context, s platform.Servers) (report.Section, error) {
	c, err := start(ctx, s, "memory", s.Either(10_000, 50))
	if err != nil {
		return report.Section{}, err
	}
	moving := s.Either(3_000, 50)
	section := report.Section{
		Title:   fmt.Sprintf("Worker memory after a restart with %d waiting orders", len(c.orders)),
		Columns: []string{"", "at the end, MB", "peak, MB", "took, s"},
	}
	c.Worker.Stop()
	if err := c.StartWorker(ctx); err != nil {
		return section, err
	}
	idle := func() error {
		return browser.Pause(ctx, time.Duration(c.Either(5, 1))*time.Second)
	}
	move := func() error {
		_, err := c.sendStatuses(ctx, c.orders[:moving], 1)
		return err
	}
	var peak float64
	for _, phase := range []struct {
		what string
		do   func() error
	}{
		{"idle", idle},
		{fmt.Sprintf("%d of them take a message", moving), move},
		{"idle again", idle},
	} {
		began := time.Now()
		if err := phase.do(); err != nil {
			return section, err
		}
		took := time.Since(began)
		var now float64
		if now, peak, err = platform.Resident(c.Worker.PID()); err != nil {
			return section, err
		}
		section.Rows = append(section.Rows, []string{
			phase.what, fmt.Sprintf("%.0f", now), fmt.Sprintf("%.0f", peak),
			fmt.Sprintf("%.1f", took.Seconds()),
		})
	}
	section.Targets = []report.Target{
		report.AtMost("peak of the worker's memory", "%.0f MB", peak, 150),
	}
	return section, nil
}
