package workflows_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"

	orderactivities "epkr/activities/orders"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// requireForgedRefused sends a message that the platform has not stored, and requires that it is
// refused and recorded without a name.
func (o *testOrder) requireForgedRefused(by order.Actor, kind order.Kind, details any) {
	o.t.Helper()
	m := o.message(by, kind, details, nil)
	require.Equal(o.t, string(order.CodeNotStored), o.verdict(o.sendUnstored(m, kind)), "%s by %s", kind, by.Role)
	require.Equal(o.t, []string{"unknown"}, testenv.Column[string](o.t, o.url,
		`select actor_role || coalesce(actor_person::text, '') || coalesce(actor_party::text, '') from order_messages where id = $1`, m.ID))
}

// A client of Temporal cannot act for a party, for the registry or for an order that does not
// exist.
func TestForgedMessagesAreRefusedAndAlarm(t *testing.T) {
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.SignContract, o.toContractSent(customer, engineer, withAdvance), nil, order.Prepayment)
	o.requireApplied(engineer, order.SendPrepaymentInvoice, order.Invoice{Link: true}, order.LinkNote{Link: "https://pay.example.ru/1"}, order.Prepayment)
	before := len(o.history())

	moderator := order.Actor{Role: order.RoleModerator, Person: uuid.NewString()}
	o.requireForgedRefused(engineer, order.ConfirmPrepayment, nil)
	o.requireForgedRefused(customer, order.ReportPrepayment, order.PaymentReport{WithoutDocument: true})
	o.requireForgedRefused(order.Actor{Role: order.RoleEmployer, Person: uuid.NewString(), Party: uuid.NewString()}, order.EmployerStatus,
		order.EngineerStatus{Engineer: engineer.Party, AsOf: time.Now()})
	o.requireForgedRefused(moderator, order.ReplaceEngineer, order.EngineerChoice{Engineer: engineer.Party})
	o.requireForgedRefused(moderator, order.ModeratorStatus, order.EngineerStatus{Engineer: engineer.Party, AsOf: time.Now()})
	o.requireForgedRefused(order.Actor{Role: order.RoleRegistry}, order.RegistryStatus, order.EngineerStatus{Engineer: engineer.Party, AsOf: time.Now()})
	o.requireForgedRefused(order.Actor{Role: order.RoleOperator}, order.RestartOrder, nil)

	state := o.requireInSync()
	require.Equal(t, order.Prepayment, state.ShownStage())
	require.Len(t, o.history(), before, "nothing was applied")
	require.Equal(t, []string{"moderator message-forged"}, testenv.Column[string](t, s.url,
		`select role || ' ' || kind from notifications where kind = 'message-forged'`), "the moderators are notified once")

	kept := o.message(customer, order.ReportPrepayment, order.PaymentReport{WithoutDocument: true}, nil)
	o.storeRequest(kept, order.ReportPrepayment)
	other := kept
	other.ReceivedAt = kept.ReceivedAt.Add(-24 * time.Hour)
	require.Equal(t, string(order.CodeNotStored), o.verdict(o.sendUnstored(other, order.ReportPrepayment)), "not the stored request")
	o.requireApplied(customer, order.ReportPrepayment, order.PaymentReport{WithoutDocument: true}, nil, order.Prepayment)

	nobody := &testOrder{env: s, id: uuid.New()}
	m := nobody.message(customer, order.Create, nil, nil)
	require.Equal(t, string(order.CodeNotStored), nobody.verdict(nobody.sendUnstored(m, order.Create)))
}

// A request stored by a version without digests is accepted, with the time at which it was stored.
func TestRequestWithoutADigestIsAccepted(t *testing.T) {
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	m := o.message(customer, order.Publish, terms(), form)
	at := m.ReceivedAt.Truncate(time.Millisecond)
	testenv.Exec(t, s.url, `insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
		values ($1, $2, $3, 'publish', repeat('0', 64), $4)`, m.ID, o.id, customer.Person, at)
	m.ReceivedAt = at.Add(-30 * 24 * time.Hour)
	require.Equal(t, "applied", o.verdict(o.sendUnstored(m, order.Publish)))
	require.True(t, at.Equal(testenv.Scalar[time.Time](t, s.url, `select received_at from order_messages where id = $1`, m.ID)))
}

// A workflow started with a forged state writes and removes nothing; it waits for the operators.
func TestForgedStateIsNotRecorded(t *testing.T) {
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	for name, forge := range map[string]func(*order.State){
		"another stage":       func(st *order.State) { st.Stage, st.Overdue = order.Selection, true },
		"a deleted draft":     func(st *order.State) { st.Stage = order.Deleted },
		"ahead of its record": func(st *order.State) { st.Seq += 5 },
	} {
		o := s.create(customer)
		file := o.file(customer, "вложение "+name, "text/plain")
		state := o.requireInSync()
		o.terminate()
		forge(&state)
		if state.Stage == order.Deleted {
			state.Effects = []order.Effect{{Key: o.id.String() + "-purge", Kind: order.PurgeFiles}}
		}
		options := workflowapi.StartOptions(o.id, s.queue)
		options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
		_, err := s.temporal.ExecuteWorkflow(t.Context(), options, workflowapi.OrderWorkflow, workflowapi.OrderInput{State: state})
		require.NoError(t, err)
		m := o.send(customer, order.Cancel, nil, nil)
		s.waitFound(`WorkflowId = "`+workflowapi.OrderWorkflowID(o.id)+`" and Hold = "`+workflowapi.HoldDiverged+`"`, o)
		require.Equal(t, []string{"create"}, o.decidedKinds(), name)
		require.NotContains(t, o.decidedIDs(), m, name)
		require.Equal(t, "draft", o.shownStage(), name)
		require.Equal(t, 1, testenv.Scalar[int](t, s.url, `select count(*)::int from files where id = $1`, file.ID), name)

		o.terminate()
		require.NoError(t, o.restart(o.findLost()), name)
		require.Equal(t, "applied", o.verdict(o.send(customer, order.Delete, nil, nil)), name)
		o.waitClosed()
	}
}

// A workflow cannot be started with the state of another order.
func TestStateOfAnotherOrderStartsNothing(t *testing.T) {
	t.Parallel()
	s := newEnv(t)
	o := s.create(s.customer())
	run, err := s.temporal.ExecuteWorkflow(t.Context(), workflowapi.StartOptions(uuid.New(), s.queue), workflowapi.OrderWorkflow,
		workflowapi.OrderInput{State: o.requireInSync()})
	require.NoError(t, err)
	require.ErrorContains(t, run.Get(t.Context(), nil), "the state of another")
}

// A lost order that somebody starts with a final state fails, and can still be restarted from its
// record.
func TestForgedEndDoesNotPreventARestart(t *testing.T) {
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	for name, end := range map[string]order.State{
		"cancelled":     {Stage: order.Cancelled, Cause: order.ByCustomer},
		"never created": {Refused: &order.Refused{Kind: order.Create, Code: order.CodeNotStored}},
	} {
		o := s.create(customer)
		o.requireInSync()
		o.terminate()
		options := workflowapi.StartOptions(o.id, s.queue)
		options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
		end.ID = o.id.String()
		run, err := s.temporal.ExecuteWorkflow(t.Context(), options, workflowapi.OrderWorkflow, workflowapi.OrderInput{State: end})
		require.NoError(t, err)
		require.ErrorContains(t, run.Get(t.Context(), nil), "started at its end", name)
		require.NoError(t, o.restart(o.findLost()), name)
		require.Equal(t, "applied", o.verdict(o.send(customer, order.Delete, nil, nil)), name)
		o.waitClosed()
	}
}

// The files of an existing order are never purged.
func TestFilesOfAnExistingOrderAreNotPurged(t *testing.T) {
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	o.file(customer, "вложение", "text/plain")
	require.Error(t, orderactivities.New(s.store, s.files, time.Now).PurgeFiles(t.Context(), o.id.String()))
	require.Equal(t, 1, testenv.Scalar[int](t, s.url, `select count(*)::int from files where order_id = $1`, o.id))
}
