package workflows_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// documented is a query that the operators' manual gives under a name, for one order.
func documented(t testing.TB, name string, l *life) string {
	t.Helper()
	manual, err := os.ReadFile("../docs/operations.md")
	require.NoError(t, err)
	for line := range strings.Lines(string(manual)) {
		if query, found := strings.CutPrefix(line, `"`+name+`"`); found {
			return `WorkflowId = "` + workflowapi.OrderWorkflowID(l.id) + `" and (` + strings.TrimSpace(query) + `)`
		}
	}
	t.Fatalf("the manual has no query %q", name)
	return ""
}

// goesOnFrom starts the order's workflow anew from another state, recorded as its own, as if time had passed.
func (l *life) goesOnFrom(s order.State) {
	l.t.Helper()
	require.NoError(l.t, l.temporal.TerminateWorkflow(l.t.Context(), workflowapi.OrderWorkflowID(l.id), "", "проверка"))
	testenv.Exec(l.t, l.url, `update orders set state = $2 where id = $1`, l.id, encode(l.t, s))
	options := workflowapi.StartOptions(l.id, l.queue)
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	_, err := l.temporal.ExecuteWorkflow(l.t.Context(), options, workflowapi.OrderWorkflow, workflowapi.OrderInput{State: s})
	require.NoError(l.t, err)
}

// unfound waits until nothing but this order's other attributes is listed, so that a query that finds nothing is no accident of timing.
func (s *stage) unfound(query, until string, l *life) {
	s.t.Helper()
	s.found(until, l)
	listed, err := s.temporal.ListWorkflow(s.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Namespace: client.DefaultNamespace, Query: query})
	require.NoError(s.t, err)
	require.Empty(s.t, listed.GetExecutions(), query)
}

// Operators find an overdue order by the documented query from the moment when it becomes overdue, through a dispute, until the step is taken.
func TestOperatorsFindOverdueOrders(t *testing.T) {
	acceptance.Covers(t, "B-6", "S-34")
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, bare), nil, order.Work)
	this := `WorkflowId = "` + workflowapi.OrderWorkflowID(l.id) + `" and ExecutionStatus = "Running" and `
	query := documented(t, "Stuck: overdue", l)
	s.unfound(query, this+`WaitsFor = "results" and Deadline is not null`, l)

	state := l.agrees()
	require.Len(t, state.Dues, 1)
	due := time.Now().Add(2 * time.Second).UTC().Truncate(time.Millisecond)
	state.Dues[0].At = due
	l.goesOnFrom(state)
	s.found(query, l)
	s.found(this+`Overdue = true and WaitsFor = "results" and Deadline = "`+due.Format(time.RFC3339Nano)+`"`, l)
	require.True(t, l.agrees().Overdue)
	require.Contains(t, l.details(), "**Срок истёк "+due.In(order.Moscow).Format("02.01.2006 15:04 МСК"))
	require.True(t, testenv.Scalar[bool](t, l.url, `select overdue and deadline = $2 from orders where id = $1`, l.id, due))

	l.must(customer, order.OpenDispute, order.DisputeCall{Ground: order.GroundTermination}, order.Note{Note: "Срок прошёл"}, order.Work)
	s.found(this+`Overdue = true and WaitsFor = "settlement"`, l)
	s.found(query, l)
	require.Contains(t, l.details(), "**Срок шага истёк "+due.In(order.Moscow).Format("02.01.2006 15:04 МСК")+":** заказ ждал результатов работ (исполнитель).")

	l.submitted(engineer)
	s.unfound(query, this+`Stage = "acceptance" and Overdue is null and Deadline is not null`, l)
}

// An order that became overdue under a version that dropped the deadline is found by the same query, and gets both attributes back with
// the next message that changes it.
func TestOperatorsFindOrdersThatWereOverdueBefore(t *testing.T) {
	acceptance.Covers(t, "S-34")
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, bare), nil, order.Work)
	state := l.agrees()
	state.Overdue, state.Dues = true, nil
	l.goesOnFrom(state)
	this := `WorkflowId = "` + workflowapi.OrderWorkflowID(l.id) + `" and ExecutionStatus = "Running" and `
	s.found(this+`WaitsFor = "results" and Overdue is null and Deadline is null`, l)
	query := documented(t, "Stuck: overdue", l)
	s.found(query, l)

	l.must(customer, order.OpenDispute, order.DisputeCall{Ground: order.GroundTermination}, order.Note{Note: "Срок прошёл"}, order.Work)
	s.found(this+`Overdue = true and Deadline is not null and WaitsFor = "settlement"`, l)
	s.found(query, l)
}
