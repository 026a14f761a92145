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
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"google.golang.org/protobuf/types/known/durationpb"

	"epkr/dev/servers"
	"epkr/dev/stack"
)

// Platform is a running platform in a database and a namespace of its own.
type Platform struct {
	Servers
	// Name is the name of the database and of the namespace.
	Name string
	// TaskQueue is the worker's task queue.
	TaskQueue string
	// URL is the API's address without a trailing slash.
	URL string
	// OwnDatabaseURL is the address of the platform's database.
	OwnDatabaseURL string

	Database *sql.DB
	Temporal client.Client

	Worker, API *servers.Process

	bin    string
	worker stack.Program
	drop   func()
}

// Start builds and starts worker and apiserver. env is added to the environment of both and
// overrides the values set here.
func Start(ctx context.Context, s Servers, name string, env ...string) (_ *Platform, err error) {
	p := &Platform{Servers: s, Name: name + "-" + uuid.NewString()[:8], TaskQueue: "orders", bin: filepath.Join(s.Folder, "bin")}
	defer func() {
		if err != nil {
			p.Stop()
		}
	}()
	if err := s.build(ctx, p.bin); err != nil {
		return nil, err
	}
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	ports, err := servers.FreePorts(3)
	if err != nil {
		return nil, err
	}
	keys, err := stack.MakeKeys(ctx, s.Folder)
	if err != nil {
		return nil, err
	}
	var api stack.Program
	p.worker, api = stack.Environment{
		// Nobody signs in: sessions are inserted into the database.
		Keys: keys, Database: p.OwnDatabaseURL, Temporal: s.TemporalAddress, Namespace: p.Name, TaskQueue: p.TaskQueue,
		S3Endpoint: s.S3Endpoint, Worker: ports[0], API: ports[1], Internal: ports[2], More: slices.Concat(unlimited(), env),
	}.Programs(p.bin, filepath.Join(s.Folder, "log", p.Name))
	p.URL = stack.URL(ports[1])
	api.Ready = p.URL + "/healthz" // builds of other commits have this path too
	if err := p.StartWorker(ctx); err != nil {
		return nil, err
	}
	p.API, err = api.Launch(ctx)
	return p, err
}

// unlimited returns settings that let a few people from one address send as many requests as
// thousands do elsewhere.
func unlimited() []string {
	return slices.Concat(
		stack.Limit("1000000/1000000", "address", "anonymous", "read", "search", "write", "upload", "stream"),
		stack.Limit("1000000", "streams", "at_once", "connections", "drafts", "files"),
	)
}

// build compiles the programs once for each run.
func (s Servers) build(ctx context.Context, bin string) error {
	if _, err := os.Stat(bin); err == nil {
		return nil
	}
	var flags []string
	if s.Profile != "" {
		overlay, err := s.overlay()
		if err != nil {
			return err
		}
		flags = []string{"-overlay", overlay}
	}
	return stack.Build(ctx, s.Root, bin, flags...)
}

// At returns the same servers for a platform built from another commit of this repository. remove
// deletes the work tree made for it. The web app of that commit is not built, so its API serves
// none.
func (s Servers) At(ctx context.Context, commit string) (_ Servers, remove func(), err error) {
	root := s.Root
	s.Root, s.Folder = filepath.Join(s.Folder, "commit"), filepath.Join(s.Folder, "of-commit")
	if output, err := exec.CommandContext(ctx, "git", "-C", root, "worktree", "add", "--detach", s.Root, commit).CombinedOutput(); err != nil {
		return s, nil, fmt.Errorf("checking out %s: %w\n%s", commit, err, output)
	}
	return s, func() {
		_ = exec.Command("git", "-C", root, "worktree", "remove", "--force", s.Root).Run()
	}, nil
}

// open creates the database and the namespace.
func (p *Platform) open(ctx context.Context) (err error) {
	if p.OwnDatabaseURL, p.drop, err = p.NewDatabase(ctx, p.Name); err != nil {
		return err
	}
	if p.Database, err = sql.Open("pgx", p.OwnDatabaseURL); err != nil {
		return fmt.Errorf("reaching the database: %w", err)
	}
	p.Temporal, err = client.DialContext(ctx, client.Options{
		HostPort: p.TemporalAddress, Namespace: p.Name, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}}, // the same option as the platform's own client
	})
	if err != nil {
		return fmt.Errorf("reaching Temporal: %w", err)
	}
	_, err = p.Temporal.WorkflowService().RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
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

// StartWorker starts the worker and returns when it takes tasks.
func (p *Platform) StartWorker(ctx context.Context) (err error) {
	p.Worker, err = p.worker.Launch(ctx)
	return err
}

// Stop stops the programs and drops the database. It may be called after a Start that failed
// half-way.
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

// Await checks a condition until it holds, it fails, or ctx ends.
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
