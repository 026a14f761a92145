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

// requireReplays replays every run of the order as it just happened: the current code must make the
// same commands, whatever the timing between the workflow and the server was.
func (o *testOrder) requireReplays() []*historypb.History {
	o.t.Helper()
	var all []*historypb.History
	for i, run := range o.runIDs() {
		history := &historypb.History{Events: o.settledEvents(run)}
		state, err := replayed(history)
		require.NoError(o.t, err)
		require.Equal(o.t, o.endState(history), state, "the state after run %d", i+1)
		all = append(all, history)
	}
	return all
}

// saveHistories saves the histories of the order's runs if -record is set.
func (o *testOrder) saveHistories(name string) {
	o.t.Helper()
	for i, history := range o.requireReplays() {
		run := fmt.Sprintf("%s.%d", name, i+1)
		saveHistory(o.t, run, history)
		if *record {
			write(o.t, filepath.Join(histories, run+".state.json"), indented(o.t, encode(o.t, o.endState(history))))
		}
	}
}

// endState returns the state at the end of a run: the one carried into the next run, or the one in
// the order's row.
func (o *testOrder) endState(history *historypb.History) order.State {
	o.t.Helper()
	last := history.GetEvents()[len(history.GetEvents())-1]
	if last.GetEventType() != enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW {
		return o.rowState()
	}
	var next workflowapi.OrderInput
	input := last.GetWorkflowExecutionContinuedAsNewEventAttributes().GetInput()
	require.NoError(o.t, converter.GetDefaultDataConverter().FromPayloads(input, &next))
	return next.State
}

// replay replays a history with the current workflow code and compares the commands, the search
// attributes and, for a closed workflow, the result.
func replay(history *historypb.History) (*observed, error) {
	s := &observed{}
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

// replayed replays an order and returns its final state.
func replayed(history *historypb.History) (order.State, error) {
	s, err := replay(history)
	if err != nil {
		return order.State{}, err
	}
	return s.queryState()
}

// The current code produces the same commands and search attributes for every recorded history, and
// the same state of an order or the same result of another workflow.
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
	for _, name := range goskeyPaths {
		require.Contains(t, recorded, name, "run `make histories`: no history of this path is recorded")
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

// The comparison of results detects a registry run with another report.
func TestReplayDetectsAnotherResult(t *testing.T) {
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

// The comparison of search attributes detects an order at another stage.
func TestReplayDetectsAnotherAttribute(t *testing.T) {
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

// All runs of an order that continued as new are recorded.
func TestReplayCoversEveryRunOfAContinuedOrder(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	recorded := recordedHistories(t)
	first, second := recorded["g-continued-as-new.1"].GetEvents(), recorded["g-continued-as-new.2"].GetEvents()
	require.NotEmpty(t, first)
	require.NotEmpty(t, second)
	require.Equal(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, first[len(first)-1].GetEventType())
	require.NotEmpty(t, second[0].GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId())
}

// For each patch there is a history recorded before it and one recorded after it.
func TestReplayCoversBothSidesOfPatches(t *testing.T) {
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

// patched returns how often a history took the patch.
func patched(history *historypb.History, patch string) (taken int) {
	for _, e := range history.GetEvents() {
		id := e.GetMarkerRecordedEventAttributes().GetDetails()["change-id"].GetPayloads()
		if len(id) > 0 && string(id[0].GetData()) == `"`+patch+`"` {
			taken++
		}
	}
	return taken
}

// The comparison of states detects another outcome under the same command, which the comparison of
// commands cannot.
func TestReplayDetectsAnotherOutcome(t *testing.T) {
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

// The comparison of commands detects a message in the place of another one.
func TestReplayDetectsOtherCommands(t *testing.T) {
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

// A changed rule does not change the past of an order: outcomes are recorded, and only new messages
// are decided by the new rule. This test changes the global table of rules, so it does not run in
// parallel.
func TestChangedRulesLeaveThePastOfAnOpenOrder(t *testing.T) {
	acceptance.Covers(t, "B-1")
	rules := order.Rules()
	before := append([]order.Rule(nil), rules...)
	t.Cleanup(func() { copy(rules, before) })
	for i := range rules {
		rules[i].By, rules[i].From = nil, nil // nobody may send any message at any stage
	}
	for name, history := range recordedOrders(t) {
		past := recordedState(t, name)
		now, err := order.Decide(past, order.Message{
			Kind: order.Cancel, Actor: order.Actor{Role: order.RoleCustomer, Party: past.Customer.Party},
		}, order.Facts{Now: past.At, BodyFound: true})
		require.NoError(t, err)
		require.Equal(t, order.WasRefused, now.Verdict, "the rules have not changed, so this test proves nothing")
		state, err := replayed(history)
		require.NoError(t, err, name)
		require.Equal(t, past, state, name)
	}
}
