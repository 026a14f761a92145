package platform

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"
	"google.golang.org/protobuf/types/known/durationpb"

	"epkr/dev/browser"
	"epkr/dev/servers"
	"epkr/dev/stack"
)

// TaskQueue is the worker's task queue.
const TaskQueue = "orders"

// Platform is a running platform in a database and a namespace of its own.
type Platform struct {
	Servers
	// Name is the name of the database and of the namespace.
	Name string
	// URL is the API's address without a trailing slash.
	URL string

	Database *Database
	Temporal client.Client

	Worker, API *servers.Process

	bin    string
	worker stack.Program
}

// Start builds and starts worker and apiserver for the benchmark. env is added to the environment
// of both and overrides the values set here.
func Start(ctx context.Context, s Servers, name string, env ...string) (_ *Platform, err error) {
	p := &Platform{Servers: s, Name: name + "-" + uuid.NewString()[:8]}
	p.bin = filepath.Join(s.Folder, "bin")
	if err := p.build(ctx); err != nil {
		return nil, err
	}
	if p.Database, err = s.NewDatabase(ctx, p.Name); err != nil {
		return nil, err
	}
	if err := p.openNamespace(ctx); err != nil {
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
	trust := filepath.Join(s.Folder, "trust")
	if err := stack.ExportAuthorities(trust); err != nil {
		return nil, err
	}
	var api stack.Program
	p.worker, api = stack.Environment{
		// Nobody signs in: sessions are inserted into the database.
		Keys: keys, Trust: trust, Database: p.Database.URL, Temporal: s.TemporalAddress, Namespace: p.Name,
		TaskQueue: TaskQueue, S3Endpoint: s.S3Endpoint,
		Worker: ports[0], API: ports[1], Internal: ports[2], More: slices.Concat(unlimited(), env),
	}.Programs(p.bin, filepath.Join(s.Folder, "log", p.Name))
	p.URL = stack.URL(ports[1])
	api.Ready = p.URL + "/healthz" // builds of other commits have this path too
	if err := p.StartWorker(ctx); err != nil {
		return nil, err
	}
	if p.API, err = api.Launch(ctx); err != nil {
		return nil, err
	}
	s.Cleanup(p.API.Stop)
	return p, nil
}

// unlimited returns settings that let a few people from one address send as many requests as
// thousands do elsewhere.
func unlimited() []string {
	rates := []string{"address", "anonymous", "read", "search", "write", "upload", "stream"}
	return slices.Concat(
		stack.Limit("1000000/1000000", rates...),
		stack.Limit("1000000", "streams", "at_once", "connections", "drafts", "files"),
	)
}

// build compiles the programs once for each run.
func (p *Platform) build(ctx context.Context) error {
	if _, err := os.Stat(p.bin); err == nil {
		return nil
	}
	var flags []string
	if p.Profile != "" {
		overlay, err := p.overlay()
		if err != nil {
			return err
		}
		flags = []string{"-overlay", overlay}
	}
	return stack.Build(ctx, p.Root, p.bin, flags...)
}

// At returns the same servers for a platform built from another commit of this repository. The web
// app of that commit is not built, so its API serves none.
func (s Servers) At(ctx context.Context, commit string) (Servers, error) {
	git := []string{"-C", s.Root, "worktree"}
	s.Root, s.Folder = filepath.Join(s.Folder, "commit"), filepath.Join(s.Folder, "of-commit")
	s.Profile = "" // the files of this tree have the same names
	add := append(slices.Clone(git), "add", "--detach", s.Root, commit)
	if output, err := exec.CommandContext(ctx, "git", add...).CombinedOutput(); err != nil {
		return s, fmt.Errorf("checking out %s: %w\n%s", commit, err, output)
	}
	s.Cleanup(func() { _ = exec.Command("git", append(git, "remove", "--force", s.Root)...).Run() })
	return s, nil
}

// openNamespace creates the namespace and waits until it can be used.
func (p *Platform) openNamespace(ctx context.Context) (err error) {
	p.Temporal, err = client.DialContext(ctx, client.Options{
		HostPort: p.TemporalAddress, Namespace: p.Name,
		Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler)),
		// The same option as the platform's own client.
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}},
	})
	if err != nil {
		return fmt.Errorf("reaching Temporal: %w", err)
	}
	p.Cleanup(p.Temporal.Close)
	service := p.Temporal.WorkflowService()
	_, err = service.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace: p.Name, WorkflowExecutionRetentionPeriod: durationpb.New(24 * time.Hour),
	})
	if err != nil {
		return fmt.Errorf("making a namespace: %w", err)
	}
	return Await(ctx, "the namespace", func() (bool, error) {
		_, err := p.CountWorkflows(ctx, "")
		var notYet *serviceerror.NamespaceNotFound
		if errors.As(err, &notYet) {
			return false, nil
		}
		return err == nil, err
	})
}

// CountWorkflows counts the workflows that a visibility query finds.
func (p *Platform) CountWorkflows(ctx context.Context, query string) (int, error) {
	request := &workflowservice.CountWorkflowExecutionsRequest{Namespace: p.Name, Query: query}
	found, err := p.Temporal.CountWorkflow(ctx, request)
	return int(found.GetCount()), err
}

// EachEvent calls do for every event of the workflow's newest run.
func (p *Platform) EachEvent(
	ctx context.Context, workflow string, do func(*historypb.HistoryEvent),
) error {
	const all = enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT
	history := p.Temporal.GetWorkflowHistory(ctx, workflow, "", false, all)
	for history.HasNext() {
		event, err := history.Next()
		if err != nil {
			return fmt.Errorf("reading the history of %s: %w", workflow, err)
		}
		do(event)
	}
	return nil
}

// StartWorker starts the worker and returns when it takes tasks.
func (p *Platform) StartWorker(ctx context.Context) (err error) {
	if p.Worker, err = p.worker.Launch(ctx); err == nil {
		p.Cleanup(p.Worker.Stop)
	}
	return err
}

// Await checks a condition until it holds, it fails, or ctx ends.
func Await(ctx context.Context, what string, condition func() (bool, error)) error {
	for {
		done, err := condition()
		if err == nil && !done {
			err = browser.Pause(ctx, 50*time.Millisecond)
		}
		if err != nil {
			return fmt.Errorf("waiting for %s: %w", what, err)
		}
		if done {
			return nil
		}
	}
}
