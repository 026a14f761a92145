// Package registry are the activities of the nightly reading of АИС «Реестр СРО».
package registry

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/temporal"

	"epkr/activities/failure"
	"epkr/db"
	"epkr/internal/registry"
	"epkr/internal/storage"
	"epkr/internal/workflowapi"
)

// Workflows is the part of Temporal's client by which an activity reaches other workflows; client.Client implements it.
type Workflows interface {
	workflowapi.Signaler
	DescribeWorkflowExecution(ctx context.Context, workflowID, runID string) (*workflowservice.DescribeWorkflowExecutionResponse, error)
}

// Activities are the activities of the nightly reading.
type Activities struct {
	store     *db.Store
	files     *storage.Store
	workflows Workflows
	source    string
	fuse      registry.Fuse
	limits    registry.Limits
	now       func() time.Time
}

// Settings say where the registry is and what a snapshot of it may do.
type Settings struct {
	// URL is the address under which snapshot/manifest.json lies over HTTP, or s3://bucket/folder with manifest.json in it.
	URL    string
	Fuse   registry.Fuse
	Limits registry.Limits
}

// New needs the database, the file store, Temporal, the settings and a clock.
func New(
	store *db.Store, files *storage.Store, workflows Workflows, settings Settings, now func() time.Time,
) *Activities {
	return &Activities{
		store: store, files: files, workflows: workflows, source: settings.URL, fuse: settings.Fuse, limits: settings.Limits,
		now: now,
	}
}

// ErrTypeSnapshot is a snapshot that cannot be used. No retry mends it; its details are a [SnapshotFault].
const ErrTypeSnapshot = "Snapshot"

// SnapshotFault says what is wrong with a snapshot: a code for programs, a Russian sentence for people, no personal data.
type SnapshotFault struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// Codes of a snapshot whose date does not fit.
const (
	CodeOlder  registry.Code = "older"  // it is older than the one that the platform has
	CodeFuture registry.Code = "future" // it is dated after now
)

// condemned sorts the errors of reading a snapshot: what is wrong with its content is not retried.
func condemned(err error) error {
	var fault *registry.Error
	if !errors.As(err, &fault) {
		return failure.ToTemporal(err)
	}
	// The cause may quote the content; it stays out of the history.
	reason := (&registry.Error{Code: fault.Code, Line: fault.Line, Message: fault.Message}).Error()
	return temporal.NewNonRetryableApplicationError(reason, ErrTypeSnapshot, nil, SnapshotFault{Code: string(fault.Code), Reason: reason})
}

// closed says that a workflow is over, or was never there.
func closed(ctx context.Context, w Workflows, workflowID, runID string) (bool, error) {
	found, err := w.DescribeWorkflowExecution(ctx, workflowID, runID)
	if workflowapi.IsNotFound(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return found.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}
