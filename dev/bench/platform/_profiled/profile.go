// This file is compiled into worker and apiserver only when a benchmark asks for their profiles:
// SIGUSR1 starts a CPU profile, SIGUSR2 ends it.
package main

import (
	"log/slog"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
)

func init() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGUSR1, syscall.SIGUSR2)
	go func() {
		var profile *os.File
		for s := range signals {
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
