package orders

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/humantext"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// LostOrder is an order as its record has it, beside what Temporal knows of its workflow.
type LostOrder struct {
	ID    uuid.UUID
	State order.State
	// Recent are the messages judged last, as the workflow knew them.
	Recent []string
	// Run and Status are those of its last run; empty where Temporal knows none.
	Run, Status string
	// Unanswered are kept messages without a verdict: who sends one again has it judged.
	Unanswered []sqlcgen.UnansweredOfRow
	// Hindrance says why the order must not be started anew, empty if it may.
	Hindrance string
}

// ErrNoOrder says that the record has no such order.
var ErrNoOrder = errors.New("no such order")

// FindLostOrder looks an order up by its number or id and judges whether it may be started anew. It changes nothing.
func FindLostOrder(ctx context.Context, store *db.Store, temporal client.Client, name string) (LostOrder, error) {
	id, err := orderNamed(ctx, store, name)
	if err != nil {
		return LostOrder{}, err
	}
	o := LostOrder{ID: id}
	if o.State, err = foldRecord(ctx, store.Queries, id); err != nil {
		return o, err
	}
	record, err := store.RecordOf(ctx, id)
	if err != nil {
		return o, fmt.Errorf("reading the record of an order: %w", err)
	}
	if len(record) == 0 {
		return o, ErrNoOrder
	}
	for _, row := range record[max(0, len(record)-workflowapi.RecentIDs):] {
		o.Recent = append(o.Recent, row.ID.String())
	}
	if o.Unanswered, err = store.UnansweredOf(ctx, id); err != nil {
		return o, fmt.Errorf("reading the messages without a verdict: %w", err)
	}
	running, err := o.lookAtWorkflow(ctx, temporal)
	if err != nil {
		return o, err
	}
	agrees, err := o.rowAgrees(ctx, store)
	if err != nil {
		return o, err
	}
	switch {
	case running:
		o.Hindrance = "Процесс заказа работает, запускать его заново нельзя."
	case o.State.Seq != int(record[len(record)-1].Seq):
		o.Hindrance = fmt.Sprintf("В записи заказа пропущено сообщение %d. Восстановите запись.", o.State.Seq+1)
	case !agrees:
		o.Hindrance = "Запись решений и строка заказа расходятся. Выполните проверку записи и восстановите её."
	case o.State.Stage == "":
		o.Hindrance = "Заказ не был создан."
	case o.State.Closed():
		o.Hindrance = "Заказ закрыт, возобновлять нечего."
	case o.Status == enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED.String():
		o.Hindrance = "Процесс заказа завершился сам, а запись продолжается: она восстановлена из более старой копии. Восстановите запись."
	}
	return o, nil
}

func orderNamed(ctx context.Context, store *db.Store, name string) (uuid.UUID, error) {
	if id, err := uuid.Parse(name); err == nil {
		return id, nil
	}
	id, err := store.OrderByNumber(ctx, name)
	if errors.Is(err, db.ErrNotFound) {
		return id, ErrNoOrder
	}
	if err != nil {
		return id, fmt.Errorf("looking for an order: %w", err)
	}
	return id, nil
}

func (o *LostOrder) lookAtWorkflow(ctx context.Context, temporal client.Client) (running bool, err error) {
	found, err := temporal.DescribeWorkflowExecution(ctx, workflowapi.OrderWorkflowID(o.ID), "")
	if workflowapi.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for the workflow of an order: %w", err)
	}
	info := found.GetWorkflowExecutionInfo()
	o.Run, o.Status = info.GetExecution().GetRunId(), info.GetStatus().String()
	return info.GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}

// rowAgrees compares the row with what the recorded outcomes make of the order. A deleted draft has none.
func (o *LostOrder) rowAgrees(ctx context.Context, store *db.Store) (bool, error) {
	row, err := store.OrderState(ctx, o.ID)
	if errors.Is(err, db.ErrNotFound) {
		return o.State.Stage == order.Deleted || o.State.Stage == "", nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the row of an order: %w", err)
	}
	var s order.State
	if err := json.Unmarshal(row, &s); err != nil {
		return false, fmt.Errorf("reading the row of an order: %w", err)
	}
	one, err1 := json.Marshal(s)
	two, err2 := json.Marshal(o.State)
	return bytes.Equal(one, two), errors.Join(err1, err2)
}

// HinderedError says why an order is not started anew.
type HinderedError string

func (e HinderedError) Error() string { return string(e) }

// RestartOrder starts the workflow of a lost order anew from its record. Who does it and why is kept first, and told to the order as
// its first message, so that it stands in its history. Of two at once Temporal takes one; what the other kept has no effect.
func RestartOrder(
	ctx context.Context, store *db.Store, temporal client.Client, taskQueue string, o LostOrder, operator, reason string, now time.Time,
) error {
	operator, reason = humantext.Line(operator), humantext.Text(reason)
	switch {
	case o.Hindrance != "":
		return HinderedError(o.Hindrance)
	case !humantext.Filled(operator) || !humantext.Filled(reason):
		return HinderedError("Укажите оператора и причину.")
	case humantext.Fault(operator+reason) != "":
		return HinderedError(humantext.Unshowable)
	}
	id, at := uuid.New(), now.UTC().Truncate(time.Millisecond)
	err := store.InsertRestart(ctx, sqlcgen.InsertRestartParams{
		MessageID: id, OrderID: o.ID, Seq: int32(o.State.Seq), Operator: operator, Reason: reason,
		LostRun: o.Run, LostStatus: o.Status, RestartedAt: at,
	})
	if err != nil {
		return fmt.Errorf("writing the restart down: %w", err)
	}
	input, err := o.input(order.Message{
		ID: id.String(), Kind: order.RestartOrder, Actor: order.Actor{Role: order.RoleOperator}, ReceivedAt: at, Reason: reason,
	})
	if err != nil {
		return err
	}
	options := workflowapi.StartOptions(o.ID, taskQueue)
	options.WorkflowIDConflictPolicy = enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	options.WorkflowExecutionErrorWhenAlreadyStarted = true
	if _, err := temporal.ExecuteWorkflow(ctx, options, workflowapi.OrderWorkflow, input); err != nil {
		return fmt.Errorf("starting the workflow of an order: %w", err)
	}
	if err := store.EndAlarm(ctx, sqlcgen.EndAlarmParams{OrderID: o.ID, Kind: string(order.AlarmHalted)}); err != nil {
		return fmt.Errorf("ending the alarm: %w", err)
	}
	return nil
}

// input is what the new run goes on from: the recorded state, the messages judged last, and the restart to judge first.
func (o *LostOrder) input(restart order.Message) (converter.RawValue, error) {
	payload, err := json.Marshal(restart)
	if err != nil {
		return converter.RawValue{}, fmt.Errorf("encoding the restart: %w", err)
	}
	return workflowapi.OrderInput{
		State: o.State, Recent: o.Recent, Queue: []workflowapi.Incoming{{Name: string(order.RestartOrder), Payload: payload}},
	}.Payload()
}
