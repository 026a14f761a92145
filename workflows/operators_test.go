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

// Operators find orders by what they wait for, whose they are and since when, and read what to do.
func TestOperatorsFindOrders(t *testing.T) {
	acceptance.Covers(t, "B-1", "B-6", "S-16")
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	number := l.recorded().Number
	this := `WorkflowId = "` + workflowapi.OrderWorkflowID(l.id) + `" and `
	s.found(this+`WaitsFor = "publication" and Stage = "draft" and OrderNumber = "`+number+`" and RegionCode is null and Deadline is null`, l)
	require.Contains(t, l.details(), "**Заказ "+number+": Проект заказа.** Ждёт публикации заказа (заказчик) с ")

	signature := l.toContractSent(customer, engineer, bare)
	state := l.agrees()
	due := state.Deadline()
	s.found(fmt.Sprintf(`%sWaitsFor = "contract-signature" and Stage = "contract" and RegionCode = "77" and EngineerID = "%s"`+
		` and Hold is null and Deadline = "%s" and WaitsSince > "%s"`,
		this, engineer.Party, due.Format(time.RFC3339Nano), time.Now().Add(-time.Hour).Format(time.RFC3339)), l)
	require.Contains(t, l.details(), "Срок: "+due.In(order.Moscow).Format("02.01.2006 15:04 МСК"))

	registry := order.Actor{Role: order.RoleRegistry}
	l.must(registry, order.RegistryStatus, order.Standing{Engineer: engineer.Party, AsOf: time.Now()}, nil, order.Suspended)
	s.found(this+`WaitsFor = "hold" and Hold = "registry" and Stage = "suspended" and Deadline is null`, l)
	require.Contains(t, l.details(), "Приостановил: реестр СРО, с ")

	l.refused(customer, order.SignContract, signature, nil, order.CodeSuspended)
	testenv.Eventually(t, "the last refusal in the details", func() bool {
		return strings.Contains(l.details(), "Последний отказ: sign-contract — order_suspended (Заказ приостановлен")
	})
	l.must(customer, order.Cancel, nil, nil, order.Cancelled)
	l.finished()
	s.found(this+`Stage = "cancelled" and WaitsFor is null and Hold is null and ExecutionStatus = "Completed"`, l)
}

// The history itself says in Russian what each step was.
func TestTimersAndActivitiesHaveSummaries(t *testing.T) {
	acceptance.Covers(t, "B-6")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	l.toSelection(customer)
	state := l.agrees()
	deadline := state.Deadline()
	l.must(customer, order.Cancel, nil, nil, order.Cancelled)
	l.finished()
	var timers, markers []string
	for _, e := range l.events("") {
		switch e.GetEventType() {
		case enumspb.EVENT_TYPE_TIMER_STARTED:
			timers = append(timers, text(t, e.GetUserMetadata().GetSummary()))
		case enumspb.EVENT_TYPE_MARKER_RECORDED:
			markers = append(markers, text(t, e.GetUserMetadata().GetSummary()))
		}
	}
	require.Equal(t, []string{"Срок заказа: " + deadline.In(order.Moscow).Format("02.01.2006 15:04")}, timers)
	require.Equal(t, []string{"«Создать новый»", "«Опубликовать заказ»", "«Отменить заказ»"}, markers)
	require.Equal(t, "Заказ кадастровых работ", text(t, l.describe().GetExecutionConfig().GetUserMetadata().GetSummary()))
}

// An order whose workflow an operator resets to an earlier point comes to the same state, and writes nothing anew.
func TestResetOrderEndsInTheSameState(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, bare), nil, order.Work)
	l.submitted(engineer)
	before, rows, events := l.agrees(), l.judgedIDs(), l.history()
	run := l.run()
	_, err := s.temporal.WorkflowService().ResetWorkflowExecution(t.Context(), &workflowservice.ResetWorkflowExecutionRequest{
		Namespace:         client.DefaultNamespace,
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: workflowapi.OrderWorkflowID(l.id), RunId: run},
		Reason:            "проверка", WorkflowTaskFinishEventId: l.taskEnd(run, 3), RequestId: uuid.NewString(),
	})
	require.NoError(t, err)
	testenv.Eventually(t, "the new run", func() bool { return l.run() != run })
	require.Equal(t, before, l.agrees())
	require.Equal(t, rows, l.judgedIDs())
	require.Equal(t, events, l.history())
	l.must(customer, order.ReturnResults, order.Remarks{}, order.Note{Note: "Нет координат"}, order.Work)
	l.agrees()
}

// taskEnd is the event at which the nth workflow task of a run was completed.
func (l *life) taskEnd(run string, n int) int64 {
	l.t.Helper()
	for _, e := range l.events(run) {
		if e.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_TASK_COMPLETED {
			if n--; n == 0 {
				return e.GetEventId()
			}
		}
	}
	l.t.Fatal("so many workflow tasks there were not")
	return 0
}

// found waits until the query of an operator lists the order.
func (s *stage) found(query string, l *life) {
	s.t.Helper()
	testenv.Eventually(s.t, "operators to find it by "+query, func() bool {
		listed, err := s.temporal.ListWorkflow(s.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
			Namespace: client.DefaultNamespace, Query: query,
		})
		require.NoError(s.t, err)
		return len(listed.GetExecutions()) == 1 &&
			listed.GetExecutions()[0].GetExecution().GetWorkflowId() == workflowapi.OrderWorkflowID(l.id)
	})
}

// details are what the Temporal UI shows of the order.
func (l *life) details() string {
	l.t.Helper()
	ctx, cancel := context.WithTimeout(l.t.Context(), testenv.Patience)
	defer cancel()
	answer, err := l.temporal.QueryWorkflow(ctx, workflowapi.OrderWorkflowID(l.id), "", "__temporal_workflow_metadata")
	require.NoError(l.t, err)
	var metadata sdkpb.WorkflowMetadata
	require.NoError(l.t, answer.Get(&metadata))
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
