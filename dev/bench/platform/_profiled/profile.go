// This file is built into worker and apiserver where a benchmark asks for their profiles, and into nothing else: SIGUSR1 begins a CPU
// profile, SIGUSR2 ends it.
package main

import (
	"log/slog"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
)

func init() {
	told := make(chan os.Signal, 1)
	signal.Notify(told, syscall.SIGUSR1, syscall.SIGUSR2)
	go func() {
		var profile *os.File
		for s := range told {
			if s == syscall.SIGUSR2 {
				pprof.StopCPUProfile()
				_ = profile.Close()
				_ = os.Rename(profile.Name(), os.Args[0]+".pprof")
				continue
			}
			var err error
			if profile, err = os.Create(os.Args[0] + ".pprof.partial"); err == nil {
				err = pprof.StartCPUProfile(profile)
			}
			if err != nil {
				slog.Error("no profile", "error", err)
			}
		}
	}()
}
