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
	postgres, err := postgresVersion(ctx, s.DatabaseURL)
	if err != nil {
		return "", fmt.Errorf("asking the database's version: %w", err)
	}
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
		"commit " + commit(ctx),
		fmt.Sprintf("CPU %s, %d cores", cpus[0].ModelName, len(cpus)),
		fmt.Sprintf("memory %d kB", *memory.MemTotal),
		"kernel " + kernel[0],
		fmt.Sprintf("load at the start %.2f %.2f %.2f", load.Load1, load.Load5, load.Load15),
		"Go " + runtime.Version(),
		"Temporal server " + servers.TemporalVersion + ", SDK " + temporal.SDKVersion,
		"Postgres " + postgres,
	}, "; "), nil
}

func postgresVersion(ctx context.Context, url string) (version string, err error) {
	database, err := sql.Open("pgx", url)
	if err != nil {
		return "", err
	}
	defer database.Close()
	err = database.QueryRowContext(ctx, "show server_version").Scan(&version)
	return version, err
}

// commit returns the current commit, marked if the tree has uncommitted changes.
func commit(ctx context.Context) string {
	describe := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--exclude=*")
	output, err := describe.Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(output))
}
