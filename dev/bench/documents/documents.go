// Package documents measures what documents and signatures cost: making a contract, checking a
// signature and a hostile PDF, and sending everything of an order as one archive.
//
// CPU time is that of the whole process that does the work, collection of garbage included: others who
// use the machine change it less than the time on the clock. Memory is the peak of the process over what
// it had after it had played one order.
package documents

import (
	"context"
	"fmt"
	"time"

	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
)

const (
	megabyte = 1 << 20
	// maxMemory is what a process may need beyond what it has at rest, in MB.
	maxMemory = 64.0
)

// Run measures the parts one after another.
func Run(ctx context.Context, s platform.Servers) (report.Section, error) {
	m := &measurement{Servers: s, section: report.Section{
		Title:   "Documents and signatures",
		Columns: []string{"work", "CPU, ms", "a second on one core", "peak of memory over rest, MB"},
	}}
	if err := m.making(); err != nil {
		return m.section, err
	}
	if err := m.checking(ctx); err != nil {
		return m.section, err
	}
	p, err := platform.Start(ctx, s, "documents")
	if err != nil {
		return m.section, err
	}
	engineers, err := people.CreateEngineers(ctx, p.Database, 1)
	if err != nil {
		return m.section, err
	}
	customers, performers, err := people.SignIn(ctx, p, 1, engineers)
	if err != nil {
		return m.section, err
	}
	order := people.Script{Customer: customers[0], Engineer: performers[0]}
	if err := order.ToWork(ctx); err != nil {
		return m.section, fmt.Errorf("playing an order: %w", err)
	}
	if err := m.noteRest(p); err != nil {
		return m.section, err
	}
	for _, measure := range []func(context.Context, *platform.Platform, people.Script) error{m.large, m.bomb, m.archive} {
		if err := measure(ctx, p, order); err != nil {
			return m.section, err
		}
	}
	return m.section, nil
}

// measurement collects the rows and targets.
type measurement struct {
	platform.Servers
	section report.Section
	// rest is the memory of each process before the measurements, in MB.
	rest map[string]float64
}

// noteRest notes what the processes need at rest.
func (m *measurement) noteRest(p *platform.Platform) (err error) {
	m.rest = map[string]float64{}
	for process, pid := range map[string]int{platform.Worker: p.Worker.PID(), platform.API: p.API.PID()} {
		if m.rest[process], _, err = platform.Resident(pid); err != nil {
			return err
		}
	}
	return nil
}

// repeated adds a row for work that is done many times, and returns its CPU time in milliseconds.
func (m *measurement) repeated(what string, ms float64) {
	m.section.Rows = append(m.section.Rows, []string{what, fmt.Sprintf("%.2f", ms), fmt.Sprintf("%.0f", 1000/ms), ""})
}

// once measures work that a process of the platform does once, adds its row, and returns its CPU time.
func (m *measurement) once(what, process string, pid int, work func() error) (time.Duration, error) {
	m.Progressf("%s", what)
	if err := platform.ForgetPeak(pid); err != nil {
		return 0, fmt.Errorf("forgetting the peak of memory: %w", err)
	}
	spent, err := m.Measure(map[string]int{process: pid}, work)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	_, peak, err := platform.Resident(pid)
	if err != nil {
		return 0, err
	}
	m.section.Rows = append(m.section.Rows, []string{what + ", " + process, fmt.Sprintf("%.0f", spent.PerItem(process, 1)), "", fmt.Sprintf("%.0f", peak-m.rest[process])})
	m.section.Targets = append(m.section.Targets, report.AtMost(what+": memory of "+process+" over rest", "%.0f MB", peak-m.rest[process], maxMemory))
	return spent[process], nil
}
