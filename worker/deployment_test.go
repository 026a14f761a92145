package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/internal/acceptance"
	"epkr/internal/health"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// An open order moves to the next build when that build is promoted, and not before.
func TestOpenOrdersMoveToThePromotedBuild(t *testing.T) {
	acceptance.Covers(t, "B-1")
	temporal, queue := testenv.Temporal(t), testenv.TaskQueue(t)
	build := func(name string) string { return name + "-" + strings.TrimPrefix(queue, "test-") }
	startBuild(t, temporal, queue, build("old"))
	require.NoError(t, promote(t.Context(), temporal, queue, build("old")))

	run, err := temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: queue, TaskQueue: queue}, "waiting")
	require.NoError(t, err)
	testenv.Eventually(t, "the old build takes the order", func() bool { return builtBy(t, temporal, run.GetID()) == build("old") })

	startBuild(t, temporal, queue, build("new"))
	require.NoError(t, promote(t.Context(), temporal, queue, build("new")))
	signal := func(payload string) {
		require.NoError(t, workflowapi.Send(t.Context(), temporal, workflowapi.Signal{WorkflowID: run.GetID(), Name: "say", Payload: payload}))
	}
	testenv.Eventually(t, "the new build takes over", func() bool {
		signal("something") // the server's hosts learn of a promotion at different times
		return builtBy(t, temporal, run.GetID()) == build("new")
	})
	signal("end")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	require.NoError(t, run.Get(ctx, nil))
	require.Equal(t, build("new"), builtBy(t, temporal, run.GetID()))
}

// A build that is not promoted, or was replaced, gets no tasks: it reports that and is not ready.
func TestOnlyTheBuildThatGetsTasksIsReady(t *testing.T) {
	temporal, queue := testenv.Temporal(t), testenv.TaskQueue(t)
	build := func(name string) string { return name + "-" + strings.TrimPrefix(queue, "test-") }
	checkReady := func(w *buildWatch) (status int, body string) {
		w.refresh(t.Context())
		answer := httptest.NewRecorder()
		registry := &registryWatch{}
		readiness{build: w, systems: health.New(slog.Default(), nil), registry: registry}.ready(answer, httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody))
		return answer.Code, answer.Body.String()
	}
	first, second := newBuildWatch(temporal, build("first")), newBuildWatch(temporal, build("second"))
	startBuild(t, temporal, queue, build("first"))
	status, body := checkReady(first)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, `"waiting"`)
	require.NoError(t, promote(t.Context(), temporal, queue, build("first")))
	testenv.Eventually(t, "the promoted build to be ready", func() bool { status, _ = checkReady(first); return status == http.StatusOK })

	startBuild(t, temporal, queue, build("second"))
	status, body = checkReady(second)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, build("first"), "the current build is named")
	require.NoError(t, promote(t.Context(), temporal, queue, build("second")))
	testenv.Eventually(t, "the next build to take over", func() bool { status, _ = checkReady(second); return status == http.StatusOK })
	status, _ = checkReady(first)
	require.Equal(t, http.StatusServiceUnavailable, status)
}

func TestPromotingNoBuildIsRefused(t *testing.T) {
	require.ErrorContains(t, promote(t.Context(), testenv.Temporal(t), "queue", ""), "EPKR_BUILD_ID")
}

func startBuild(t *testing.T, c client.Client, queue, build string) {
	t.Helper()
	w := worker.New(c, queue, workerOptions(build))
	w.RegisterWorkflowWithOptions(func(ctx workflow.Context) error {
		var word string
		for word != "end" {
			workflow.GetSignalChannel(ctx, "say").Receive(ctx, &word)
		}
		return nil
	}, workflow.RegisterOptions{Name: "waiting"})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
}

// builtBy returns the build that completed the last workflow task.
func builtBy(t *testing.T, c client.Client, id string) string {
	t.Helper()
	var last string
	events := c.GetWorkflowHistory(t.Context(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		event, err := events.Next()
		require.NoError(t, err)
		if done := event.GetWorkflowTaskCompletedEventAttributes(); done != nil {
			last = done.GetDeploymentVersion().GetBuildId()
		}
	}
	return last
}
