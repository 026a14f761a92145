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

// documentedQuery returns the query with this name in the operators' manual, restricted to one
// order.
func documentedQuery(t testing.TB, name string, o *testOrder) string {
	t.Helper()
	manual, err := os.ReadFile("../docs/operations.md")
	require.NoError(t, err)
	for line := range strings.Lines(string(manual)) {
		if query, found := strings.CutPrefix(line, `"`+name+`"`); found {
			return `WorkflowId = "` + workflowapi.OrderWorkflowID(o.id) + `" and (` + strings.TrimSpace(query) + `)`
		}
	}
	t.Fatalf("the manual has no query %q", name)
	return ""
}

// restartFrom restarts the order's workflow from another state, which it also writes to the row, as
// if time had passed.
func (o *testOrder) restartFrom(s order.State) {
	o.t.Helper()
	require.NoError(o.t, o.temporal.TerminateWorkflow(o.t.Context(), workflowapi.OrderWorkflowID(o.id), "", "проверка"))
	testenv.Exec(o.t, o.url, `update orders set state = $2 where id = $1`, o.id, encode(o.t, s))
	options := workflowapi.StartOptions(o.id, o.queue)
	options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
	_, err := o.temporal.ExecuteWorkflow(o.t.Context(), options, workflowapi.OrderWorkflow, workflowapi.OrderInput{State: s})
	require.NoError(o.t, err)
}

// requireNotFound waits until the query `until` finds the order and then requires that query finds
// nothing. An empty result is then not caused by a delayed index.
func (s *env) requireNotFound(query, until string, o *testOrder) {
	s.t.Helper()
	s.waitFound(until, o)
	listed, err := s.temporal.ListWorkflow(s.t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Namespace: client.DefaultNamespace, Query: query})
	require.NoError(s.t, err)
	require.Empty(s.t, listed.GetExecutions(), query)
}

// The documented query finds an overdue order from its deadline, through a dispute, until the step
// is taken.
func TestOperatorsFindOverdueOrders(t *testing.T) {
	acceptance.Covers(t, "B-6", "S-34")
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withoutAdvance), nil, order.Work)
	this := `WorkflowId = "` + workflowapi.OrderWorkflowID(o.id) + `" and ExecutionStatus = "Running" and `
	query := documentedQuery(t, "Stuck: overdue", o)
	s.requireNotFound(query, this+`WaitsFor = "results" and Deadline is not null`, o)

	state := o.requireInSync()
	require.Len(t, state.Dues, 1)
	due := time.Now().Add(2 * time.Second).UTC().Truncate(time.Millisecond)
	state.Dues[0].At = due
	o.restartFrom(state)
	s.waitFound(query, o)
	s.waitFound(this+`Overdue = true and WaitsFor = "results" and Deadline = "`+due.Format(time.RFC3339Nano)+`"`, o)
	require.True(t, o.requireInSync().Overdue)
	require.Contains(t, o.details(), "**Срок истёк "+due.In(order.Moscow).Format("02.01.2006 15:04 МСК"))
	require.True(t, testenv.Scalar[bool](t, o.url, `select overdue and deadline = $2 from orders where id = $1`, o.id, due))

	o.requireApplied(customer, order.OpenDispute, order.DisputeCall{Ground: order.GroundTermination}, order.Note{Note: "Срок прошёл"}, order.Work)
	s.waitFound(this+`Overdue = true and WaitsFor = "settlement"`, o)
	s.waitFound(query, o)
	require.Contains(t, o.details(), "**Срок шага истёк "+due.In(order.Moscow).Format("02.01.2006 15:04 МСК")+":** заказ ждал результатов работ (исполнитель).")

	o.submitted(engineer)
	s.requireNotFound(query, this+`Stage = "acceptance" and Overdue is null and Deadline is not null`, o)
}

// The query also finds an order that became overdue under a version that dropped the deadline. The
// next message that changes the order sets both attributes again.
func TestOperatorsFindOrdersOverdueInOlderVersions(t *testing.T) {
	acceptance.Covers(t, "S-34")
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withoutAdvance), nil, order.Work)
	state := o.requireInSync()
	state.Overdue, state.Dues = true, nil
	o.restartFrom(state)
	this := `WorkflowId = "` + workflowapi.OrderWorkflowID(o.id) + `" and ExecutionStatus = "Running" and `
	s.waitFound(this+`WaitsFor = "results" and Overdue is null and Deadline is null`, o)
	query := documentedQuery(t, "Stuck: overdue", o)
	s.waitFound(query, o)

	o.requireApplied(customer, order.OpenDispute, order.DisputeCall{Ground: order.GroundTermination}, order.Note{Note: "Срок прошёл"}, order.Work)
	s.waitFound(this+`Overdue = true and Deadline is not null and WaitsFor = "settlement"`, o)
	s.waitFound(query, o)
}
