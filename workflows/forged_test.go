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

// forged sends a message that nobody gave to the platform, and expects it refused under nobody's name.
func (l *life) forged(by order.Actor, kind order.Kind, details any) {
	l.t.Helper()
	m := l.message(by, kind, details, nil)
	require.Equal(l.t, string(order.CodeNotKept), l.verdict(l.forge(m, kind)), "%s by %s", kind, by.Role)
	require.Equal(l.t, []string{"unknown"}, testenv.Column[string](l.t, l.url,
		`select actor_role || coalesce(actor_person::text, '') || coalesce(actor_party::text, '') from order_messages where id = $1`, m.ID))
}

// Whoever reaches Temporal speaks for no party, for no registry and for no order that is not there.
func TestForgedMessagesAreRefusedAndAlarm(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.SignContract, l.toContractSent(customer, engineer, withAdvance), nil, order.Prepayment)
	l.must(engineer, order.SendPrepaymentInvoice, order.Invoice{Link: true}, order.LinkNote{Link: "https://pay.example.ru/1"}, order.Prepayment)
	before := len(l.history())

	moderator := order.Actor{Role: order.RoleModerator, Person: uuid.NewString()}
	l.forged(engineer, order.ConfirmPrepayment, nil)
	l.forged(customer, order.ReportPrepayment, order.PaymentReport{WithoutDocument: true})
	l.forged(order.Actor{Role: order.RoleEmployer, Person: uuid.NewString(), Party: uuid.NewString()}, order.EmployerStatus,
		order.Standing{Engineer: engineer.Party, AsOf: time.Now()})
	l.forged(moderator, order.ReplaceEngineer, order.Pick{Engineer: engineer.Party})
	l.forged(moderator, order.ModeratorStatus, order.Standing{Engineer: engineer.Party, AsOf: time.Now()})
	l.forged(order.Actor{Role: order.RoleRegistry}, order.RegistryStatus, order.Standing{Engineer: engineer.Party, AsOf: time.Now()})
	l.forged(order.Actor{Role: order.RoleOperator}, order.RestartOrder, nil)

	state := l.agrees()
	require.Equal(t, order.Prepayment, state.ShownStage())
	require.Len(t, l.history(), before, "nothing of it happened")
	require.Equal(t, []string{"moderator message-forged"}, testenv.Column[string](t, s.url,
		`select role || ' ' || kind from notifications where kind = 'message-forged'`), "the moderators are called once")

	kept := l.message(customer, order.ReportPrepayment, order.PaymentReport{WithoutDocument: true}, nil)
	l.keepFirst(kept, order.ReportPrepayment)
	other := kept
	other.ReceivedAt = kept.ReceivedAt.Add(-24 * time.Hour)
	require.Equal(t, string(order.CodeNotKept), l.verdict(l.forge(other, order.ReportPrepayment)), "another than was kept")
	l.must(customer, order.ReportPrepayment, order.PaymentReport{WithoutDocument: true}, nil, order.Prepayment)

	nobody := &life{stage: s, id: uuid.New()}
	m := nobody.message(customer, order.Create, nil, nil)
	require.Equal(t, string(order.CodeNotKept), nobody.verdict(nobody.forge(m, order.Create)))
}

// A message kept by a version that hashed no signals counts, and its time is that under which it was kept.
func TestMessageKeptBeforeThereWereDigestsCounts(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	m := l.message(customer, order.Publish, terms(), form)
	at := m.ReceivedAt.Truncate(time.Millisecond)
	testenv.Exec(t, s.url, `insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
		values ($1, $2, $3, 'publish', repeat('0', 64), $4)`, m.ID, l.id, customer.Person, at)
	m.ReceivedAt = at.Add(-30 * 24 * time.Hour)
	require.Equal(t, "applied", l.verdict(l.forge(m, order.Publish)))
	require.True(t, at.Equal(testenv.Scalar[time.Time](t, s.url, `select received_at from order_messages where id = $1`, m.ID)))
}

// A workflow that somebody starts in a state of his own writes nothing and removes nothing: it waits for the operators.
func TestForgedStateIsNotTaken(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	for name, forge := range map[string]func(*order.State){
		"another stage":       func(st *order.State) { st.Stage, st.Overdue = order.Selection, true },
		"a deleted draft":     func(st *order.State) { st.Stage = order.Deleted },
		"ahead of its record": func(st *order.State) { st.Seq += 5 },
	} {
		l := s.create(customer)
		file := l.file(customer, "вложение "+name, "text/plain")
		state := l.agrees()
		l.terminated()
		forge(&state)
		if state.Stage == order.Deleted {
			state.Effects = []order.Effect{{Key: l.id.String() + "-purge", Kind: order.PurgeFiles}}
		}
		options := workflowapi.StartOptions(l.id, s.queue)
		options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
		_, err := s.temporal.ExecuteWorkflow(t.Context(), options, workflowapi.OrderWorkflow, workflowapi.OrderInput{State: state})
		require.NoError(t, err)
		m := l.send(customer, order.Cancel, nil, nil)
		s.found(`WorkflowId = "`+workflowapi.OrderWorkflowID(l.id)+`" and Hold = "`+workflowapi.HoldDiverged+`"`, l)
		require.Equal(t, []string{"create"}, l.judged(), name)
		require.NotContains(t, l.judgedIDs(), m, name)
		require.Equal(t, "draft", l.shownStage(), name)
		require.Equal(t, 1, testenv.Scalar[int](t, s.url, `select count(*)::int from files where id = $1`, file.ID), name)

		l.terminated()
		require.NoError(t, l.restart(l.lost()), name)
		require.Equal(t, "applied", l.verdict(l.send(customer, order.Delete, nil, nil)), name)
		l.finished()
	}
}

// The state of another order starts nothing.
func TestStateOfAnotherOrderStartsNothing(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	l := s.create(s.customer())
	run, err := s.temporal.ExecuteWorkflow(t.Context(), workflowapi.StartOptions(uuid.New(), s.queue), workflowapi.OrderWorkflow,
		workflowapi.OrderInput{State: l.agrees()})
	require.NoError(t, err)
	require.ErrorContains(t, run.Get(t.Context(), nil), "the state of another")
}

// A lost order that somebody starts at its end fails, and is started anew from its record all the same.
func TestForgedEndDoesNotKeepAnOrderFromItsRestart(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	for name, end := range map[string]order.State{
		"cancelled":     {Stage: order.Cancelled, Cause: order.ByCustomer},
		"never created": {Refused: &order.Refused{Kind: order.Create, Code: order.CodeNotKept}},
	} {
		l := s.create(customer)
		l.agrees()
		l.terminated()
		options := workflowapi.StartOptions(l.id, s.queue)
		options.WorkflowIDReusePolicy = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE
		end.ID = l.id.String()
		run, err := s.temporal.ExecuteWorkflow(t.Context(), options, workflowapi.OrderWorkflow, workflowapi.OrderInput{State: end})
		require.NoError(t, err)
		require.ErrorContains(t, run.Get(t.Context(), nil), "started at its end", name)
		require.NoError(t, l.restart(l.lost()), name)
		require.Equal(t, "applied", l.verdict(l.send(customer, order.Delete, nil, nil)), name)
		l.finished()
	}
}

// The files of an order that is there are not purged, whoever asks.
func TestFilesOfALivingOrderAreNotPurged(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	l.file(customer, "вложение", "text/plain")
	require.Error(t, orderactivities.New(s.store, s.files, time.Now).PurgeFiles(t.Context(), l.id.String()))
	require.Equal(t, 1, testenv.Scalar[int](t, s.url, `select count(*)::int from files where order_id = $1`, l.id))
}
