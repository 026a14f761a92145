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

// buildPollInterval is the pause between two checks of the current build.
const buildPollInterval = 5 * time.Second

// buildWatch tracks whether Temporal routes tasks to this worker's build. A build that is not
// promoted polls and gets nothing, although every system it uses answers.
type buildWatch struct {
	temporal client.Client
	build    string

	mu   sync.Mutex
	last buildState
}

// buildState is the build's part of the readiness answer.
type buildState struct {
	// State is current, ramping, waiting (not promoted yet, or replaced by another build), or
	// unknown.
	State string `json:"state"`
	Build string `json:"build"`
	// Current is the build that gets the tasks; empty if none is promoted.
	Current string `json:"current,omitempty"`
}

func newBuildWatch(temporal client.Client, build string) *buildWatch {
	return &buildWatch{temporal: temporal, build: build, last: buildState{State: "unknown", Build: build}}
}

// run refreshes the state until ctx ends. While Temporal does not answer, the last state stays.
func (w *buildWatch) run(ctx context.Context) {
	for ctx.Err() == nil {
		w.refresh(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(buildPollInterval):
		}
	}
}

func (w *buildWatch) refresh(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, buildPollInterval)
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
	before := w.last
	w.last = now
	w.mu.Unlock()
	switch {
	case before == now:
	case now.getsTasks():
		slog.InfoContext(ctx, "this build is given orders", "build", now.Build, "state", now.State)
	default:
		slog.WarnContext(ctx, "this build is given no orders: promote it with `worker promote`, or stop it", "build", now.Build, "current", now.Current)
	}
}

func (s buildState) getsTasks() bool { return s.State == "current" || s.State == "ramping" }

func (w *buildWatch) state() buildState {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}
