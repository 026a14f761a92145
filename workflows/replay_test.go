package workflows_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

// replays has every run of the order replayed as it was just now: nothing that happened between the workflow and the server,
// in whatever order, may make today's code do otherwise.
func (l *life) replays() []*historypb.History {
	l.t.Helper()
	var all []*historypb.History
	for i, run := range l.runs() {
		history := &historypb.History{Events: l.settled(run)}
		state, err := replayed(history)
		require.NoError(l.t, err)
		require.Equal(l.t, l.endOf(history), state, "the state after run %d", i+1)
		all = append(all, history)
	}
	return all
}

// keep records the order's runs, if that was asked for.
func (l *life) keep(name string) {
	l.t.Helper()
	for i, history := range l.replays() {
		run := fmt.Sprintf("%s.%d", name, i+1)
		keep(l.t, run, history)
		if *record {
			write(l.t, filepath.Join(histories, run+".state.json"), indented(l.t, encode(l.t, l.endOf(history))))
		}
	}
}

// endOf is the state at the end of a run: carried into the next one, or the one in the order's row.
func (l *life) endOf(history *historypb.History) order.State {
	l.t.Helper()
	last := history.GetEvents()[len(history.GetEvents())-1]
	if last.GetEventType() != enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW {
		return l.recorded()
	}
	var next workflowapi.OrderInput
	input := last.GetWorkflowExecutionContinuedAsNewEventAttributes().GetInput()
	require.NoError(l.t, converter.GetDefaultDataConverter().FromPayloads(input, &next))
	return next.State
}

// replay runs today's workflow code over a history, commands compared. It must show the operators the same, and a workflow that has
// ended must end with the same result.
func replay(history *historypb.History) (*seen, error) {
	s := &seen{}
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{
		Interceptors: append(workflows.Options().Interceptors, s),
	})
	if err != nil {
		return nil, err
	}
	workflows.Register(replayer)
	started := history.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes()
	err = replayer.ReplayWorkflowHistoryWithOptions(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), history, worker.ReplayWorkflowHistoryOptions{
		OriginalExecution: workflow.Execution{ID: started.GetWorkflowId(), RunID: started.GetOriginalExecutionRunId()},
	})
	if err != nil {
		return nil, err
	}
	return s, errors.Join(s.sameAttributes(history), s.sameResult(history))
}

// replayed replays an order and gives the state in which it ends.
func replayed(history *historypb.History) (order.State, error) {
	s, err := replay(history)
	if err != nil {
		return order.State{}, err
	}
	return s.ask()
}

// Today's code makes of every recorded history the same commands, the same search attributes, and the same state of an order or the
// same result.
func TestReplayOfRecordedHistories(t *testing.T) {
	acceptance.Covers(t, "B-1", "S-18")
	t.Parallel()
	recorded := recordedHistories(t)
	for _, p := range paths {
		require.Contains(t, recorded, p.name+".1", "run `make histories`: no history of this path is recorded")
	}
	for _, p := range registryPaths {
		require.Contains(t, recorded, p.name, "run `make histories`: no history of this path is recorded")
	}
	for name, history := range recorded {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if typeOf(history) != workflowapi.OrderWorkflow {
				_, err := replay(history)
				require.NoError(t, err)
				return
			}
			state, err := replayed(history)
			require.NoError(t, err)
			require.Equal(t, recordedState(t, name), state)
		})
	}
}

// The comparison of results sees a registry's run that would report something else.
func TestReplaySeesAnotherResult(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	history := recordedHistories(t)["registry-sync-completed"]
	events := history.GetEvents()
	result := events[len(events)-1].GetWorkflowExecutionCompletedEventAttributes().GetResult().GetPayloads()[0]
	changed := bytes.Replace(result.GetData(), []byte(`"told":1`), []byte(`"told":2`), 1)
	require.NotEqual(t, string(result.GetData()), string(changed))
	result.Data = changed
	_, err := replay(history)
	require.ErrorContains(t, err, "the result is")
}

// The comparison of search attributes sees an order that would show itself at another stage.
func TestReplaySeesAnotherAttribute(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	history := recordedHistories(t)["f-suspended-and-resumed.1"]
	changed := false
	for _, e := range history.GetEvents() {
		stage := e.GetUpsertWorkflowSearchAttributesEventAttributes().GetSearchAttributes().GetIndexedFields()[workflowapi.AttrStage.GetName()]
		if string(stage.GetData()) == `"suspended"` {
			stage.Data, changed = []byte(`"work"`), true
		}
	}
	require.True(t, changed)
	_, err := replay(history)
	require.ErrorContains(t, err, "the search attributes are")
}

// The recorded runs of an order that continued as new are there each.
func TestReplayHasEveryRunOfAContinuedOrder(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	recorded := recordedHistories(t)
	first, second := recorded["g-continued-as-new.1"].GetEvents(), recorded["g-continued-as-new.2"].GetEvents()
	require.NotEmpty(t, first)
	require.NotEmpty(t, second)
	require.Equal(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, first[len(first)-1].GetEventType())
	require.NotEmpty(t, second[0].GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId())
}

// A flood is there from both sides of the patch that sheds it, an order that rejoins its record from both of the one that lets it do so at
// once, a night from both sides of the one that tells the moderators' word.
func TestReplayHasBothSidesOfAPatch(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	recorded := recordedHistories(t)
	for _, side := range []struct {
		name, patch string
		taken       int
	}{
		{"old-flooded.1", "shed-flood", 0},
		{"h-flooded.1", "shed-flood", 1},
		{"old-rejoined.1", "rejoin-at-once", 0},
		{"j-rejoined.1", "rejoin-at-once", 1},
		{"old-registry-sync-completed", "tell-moderators-word", 0},
		{"registry-sync-completed", "tell-moderators-word", 1},
		{"old-registry-hold-confirmed", "tell-moderators-word", 0},
		{"registry-hold-confirmed", "tell-moderators-word", 1},
	} {
		require.NotEmpty(t, recorded[side.name].GetEvents(), side.name)
		require.Equal(t, side.taken, patched(recorded[side.name], side.patch), side.name)
	}
	for _, flood := range []string{"old-flooded.1", "h-flooded.1"} {
		events := recorded[flood].GetEvents()
		require.Equal(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, events[len(events)-1].GetEventType(), flood)
	}
}

// patched counts how often a history took the patch.
func patched(history *historypb.History, patch string) (taken int) {
	for _, e := range history.GetEvents() {
		id := e.GetMarkerRecordedEventAttributes().GetDetails()["change-id"].GetPayloads()
		if len(id) > 0 && string(id[0].GetData()) == `"`+patch+`"` {
			taken++
		}
	}
	return taken
}

// The comparison of states sees what the comparison of commands cannot: another outcome under the same command.
func TestReplaySeesAnotherOutcome(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	const name = "a-prepayment-and-registration.1"
	history := recordedHistories(t)[name]
	changed := false
	for _, e := range history.GetEvents() {
		for _, p := range e.GetMarkerRecordedEventAttributes().GetDetails()["result"].GetPayloads() {
			if bytes.Contains(p.GetData(), []byte(`"mark":5`)) {
				p.Data = bytes.ReplaceAll(p.GetData(), []byte(`"mark":5`), []byte(`"mark":4`))
				changed = true
			}
		}
	}
	require.True(t, changed)
	state, err := replayed(history)
	require.NoError(t, err, "the commands are the same")
	require.NotEqual(t, recordedState(t, name), state)
}

// The comparison of commands sees a message that came in the place of another.
func TestReplaySeesOtherCommands(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	history := recordedHistories(t)["b-without-either.1"]
	var kept []*historypb.HistoryEvent
	for _, e := range history.GetEvents() {
		if e.GetWorkflowExecutionSignaledEventAttributes().GetSignalName() == string(order.Choose) {
			e = &historypb.HistoryEvent{
				EventId: e.GetEventId(), EventTime: e.GetEventTime(), EventType: enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
				Attributes: &historypb.HistoryEvent_WorkflowExecutionSignaledEventAttributes{
					WorkflowExecutionSignaledEventAttributes: &historypb.WorkflowExecutionSignaledEventAttributes{
						SignalName: workflowapi.RejoinSignal, Input: &common.Payloads{},
					},
				},
			}
		}
		kept = append(kept, e)
	}
	_, err := replayed(&historypb.History{Events: kept})
	require.Error(t, err)
}

// A rule that changes after an order has lived by it changes nothing of the order's past: what was decided is recorded, and
// only new messages meet the new rule. It changes the table for all, so it does not run beside other tests.
func TestChangedRulesLeaveThePastOfAnOpenOrder(t *testing.T) {
	acceptance.Covers(t, "B-1")
	rules := order.Rules()
	before := append([]order.Rule(nil), rules...)
	t.Cleanup(func() { copy(rules, before) })
	for i := range rules {
		rules[i].By, rules[i].In = nil, nil // nobody may send anything, anywhere
	}
	for name, history := range recordedOrders(t) {
		past := recordedState(t, name)
		now, err := order.Decide(past, order.Message{
			Kind: order.Cancel, Actor: order.Actor{Role: order.RoleCustomer, Party: past.Customer.Party},
		}, order.Facts{Now: past.At, BodyFound: true})
		require.NoError(t, err)
		require.Equal(t, order.WasRefused, now.Verdict, "the rules have not changed, so this test shows nothing")
		state, err := replayed(history)
		require.NoError(t, err, name)
		require.Equal(t, past, state, name)
	}
}
