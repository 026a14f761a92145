package stack

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
	"epkr/internal/order"
)

// WithServers runs the command with new servers on free ports and deletes their data at the end.
// With durable set, commits are flushed to disk as in production. The error has the command's exit
// code.
func WithServers(ctx context.Context, durable bool, command []string) error {
	if err := Install(ctx, false); err != nil {
		return err
	}
	_, dir, s, err := temporary("epkr-test-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s.ForTests, s.Durable, s.WebOrigins = true, durable, []string{"http://127.0.0.1"}
	began := time.Now()
	running, err := servers.Start(ctx, s)
	if err != nil {
		return err
	}
	defer running.Stop()
	fmt.Fprintf(os.Stderr, "тестовые серверы запущены за %.1f с\n", time.Since(began).Seconds())
	list := filepath.Join(dir, "servers.json")
	if err := writeProcesses(list, running); err != nil {
		return err
	}
	return runCommand(ctx, running, command, append(os.Environ(),
		"EPKR_TEST_DATABASE_URL="+running.Postgres.URL(),
		"EPKR_TEST_TEMPORAL_ADDRESS="+running.Temporal.Address(),
		"EPKR_TEST_TEMPORAL_METRICS="+URL(running.Temporal.MetricsPort)+"/metrics",
		"EPKR_TEST_S3_ENDPOINT="+running.S3.Endpoint(),
		"EPKR_TEST_S3_ACCESS_KEY="+servers.S3AccessKey,
		"EPKR_TEST_S3_SECRET_KEY="+servers.S3SecretKey,
		"EPKR_TEST_SERVERS_FILE="+list,
	))
}

// temporary creates a folder for servers on free ports and returns their settings.
func temporary(prefix string) (root, dir string, s servers.Settings, err error) {
	if root, err = Root(); err != nil {
		return "", "", s, err
	}
	if dir, err = os.MkdirTemp("", prefix); err != nil {
		return "", "", s, fmt.Errorf("make a folder for the servers: %w", err)
	}
	if s, err = TemporaryServers(root, dir); err != nil {
		return "", "", s, errors.Join(err, os.RemoveAll(dir))
	}
	return root, dir, s, nil
}

// writeProcesses writes the process ids of the servers by name, for programs that measure or kill
// them.
func writeProcesses(path string, running *servers.Servers) error {
	ids := map[string]int{}
	for _, p := range running.Processes() {
		ids[p.Name()] = p.PID()
	}
	text, err := json.Marshal(ids)
	if err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		return fmt.Errorf("list the test servers: %w", err)
	}
	return nil
}

// WithPlatform runs the command with a whole platform on free ports and deletes its data at the
// end. The error has the command's exit code.
//
// The command gets the environment of apiserver and worker, so that it can run them as operators
// do. EPKR_PUBLIC_URL is the platform's public address; EPKR_TEST_CAST lists the people who can
// sign in:
// {"login": {"name": "…", "snils": "…"}}.
func WithPlatform(ctx context.Context, command []string) error {
	root, dir, s, err := temporary("epkr-platform-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := os.Setenv("EPKR_REGISTRY_CRON", farFrom(time.Now())); err != nil {
		return fmt.Errorf("put the reading of the registry off: %w", err)
	}
	p, err := freePorts()
	if err != nil {
		return err
	}
	s.ForTests, s.WebOrigins = true, p.origins()
	started, err := start(ctx, root, s, p, os.Stderr)
	if err != nil {
		return err
	}
	defer started.stop()
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		// runCommand returns the same error if a server dies.
		_ = started.run(ctx)
	}()
	defer func() {
		cancel()
		<-ended
	}()
	people, err := peopleJSON(started.people)
	if err != nil {
		return err
	}
	return runCommand(ctx, started.servers, command,
		append(started.variables, "EPKR_TEST_CAST="+people, "EPKR_TEST_LOGS="+filepath.Join(dir, "log")))
}

// farFrom returns a daily registry schedule half a day from now, so that the platform itself does
// not read the snapshots that the command publishes.
func farFrom(now time.Time) string {
	at := now.In(order.Moscow).Add(12 * time.Hour)
	return fmt.Sprintf("%d %d * * *", at.Minute(), at.Hour())
}

func peopleJSON(users []testUser) (string, error) {
	type member struct {
		Name  string `json:"name"`
		SNILS string `json:"snils"`
	}
	members := map[string]member{}
	for _, u := range users {
		members[u.Login] = member{u.Name, u.SNILS}
	}
	text, err := json.Marshal(members)
	if err != nil {
		return "", fmt.Errorf("list the people: %w", err)
	}
	return string(text), nil
}

// runCommand runs the command in the foreground. It gets SIGINT from the terminal; runCommand
// forwards SIGTERM.
func runCommand(ctx context.Context, running *servers.Servers, command, env []string) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	cmd.Env = env
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 20 * time.Second
	// The command must not outlive the servers. The kernel sends the parent-death signal when the
	// starting thread ends, so this thread is locked.
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
