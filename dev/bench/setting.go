package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/procfs"
	"go.temporal.io/sdk/temporal"

	"epkr/dev/bench/platform"
	"epkr/dev/servers"
)

// setting describes the machine, the date and the versions of this run.
func setting(ctx context.Context, s platform.Servers) (string, error) {
	var postgres string
	server, err := sql.Open("pgx", s.DatabaseURL)
	if err == nil {
		defer server.Close()
		err = server.QueryRowContext(ctx, "show server_version").Scan(&postgres)
	}
	if err != nil {
		return "", fmt.Errorf("asking the database's version: %w", err)
	}
	commit, _ := exec.Command("git", "describe", "--always", "--dirty", "--exclude=*").Output()
	proc, err := procfs.NewDefaultFS()
	if err != nil {
		return "", fmt.Errorf("reading about the machine: %w", err)
	}
	cpus, errCPU := proc.CPUInfo()
	memory, errMemory := proc.Meminfo()
	load, errLoad := proc.LoadAvg()
	kernel, errKernel := proc.SysctlStrings("kernel.osrelease")
	if err := errors.Join(errCPU, errMemory, errLoad, errKernel); err != nil {
		return "", fmt.Errorf("reading about the machine: %w", err)
	}
	return strings.Join([]string{
		"date " + time.Now().UTC().Format("2006-01-02 15:04 UTC"),
		"commit " + strings.TrimSpace(string(commit)),
		fmt.Sprintf("CPU %s, %d cores", cpus[0].ModelName, len(cpus)),
		fmt.Sprintf("memory %d kB", *memory.MemTotal),
		"kernel " + kernel[0],
		fmt.Sprintf("load at the start %.2f %.2f %.2f", load.Load1, load.Load5, load.Load15),
		"Go " + runtime.Version(),
		"Temporal server " + servers.TemporalVersion + ", SDK " + temporal.SDKVersion,
		"Postgres " + postgres,
	}, "; "), nil
}
