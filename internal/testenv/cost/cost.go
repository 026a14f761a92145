// Package cost measures what a call costs, for tests that bound it.
package cost

import (
	"fmt"
	"runtime"
	"syscall"
	"time"
)

// Cost is what the process spent during a call, whichever goroutine spent it.
type Cost struct {
	// Allocated counts bytes, also those that were freed again.
	Allocated uint64
	// CPU is user and system time. Unlike the time that passes, it does not grow while others use the
	// machine.
	CPU time.Duration
}

// Of returns what a call costs.
func Of(call func()) Cost {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := cpu()
	call()
	spent := cpu() - began
	runtime.ReadMemStats(&after)
	return Cost{after.TotalAlloc - before.TotalAlloc, spent}
}

func (c Cost) String() string {
	return fmt.Sprintf("%.1f MB allocated, %v of CPU", float64(c.Allocated)/(1<<20), c.CPU.Round(time.Millisecond))
}

func cpu() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // it fails on wrong arguments only
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
