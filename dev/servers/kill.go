package servers

import (
	"slices"
	"syscall"
	"time"

	"github.com/shirou/gopsutil/v4/process"
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
	family := descendants(int32(p.PID()))
	for _, member := range family {
		_ = member.Kill()
	}
	_ = syscall.Kill(-p.PID(), syscall.SIGKILL)
	<-p.done
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for _, member := range family {
		for alive(member) {
			<-tick.C
		}
	}
}

// descendants lists the children of a process and theirs.
func descendants(pid int32) []*process.Process {
	parent := process.Process{Pid: pid}
	all, _ := parent.Children()
	for _, child := range slices.Clone(all) {
		all = append(all, descendants(child.Pid)...)
	}
	return all
}

// alive reports whether the process runs; one that has ended and whom nobody has collected yet does not.
func alive(p *process.Process) bool {
	status, err := p.Status()
	return err == nil && !slices.Contains(status, process.Zombie)
}
