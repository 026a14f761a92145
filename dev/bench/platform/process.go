package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/prometheus/procfs"
	"golang.org/x/sync/errgroup"

	"epkr/dev/browser"
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

// CPU is processor time of processes, including their children.
type CPU map[string]time.Duration

// Add returns the sum of c and times the other.
func (c CPU) Add(other CPU, times time.Duration) CPU {
	sum := CPU{}
	maps.Copy(sum, c)
	for name, spent := range other {
		sum[name] += spent * times
	}
	return sum
}

// PerItem returns the processor time of a process for each of n items, in milliseconds.
func (c CPU) PerItem(process string, n int) float64 {
	return float64(c[process]) / float64(time.Millisecond) / float64(n)
}

// Measure returns the processor time that Temporal, Postgres, the given processes and this one use
// while do runs.
func (s Servers) Measure(of map[string]int, do func() error) (CPU, error) {
	before, err := s.readCPU(of)
	if err != nil {
		return nil, err
	}
	if err := do(); err != nil {
		return nil, err
	}
	after, err := s.readCPU(of)
	return after.Add(before, -1), err
}

// tick is the kernel's unit of processor time, the same on every Linux that Go runs on.
const tick = time.Second / 100

// readCPU reads the processor time used so far.
func (s Servers) readCPU(of map[string]int) (CPU, error) {
	var own syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &own) // cannot fail
	spent := CPU{Client: time.Duration(own.Utime.Nano() + own.Stime.Nano())}
	processes, err := procfs.AllProcs()
	if err != nil {
		return nil, fmt.Errorf("listing the processes: %w", err)
	}
	names := map[int]string{s.Processes[Temporal]: Temporal, s.Processes[Postgres]: Postgres}
	for name, pid := range of {
		names[pid] = name
	}
	for _, p := range processes {
		stat, err := p.Stat()
		if err != nil {
			continue // the process has just ended
		}
		// Only Postgres has children, one for each connection, and they have none.
		for _, pid := range []int{stat.PID, stat.PPID} {
			if name, counted := names[pid]; counted {
				ticks := int(stat.UTime+stat.STime) + stat.CUTime + stat.CSTime
				spent[name] += time.Duration(ticks) * tick
			}
		}
	}
	for _, name := range names {
		if _, runs := spent[name]; !runs {
			return nil, fmt.Errorf("%s does not run any more", name)
		}
	}
	return spent, nil
}

// AwaitQuiet waits until the servers have finished earlier work: Temporal updates its visibility
// store for some time after workflows start, and that work would be attributed to the next
// measurement. A quick run does not wait, because others use the servers at the same time.
func (s Servers) AwaitQuiet(ctx context.Context) error {
	if s.Quick {
		return nil
	}
	const still = time.Second
	return Await(ctx, "the servers to be quiet", func() (bool, error) {
		spent, err := s.Measure(nil, func() error { return browser.Pause(ctx, still) })
		return spent[Temporal]+spent[Postgres] < still/5, err
	})
}

// megabyte is the unit of all memory sizes shown.
const megabyte = 1 << 20

// Resident returns the resident memory of a process in megabytes: now, and the peak since its start
// or the last [ForgetPeak].
func Resident(pid int) (now, peak float64, err error) {
	var status procfs.ProcStatus
	p, err := procfs.NewProc(pid)
	if err == nil {
		status, err = p.NewStatus()
	}
	if err != nil {
		return 0, 0, fmt.Errorf("reading the memory of a process: %w", err)
	}
	return float64(status.VmRSS) / megabyte, float64(status.VmHWM) / megabyte, nil
}

// ForgetPeak resets the peak of the process to its current memory; proc(5).
func ForgetPeak(pid int) error {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0)
}

var programs = []string{stack.Worker, stack.APIServer}

// overlay returns an overlay for `go build` that adds one file to each program to make it
// profilable. The programs' own code does not change.
func (s Servers) overlay() (path string, err error) {
	replace := map[string]string{}
	for _, program := range programs {
		added := filepath.Join(s.Root, program, "profile_overlay.go")
		replace[added] = filepath.Join(s.Root, "dev/bench/platform/_profiled/profile.go")
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	path = filepath.Join(s.Folder, "overlay.json")
	return path, errors.Join(err, os.MkdirAll(s.Profile, 0o755), os.WriteFile(path, content, 0o644))
}

// Profiled profiles worker and apiserver while do runs, which takes the given time, if profiles are
// requested, into <Profile>/<name>.<program>.pprof.
func (p *Platform) Profiled(
	ctx context.Context, name string, lasting time.Duration, do func() error,
) error {
	if p.Profile == "" {
		return do()
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(do)
	for _, program := range programs {
		group.Go(func() error { return p.profile(ctx, name, program, lasting) })
	}
	return group.Wait()
}

func (p *Platform) profile(ctx context.Context, name, program string, lasting time.Duration) error {
	socket := filepath.Join(p.bin, program+".sock")
	client := http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}
	url := "http://" + program + "/debug/pprof/profile?seconds=%d"
	response, err := client.Get(fmt.Sprintf(url, max(1, lasting/time.Second)))
	if err != nil {
		return fmt.Errorf("profiling %s: %w", program, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	file := filepath.Join(p.Profile, name+"."+program+".pprof")
	return errors.Join(err, os.WriteFile(file, content, 0o644))
}
