package servers

import (
	"slices"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"
)

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
