package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"epkr/dev/servers"
)

// execute runs the command beside fresh servers on free ports and removes
// their data at the end. Durable ones commit to the disk, as in production.
// The error carries the command's exit code.
func execute(ctx context.Context, durable bool, command []string) error {
	if len(command) == 0 {
		return errors.New("укажите команду: dev exec -- КОМАНДА")
	}
	if err := install(ctx, false); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "epkr-test-")
	if err != nil {
		return fmt.Errorf("make a folder for the test servers: %w", err)
	}
	defer os.RemoveAll(dir)
	// Postgres runs as another user and has to pass through.
	if err := os.Chmod(dir, 0o755); err != nil {
		return fmt.Errorf("open the folder of the test servers: %w", err)
	}
	running, err := startTestServers(ctx, dir, durable)
	if err != nil {
		return err
	}
	defer running.Stop()
	list := filepath.Join(dir, "servers.json")
	if err := writeServerList(list, dir, running); err != nil {
		return err
	}
	return runBeside(ctx, running, command, append(os.Environ(),
		"EPKR_TEST_DATABASE_URL="+running.Postgres.URL(),
		"EPKR_TEST_TEMPORAL_ADDRESS="+running.Temporal.Address(),
		fmt.Sprintf("EPKR_TEST_TEMPORAL_METRICS=http://127.0.0.1:%d/metrics", running.Temporal.MetricsPort),
		"EPKR_TEST_S3_ENDPOINT="+running.S3.Endpoint(),
		"EPKR_TEST_S3_ACCESS_KEY="+servers.S3AccessKey,
		"EPKR_TEST_S3_SECRET_KEY="+servers.S3SecretKey,
		"EPKR_TEST_SERVERS_FILE="+list,
	))
}

func startTestServers(ctx context.Context, dir string, durable bool) (*servers.Servers, error) {
	root, err := repositoryRoot()
	if err != nil {
		return nil, err
	}
	cache, err := servers.CacheDirectory()
	if err != nil {
		return nil, err
	}
	settings := servers.Settings{
		Dir: dir, Cache: servers.Cache{Dir: cache, Progress: os.Stderr},
		TemporalConfig: filepath.Join(root, temporalConfig), ForTests: true, Durable: durable,
		WebOrigins: []string{"http://127.0.0.1"},
	}
	if err := settings.TestPorts(); err != nil {
		return nil, err
	}
	began := time.Now()
	running, err := servers.Start(ctx, settings)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(os.Stderr, "тестовые серверы запущены за %.1f с\n", time.Since(began).Seconds())
	return running, nil
}

// serverEntry is one element of the file that EPKR_TEST_SERVERS_FILE names. A
// test that kills or pauses a server finds it there.
type serverEntry struct {
	Name string `json:"name"` // postgres, temporal or s3
	PID  int    `json:"pid"`  // also the id of its process group
	Port int    `json:"port"` // on 127.0.0.1
	Dir  string `json:"dir"`  // data
	Log  string `json:"log"`
}

func writeServerList(path, dir string, running *servers.Servers) error {
	ports := map[string]int{"postgres": running.Postgres.Port, "temporal": running.Temporal.Port, "s3": running.S3.Port}
	var list []serverEntry
	for _, p := range running.Processes() {
		list = append(list, serverEntry{
			Name: p.Name(), PID: p.PID(), Port: ports[p.Name()], Dir: filepath.Join(dir, p.Name()), Log: p.LogPath(),
		})
	}
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		return fmt.Errorf("describe the test servers: %w", err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		return fmt.Errorf("write the list of test servers: %w", err)
	}
	return nil
}

// runBeside runs the command in the foreground. SIGINT reaches it from the
// terminal; a SIGTERM to this process is passed on.
func runBeside(ctx context.Context, running *servers.Servers, command, env []string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	// The command must not outlive the servers. The kernel sends the signal
	// when the starting thread ends, so that thread is kept.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", command[0], err)
	}
	go func() {
		select {
		case err := <-running.Died(ctx):
			cancel(err)
		case <-ctx.Done():
		}
	}()
	err := cmd.Wait()
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}
