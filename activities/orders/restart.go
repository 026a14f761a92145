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

// LostOrder is an order in its record, with what Temporal knows of its workflow.
type LostOrder struct {
	ID    uuid.UUID
	State order.State
	// Recent are the ids of the messages decided last, as the workflow had them.
	Recent []string
	// Run and Status describe the last run of the workflow; empty if Temporal knows none.
	Run, Status string
	// Unanswered are stored messages without a verdict. A sender who repeats one gets it decided.
	Unanswered []sqlcgen.UnansweredRequestsRow
	// BlockedReason says in Russian why the order must not be restarted; empty if it may.
	BlockedReason string
}

// ErrNoOrder reports that the record has no such order.
var ErrNoOrder = errors.New("no such order")

// FindLostOrder finds an order by its number or id and checks whether it may be restarted. It
// changes nothing.
func FindLostOrder(ctx context.Context, store *db.Store, temporal client.Client, name string) (LostOrder, error) {
	id, err := findOrderID(ctx, store, name)
	if err != nil {
		return LostOrder{}, err
	}
	o := LostOrder{ID: id}
	if o.State, err = rebuildState(ctx, store.Queries, id); err != nil {
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
	if o.Unanswered, err = store.UnansweredRequests(ctx, id); err != nil {
		return o, fmt.Errorf("reading the messages without a verdict: %w", err)
	}
	running, err := o.describeWorkflow(ctx, temporal)
	if err != nil {
		return o, err
	}
	matches, err := o.rowMatchesRecord(ctx, store)
	if err != nil {
		return o, err
	}
	switch {
	case running:
		o.BlockedReason = "Процесс заказа работает, запускать его заново нельзя."
	case o.State.Seq != int(record[len(record)-1].Seq):
		o.BlockedReason = fmt.Sprintf("В записи заказа пропущено сообщение %d. Восстановите запись.", o.State.Seq+1)
	case !matches:
		o.BlockedReason = "Запись решений и строка заказа расходятся. Выполните проверку записи и восстановите её."
	case o.State.Stage == "":
		o.BlockedReason = "Заказ не был создан."
	case o.State.Closed():
		o.BlockedReason = "Заказ закрыт, возобновлять нечего."
	case o.Status == enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED.String():
		o.BlockedReason = "Процесс заказа завершился сам, а запись продолжается: она восстановлена из более старой копии. Восстановите запись."
	}
	return o, nil
}

func findOrderID(ctx context.Context, store *db.Store, name string) (uuid.UUID, error) {
	if id, err := uuid.Parse(name); err == nil {
		return id, nil
	}
	id, err := store.OrderByNumber(ctx, name)
	if errors.Is(err, db.ErrNotFound) {
		return id, ErrNoOrder
	}
	if err != nil {
		return id, fmt.Errorf("finding an order: %w", err)
	}
	return id, nil
}

func (o *LostOrder) describeWorkflow(ctx context.Context, temporal client.Client) (running bool, err error) {
	found, err := temporal.DescribeWorkflowExecution(ctx, workflowapi.OrderWorkflowID(o.ID), "")
	if workflowapi.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("finding the workflow of an order: %w", err)
	}
	info := found.GetWorkflowExecutionInfo()
	o.Run, o.Status = info.GetExecution().GetRunId(), info.GetStatus().String()
	return info.GetStatus() == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING, nil
}

// rowMatchesRecord reports whether the order's row equals the state rebuilt from its outcomes. A
// deleted draft has no row.
func (o *LostOrder) rowMatchesRecord(ctx context.Context, store *db.Store) (bool, error) {
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

// RestartBlockedError says in Russian why an order was not restarted.
type RestartBlockedError string

func (e RestartBlockedError) Error() string { return string(e) }

// RestartOrder restarts the workflow of a lost order from its record. It first stores who does it
// and why, and sends that to the order as its first message, so that it is recorded in the order's
// history. Of two concurrent restarts Temporal accepts one; the row stored by the other has no
// effect.
func RestartOrder(
	ctx context.Context, store *db.Store, temporal client.Client, taskQueue string, o LostOrder, operator, reason string, now time.Time,
) error {
	operator, reason = humantext.Line(operator), humantext.Text(reason)
	switch {
	case o.BlockedReason != "":
		return RestartBlockedError(o.BlockedReason)
	case !humantext.Filled(operator) || !humantext.Filled(reason):
		return RestartBlockedError("Укажите оператора и причину.")
	case humantext.Fault(operator+reason) != "":
		return RestartBlockedError(humantext.Unshowable)
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

// input returns the input of the new run: the recorded state, the ids of the messages decided last,
// and the restart message as the first one to decide.
func (o *LostOrder) input(restart order.Message) (converter.RawValue, error) {
	payload, err := json.Marshal(restart)
	if err != nil {
		return converter.RawValue{}, fmt.Errorf("encoding the restart: %w", err)
	}
	return workflowapi.OrderInput{
		State: o.State, Recent: o.Recent, Queue: []workflowapi.Incoming{{Name: string(order.RestartOrder), Payload: payload}},
	}.Payload()
}
