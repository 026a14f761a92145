package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	engineeractivities "epkr/activities/engineers"
	registryactivities "epkr/activities/registry"
	"epkr/db"
	"epkr/internal/acceptance"
	"epkr/internal/commandline"
	"epkr/internal/health"
	"epkr/internal/order"
	"epkr/internal/schedule"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

func parseSchedule(t *testing.T, text string) schedule.Schedule {
	t.Helper()
	s, err := schedule.Parse(text, order.Moscow)
	require.NoError(t, err)
	return s
}

// createSchedule creates a schedule and deletes it at the end of the test.
func createSchedule(t *testing.T, c client.Client, text string) string {
	t.Helper()
	id := "registry-" + uuid.NewString()
	require.NoError(t, workflowapi.EnsureRegistrySchedule(t.Context(), c, id, id, parseSchedule(t, text)))
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		_ = c.ScheduleClient().GetHandle(ctx, id).Delete(ctx)
	})
	return id
}

func TestScheduleIsUpdatedAndStaysPaused(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-4")
	c := testenv.Temporal(t)
	id := createSchedule(t, c, "0 3 * * *")
	handle := c.ScheduleClient().GetHandle(t.Context(), id)
	made, err := handle.Describe(t.Context())
	require.NoError(t, err)
	require.Equal(t, 0, made.Info.NextActionTimes[0].UTC().Hour(), "03:00 in Moscow")
	require.Equal(t, 12*time.Hour, made.Schedule.Policy.CatchupWindow)
	require.NoError(t, handle.Pause(t.Context(), client.SchedulePauseOptions{Note: "по просьбе СРО"}))

	require.NoError(t, workflowapi.EnsureRegistrySchedule(t.Context(), c, id, id, parseSchedule(t, "0 3 * * *")))
	same, err := handle.Describe(t.Context())
	require.NoError(t, err)
	require.True(t, same.Schedule.State.Paused)
	require.Equal(t, "по просьбе СРО", same.Schedule.State.Note)

	require.NoError(t, workflowapi.EnsureRegistrySchedule(t.Context(), c, id, id, parseSchedule(t, "30 4 * * *")))
	testenv.Eventually(t, "the new time", func() bool {
		changed, err := handle.Describe(t.Context())
		return err == nil && len(changed.Info.NextActionTimes) > 0 && changed.Info.NextActionTimes[0].UTC().Minute() == 30 &&
			changed.Schedule.State.Paused
	})
}

func TestUnchangedScheduleIsNotUpdated(t *testing.T) {
	c := testenv.Temporal(t)
	id := createSchedule(t, c, "*/7 1-3 * * *")
	handle := c.ScheduleClient().GetHandle(t.Context(), id)
	before, err := handle.Describe(t.Context())
	require.NoError(t, err)
	require.NoError(t, workflowapi.EnsureRegistrySchedule(t.Context(), c, id, id, parseSchedule(t, "*/7 1-3 * * *")))
	after, err := handle.Describe(t.Context())
	require.NoError(t, err)
	require.Equal(t, before.Info.LastUpdateAt, after.Info.LastUpdateAt)
}

// startWatch returns a watch on a new platform's registry schedule, and the address of its database.
func startWatch(t *testing.T, text string) (watch *registryWatch, url string) {
	t.Helper()
	url, c := testenv.Database(t), testenv.Temporal(t)
	store, err := db.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	require.NoError(t, workflowapi.EnsureAttributes(t.Context(), c, client.DefaultNamespace))
	id := createSchedule(t, c, text)
	require.NoError(t, c.ScheduleClient().GetHandle(t.Context(), id).Pause(t.Context(), client.SchedulePauseOptions{}))
	w := worker.New(c, id, workflows.Options())
	workflows.Register(w)
	activities.Register(w, activities.Set{
		Registry:  registryactivities.New(store, nil, c, registryactivities.Settings{}, time.Now),
		Engineers: engineeractivities.New(store, c, time.Now),
	})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
	return &registryWatch{store: store, temporal: c, id: id, queue: id, at: parseSchedule(t, text), now: time.Now}, url
}

// A deleted schedule starts no runs: the night counts as missed, and the schedule is created again.
func TestDeletedScheduleIsRecreatedAndRunCountsAsMissed(t *testing.T) {
	acceptance.Covers(t, "S-18")
	watch, url := startWatch(t, "0 * * * *")
	handle := watch.temporal.ScheduleClient().GetHandle(t.Context(), watch.id)
	require.NoError(t, watch.refresh(t.Context()))
	require.False(t, watch.last.Missed)
	require.NoError(t, handle.Delete(t.Context()))
	for range 2 {
		require.NoError(t, watch.refresh(t.Context()))
		require.True(t, watch.last.Missed, "missed until a run begins, even after the schedule is recreated")
		testenv.Eventually(t, "the report", func() bool {
			return testenv.Scalar[int](t, url, `select count(*)::int from notifications where kind = 'registry-missed'`) == 1
		})
	}
	_, err := handle.Describe(t.Context())
	require.NoError(t, err)
}

// The state of the runs is read even while Temporal is unavailable.
func TestRunsAreReadWithoutTemporal(t *testing.T) {
	watch, url := startWatch(t, "0 3 * * *")
	away, err := client.NewLazyClient(client.Options{HostPort: "127.0.0.1:1"})
	require.NoError(t, err)
	defer away.Close()
	watch.temporal = away
	testenv.Exec(t, url, `insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at)
		values (gen_random_uuid(), '', '', 'held', now() - interval '2 days', now())`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	require.Error(t, watch.refresh(ctx))
	require.Equal(t, workflowapi.VerdictAwaitingApproval, watch.last.Verdict)
	require.Equal(t, int64(1), watch.last.AwaitingApproval)
}

// A missed run appears in the metrics and the health check and is reported once. A run that was due
// before the schedule was created does not count.
func TestMissedRunIsReportedOnce(t *testing.T) {
	acceptance.Covers(t, "S-18")
	watch, url := startWatch(t, "0 3 * * *")
	now := time.Now()
	watch.now = func() time.Time { return now }
	require.NoError(t, watch.refresh(t.Context()))
	require.False(t, watch.last.Missed, "nothing was due since the schedule was created")
	due := watch.at.Next(now)
	require.Equal(t, due, watch.last.NextDue)

	now = due.Add(59 * time.Minute)
	require.NoError(t, watch.refresh(t.Context()))
	require.False(t, watch.last.Missed, "it may be late")
	now = due.Add(61 * time.Minute)
	for range 2 {
		require.NoError(t, watch.refresh(t.Context()))
		require.True(t, watch.last.Missed)
		testenv.Eventually(t, "the report", func() bool {
			return testenv.Scalar[int](t, url, `select count(*)::int from notifications where kind = 'registry-missed'`) == 1
		})
	}
	testenv.Exec(t, url, `insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at)
		values (gen_random_uuid(), '', '', 'noop', $1, $1)`, due.Add(-24*time.Hour))
	require.NoError(t, watch.refresh(t.Context()))
	require.True(t, watch.last.Missed)
	require.Equal(t, workflowapi.VerdictNoop, watch.last.Verdict, "the last run is an earlier one")
	require.Equal(t, due.Add(-24*time.Hour), watch.last.LastRun)
	require.Equal(t, 1, testenv.Scalar[int](t, url, `select count(*)::int from registry_runs where status = 'missed'`))

	metrics := prometheus.NewPedanticRegistry()
	require.NoError(t, metrics.Register(watch))
	families, err := metrics.Gather()
	require.NoError(t, err)
	require.Len(t, families, 4)
	answer := httptest.NewRecorder()
	readiness{systems: health.New(slog.Default(), nil), registry: watch}.ready(answer, httptest.NewRequest(http.MethodGet, "/readyz", http.NoBody))
	require.Equal(t, http.StatusOK, answer.Code, "a missed run does not affect readiness")
	require.Contains(t, answer.Body.String(), `"missed":true`)

	testenv.Exec(t, url, `insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at) values ($1, '', '', 'running', $2)`,
		uuid.New(), now)
	require.NoError(t, watch.refresh(t.Context()))
	require.False(t, watch.last.Missed, "a late run counts")
	require.Equal(t, "running", watch.last.Verdict)
}

func TestWrongRegistryCommandsExplainUsage(t *testing.T) {
	url := testenv.Database(t)
	store, err := db.Open(t.Context(), url)
	require.NoError(t, err)
	defer store.Close()
	done := uuid.New()
	testenv.Exec(t, url, `insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at, reason, lost)
		values ($1, 'w', 'r', 'completed', now(), now(), 'Снимок применён.', 7)`, done)
	var out bytes.Buffer
	c := &registryCommands{store: store, temporal: testenv.Temporal(t), out: &out, id: "registry-" + uuid.NewString()}
	do := func(args ...string) (failed *cobra.Command, err error) {
		with := func(_ *cobra.Command, do func(*registryCommands) error) error { return do(c) }
		root := commandline.Root(commandline.Group("worker", "", commandline.Group("registry", "", registryCommand(with)...)))
		root.SetArgs(append([]string{"registry"}, args...))
		return root.ExecuteContextC(t.Context())
	}
	for _, args := range [][]string{
		nil,
		{"stop"},
		{"run", "now"},
		{"reports", "many"},
		{"reports", "0"},
		{"reports", "201"},
		{"reports", "1", "2"},
		{"preview", "x"},
		{"confirm"},
		{"confirm", done.String(), "Дежурный"},
		{"confirm", "17", "Дежурный", "проверено"},
		{"confirm", done.String(), " ", "проверено"},
		{"reject", done.String(), "Дежурный", ""},
		{"reject", done.String(), "Дежурный", "проверено"},
		{"confirm", uuid.NewString(), "Дежурный", "проверено"},
	} {
		failed, err := do(args...)
		require.Error(t, err, "%q", args)
		require.NotContains(t, err.Error(), workflowapi.VerdictCompleted, "the message must not contain a code")
		var terminal bytes.Buffer
		reportError(&terminal, failed, err)
		require.True(t, strings.HasPrefix(terminal.String(), err.Error()+"\n"), "the message is printed, wrapped")
		require.Contains(t, terminal.String(), "worker registry confirm ЗАГРУЗКА ОПЕРАТОР ПРИЧИНА\n", "%q", args)
		require.Empty(t, out.String())
	}
	_, err = do("reports", "5")
	require.NoError(t, err)
	require.Contains(t, out.String(), done.String())
	require.Contains(t, out.String(), "применена")
	require.Contains(t, out.String(), "Снимок применён.")
	require.NotContains(t, out.String(), workflowapi.VerdictCompleted)
}

// A decision from the terminal needs an operator's name and a readable reason, and cannot name a
// moderator.
func TestDecisionFromTerminalNeedsOperatorAndReason(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	c := &registryCommands{}
	for want, d := range map[string]workflowapi.RegistryDecision{
		"Укажите оператора и причину.":     {Operator: "\u3164", Reason: "проверено"},
		"Укажите оператора и причину":      {Operator: "Дежурный", Reason: "\u200b"},
		"Оператор указывается именем":      {Operator: uuid.NewString(), Reason: "проверено"},
		"символы, которые нельзя показать": {Operator: "Дежурный", Reason: "a\x00b"},
	} {
		require.ErrorContains(t, c.decide(t.Context(), workflowapi.ConfirmSignal, uuid.NewString(), d), want)
	}
}

// A fault of the registry or the database is not reported as an invalid snapshot.
func TestPreviewDistinguishesInvalidSnapshotFromFailure(t *testing.T) {
	store, err := db.Open(t.Context(), testenv.Database(t))
	require.NoError(t, err)
	defer store.Close()
	answer := ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if answer == "" {
			http.Error(w, "", http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(answer))
	}))
	defer server.Close()
	acts := registryactivities.New(store, nil, nil, registryactivities.Settings{URL: server.URL}, time.Now)
	c := &registryCommands{store: store, acts: acts, out: &bytes.Buffer{}}
	require.ErrorContains(t, c.preview(t.Context()), "Снимок не проверен: реестр")
	answer = `{"rows": 1}`
	require.EqualError(t, c.preview(t.Context()), "Снимок реестра: неизвестная версия формата. Такой снимок не применяется")
}

func TestEveryVerdictHasAText(t *testing.T) {
	url := testenv.Database(t)
	known := testenv.Scalar[string](t, url, `select pg_get_constraintdef(oid) from pg_constraint where conname = 'registry_runs_status_check'`)
	require.Equal(t, strings.Count(known, "::text,")+1, len(verdictText))
	for verdict := range verdictText {
		require.Contains(t, known, "'"+verdict+"'")
	}
}

func TestRunNowStartsTheSchedule(t *testing.T) {
	temporal := testenv.Temporal(t)
	id := createSchedule(t, temporal, "0 3 * * *")
	var out bytes.Buffer
	c := &registryCommands{temporal: temporal, out: &out, id: id}
	require.NoError(t, c.runNow(t.Context()))
	testenv.Eventually(t, "a run", func() bool {
		made, err := temporal.ScheduleClient().GetHandle(t.Context(), id).Describe(t.Context())
		return err == nil && made.Info.NumActions == 1
	})
}
