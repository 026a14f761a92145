package stack

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"epkr/dev/servers"
)

// Unit keeps a process running: it restarts the process whenever it ends.
type Unit struct {
	Name   string
	launch func(context.Context) (*servers.Process, error)
	pause  time.Duration // before each restart
	logf   func(format string, args ...any)

	process  atomic.Pointer[servers.Process]
	down     atomic.Bool // the process may not start
	expected atomic.Bool // the next end is intentional
	kills    atomic.Int32
	ends     atomic.Int32
}

// NewUnit returns a unit that starts its process by launch. logf receives Russian lines about the
// process.
func NewUnit(
	name string, launch func(context.Context) (*servers.Process, error),
	pause time.Duration, logf func(string, ...any),
) *Unit {
	return &Unit{Name: name, launch: launch, pause: pause, logf: logf}
}

// Start starts the process for the first time.
func (u *Unit) Start(ctx context.Context) error {
	process, err := u.launch(ctx)
	if err == nil {
		u.Adopt(process)
	}
	return err
}

// Adopt takes over a process that is ready.
func (u *Unit) Adopt(process *servers.Process) {
	u.expected.Store(false)
	u.process.Store(process)
}

// Supervise starts the process if it does not run, and restarts it after each end, until ctx ends.
func (u *Unit) Supervise(ctx context.Context) {
	for {
		if process := u.Process(); process != nil {
			select {
			case <-process.Done():
			case <-ctx.Done():
			}
			// The end of ctx may also be the reason why the process ended.
			if ctx.Err() != nil {
				return
			}
			u.process.Store(nil)
			if !u.expected.Load() {
				u.ends.Add(1)
				u.logf("%s завершился (%s), новый запуск через %s\n%s",
					u.Name, process.End(), u.pause, process.Tail(20))
			}
		}
		for wait := true; wait; wait = u.down.Load() {
			select {
			case <-time.After(u.pause):
			case <-ctx.Done():
				return
			}
		}
		if err := u.Start(ctx); err != nil && ctx.Err() == nil {
			u.logf("%s не запускается, новая попытка через %s: %.400s", u.Name, u.pause, err)
		}
	}
}

// KeepDown prevents restarts until letStart is called.
func (u *Unit) KeepDown() (letStart func()) {
	u.down.Store(true)
	return func() { u.down.Store(false) }
}

// Kill kills the process and its descendants with SIGKILL.
func (u *Unit) Kill() {
	u.expected.Store(true)
	if process := u.Process(); process != nil {
		u.kills.Add(1)
		process.Kill()
	}
}

// Stop asks the process to end, waits, and returns how it ended; empty if it did not run.
func (u *Unit) Stop() string {
	u.expected.Store(true)
	process := u.Process()
	if process == nil {
		return ""
	}
	process.Stop()
	return process.End()
}

// Process returns the running process, nil between an end and the next start.
func (u *Unit) Process() *servers.Process { return u.process.Load() }

// Kills returns how many calls of Kill ended a process.
func (u *Unit) Kills() int { return int(u.kills.Load()) }

// Ends returns the number of unintentional ends.
func (u *Unit) Ends() int { return int(u.ends.Load()) }

// Ready waits until the process is ready.
func (u *Unit) Ready(ctx context.Context) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for u.Process() == nil {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%s is not ready: %w", u.Name, ctx.Err())
		}
	}
	return nil
}
