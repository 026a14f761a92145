package servers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"google.golang.org/protobuf/types/known/durationpb"
)

// TemporalNamespace is the namespace of the local platform.
const TemporalNamespace = "default"

// TemporalPorts is the number of ports in a row that Temporal uses: its four roles have one for
// gRPC and one for membership each. The first is the frontend's.
const TemporalPorts = 8

const (
	temporalDB   = "temporal"
	visibilityDB = "temporal_visibility"
	// namespaceRetention is how long a closed workflow stays visible.
	namespaceRetention = 30 * 24 * time.Hour
)

// TemporalAddress returns host:port of Temporal's frontend.
func (s Settings) TemporalAddress() string { return local(s.TemporalPort) }

// startTemporal updates the schema, starts the server, and creates the namespace. It returns when
// the namespace answers.
func (s Settings) startTemporal(ctx context.Context) (*Process, error) {
	binaries, err := s.build(ctx, temporalProgram)
	if err != nil {
		return nil, err
	}
	environment, err := s.prepareTemporal(ctx, binaries)
	if err != nil {
		return nil, err
	}
	grace := 20 * time.Second
	if s.ForTests {
		// The state is discarded, so the slow graceful shutdown is unnecessary.
		grace = time.Millisecond
	}
	return Command{
		Name: "temporal", Path: filepath.Join(binaries, "server"),
		Args: []string{"--config-file", s.temporalConfig(), "--allow-no-auth", "start"},
		Env:  environment, Log: s.log("temporal"), Dir: s.Dir, Grace: grace,
		Ready: func(ctx context.Context) error { return serve(ctx, s.TemporalAddress()) },
		Limit: 2 * time.Minute,
	}.Start(ctx)
}

func (s Settings) temporalConfig() string { return filepath.Join(s.Root, "temporal-dev.yml") }

// prepareTemporal creates Temporal's databases, updates their schemas with Temporal's own tool, and
// returns the environment of the server. If the platform's Postgres is an external one, its role
// must be allowed to create databases.
func (s Settings) prepareTemporal(ctx context.Context, binaries string) ([]string, error) {
	store := s.DatabaseURL
	if s.PostgresPort != 0 {
		store = s.postgresURL(temporalRole, superuser)
	}
	config, err := pgx.ParseConfig(store)
	if err != nil {
		return nil, fmt.Errorf("read DATABASE_URL: %w", err)
	}
	if config.TLSConfig != nil && len(config.Fallbacks) == 0 {
		return nil, errors.New("DATABASE_URL требует TLS: для неё задайте и TEMPORAL_ADDRESS")
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect to the Postgres for Temporal: %w", err)
	}
	defer conn.Close(ctx)
	err = createMissing(ctx, conn, "create database "+temporalDB, "create database "+visibilityDB)
	if err != nil {
		return nil, err
	}
	port := strconv.Itoa(int(config.Port))
	schemas := map[string]string{temporalDB: "temporal", visibilityDB: "visibility"}
	for database, schema := range schemas {
		for _, args := range [][]string{
			{"setup-schema", "--version", "0.0"}, // keeps a newer version
			{"update-schema", "--schema-name", "postgresql/v12/" + schema},
		} {
			cmd := exec.CommandContext(ctx, filepath.Join(binaries, "sql"), append([]string{
				"--plugin", "postgres12_pgx", "--endpoint", config.Host, "--port", port,
				"--user", config.User, "--database", database,
			}, args...)...)
			cmd.Env = append(os.Environ(), "SQL_PASSWORD="+config.Password)
			if err := Run(cmd); err != nil {
				return nil, err
			}
		}
	}
	return append(
		s.temporalEnvironment(),
		"TEMPORAL_DB_ADDRESS="+net.JoinHostPort(config.Host, port),
		"TEMPORAL_DB_USER="+config.User,
		"TEMPORAL_DB_PASSWORD="+config.Password,
		"TEMPORAL_DB_NAME="+temporalDB,
		"TEMPORAL_DB_VISIBILITY_NAME="+visibilityDB,
	), nil
}

// temporalEnvironment returns the variables of temporal-dev.yml that do not describe the database.
func (s Settings) temporalEnvironment() []string {
	dynamicConfig := "local.yml"
	if s.fast() {
		dynamicConfig = "test.yml"
	}
	dynamicConfig = filepath.Join(s.Root, "dev", "servers", "dynamicconfig", dynamicConfig)
	env := append(os.Environ(), "TEMPORAL_DYNAMIC_CONFIG="+dynamicConfig)
	for i, service := range []string{
		"FRONTEND", "HISTORY", "MATCHING", "WORKER",
		"FRONTEND_MEMBERSHIP", "HISTORY_MEMBERSHIP", "MATCHING_MEMBERSHIP", "WORKER_MEMBERSHIP",
	} {
		env = append(env, fmt.Sprintf("TEMPORAL_%s_PORT=%d", service, s.TemporalPort+i))
	}
	if s.TemporalMetricsPort != 0 {
		env = append(env, "TEMPORAL_METRICS_ADDRESS="+local(s.TemporalMetricsPort))
	}
	return env
}

// serve creates the namespace at a frontend if it is missing and returns nil once it answers.
func serve(ctx context.Context, frontend string) error {
	c, err := client.DialContext(ctx, client.Options{
		HostPort: frontend, Namespace: TemporalNamespace,
		Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
	})
	if err != nil {
		return err
	}
	defer c.Close()
	_, err = c.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: TemporalNamespace, WorkflowExecutionRetentionPeriod: durationpb.New(namespaceRetention),
	})
	var there *serviceerror.NamespaceAlreadyExists
	if err != nil && !errors.As(err, &there) {
		return err
	}
	// The roles learn of a namespace from a cache. Counting workflows checks the frontend and the
	// visibility store; describing a task queue checks matching.
	if _, err := c.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{}); err != nil {
		return err
	}
	_, err = c.DescribeTaskQueue(ctx, "readiness", enumspb.TASK_QUEUE_TYPE_WORKFLOW)
	return err
}
