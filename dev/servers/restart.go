package servers

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// Kill ends the process at once and without a word, with everything that it started, as a power cut would. It returns when
// none of them runs.
func (p *Process) Kill() {
	select {
	case <-p.done: // its number may be another's by now
		return
	default:
	}
	// Stopped first, so that it starts nothing while its children are looked for.
	_ = syscall.Kill(p.PID(), syscall.SIGSTOP)
	family := descendants(p.PID())
	for _, pid := range family {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
	_ = syscall.Kill(-p.PID(), syscall.SIGKILL)
	<-p.done
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for _, pid := range family {
		for alive(pid) {
			<-tick.C
		}
	}
}

// descendants lists the children of a process and theirs.
func descendants(pid int) []int {
	children := map[int][]int{}
	found, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range found {
		if child, parent, ok := parentOf(path); ok {
			children[parent] = append(children[parent], child)
		}
	}
	var all []int
	for next := children[pid]; len(next) > 0; {
		one := next[0]
		all, next = append(all, one), append(next[1:], children[one]...)
	}
	return all
}

// parentOf reads /proc/<pid>/stat: the pid, the name in brackets, the state, the parent's pid; proc(5).
func parentOf(path string) (pid, parent int, ok bool) {
	text, err := os.ReadFile(path)
	if err != nil { // it has ended
		return 0, 0, false
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 2 {
		return 0, 0, false
	}
	parent, err = strconv.Atoi(string(fields[1]))
	if err != nil {
		return 0, 0, false
	}
	pid, err = strconv.Atoi(filepath.Base(filepath.Dir(path)))
	return pid, parent, err == nil
}

// alive says that the process runs; one that has ended and whom nobody has collected yet does not.
func alive(pid int) bool {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return false
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	return len(fields) > 0 && fields[0][0] != 'Z' && fields[0][0] != 'X'
}

// Restart starts the server again after its process has ended, on the same data and port, and returns when it answers.
func (p *Postgres) Restart(ctx context.Context) (err error) {
	p.Process, err = p.again(ctx, postgresReadiness, p.ping)
	return err
}

// Restart starts the server again after its process has ended. Its Postgres must answer.
func (t *Temporal) Restart(ctx context.Context) (err error) {
	t.Process, err = t.again(ctx, temporalReadiness, t.ready)
	return err
}

// Restart starts the server again after its process has ended, with the same objects.
func (s *S3) Restart(ctx context.Context) (err error) {
	s.Process, err = s.again(ctx, time.Minute, Answers(s.Endpoint()+"/healthz"))
	return err
}

// again launches the command of a process that has ended. The process that it returns with an error has ended, too.
func (p *Process) again(ctx context.Context, limit time.Duration, ready func(context.Context) error) (*Process, error) {
	next, err := Launch(p.command)
	if err != nil {
		return p, err
	}
	if err := next.AwaitReady(ctx, limit, ready); err != nil {
		next.Stop()
		return next, err
	}
	return next, nil
}
