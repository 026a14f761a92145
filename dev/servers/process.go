package servers

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

// pollInterval is the pause between two checks of a readiness condition.
const pollInterval = 50 * time.Millisecond

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
	// the suffix ".previous". Without a log, the process runs in the foreground: with the parent's
	// streams and in its process group.
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
	err     error // of the ended process
}

// Start launches the command and waits until it is ready. If Start fails, the process does not run.
func (c Command) Start(ctx context.Context) (*Process, error) {
	p, err := Launch(c)
	if err != nil {
		return nil, err
	}
	if err := p.awaitReady(ctx, c.Limit, c.Ready); err != nil {
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
	cmd := exec.Command(c.Path, c.Args...)
	cmd.Env, cmd.Dir = c.Env, c.Dir
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setpgid: c.Log != "", Pdeathsig: cmp.Or(c.Orphaned, syscall.SIGKILL), Credential: c.RunAs,
	}
	if c.Log == "" {
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	} else {
		log, err := openLog(c.Log)
		if err != nil {
			return nil, err
		}
		defer log.Close()
		cmd.Stdout, cmd.Stderr = log, log
	}
	p := &Process{command: c, cmd: cmd, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel sends the parent-death signal when the thread that started the child ends, so
		// this thread is locked as long as the child runs.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			close(p.done)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, err)
	}
	return p, nil
}

// openLog opens an empty log file and keeps the previous run's.
func openLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	_ = os.Rename(path, path+".previous") // fails if there is no previous log
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
}

// Run runs the command to its end. The error contains the end of the output.
func Run(cmd *exec.Cmd) error {
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w%s", cmd, err, lastLines(output, 40))
	}
	return nil
}

// Name returns the command's name.
func (p *Process) Name() string { return p.command.Name }

// PID returns the process id, which is also the id of its process group.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done returns a channel that is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// Err waits for the end of the process. It returns nil after exit status 0, otherwise an
// exec.ExitError.
func (p *Process) Err() error {
	<-p.done
	return p.err
}

// End waits for the end of the process and describes it: "exit status 3", "signal: killed".
func (p *Process) End() string {
	<-p.done
	return p.cmd.ProcessState.String()
}

// awaitReady waits until ready returns nil. It fails when the process ends first or the limit
// passes, and then returns the end of the log in the error.
func (p *Process) awaitReady(
	ctx context.Context, limit time.Duration, ready func(context.Context) error,
) error {
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
	_ = p.cmd.Process.Signal(cmp.Or(p.command.Stop, syscall.SIGTERM))
	select {
	case <-p.done:
	case <-time.After(cmp.Or(p.command.Grace, 10*time.Second)):
		_ = p.cmd.Process.Kill() // a process in the foreground has no group of its own
	}
	// Needed after a clean end too: the process' children must not outlive it.
	_ = syscall.Kill(-p.PID(), syscall.SIGKILL)
	<-p.done
}

// Kill kills the process and all its descendants at once, as a power cut would. It returns when
// none of them runs.
func (p *Process) Kill() {
	select {
	case <-p.done: // the process id may have been reused
		return
	default:
	}
	// The process is stopped first, so that it starts no children while they are listed.
	_ = syscall.Kill(p.PID(), syscall.SIGSTOP)
	family := descendants(int32(p.PID()))
	for _, member := range family {
		_ = member.Kill()
	}
	_ = syscall.Kill(-p.PID(), syscall.SIGKILL)
	<-p.done
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for _, member := range family {
		for isAlive(member) {
			<-tick.C
		}
	}
}

// descendants returns the children of a process and their descendants.
func descendants(pid int32) []*process.Process {
	parent := process.Process{Pid: pid}
	all, _ := parent.Children()
	for _, child := range slices.Clone(all) {
		all = append(all, descendants(child.Pid)...)
	}
	return all
}

// isAlive reports whether the process runs; a zombie does not.
func isAlive(p *process.Process) bool {
	status, err := p.Status()
	return err == nil && !slices.Contains(status, process.Zombie)
}

// Tail returns the last lines of the log, indented, below the log's path.
func (p *Process) Tail(lines int) string {
	text, err := os.ReadFile(p.command.Log)
	if err != nil {
		return fmt.Sprintf("(%v)", err)
	}
	return p.command.Log + ":" + lastLines(text, lines)
}

// lastLines returns the last lines of the text, each indented on a new line.
func lastLines(text []byte, lines int) (tail string) {
	all := strings.Split(strings.TrimRight(string(text), "\n"), "\n")
	for _, line := range all[max(0, len(all)-lines):] {
		tail += fmt.Sprintf("\n    %.300s", line) // Temporal writes a stack trace on one line
	}
	return tail
}
