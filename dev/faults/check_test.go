package faults

import (
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/internal/order"
	"epkr/internal/workflowapi"
	"epkr/worker/readmodel"
	"epkr/workflows"
)

// check verifies what must be true after every fault: no order is stuck, every message has exactly
// one verdict, rows and workflows agree, and histories replay.
func (p *platform) check(t *testing.T) {
	t.Helper()
	require.NoError(t, p.allReady(t.Context()))
	began := time.Now()
	each(orders, clients, func(i int) { p.send(t, p.newMessage(p.people.customers[i], i, order.WithdrawOffer, nil, nil)) })
	require.False(t, t.Failed(), "an order is stuck")
	fresh := time.Since(began)
	p.checkRecord(t)
	p.checkReadModel(t)
	p.checkRepeats(t)
	p.checkReplay(t)
	p.logf("  checked in %.0f s (fresh messages %.0f s)", time.Since(began).Seconds(), fresh.Seconds())
}

type judged struct{ verdict, code, kind string }

// apiRefusals are refusals that the API may give itself, before it stores or sends anything: see
// order.Parties.Admit. The order gives them too.
var apiRefusals = []string{string(order.CodeNotParty), string(order.CodeNoResponse), string(order.CodeNoOffer)}

// checkRecord compares every verdict that a sender received with the record: each must be there,
// unchanged.
func (p *platform) checkRecord(t *testing.T) {
	t.Helper()
	record := map[uuid.UUID]judged{}
	found, err := p.database.QueryContext(t.Context(), `select id, verdict, code, kind, order_id from order_messages`)
	require.NoError(t, err)
	defer found.Close()
	for found.Next() {
		var id, about uuid.UUID
		var j judged
		require.NoError(t, found.Scan(&id, &j.verdict, &j.code, &j.kind, &about))
		if !p.hostile[about] {
			record[id] = j
		}
	}
	require.NoError(t, found.Err())
	for _, m := range p.ledger.all() {
		if p.hostile[m.order] {
			continue
		}
		j, there := record[m.id]
		delete(record, m.id)
		switch {
		case m.verdict == roleLost: // he does not know whether the message was sent before he lost the role
		case m.verdict == rejected:
			require.False(t, there, "%s %s was rejected and is recorded", m.kind, m.id)
		case !there && slices.Contains(apiRefusals, m.verdict):
			m.verdict = rejected
		case m.verdict == applied:
			require.Equal(t, judged{verdict: applied, kind: string(m.kind)}, j, "%s %s", m.kind, m.id)
		default:
			require.Equal(t, judged{verdict: "refused", code: m.verdict, kind: string(m.kind)}, j, "%s %s", m.kind, m.id)
		}
	}
	for id, j := range record {
		own := []string{string(order.DeadlineDue), string(order.EffectFinished), string(order.RegistryStatus)}
		require.Contains(t, own, j.kind, "message %s is in no ledger", id)
	}
}

func (p *platform) checkReadModel(t *testing.T) {
	t.Helper()
	v := &readmodel.Verifier{Database: p.database, Temporal: p.client, TaskQueue: taskQueue}
	report, err := v.Verify(limited(t, verdictTimeout))
	require.NoError(t, err)
	require.Empty(t, report.Differences)
	require.Equal(t, orders, report.Orders)
}

// repeats is how many messages are sent once more, and replays how many histories are replayed.
const repeats, replays = 20, 5

// checkRepeats sends some messages again with their keys: each must get the same answer.
func (p *platform) checkRepeats(t *testing.T) {
	t.Helper()
	again := slices.DeleteFunc(p.ledger.all(), func(m *message) bool {
		return p.hostile[m.order] || m.signalled || m.verdict == rejected || m.verdict == roleLost
	})
	for _, m := range again[:repeats] { // random: they come from a map
		verdict, err := p.deliver(limited(t, verdictTimeout), m)
		require.NoError(t, err)
		require.Equal(t, m.verdict, verdict, "%s %s repeated with its key", m.kind, m.id)
	}
}

// checkReplay replays the histories of some orders with the current workflow code.
func (p *platform) checkReplay(t *testing.T) {
	t.Helper()
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{Interceptors: workflows.Options().Interceptors})
	require.NoError(t, err)
	workflows.Register(replayer)
	seen := 0
	for _, m := range p.ledger.all() {
		if seen == replays {
			return
		}
		seen++
		id := workflowapi.OrderWorkflowID(m.order)
		history := &historypb.History{}
		events := p.client.GetWorkflowHistory(t.Context(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for events.HasNext() {
			event, err := events.Next()
			require.NoError(t, err)
			history.Events = append(history.Events, event)
		}
		started := history.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes()
		err := replayer.ReplayWorkflowHistoryWithOptions(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), history, worker.ReplayWorkflowHistoryOptions{
			OriginalExecution: workflow.Execution{ID: id, RunID: started.GetOriginalExecutionRunId()},
		})
		require.NoError(t, err, "replaying order %s", m.order)
	}
}
