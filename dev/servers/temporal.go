package servers

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
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

const (
	// namespaceRetention is how long a closed workflow stays visible.
	namespaceRetention = 30 * 24 * time.Hour
	// temporalPorts is the number of ports of the four roles: one for gRPC and one for membership
	// each.
	temporalPorts = 8
)

//go:embed dynamicconfig/local.yml
var localDynamicConfig []byte

//go:embed dynamicconfig/test.yml
var testDynamicConfig []byte

// Temporal is a running local Temporal server.
type Temporal struct {
	*Process
	// Port of the frontend, on 127.0.0.1.
	Port int
	// MetricsPort is the port of the Prometheus metrics, zero if there are none.
	MetricsPort int
}

// Address returns host:port of the frontend.
func (t *Temporal) Address() string { return local(t.Port) }

// temporalStore is the Postgres with Temporal's state.
type temporalStore struct {
	host, port     string
	role, password string
}

// localStore returns the local Postgres with Temporal's own role.
func localStore(p *Postgres) temporalStore {
	return temporalStore{host: "127.0.0.1", port: strconv.Itoa(p.Port), role: temporalRole, password: localPassword}
}

// foreignStore returns the platform's external Postgres, on which Temporal gets its own databases.
// Its role must be allowed to create databases.
func foreignStore(ctx context.Context, databaseURL string) (temporalStore, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return temporalStore{}, fmt.Errorf("read DATABASE_URL: %w", err)
	}
	if config.TLSConfig != nil && len(config.Fallbacks) == 0 {
		return temporalStore{}, errors.New("DATABASE_URL требует TLS: для такой базы задайте и TEMPORAL_ADDRESS")
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return temporalStore{}, fmt.Errorf("connect to DATABASE_URL: %w", err)
	}
	defer conn.Close(ctx)
	for _, database := range []string{temporalDB, visibilityDB} {
		if err := createDatabase(ctx, conn, database, ""); err != nil {
			return temporalStore{}, err
		}
	}
	return temporalStore{
		host: config.Host, port: strconv.Itoa(int(config.Port)), role: config.User, password: config.Password,
	}, nil
}

func (s temporalStore) url(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(s.role, s.password),
		Host: net.JoinHostPort(s.host, s.port), Path: "/" + database,
	}
	return u.String()
}

// startTemporal updates the schema, starts the server, and creates the namespace. It returns when
// the namespace answers.
func startTemporal(ctx context.Context, s Settings, store temporalStore, binaries string) (*Temporal, error) {
	if err := store.updateSchemas(ctx, binaries); err != nil {
		return nil, err
	}
	dynamic, err := s.writeDynamicConfig()
	if err != nil {
		return nil, err
	}
	grace := 20 * time.Second
	if s.ForTests {
		// The state is discarded, so the slow graceful shutdown is unnecessary.
		grace = time.Millisecond
	}
	t := &Temporal{Port: s.TemporalPorts[0], MetricsPort: s.TemporalMetricsPort}
	t.Process, err = Command{
		Name: "temporal", Path: filepath.Join(binaries, "server"),
		Args: []string{"--config-file", s.TemporalConfig, "--allow-no-auth", "start"},
		Env:  append(os.Environ(), s.temporalEnvironment(store, dynamic)...),
		Log:  s.log("temporal"), Dir: s.folder("temporal"), Grace: grace,
		Ready: t.ready, Limit: 2 * time.Minute,
	}.Start(ctx)
	if err != nil {
		return nil, err
	}
	return t, nil
}

func (s Settings) temporalEnvironment(store temporalStore, dynamicConfig string) []string {
	env := []string{
		"TEMPORAL_DB_ADDRESS=" + net.JoinHostPort(store.host, store.port),
		"TEMPORAL_DB_USER=" + store.role,
		"TEMPORAL_DB_PASSWORD=" + store.password,
		"TEMPORAL_DB_NAME=" + temporalDB,
		"TEMPORAL_DB_VISIBILITY_NAME=" + visibilityDB,
		"TEMPORAL_DYNAMIC_CONFIG=" + dynamicConfig,
	}
	for i, variable := range []string{
		"TEMPORAL_FRONTEND_PORT", "TEMPORAL_HISTORY_PORT", "TEMPORAL_MATCHING_PORT", "TEMPORAL_WORKER_PORT",
		"TEMPORAL_FRONTEND_MEMBERSHIP_PORT", "TEMPORAL_HISTORY_MEMBERSHIP_PORT",
		"TEMPORAL_MATCHING_MEMBERSHIP_PORT", "TEMPORAL_WORKER_MEMBERSHIP_PORT",
	} {
		env = append(env, fmt.Sprintf("%s=%d", variable, s.TemporalPorts[i]))
	}
	if s.TemporalMetricsPort != 0 {
		env = append(env, "TEMPORAL_METRICS_ADDRESS="+local(s.TemporalMetricsPort))
	}
	return env
}

func (s Settings) writeDynamicConfig() (path string, err error) {
	content := localDynamicConfig
	if s.fast() {
		content = testDynamicConfig
	}
	path = filepath.Join(s.folder("temporal"), "dynamicconfig.yml")
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return "", fmt.Errorf("make Temporal's folder: %w", err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return "", fmt.Errorf("write Temporal's dynamic configuration: %w", err)
	}
	return path, nil
}

// updateSchemas updates both of Temporal's databases to the schema of its own sql tool.
func (s temporalStore) updateSchemas(ctx context.Context, binaries string) error {
	for _, part := range []struct{ database, schema string }{
		{temporalDB, "postgresql/v12/temporal"},
		{visibilityDB, "postgresql/v12/visibility"},
	} {
		versioned, err := hasSchemaVersion(ctx, s.url(part.database))
		if err != nil {
			return err
		}
		if !versioned {
			if err := s.sql(ctx, binaries, part.database, "setup-schema", "--version", "0.0"); err != nil {
				return err
			}
		}
		if err := s.sql(ctx, binaries, part.database, "update-schema", "--schema-name", part.schema); err != nil {
			return err
		}
	}
	return nil
}

func hasSchemaVersion(ctx context.Context, databaseURL string) (there bool, err error) {
	conn, err := pgx.Connect(ctx, databaseURL)
	if err != nil {
		return false, fmt.Errorf("connect to Temporal's database: %w", err)
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, "select to_regclass('schema_version') is not null").Scan(&there)
	if err != nil {
		return false, fmt.Errorf("look for Temporal's schema: %w", err)
	}
	return there, nil
}

// sql runs Temporal's schema tool on one database.
func (s temporalStore) sql(ctx context.Context, binaries, database string, args ...string) error {
	args = append([]string{
		"--plugin", "postgres12_pgx", "--endpoint", s.host, "--port", s.port,
		"--user", s.role, "--database", database,
	}, args...)
	cmd := exec.CommandContext(ctx, filepath.Join(binaries, "sql"), args...)
	cmd.Env = append(os.Environ(), "SQL_PASSWORD="+s.password)
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("bring Temporal's schema in %s up to date: %w\n%s", database, err, output)
	}
	return nil
}

func (t *Temporal) ready(ctx context.Context) error { return serve(ctx, t.Address()) }

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
