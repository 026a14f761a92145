package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/procfs"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"

	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
)

// setting returns the machine, the date and the versions of this run.
func setting(ctx context.Context, s platform.Servers) ([]report.Fact, error) {
	temporalVersion, err := temporalVersion(ctx, s.TemporalAddress)
	if err != nil {
		return nil, err
	}
	postgresVersion, err := postgresVersion(ctx, s.DatabaseURL)
	if err != nil {
		return nil, err
	}
	proc, err := procfs.NewDefaultFS()
	if err != nil {
		return nil, fmt.Errorf("reading about the machine: %w", err)
	}
	cpus, errCPU := proc.CPUInfo()
	memory, errMemory := proc.Meminfo()
	load, errLoad := proc.LoadAvg()
	kernel, errKernel := proc.SysctlStrings("kernel.osrelease")
	if err := errors.Join(errCPU, errMemory, errLoad, errKernel); err != nil {
		return nil, fmt.Errorf("reading about the machine: %w", err)
	}
	return []report.Fact{
		{What: "date", Value: time.Now().UTC().Format("2006-01-02 15:04 UTC")},
		{What: "commit", Value: commit(ctx)},
		{What: "CPU", Value: fmt.Sprintf("%s, %d cores", cpus[0].ModelName, len(cpus))},
		{What: "memory", Value: fmt.Sprintf("%d kB", *memory.MemTotal)},
		{What: "kernel", Value: kernel[0]},
		{What: "load at the start", Value: fmt.Sprintf("%.2f %.2f %.2f", load.Load1, load.Load5, load.Load15)},
		{What: "Go", Value: runtime.Version()},
		{What: "Temporal server", Value: temporalVersion + ", SDK " + temporal.SDKVersion},
		{What: "Postgres", Value: postgresVersion},
	}, nil
}

func temporalVersion(ctx context.Context, address string) (string, error) {
	c, err := client.DialContext(ctx, client.Options{HostPort: address, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		return "", fmt.Errorf("reaching Temporal: %w", err)
	}
	defer c.Close()
	info, err := c.WorkflowService().GetSystemInfo(ctx, &workflowservice.GetSystemInfoRequest{})
	if err != nil {
		return "", fmt.Errorf("asking Temporal's version: %w", err)
	}
	return info.GetServerVersion(), nil
}

func postgresVersion(ctx context.Context, url string) (version string, err error) {
	database, err := sql.Open("pgx", url)
	if err != nil {
		return "", fmt.Errorf("reaching the database: %w", err)
	}
	defer database.Close()
	if err := database.QueryRowContext(ctx, "show server_version").Scan(&version); err != nil {
		return "", fmt.Errorf("asking the database's version: %w", err)
	}
	return version, nil
}

// commit returns the current commit, marked if the tree has uncommitted changes.
func commit(ctx context.Context) string {
	output, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty", "--exclude=*").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(output))
}
