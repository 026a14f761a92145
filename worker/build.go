package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
)

// buildLook is the pause between two looks at which build is the current one.
const buildLook = 5 * time.Second

// buildWatch knows whether this worker's build is given work. A build that is not promoted polls and gets nothing, while every system that
// it works with answers.
type buildWatch struct {
	temporal client.Client
	build    string

	mu    sync.Mutex
	found buildState
}

// buildState is what readiness tells of the build.
type buildState struct {
	// State is current, ramping, waiting (for its promotion, or replaced by another build), or unknown.
	State string `json:"state"`
	Build string `json:"build"`
	// Current is the build that gets the work; empty where none is promoted.
	Current string `json:"current,omitempty"`
}

func newBuildWatch(temporal client.Client, build string) *buildWatch {
	return &buildWatch{temporal: temporal, build: build, found: buildState{State: "unknown", Build: build}}
}

// run looks until ctx ends. While Temporal does not answer, what was seen last stands.
func (w *buildWatch) run(ctx context.Context) {
	for ctx.Err() == nil {
		w.look(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(buildLook):
		}
	}
}

func (w *buildWatch) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, buildLook)
	defer cancel()
	now := buildState{State: "waiting", Build: w.build}
	described, err := w.temporal.WorkerDeploymentClient().GetHandle(deploymentName).Describe(ctx, client.WorkerDeploymentDescribeOptions{})
	switch gone := (*serviceerror.NotFound)(nil); {
	case errors.As(err, &gone): // no build has polled yet
	case err != nil:
		slog.WarnContext(ctx, "which build is current is unknown", "error", err)
		return
	default:
		routing := described.Info.RoutingConfig
		if routing.CurrentVersion != nil {
			now.Current = routing.CurrentVersion.BuildID
		}
		switch {
		case now.Current == w.build:
			now.State = "current"
		case routing.RampingVersion != nil && routing.RampingVersion.BuildID == w.build && routing.RampingVersionPercentage > 0:
			now.State = "ramping"
		}
	}
	w.mu.Lock()
	before := w.found
	w.found = now
	w.mu.Unlock()
	switch {
	case before == now:
	case now.takesWork():
		slog.InfoContext(ctx, "this build is given orders", "build", now.Build, "state", now.State)
	default:
		slog.WarnContext(ctx, "this build is given no orders: promote it with `worker promote`, or stop it", "build", now.Build, "current", now.Current)
	}
}

func (s buildState) takesWork() bool { return s.State == "current" || s.State == "ramping" }

func (w *buildWatch) state() buildState {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.found
}
