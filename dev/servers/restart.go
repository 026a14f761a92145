package servers

import (
	"context"
	"syscall"
	"time"

	"github.com/prometheus/procfs"
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
	processes, _ := procfs.AllProcs()
	for _, p := range processes {
		if stat, err := p.Stat(); err == nil { // else it has ended
			children[stat.PPID] = append(children[stat.PPID], p.PID)
		}
	}
	var all []int
	for next := children[pid]; len(next) > 0; {
		one := next[0]
		all, next = append(all, one), append(next[1:], children[one]...)
	}
	return all
}

// alive reports whether the process runs; one that has ended and whom nobody has collected yet does not.
func alive(pid int) bool {
	p, err := procfs.NewProc(pid)
	if err != nil {
		return false
	}
	stat, err := p.Stat()
	return err == nil && stat.State != "Z" && stat.State != "X"
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
