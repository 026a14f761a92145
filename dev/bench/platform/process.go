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

// Names of the processes in a [CPU].
const (
	Temporal = "temporal"
	Postgres = "postgres"
	Worker   = stack.Worker
	API      = stack.APIServer
	// Client is this program, without the processes that it started.
	Client = "client"
)

// CPU is the processor time of processes since their start, including their children.
type CPU map[string]time.Duration

// Since returns the processor time used after before.
func (c CPU) Since(before CPU) CPU {
	spent := CPU{}
	for name, total := range c {
		spent[name] = total - before[name]
	}
	return spent
}

// Add returns the sum of both.
func (c CPU) Add(other CPU) CPU {
	both := maps.Clone(c)
	for name, spent := range other {
		both[name] += spent
	}
	return both
}

// PerItem returns the processor time of a process for each of n items, in milliseconds.
func (c CPU) PerItem(process string, n int) float64 {
	return float64(c[process]) / float64(time.Millisecond) / float64(n)
}

// ticksPerSecond is the kernel's unit of processor time, the same on every Linux that Go runs on.
const ticksPerSecond = 100

// ReadCPU reads the processor time that Temporal, Postgres, the named processes and this one have
// used so far.
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
			continue // the process has just ended
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

// AwaitQuiet waits until the servers have finished earlier work: Temporal updates its visibility
// store for some time after workflows start, and that work would be attributed to the next
// measurement. A quick run does not wait, because others use the servers at the same time.
func (p *Platform) AwaitQuiet(ctx context.Context) error {
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

// megabyte is the unit of all memory sizes shown.
const megabyte = 1 << 20

// Resident returns the resident memory of a process in megabytes: now, and the peak since its start
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

// ForgetPeak resets the peak of the process to its current memory; proc(5).
func ForgetPeak(pid int) error {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil {
		return fmt.Errorf("resetting the peak of memory: %w", err)
	}
	return nil
}

// readProcesses reads the process ids of the servers from the file written by `dev with-servers`.
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
