package servers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// pollInterval is the pause between two checks of a readiness condition.
const pollInterval = 50 * time.Millisecond

// longestLine is the maximum length in characters of a log line that is shown.
const longestLine = 300

// Command describes how to start a child process.
type Command struct {
	// Name is the process' name in messages.
	Name string
	Path string
	Args []string
	// Env is the whole environment; empty means the parent's.
	Env []string
	Dir string
	// Log is the file for both output streams. The log of the previous run is kept beside it with
	// the suffix ".previous".
	Log string
	// Stop is the signal that asks the process to end; zero means SIGTERM.
	Stop syscall.Signal
	// Orphaned is the signal that the process gets when its parent dies. Zero means SIGKILL,
	// because a server whose database died at the same moment may wait for it for a long time.
	Orphaned syscall.Signal
	// Grace is how long Stop waits before it kills the process; zero means 10 s.
	Grace time.Duration
	// Ready returns nil when the process is ready; Start polls it until Limit.
	Ready func(context.Context) error
	Limit time.Duration
	// RunAs is the user to run as, nil for the current one (only root may set it).
	RunAs *syscall.Credential
}

// Process is a running child process.
type Process struct {
	command Command
	cmd     *exec.Cmd
	done    chan struct{}
}

// Start launches the command and waits until it is ready. If Start fails, the process does not run.
func (c Command) Start(ctx context.Context) (*Process, error) {
	p, err := Launch(c)
	if err != nil {
		return nil, err
	}
	if err := p.AwaitReady(ctx, c.Limit, c.Ready); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

// Restart starts the command of an ended process again.
func (p *Process) Restart(ctx context.Context) (*Process, error) { return p.command.Start(ctx) }

// Launch starts the command. It returns when the process exists, not when it is ready; see
// Command.Start.
func Launch(c Command) (*Process, error) {
	if c.Stop == 0 {
		c.Stop = syscall.SIGTERM
	}
	if c.Orphaned == 0 {
		c.Orphaned = syscall.SIGKILL
	}
	if c.Grace == 0 {
		c.Grace = 10 * time.Second
	}
	log, err := openLog(c.Log)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env, cmd.Dir, cmd.Stdout, cmd.Stderr = c.Env, c.Dir, log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: c.Orphaned, Credential: c.RunAs}

	p := &Process{command: c, cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		// The kernel sends the parent-death signal when the thread that started the child ends, so
		// this thread is locked as long as the child runs.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer log.Close()
		if err := cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		_ = cmd.Wait() // see End
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	return p, nil
}

// openLog opens an empty log file and keeps the previous run's.
func openLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fmt.Errorf("make the log directory: %w", err)
	}
	if err := os.Rename(path, path+".previous"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("keep the previous log: %w", err)
	}
	log, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the log: %w", err)
	}
	return log, nil
}

// Name returns the command's name.
func (p *Process) Name() string { return p.command.Name }

// PID returns the process id, which is also the id of its process group.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done returns a channel that is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// End describes how the process ended: "exit status 3", "signal: killed".
func (p *Process) End() string {
	<-p.done
	return p.cmd.ProcessState.String()
}

// AwaitReady waits until ready returns nil. It fails when the process ends first or the limit
// passes, and then returns the end of the log in the error.
func (p *Process) AwaitReady(ctx context.Context, limit time.Duration, ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for {
		// A server that accepts a connection and then hangs must not block the wait.
		attempt, stop := context.WithTimeout(ctx, 2*time.Second)
		err := ready(attempt)
		stop()
		if err == nil {
			return nil
		}
		select {
		case <-p.done:
			return fmt.Errorf("%s ended while starting: %s\n%s", p.Name(), p.End(), p.Tail(20))
		case <-ctx.Done():
			return fmt.Errorf("%s did not become ready: %w: %w\n%s", p.Name(), ctx.Err(), err, p.Tail(20))
		case <-tick.C:
		}
	}
}

// Stop asks the process to end and waits. After the grace period it kills the whole process group.
// Stopping twice is harmless.
func (p *Process) Stop() {
	_ = p.cmd.Process.Signal(p.command.Stop)
	grace := time.NewTimer(p.command.Grace)
	defer grace.Stop()
	select {
	case <-p.done:
	case <-grace.C:
	}
	// Needed after a clean end too: the process' children must not outlive it.
	_ = syscall.Kill(-p.PID(), syscall.SIGKILL)
	<-p.done
}

// Tail returns the last lines of the log, indented, below the log's path.
func (p *Process) Tail(lines int) string {
	text, err := os.ReadFile(p.command.Log)
	if err != nil {
		return fmt.Sprintf("(%v)", err)
	}
	all := strings.Split(string(bytes.TrimRight(text, "\n")), "\n")
	if len(all) > lines {
		all = all[len(all)-lines:]
	}
	for i, line := range all {
		// Temporal writes a stack trace on one line.
		if r := []rune(line); len(r) > longestLine {
			all[i] = string(r[:longestLine]) + "…"
		}
	}
	return p.command.Log + ":\n    " + strings.Join(all, "\n    ")
}
