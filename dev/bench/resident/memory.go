// Package resident measures how much memory a process holds, by what Linux counts as resident. It reads and resets the kernel's
// counts under /proc, which are right to a few hundred kB; it changes nothing of the process.
package resident

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// Megabyte is the unit of all that is shown, in bytes.
const Megabyte = 1 << 20

// Now is how many megabytes the process holds.
func Now(pid int) (float64, error) { return status(pid, "VmRSS") }

// Peak is the most that the process has held since its start or the last [Forget], in megabytes.
func Peak(pid int) (float64, error) { return status(pid, "VmHWM") }

// Forget makes the process's peak what it holds now.
func Forget(pid int) error {
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil {
		return fmt.Errorf("resetting the peak of memory: %w", err)
	}
	return nil
}

// status reads a line like «VmRSS:   1234 kB».
func status(pid int, name string) (float64, error) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, fmt.Errorf("reading the memory of a process: %w", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ":")
		if key != name {
			continue
		}
		kilobytes, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
		if err != nil {
			return 0, fmt.Errorf("reading %s of a process: %w", name, err)
		}
		return kilobytes * 1024 / Megabyte, nil
	}
	return 0, fmt.Errorf("the kernel gives no %s of process %d", name, pid)
}
