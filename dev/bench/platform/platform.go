package platform

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"google.golang.org/protobuf/types/known/durationpb"

	"epkr/dev/servers"
	esiasim "epkr/dev/simulators/esia"
	"epkr/internal/esia"
)

// Platform is one that runs: in a database and in a namespace that nobody else uses.
type Platform struct {
	Servers
	// Name is that of the database and of the namespace.
	Name string
	// TaskQueue is that of the worker.
	TaskQueue string
	// URL is the API's, WorkerURL that of the worker's health check, both without a trailing slash.
	URL, WorkerURL string
	// OwnDatabaseURL is the platform's own database.
	OwnDatabaseURL string

	Database *sql.DB
	Temporal client.Client

	Worker, API *servers.Process

	bin, log string
	env      []string
	drop     func()
}

const (
	startLimit = 2 * time.Minute
	endGrace   = 40 * time.Second
)

// Start builds worker and apiserver and starts them. env is added to the environment of both and wins over what is set here.
func Start(ctx context.Context, s Servers, name string, env ...string) (_ *Platform, err error) {
	p := &Platform{Servers: s, Name: name + "-" + uuid.NewString()[:8], TaskQueue: "orders", log: filepath.Join(s.Folder, "log")}
	defer func() {
		if err != nil {
			p.Stop()
		}
	}()
	if p.bin, err = build(ctx, s); err != nil {
		return nil, err
	}
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	ports, err := servers.FreePorts(3)
	if err != nil {
		return nil, err
	}
	p.WorkerURL, p.URL = loopback(ports[0]), loopback(ports[1])
	if err := p.environment(ctx, ports, env); err != nil {
		return nil, err
	}
	if err := p.StartWorker(ctx); err != nil {
		return nil, err
	}
	p.API, err = p.launch(ctx, "apiserver", p.URL+"/healthz")
	return p, err
}

func loopback(port int) string { return fmt.Sprintf("http://127.0.0.1:%d", port) }

// Root is the repository that this program runs in.
func Root() (string, error) {
	output, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("finding the repository: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(output))), nil
}

var building sync.Mutex

// build compiles the programs once a run.
func build(ctx context.Context, s Servers) (string, error) {
	building.Lock()
	defer building.Unlock()
	bin := filepath.Join(s.Folder, "bin")
	if _, err := os.Stat(bin); err == nil {
		return bin, nil
	}
	root := s.Root
	if root == "" {
		var err error
		if root, err = Root(); err != nil {
			return "", err
		}
	}
	args := []string{"build", "-o", bin + string(filepath.Separator)}
	if s.Profile != "" {
		more, err := overlay(root, s.Folder)
		if err != nil {
			return "", err
		}
		args = append(args, "-overlay", more)
	}
	for _, program := range programs {
		args = append(args, "./"+program)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building worker and apiserver: %w\n%s", err, output)
	}
	return bin, nil
}

// open makes the database and the namespace.
func (p *Platform) open(ctx context.Context) (err error) {
	if p.OwnDatabaseURL, p.drop, err = p.NewDatabase(ctx, p.Name); err != nil {
		return err
	}
	if p.Database, err = sql.Open("pgx", p.OwnDatabaseURL); err != nil {
		return fmt.Errorf("reaching the database: %w", err)
	}
	p.Temporal, err = client.DialContext(ctx, client.Options{
		HostPort: p.TemporalAddress, Namespace: p.Name, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}}, // as the platform's own
	})
	if err != nil {
		return fmt.Errorf("reaching Temporal: %w", err)
	}
	return p.makeNamespace(ctx)
}

func (p *Platform) makeNamespace(ctx context.Context) error {
	_, err := p.Temporal.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: p.Name, WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
	})
	if err != nil {
		return fmt.Errorf("making a namespace: %w", err)
	}
	return Await(ctx, "the namespace", func() (bool, error) {
		_, err := p.Temporal.CountWorkflow(ctx, &workflowservice.CountWorkflowExecutionsRequest{Namespace: p.Name})
		var notYet *serviceerror.NamespaceNotFound
		if errors.As(err, &notYet) {
			return false, nil
		}
		return err == nil, err
	})
}

// environment is what both programs get. Nobody signs in: sessions are made in the database.
func (p *Platform) environment(ctx context.Context, ports []int, more []string) error {
	keys := filepath.Join(p.Folder, "keys")
	own, err := esiasim.EnsureKey(ctx, keys, "client", "Платформа", esia.GOST)
	if err != nil {
		return fmt.Errorf("making the platform's key: %w", err)
	}
	theirs, err := esiasim.EnsureKey(ctx, keys, "esia", esiasim.Subject, esia.GOST)
	if err != nil {
		return fmt.Errorf("making ЕСИА's key: %w", err)
	}
	p.env = slices.Concat(os.Environ(), []string{
		"EPKR_ENVIRONMENT=development", "EPKR_PUBLIC_URL=http://127.0.0.1:1", "DATABASE_URL=" + p.OwnDatabaseURL,
		"TEMPORAL_ADDRESS=" + p.TemporalAddress, "TEMPORAL_NAMESPACE=" + p.Name, "EPKR_TASK_QUEUE=" + p.TaskQueue,
		"S3_ENDPOINT=" + p.S3Endpoint, "S3_REGION=" + servers.S3Region, "S3_BUCKET=" + servers.S3Bucket,
		"S3_ACCESS_KEY=" + p.S3AccessKey, "S3_SECRET_KEY=" + p.S3SecretKey,
		fmt.Sprintf("EPKR_HEALTH_LISTEN=127.0.0.1:%d", ports[0]), fmt.Sprintf("EPKR_LISTEN=127.0.0.1:%d", ports[1]),
		// A few people from one address do here what thousands do elsewhere.
		"EPKR_LIMIT_ADDRESS=1000000/1000000", "EPKR_LIMIT_ANONYMOUS=1000000/1000000", "EPKR_LIMIT_READ=1000000/1000000",
		"EPKR_LIMIT_SEARCH=1000000/1000000", "EPKR_LIMIT_WRITE=1000000/1000000", "EPKR_LIMIT_UPLOAD=1000000/1000000",
		"EPKR_LIMIT_STREAM=1000000/1000000", "EPKR_LIMIT_STREAMS=1000000", "EPKR_LIMIT_AT_ONCE=1000000", "EPKR_LIMIT_CONNECTIONS=1000000",
		"EPKR_LIMIT_DRAFTS=1000000", "EPKR_LIMIT_FILES=1000000",
		fmt.Sprintf("EPKR_INTERNAL_LISTEN=127.0.0.1:%d", ports[2]),
		"EPKR_REGISTRY_URL=http://127.0.0.1:1", "EPKR_ESIA_URL=http://127.0.0.1:1", "EPKR_ESIA_CLIENT_ID=EPKR",
		"EPKR_ESIA_CERTIFICATE=" + own.CertificateFile, "EPKR_ESIA_KEY=" + own.KeyFile,
		"EPKR_ESIA_TOKEN_CERTIFICATE=" + theirs.CertificateFile,
	}, more)
	return nil
}

func (p *Platform) launch(ctx context.Context, program, ready string) (*servers.Process, error) {
	process, err := servers.Launch(servers.Command{
		Name: program, Path: filepath.Join(p.bin, program), Dir: p.Folder, Env: p.env, Grace: endGrace,
		Log: filepath.Join(p.log, p.Name+"."+program+".log"),
	})
	if err != nil {
		return nil, err
	}
	if err := process.AwaitReady(ctx, startLimit, servers.Answers(ready)); err != nil {
		process.Stop()
		return nil, err
	}
	return process, nil
}

// StartWorker starts the worker and returns when it takes work.
func (p *Platform) StartWorker(ctx context.Context) (err error) {
	p.Worker, err = p.launch(ctx, "worker", p.WorkerURL+"/readyz")
	return err
}

// Stop ends the programs and drops the database. Stopping one that started only in part is right.
func (p *Platform) Stop() {
	for _, process := range []*servers.Process{p.API, p.Worker} {
		if process != nil {
			process.Stop()
		}
	}
	if p.Temporal != nil {
		p.Temporal.Close()
	}
	if p.Database != nil {
		_ = p.Database.Close()
	}
	if p.drop != nil {
		p.drop()
	}
}

// Await asks a condition until it holds, it fails, or ctx ends.
func Await(ctx context.Context, what string, condition func() (bool, error)) error {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		done, err := condition()
		if err != nil {
			return fmt.Errorf("waiting for %s: %w", what, err)
		}
		if done {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for %s: %w", what, ctx.Err())
		case <-tick.C:
		}
	}
}
