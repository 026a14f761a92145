package stack

import (
	"context"
	"fmt"
	"sync"
	"time"

	"epkr/dev/servers"
)

// steadyAfter is how long a process must have run to be restarted without a pause.
const steadyAfter = time.Minute

// Unit keeps a process running: it restarts the process whenever it ends.
type Unit struct {
	Name   string
	launch func(context.Context) (*servers.Process, error)
	logf   func(format string, args ...any)
	// The pause before a restart grows from first to longest while the process keeps ending.
	first, longest time.Duration

	mu       sync.Mutex
	process  *servers.Process
	up       chan struct{} // closed while the process is ready; replaced after each end
	gate     chan struct{} // closed while the process may start
	started  time.Time
	expected bool // the next end is intentional
	kills    int
	ends     int // unintentional ends
}

// NewUnit returns a unit that starts its process by launch. logf receives Russian lines about the
// process.
func NewUnit(
	name string, launch func(context.Context) (*servers.Process, error), first, longest time.Duration, logf func(string, ...any),
) *Unit {
	u := &Unit{Name: name, launch: launch, logf: logf, first: first, longest: longest, up: make(chan struct{}), gate: make(chan struct{})}
	close(u.gate)
	return u
}

// Start starts the process for the first time.
func (u *Unit) Start(ctx context.Context) error {
	process, err := u.launch(ctx)
	if err != nil {
		return err
	}
	u.Adopt(process)
	return nil
}

// Adopt takes over a process that is ready.
func (u *Unit) Adopt(process *servers.Process) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.process, u.expected, u.started = process, false, time.Now()
	close(u.up)
}

// Supervise starts the process if it does not run, and restarts it after each end, until ctx ends.
func (u *Unit) Supervise(ctx context.Context) {
	var pause time.Duration
	for ctx.Err() == nil {
		if process := u.Process(); process != nil {
			select {
			case <-process.Done():
			case <-ctx.Done():
				return
			}
			// A signal to the whole process group may end the process before this one handles it.
			if ctx.Err() != nil {
				return
			}
			if u.age() > steadyAfter {
				pause = 0
			}
			u.ended(process)
		}
		for !u.restart(ctx, &pause) {
			if ctx.Err() != nil {
				return
			}
		}
	}
}

// age returns the time since the process started.
func (u *Unit) age() time.Duration {
	u.mu.Lock()
	defer u.mu.Unlock()
	return time.Since(u.started)
}

func (u *Unit) ended(process *servers.Process) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.process, u.up = nil, make(chan struct{})
	if !u.expected {
		u.ends++
		u.logf("%s завершился (%s)\n%s", u.Name, process.End(), process.Tail(20))
	}
}

// restart tries once, after the pause and when the process may start.
func (u *Unit) restart(ctx context.Context, pause *time.Duration) bool {
	u.mu.Lock()
	gate, expected, first := u.gate, u.expected, u.started.IsZero()
	u.mu.Unlock()
	if !first {
		*pause = min(max(2**pause, u.first), u.longest)
		if !expected {
			u.logf("%s: новый запуск через %s", u.Name, *pause)
		}
	}
	select {
	case <-gate:
	case <-ctx.Done():
		return false
	}
	select {
	case <-time.After(*pause):
	case <-ctx.Done():
		return false
	}
	if err := u.Start(ctx); err != nil {
		if ctx.Err() == nil {
			u.logf("%s не запускается: %.400s", u.Name, err)
		}
		return false
	}
	return true
}

// KeepDown prevents restarts until letStart is called.
func (u *Unit) KeepDown() (letStart func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	gate := make(chan struct{})
	u.gate = gate
	return sync.OnceFunc(func() { close(gate) })
}

// Kill kills the process and its descendants with SIGKILL.
func (u *Unit) Kill() {
	if process := u.expectEnd(); process != nil {
		u.mu.Lock()
		u.kills++
		u.mu.Unlock()
		process.Kill()
	}
}

// Stop asks the process to end, waits, and returns how it ended; empty if it did not run.
func (u *Unit) Stop() string {
	process := u.expectEnd()
	if process == nil {
		return ""
	}
	process.Stop()
	return process.End()
}

func (u *Unit) expectEnd() *servers.Process {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.expected = true
	return u.process
}

// Process returns the running process, nil between an end and the next start.
func (u *Unit) Process() *servers.Process {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.process
}

// Kills returns how many calls of Kill ended a process.
func (u *Unit) Kills() int { u.mu.Lock(); defer u.mu.Unlock(); return u.kills }

// Ends returns the number of unintentional ends.
func (u *Unit) Ends() int { u.mu.Lock(); defer u.mu.Unlock(); return u.ends }

// Ready waits until the process is ready.
func (u *Unit) Ready(ctx context.Context) error {
	for {
		u.mu.Lock()
		up := u.up
		u.mu.Unlock()
		select {
		case <-up:
			return nil
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", u.Name, ctx.Err())
		case <-time.After(100 * time.Millisecond): // the process may have ended meanwhile
		}
	}
}
