// Package registry contains the activities of the nightly synchronisation with АИС «Реестр СРО».
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

// Workflows is the part of Temporal's client through which activities reach other workflows;
// client.Client implements it.
type Workflows interface {
	workflowapi.Signaler
	DescribeWorkflowExecution(ctx context.Context, workflowID, runID string) (*workflowservice.DescribeWorkflowExecutionResponse, error)
}

// Activities implements the activities of the nightly synchronisation.
type Activities struct {
	store     *db.Store
	files     *storage.Store
	workflows Workflows
	source    string
	lossLimit registry.LossLimit
	limits    registry.Limits
	now       func() time.Time
}

// Settings configure the address of the registry and the limits of a snapshot.
type Settings struct {
	// URL is the HTTP address of snapshot/manifest.json, without these two elements, or
	// s3://bucket/folder with manifest.json in it.
	URL       string
	LossLimit registry.LossLimit
	Limits    registry.Limits
}

// New returns the activities. now is the clock.
func New(
	store *db.Store, files *storage.Store, workflows Workflows, settings Settings, now func() time.Time,
) *Activities {
	return &Activities{
		store: store, files: files, workflows: workflows, source: settings.URL, lossLimit: settings.LossLimit, limits: settings.Limits,
		now: now,
	}
}

// ErrTypeSnapshot is the type of a non-retryable error of a snapshot that cannot be used. Its
// details are a [SnapshotFault].
const ErrTypeSnapshot = "Snapshot"

// SnapshotFault describes what is wrong with a snapshot: a code for programs and a Russian sentence
// for people. It contains no personal data.
type SnapshotFault struct {
	Code   string `json:"code"`
	Reason string `json:"reason"`
}

// The codes of a snapshot with an unacceptable date.
const (
	CodeOlder  registry.Code = "older"  // older than the platform's newest snapshot
	CodeFuture registry.Code = "future" // dated in the future
)

// toSnapshotError makes an error in a snapshot's content non-retryable and classifies any other
// error as [failure.ToTemporal] does.
func toSnapshotError(err error) error {
	var fault *registry.Error
	if !errors.As(err, &fault) {
		return failure.ToTemporal(err)
	}
	// The cause may quote the content, so it is not put into the history.
	reason := (&registry.Error{Code: fault.Code, Line: fault.Line, Message: fault.Message}).Error()
	return temporal.NewNonRetryableApplicationError(reason, ErrTypeSnapshot, nil, SnapshotFault{Code: string(fault.Code), Reason: reason})
}

// isClosed reports whether a workflow has closed or never existed.
func isClosed(ctx context.Context, w Workflows, workflowID, runID string) (bool, error) {
	found, err := w.DescribeWorkflowExecution(ctx, workflowID, runID)
	if workflowapi.IsNotFound(err) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return found.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}
