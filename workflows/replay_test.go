package workflows_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"epkr/internal/order"
	"epkr/workflows"
	"epkr/workflows/contract"
)

// histories holds what orders did when it was recorded: <path>.<run>.json, and beside each the state in which that run ended,
// <path>.<run>.state.json, as the record had it and not as a replay gave it.
const histories = "testdata/histories"

var record = flag.Bool("record", false, "record the histories that the replay test reads")

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
		if *record {
			file := filepath.Join(histories, name+"."+string(rune('1'+i)))
			write(l.t, file+".json", lines(l.t, history))
			write(l.t, file+".state.json", indented(l.t, encode(l.t, l.endOf(history))))
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
	var next contract.OrderInput
	input := last.GetWorkflowExecutionContinuedAsNewEventAttributes().GetInput()
	require.NoError(l.t, converter.GetDefaultDataConverter().FromPayloads(input, &next))
	return next.State
}

func write(t testing.TB, file string, data []byte) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, data, 0o644))
}

// lines writes a history with an event a line, without what belongs to the machine that recorded it.
func lines(t testing.TB, history *historypb.History) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("{\"events\":[\n")
	for i, e := range history.GetEvents() {
		data, err := temporalproto.CustomJSONMarshalOptions{}.Marshal(e)
		require.NoError(t, err)
		var event map[string]any
		require.NoError(t, json.Unmarshal(data, &event))
		forget(event)
		if i > 0 {
			b.WriteString(",\n")
		}
		b.Write(encode(t, event))
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}

// forget removes who recorded it: the names of the machine and of its process.
func forget(event map[string]any) {
	for name, value := range event {
		switch inner, ok := value.(map[string]any); {
		case name == "identity":
			delete(event, name)
		case ok && inner["normalName"] != nil: // a queue of the one process
			inner["name"] = inner["normalName"]
		case ok:
			forget(inner)
		}
	}
}

func indented(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, data, "", "  "))
	b.WriteByte('\n')
	return b.Bytes()
}

// replayed runs today's workflow code over a history, commands compared, and gives the state in which it ends.
func replayed(history *historypb.History) (order.State, error) {
	seen := &stateSeen{}
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{
		Interceptors: append(workflows.Options().Interceptors, seen),
	})
	if err != nil {
		return order.State{}, err
	}
	replayer.RegisterWorkflowWithOptions(workflows.Order, workflow.RegisterOptions{Name: contract.OrderWorkflow})
	started := history.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes()
	err = replayer.ReplayWorkflowHistoryWithOptions(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), history, worker.ReplayWorkflowHistoryOptions{
		OriginalExecution: workflow.Execution{ID: started.GetWorkflowId(), RunID: started.GetOriginalExecutionRunId()},
	})
	if err != nil {
		return order.State{}, err
	}
	return seen.ask()
}

// stateSeen keeps the query by which a workflow answers with its state, to ask it after a replay.
type stateSeen struct {
	interceptor.WorkerInterceptorBase
	ask func() (order.State, error)
}

func (s *stateSeen) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	in := &seenInbound{seen: s}
	in.Next = next
	return in
}

type seenInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	seen *stateSeen
}

func (i *seenInbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	out := &seenOutbound{seen: i.seen}
	out.Next = next
	return i.Next.Init(out)
}

type seenOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	seen *stateSeen
}

func (o *seenOutbound) SetQueryHandler(ctx workflow.Context, name string, handler any) error {
	if name == contract.StateQuery {
		o.seen.ask = handler.(func() (order.State, error))
	}
	return o.Next.SetQueryHandler(ctx, name, handler)
}

// recordedHistories reads the folder, by name.
func recordedHistories(t testing.TB) map[string]*historypb.History {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(histories, "*.json"))
	require.NoError(t, err)
	found := map[string]*historypb.History{}
	for _, file := range files {
		if strings.HasSuffix(file, ".state.json") {
			continue
		}
		data, err := os.Open(file)
		require.NoError(t, err)
		history, err := client.HistoryFromJSON(data, client.HistoryJSONOptions{})
		require.NoError(t, err, file)
		require.NoError(t, data.Close())
		found[strings.TrimSuffix(filepath.Base(file), ".json")] = history
	}
	return found
}

func recordedState(t testing.TB, name string) order.State {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(histories, name+".state.json"))
	require.NoError(t, err)
	var s order.State
	require.NoError(t, json.Unmarshal(data, &s))
	return s
}

// Today's code makes of every recorded history the same commands and the same state.
func TestReplayOfRecordedHistories_B1(t *testing.T) {
	t.Parallel()
	recorded := recordedHistories(t)
	for _, p := range paths {
		require.Contains(t, recorded, p.name+".1", "run `make histories`: no history of this path is recorded")
	}
	for name, history := range recorded {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, err := replayed(history)
			require.NoError(t, err)
			require.Equal(t, recordedState(t, name), state)
		})
	}
}

// The recorded runs of an order that continued as new are there each.
func TestReplayHasEveryRunOfAContinuedOrder_B1(t *testing.T) {
	t.Parallel()
	recorded := recordedHistories(t)
	first, second := recorded["g-continued-as-new.1"].GetEvents(), recorded["g-continued-as-new.2"].GetEvents()
	require.NotEmpty(t, first)
	require.NotEmpty(t, second)
	require.Equal(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, first[len(first)-1].GetEventType())
	require.NotEmpty(t, second[0].GetWorkflowExecutionStartedEventAttributes().GetContinuedExecutionRunId())
}

// The comparison of states sees what the comparison of commands cannot: another outcome under the same command.
func TestReplaySeesAnotherOutcome_B1(t *testing.T) {
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
func TestReplaySeesOtherCommands_B1(t *testing.T) {
	t.Parallel()
	history := recordedHistories(t)["b-without-either.1"]
	var kept []*historypb.HistoryEvent
	for _, e := range history.GetEvents() {
		if e.GetWorkflowExecutionSignaledEventAttributes().GetSignalName() == string(order.Choose) {
			e = &historypb.HistoryEvent{
				EventId: e.GetEventId(), EventTime: e.GetEventTime(), EventType: enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
				Attributes: &historypb.HistoryEvent_WorkflowExecutionSignaledEventAttributes{
					WorkflowExecutionSignaledEventAttributes: &historypb.WorkflowExecutionSignaledEventAttributes{
						SignalName: contract.RejoinSignal, Input: &common.Payloads{},
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
func TestChangedRulesLeaveThePastOfAnOpenOrder_B1(t *testing.T) {
	rules := order.Rules()
	before := append([]order.Rule(nil), rules...)
	t.Cleanup(func() { copy(rules, before) })
	for i := range rules {
		rules[i].By, rules[i].In = nil, nil // nobody may send anything, anywhere
	}
	for name, history := range recordedHistories(t) {
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
