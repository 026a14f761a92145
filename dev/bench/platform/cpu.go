package platform

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
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

// Each is what a process has computed for each of n things, in milliseconds.
func (c CPU) Each(process string, n int) float64 {
	return float64(c[process]) / float64(time.Millisecond) / float64(n)
}

// What a [CPU] calls the processes.
const (
	Temporal = "temporal"
	Postgres = "postgres"
	Worker   = "worker"
	API      = "apiserver"
	// Client is this program, without what it has started.
	Client = "client"
)

// WithServers are Temporal and Postgres with some programs, by name, for [ReadCPU].
func (s Servers) WithServers(programs map[string]int) map[string]int {
	all := map[string]int{Temporal: s.Processes[Temporal], Postgres: s.Processes[Postgres]}
	maps.Copy(all, programs)
	return all
}

// ReadCPU reads what the named processes have computed by now, and this one. Those of the servers are in [Servers.Processes].
func ReadCPU(processes map[string]int) (CPU, error) {
	children, ticks := map[int][]int{}, map[int]int{}
	found, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range found {
		pid, parent, spent, err := readStat(path)
		if err != nil {
			continue // it has just ended
		}
		children[parent], ticks[pid] = append(children[parent], pid), spent
	}
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		return nil, fmt.Errorf("reading the time computed: %w", err)
	}
	all := CPU{Client: time.Duration(own.Utime.Nano() + own.Stime.Nano())}
	for name, pid := range processes {
		if _, alive := ticks[pid]; !alive {
			return nil, fmt.Errorf("%s does not run any more", name)
		}
		all[name] = time.Duration(sum(pid, children, ticks)) * time.Second / ticksPerSecond
	}
	return all, nil
}

// ticksPerSecond is the kernel's unit in /proc, the same on every Linux that Go runs on.
const ticksPerSecond = 100

func sum(pid int, children map[int][]int, ticks map[int]int) int {
	total := ticks[pid]
	for _, child := range children[pid] {
		total += sum(child, children, ticks)
	}
	return total
}

// readStat reads /proc/<pid>/stat, proc(5): after the name in brackets the state, the parent, and from the twelfth on the ticks of
// the process in user and kernel mode and those of its children that have ended.
func readStat(path string) (pid, parent, ticks int, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, 0, err
	}
	if pid, err = strconv.Atoi(filepath.Base(filepath.Dir(path))); err != nil {
		return 0, 0, 0, err
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) < 15 {
		return 0, 0, 0, fmt.Errorf("%s is no stat", path)
	}
	for _, i := range []int{1, 11, 12, 13, 14} {
		n, err := strconv.Atoi(string(fields[i]))
		if err != nil {
			return 0, 0, 0, err
		}
		if i == 1 {
			parent = n
			continue
		}
		ticks += n
	}
	return pid, parent, ticks, nil
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
