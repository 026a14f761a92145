package platform

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"syscall"
	"time"

	"github.com/prometheus/procfs"

	"epkr/dev/stack"
)

// What a [CPU] calls the processes.
const (
	Temporal = "temporal"
	Postgres = "postgres"
	Worker   = stack.Worker
	API      = stack.APIServer
	// Client is this program, without what it has started.
	Client = "client"
)

// CPU is how long processes have computed since their start, with all that they started.
type CPU map[string]time.Duration

// Since is what each has computed after before.
func (c CPU) Since(before CPU) CPU {
	spent := CPU{}
	for name, total := range c {
		spent[name] = total - before[name]
	}
	return spent
}

// And is what each has computed both times.
func (c CPU) And(other CPU) CPU {
	both := maps.Clone(c)
	for name, spent := range other {
		both[name] += spent
	}
	return both
}

// Each is what a process has computed for each of n things, in milliseconds.
func (c CPU) Each(process string, n int) float64 {
	return float64(c[process]) / float64(time.Millisecond) / float64(n)
}

// ticksPerSecond is the kernel's unit of computed time, the same on every Linux that Go runs on.
const ticksPerSecond = 100

// ReadCPU reads what Temporal, Postgres, the named processes and this one have computed by now.
func (s Servers) ReadCPU(programs map[string]int) (CPU, error) {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return nil, fmt.Errorf("reading the time computed: %w", err)
	}
	processes, err := procfs.AllProcs()
	if err != nil {
		return nil, fmt.Errorf("listing the processes: %w", err)
	}
	children, ticks := map[int][]int{}, map[int]int{}
	for _, p := range processes {
		stat, err := p.Stat()
		if err != nil {
			continue // it has just ended
		}
		children[stat.PPID] = append(children[stat.PPID], p.PID)
		ticks[p.PID] = int(stat.UTime+stat.STime) + stat.CUTime + stat.CSTime
	}
	named := map[string]int{Temporal: s.Processes[Temporal], Postgres: s.Processes[Postgres]}
	maps.Copy(named, programs)
	all := CPU{Client: time.Duration(own.Utime.Nano() + own.Stime.Nano())}
	for name, pid := range named {
		if _, runs := ticks[pid]; !runs {
			return nil, fmt.Errorf("%s does not run any more", name)
		}
		all[name] = time.Duration(sum(pid, children, ticks)) * time.Second / ticksPerSecond
	}
	return all, nil
}

func sum(pid int, children map[int][]int, ticks map[int]int) int {
	total := ticks[pid]
	for _, child := range children[pid] {
		total += sum(child, children, ticks)
	}
	return total
}

// Quiet waits until the servers have done what was asked of them before: Temporal shows workflows to operators for some time
// after it has started them, and what it still does then would be measured as somebody else's. A quick run, beside which others
// use the servers, does not wait.
func (p *Platform) Quiet(ctx context.Context) error {
	if p.Quick {
		return nil
	}
	const still = time.Second
	before, err := p.ReadCPU(nil)
	if err != nil {
		return err
	}
	since := time.Now()
	return Await(ctx, "the servers to be quiet", func() (bool, error) {
		if time.Since(since) < still {
			return false, nil
		}
		now, err := p.ReadCPU(nil)
		if err != nil {
			return false, err
		}
		spent := now.Since(before)
		before, since = now, time.Now()
		return spent[Temporal]+spent[Postgres] < still/5, nil
	})
}

// megabyte is the unit of all memory that is shown.
const megabyte = 1 << 20

// Resident returns how many megabytes a process holds, and the most that it has held since its start
// or the last [ForgetPeak].
func Resident(pid int) (now, peak float64, err error) {
	p, err := procfs.NewProc(pid)
	if err != nil {
		return 0, 0, fmt.Errorf("reading the memory of a process: %w", err)
	}
	status, err := p.NewStatus()
	if err != nil {
		return 0, 0, fmt.Errorf("reading the memory of a process: %w", err)
	}
	return float64(status.VmRSS) / megabyte, float64(status.VmHWM) / megabyte, nil
}

// ForgetPeak makes the process's peak what it holds now; proc(5).
func ForgetPeak(pid int) error {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil {
		return fmt.Errorf("resetting the peak of memory: %w", err)
	}
	return nil
}

// readProcesses reads the ids of the servers' processes, which `dev with-servers` has written.
func readProcesses(path string) (processes map[string]int, err error) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &processes)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the list of servers: %w", err)
	}
	return processes, nil
}
