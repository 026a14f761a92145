package workflows_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	sdkpb "go.temporal.io/api/sdk/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// Operators find orders by what they wait for, by engineer and by time, and the details tell what
// to do.
func TestOperatorsFindOrders(t *testing.T) {
	acceptance.Covers(t, "B-1", "B-6", "S-16")
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	number := o.rowState().Number
	this := `WorkflowId = "` + workflowapi.OrderWorkflowID(o.id) + `" and `
	s.waitFound(this+`WaitsFor = "publication" and Stage = "draft" and OrderNumber = "`+number+`" and RegionCode is null and Deadline is null`, o)
	require.Contains(t, o.details(), "**Заказ "+number+": Проект заказа.** Ждёт публикации заказа (заказчик) с ")

	signature := o.toContractSent(customer, engineer, withoutAdvance)
	state := o.requireInSync()
	due := state.Deadline()
	s.waitFound(fmt.Sprintf(`%sWaitsFor = "contract-signature" and Stage = "contract" and RegionCode = "77" and EngineerID = "%s"`+
		` and Hold is null and Deadline = "%s" and WaitsSince > "%s"`,
		this, engineer.Party, due.Format(time.RFC3339Nano), time.Now().Add(-time.Hour).Format(time.RFC3339)), o)
	require.Contains(t, o.details(), "Срок: "+due.In(order.Moscow).Format("02.01.2006 15:04 МСК"))

	registry := order.Actor{Role: order.RoleRegistry}
	o.requireApplied(registry, order.RegistryStatus, order.EngineerStatus{Engineer: engineer.Party, AsOf: time.Now()}, nil, order.Suspended)
	s.waitFound(this+`WaitsFor = "hold" and Hold = "registry" and Stage = "suspended" and Deadline is null`, o)
	require.Contains(t, o.details(), "Приостановил: реестр СРО, с ")

	o.requireRefused(customer, order.SignContract, signature, nil, order.CodeSuspended)
	testenv.Eventually(t, "the last refusal in the details", func() bool {
		return strings.Contains(o.details(), "Последний отказ: sign-contract — order_suspended (Заказ приостановлен")
	})
	o.requireApplied(customer, order.Cancel, nil, nil, order.Cancelled)
	o.waitClosed()
	s.waitFound(this+`Stage = "cancelled" and WaitsFor is null and Hold is null and ExecutionStatus = "Completed"`, o)
}

// Each step in the history has a Russian summary.
func TestTimersAndActivitiesHaveSummaries(t *testing.T) {
	acceptance.Covers(t, "B-6")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	o.toSelection(customer)
	state := o.requireInSync()
	deadline := state.Deadline()
	o.requireApplied(customer, order.Cancel, nil, nil, order.Cancelled)
	o.waitClosed()
	var timers, markers []string
	for _, e := range o.events("") {
		switch e.GetEventType() {
		case enumspb.EVENT_TYPE_TIMER_STARTED:
			timers = append(timers, text(t, e.GetUserMetadata().GetSummary()))
		case enumspb.EVENT_TYPE_MARKER_RECORDED:
			markers = append(markers, text(t, e.GetUserMetadata().GetSummary()))
		}
	}
	require.Equal(t, []string{"Срок заказа: " + deadline.In(order.Moscow).Format("02.01.2006 15:04")}, timers)
	require.Equal(t, []string{"«Создать новый»", "«Опубликовать заказ»", "«Отменить заказ»"}, markers)
	require.Equal(t, "Заказ кадастровых работ", text(t, o.describe().GetExecutionConfig().GetUserMetadata().GetSummary()))
}

// An order whose workflow is reset to an earlier point reaches the same state and writes nothing
// again.
func TestResetOrderEndsInTheSameState(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withoutAdvance), nil, order.Work)
	o.submitted(engineer)
	before, rows, events := o.requireInSync(), o.decidedIDs(), o.history()
	run := o.runID()
	_, err := s.temporal.WorkflowService().ResetWorkflowExecution(t.Context(), &workflowservice.ResetWorkflowExecutionRequest{
		Namespace:         client.DefaultNamespace,
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: workflowapi.OrderWorkflowID(o.id), RunId: run},
		Reason:            "проверка", WorkflowTaskFinishEventId: o.taskEnd(run, 3), RequestId: uuid.NewString(),
	})
	require.NoError(t, err)
	testenv.Eventually(t, "the new run", func() bool { return o.runID() != run })
	require.Equal(t, before, o.requireInSync())
	require.Equal(t, rows, o.decidedIDs())
	require.Equal(t, events, o.history())
	o.requireApplied(customer, order.ReturnResults, order.Remarks{}, order.Note{Note: "Нет координат"}, order.Work)
	o.requireInSync()
}

// taskEnd returns the event id at which the nth workflow task of a run was completed.
func (o *testOrder) taskEnd(run string, n int) int64 {
	o.t.Helper()
	for _, e := range o.events(run) {
		if e.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			if n--; n == 0 {
				return e.GetEventId()
			}
		}
	}
	o.t.Fatal("the run has fewer workflow tasks")
	return 0
}

// waitFound waits until an operators' query lists the order.
func (s *env) waitFound(query string, o *testOrder) {
	s.t.Helper()
	testenv.Eventually(s.t, "the order to be listed by "+query, func() bool {
		listed, err := s.temporal.ListWorkflow(s.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: client.DefaultNamespace, Query: query,
		})
		require.NoError(s.t, err)
		return len(listed.GetExecutions()) == 1 &&
			listed.GetExecutions()[0].GetExecution().GetWorkflowId() == workflowapi.OrderWorkflowID(o.id)
	})
}

// details returns the current details of the order in the Temporal UI.
func (o *testOrder) details() string {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), testenv.Timeout)
	defer cancel()
	answer, err := o.temporal.QueryWorkflow(ctx, workflowapi.OrderWorkflowID(o.id), "", "__temporal_workflow_metadata")
	require.NoError(o.t, err)
	var metadata sdkpb.WorkflowMetadata
	require.NoError(o.t, answer.Get(&metadata))
	return metadata.GetCurrentDetails()
}

func text(t testing.TB, payload *commonpb.Payload) string {
	t.Helper()
	if payload == nil {
		return ""
	}
	var s string
	require.NoError(t, converter.GetDefaultDataConverter().FromPayload(payload, &s))
	return s
}
