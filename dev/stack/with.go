package stack

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"epkr/dev/servers"
	"epkr/internal/order"
)

// TemporaryServers returns the settings of servers on free ports with their data in a new temporary
// directory.
func TemporaryServers(prefix string) (s servers.Settings, err error) {
	s.Progress = os.Stderr
	if s.Root, err = Root(); err != nil {
		return s, err
	}
	free, err := servers.FreePorts(3 + servers.TemporalPorts)
	if err != nil {
		return s, err
	}
	s.PostgresPort, s.S3Port = free[0], free[1]
	s.TemporalMetricsPort, s.TemporalPort = free[2], free[3]
	if s.Dir, err = os.MkdirTemp("", prefix); err != nil {
		return s, err
	}
	return s, os.Chmod(s.Dir, 0o755) // Postgres runs as another user
}

// WithServers runs the command with new servers on free ports and deletes their data at the end.
// With durable set, commits are flushed to disk as in production. The error has the command's exit
// code.
func WithServers(ctx context.Context, durable bool, command []string) error {
	if err := Install(ctx, false); err != nil {
		return err
	}
	s, err := TemporaryServers("epkr-test-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(s.Dir)
	s.ForTests, s.Durable, s.WebOrigins = true, durable, []string{"http://127.0.0.1"}
	began := time.Now()
	running, err := servers.Start(ctx, s)
	if err != nil {
		return err
	}
	defer running.Stop()
	fmt.Fprintf(os.Stderr, "тестовые серверы запущены за %.1f с\n", time.Since(began).Seconds())
	// The process ids of the servers by name, for programs that measure or kill them.
	ids := map[string]int{}
	for _, p := range running.Processes() {
		ids[p.Name()] = p.PID()
	}
	list := filepath.Join(s.Dir, "servers.json")
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	if err := os.WriteFile(list, text, 0o644); err != nil {
		return err
	}
	return runCommand(ctx, running, command, append(os.Environ(),
		"EPKR_TEST_DATABASE_URL="+s.OwnerURL(),
		"EPKR_TEST_TEMPORAL_ADDRESS="+s.TemporalAddress(),
		"EPKR_TEST_TEMPORAL_METRICS="+URL(s.TemporalMetricsPort)+"/metrics",
		"EPKR_TEST_S3_ENDPOINT="+s.S3Endpoint(),
		"EPKR_TEST_S3_ACCESS_KEY="+servers.S3AccessKey,
		"EPKR_TEST_S3_SECRET_KEY="+servers.S3SecretKey,
		"EPKR_TEST_SERVERS_FILE="+list,
	))
}

// WithPlatform runs the command with a whole platform on free ports and deletes its data at the
// end. The platform has the engineers of the registry, with what people have entered; with empty
// set, it has nobody, as in its first minute: the simulators have the same people, whom it has never
// seen. The error has the command's exit code.
//
// The command gets the environment of apiserver and worker, so that it can run them as operators
// do. EPKR_PUBLIC_URL is the platform's public address, EPKR_TEST_MAIL_URL the page of its letters;
// EPKR_TEST_CAST lists the people who can sign in:
// {"login": {"name": "…", "snils": "…"}}.
func WithPlatform(ctx context.Context, empty bool, command []string) error {
	s, err := TemporaryServers("epkr-platform-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(s.Dir)
	p, err := freePorts()
	if err != nil {
		return err
	}
	s.ForTests, s.WebOrigins = true, p.origins()
	started, err := start(ctx, s, p, empty, "EPKR_REGISTRY_CRON="+farFrom(time.Now()))
	if err != nil {
		return err
	}
	defer started.stop()
	people := map[string]map[string]string{}
	for _, u := range started.world.TestUsers {
		people[u.Login] = map[string]string{"name": u.Name, "snils": u.SNILS}
	}
	text, err := json.Marshal(people)
	if err != nil {
		return err
	}
	return runCommand(ctx, started.servers, command,
		append(started.variables, "EPKR_TEST_CAST="+string(text), "EPKR_TEST_LOGS="+started.logs(), "EPKR_TEST_MAIL_URL="+URL(p.mail)))
}

// farFrom returns a daily registry schedule half a day from now, so that the platform itself does
// not read the snapshots that the command publishes.
func farFrom(now time.Time) string {
	at := now.In(order.Moscow).Add(12 * time.Hour)
	return fmt.Sprintf("%d %d * * *", at.Minute(), at.Hour())
}

// runCommand runs the command in the foreground. It gets SIGINT from the terminal; at the end of
// ctx or of a server it gets SIGTERM.
func runCommand(ctx context.Context, running *servers.Servers, command, env []string) error {
	process, err := servers.Launch(servers.Command{
		Name: command[0], Path: command[0], Args: command[1:], Env: env,
		Orphaned: syscall.SIGTERM, Grace: 20 * time.Second,
	})
	if err != nil {
		return err
	}
	select {
	case <-process.Done():
	case err = <-running.Died(ctx):
		process.Stop()
		return err
	case <-ctx.Done():
		process.Stop()
	}
	return process.Err()
}
