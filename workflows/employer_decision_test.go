package workflows_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// employment is an employer with one of its engineers.
type employment struct {
	n                *registryEnv
	id, org          uuid.UUID
	engineer, person order.Actor
	version          int32
}

// employed makes the engineer and his colleagues confirmed employees and returns the engineer's
// employment. person acts for the employer.
func (n *registryEnv) employed(engineer order.Actor, colleagues ...order.Actor) *employment {
	n.t.Helper()
	n.employ(append(colleagues, engineer)...)
	testenv.Exec(n.t, n.url, `select carry_employments()`)
	m := &employment{n: n, engineer: engineer, version: 1}
	m.id = testenv.Scalar[uuid.UUID](n.t, n.url, `select id from employments where engineer_id = $1`, engineer.Party)
	m.org = testenv.Scalar[uuid.UUID](n.t, n.url, `select employer_id from employments where id = $1`, m.id)
	m.person = order.Actor{Role: order.RoleEmployer, Person: n.customer().Person, Party: m.org.String()}
	return m
}

// write changes the employment as the API does, without telling the orders.
func (m *employment) write(status string, reselected ...*testOrder) {
	m.n.t.Helper()
	m.version++
	at := time.Now().UTC().Truncate(time.Microsecond)
	testenv.Exec(m.n.t, m.n.url, `update employments set status = $2, version = $3, status_at = $4, status_by = $5 where id = $1`,
		m.id, status, m.version, at, m.person.Person)
	for _, o := range reselected {
		testenv.Exec(m.n.t, m.n.url, `insert into employment_answers (employment_id, order_id, status_at, answer) values ($1, $2, $3, 'reselect')`, m.id, o.id, at)
	}
	employer := &m.org
	if status == "removed" {
		employer = nil
	}
	testenv.Exec(m.n.t, m.n.url, `update engineers set employer_id = $2, employment = $3 where id = $1`, m.engineer.Party, employer, status)
	testenv.Exec(m.n.t, m.n.url, `update parties set active_engineers = count_active_engineers(id) where id = $1`, m.org)
}

// tell runs the workflow that tells the orders.
func (m *employment) tell() workflowapi.EngineerStatusReport {
	m.n.t.Helper()
	run, err := m.n.temporal.ExecuteWorkflow(m.n.t.Context(), workflowapi.EmployerDecisionOptions(m.id, m.version, m.n.queue), workflowapi.EmployerDecisionWorkflow)
	require.NoError(m.n.t, err)
	var report workflowapi.EngineerStatusReport
	require.NoError(m.n.t, run.Get(m.n.t.Context(), &report))
	return report
}

func (m *employment) change(status string, reselected ...*testOrder) workflowapi.EngineerStatusReport {
	m.n.t.Helper()
	m.write(status, reselected...)
	return m.tell()
}

func status(engineer order.Actor, active bool) order.EngineerStatus {
	return order.EngineerStatus{Engineer: engineer.Party, Active: active, AsOf: time.Now().UTC()}
}

// A suspension holds every order that the engineer performs for this employer and ends his
// responses and offers; new ones are refused. The resumption lifts the holds, except a manual one.
func TestSuspensionHoldsAllOrdersOfTheEngineer(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-29", "R-EMP-7")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer, colleague := n.customer(), n.engineerOf(7), n.engineerOf(8)
	m := n.employed(engineer, colleague)
	bid := order.Bid{Price: price, TermDays: 20}
	work, manual, contracting := n.orderInWork(customer, engineer), n.orderInWork(customer, engineer), n.create(customer)
	others := n.orderInWork(customer, colleague)
	contracting.toSelection(customer)
	contracting.toContracting(customer, engineer)
	open, responded, offered := n.create(customer), n.create(customer), n.create(customer)
	for _, o := range []*testOrder{open, responded, offered} {
		o.toSelection(customer)
	}
	responded.requireApplied(engineer, order.Respond, bid, nil, order.Selection)
	responded.requireApplied(colleague, order.Respond, bid, nil, order.Selection)
	offered.requireApplied(customer, order.OfferOrder, order.EngineerChoice{Engineer: engineer.Party}, nil, order.Selection)
	manual.requireApplied(m.person, order.EmployerStatus, status(engineer, false), order.Note{Note: "проверка"}, order.Suspended)

	require.Equal(t, 4, m.change("suspended").Notified)
	for _, o := range []*testOrder{work, manual, contracting} {
		o.waitStage(order.Suspended)
	}
	testenv.Eventually(t, "the response and the offer to end", func() bool {
		r, o := responded.rowState(), offered.rowState()
		return len(r.Responses) == 1 && o.Offer == nil
	})
	require.Equal(t, string(order.Work), others.shownStage())
	open.requireRefused(engineer, order.Respond, bid, nil, order.CodeByEmployer)
	open.requireRefused(colleague, order.Respond, bid, nil, order.CodeOnlyEngineer)
	m.version++ // a workflow of its own
	require.Zero(t, m.tell().Notified, "nothing is left to tell")

	work.requireRefused(m.person, order.EmployerStatus, status(engineer, true), order.Note{Note: "верните"}, order.CodeByEmployer)
	require.Equal(t, 3, m.change("confirmed").Notified)
	work.waitStage(order.Work)
	contracting.waitStage(order.Contracting)
	require.Equal(t, string(order.Suspended), manual.shownStage(), "a manual hold is lifted manually")
	manual.requireApplied(m.person, order.EmployerStatus, status(engineer, true), order.Note{Note: "проверено"}, order.Work)
	open.requireApplied(engineer, order.Respond, bid, nil, order.Selection)
}

// A removal gives the orders before both signatures back to the choice of a performer if the employer
// says so, even those that a suspension has held; the others stay held, also while the engineer works
// for another employer.
func TestRemovalSettlesEachOrder(t *testing.T) {
	acceptance.Covers(t, "S-29", "S-17")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer, colleague, third := n.customer(), n.engineerOf(7), n.engineerOf(8), n.engineerOf(9)
	m := n.employed(engineer, colleague, n.engineerOf(10))
	signed, back, kept := n.orderInWork(customer, engineer), n.create(customer), n.create(customer)
	for _, o := range []*testOrder{back, kept} {
		o.toSelection(customer)
		for _, e := range []order.Actor{engineer, third} {
			o.requireApplied(e, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
		}
		o.requireApplied(customer, order.Choose, order.EngineerChoice{Engineer: engineer.Party}, nil, order.Contracting)
	}
	require.Equal(t, 3, m.change("suspended").Notified)
	back.waitStage(order.Suspended)
	require.Equal(t, 1, m.change("removed", back).Notified, "the holds stand already")
	back.waitStage(order.Selection)
	s := back.rowState()
	require.Nil(t, s.Performer)
	require.Len(t, s.Responses, 1, "the response of the other engineer stands again")
	require.Equal(t, third.Party, s.Responses[0].Engineer)
	for kind, to := range map[string]order.Actor{"recalled": customer, "recalled-by-employer": engineer, "reopened": third} {
		require.Equal(t, 1, testenv.Scalar[int](t, n.url, `select count(*)::int from notifications where order_id = $1 and kind = $2 and party_id = $3`, back.id, kind, to.Party), kind)
	}
	back.requireApplied(customer, order.Choose, order.EngineerChoice{Engineer: third.Party}, nil, order.Contracting)
	require.Equal(t, string(order.Suspended), signed.shownStage())
	require.Equal(t, string(order.Suspended), kept.shownStage())

	other := &employment{n: n, id: uuid.New(), org: uuid.New(), engineer: engineer, person: m.person}
	testenv.Exec(t, n.url, `insert into parties (id, kind, name, ogrn, is_employer, active_engineers) values ($1, 'organisation', 'АО', '2', true, 2)`, other.org)
	testenv.Exec(t, n.url, `insert into employments (id, engineer_id, employer_id, status, asked_by, asked_at, changed_at) values ($1, $2, $3, 'pending', 'engineer', now(), now())`,
		other.id, engineer.Party, other.org)
	require.Zero(t, other.change("confirmed").Notified)
	require.Equal(t, string(order.Suspended), signed.shownStage(), "the new employer does not inherit it")
	kept.requireApplied(customer, order.DismissEngineer, nil, nil, order.Selection)
	moderator := n.customer()
	moderator.Role, moderator.Party = order.RoleModerator, ""
	signed.requireApplied(moderator, order.ReplaceEngineer, order.EngineerChoice{Engineer: colleague.Party}, order.Note{Note: "замена"}, order.Work)
}

// While no workflow runs the facts hold already; the next sync of the registry tells the orders.
func TestSyncTellsOrdersOfAnEmployersDecision(t *testing.T) {
	acceptance.Covers(t, "S-29", "S-16")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer := n.customer(), n.engineerOf(7)
	m := n.employed(engineer, n.engineerOf(8))
	o, open := n.orderInWork(customer, engineer), n.create(customer)
	open.toSelection(customer)
	m.write("suspended")
	open.requireRefused(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.CodeByEmployer)
	require.Equal(t, 1, n.publishAndSync().Notified)
	o.waitStage(order.Suspended)
	require.Zero(t, n.publishAndSync().Notified)
	n.requireReplays(n.syncID())
}

// Nobody but the employer who decided moves an order by such a message, and an outdated one does not.
func TestEmployersDecisionMustBeTheStoredOne(t *testing.T) {
	acceptance.Covers(t, "S-29")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer := n.customer(), n.engineerOf(7)
	m := n.employed(engineer, n.engineerOf(8))
	o := n.orderInWork(customer, engineer)
	forged := func(by order.Actor, st order.EngineerStatus) string {
		return o.verdict(o.sendUnstored(o.message(by, order.EmployerStatus, st, nil), order.EmployerStatus))
	}
	require.Equal(t, string(order.CodeNotStored), forged(m.person, status(engineer, false)), "nobody decided it")
	m.write("suspended")
	stored := order.EngineerStatus{Engineer: engineer.Party, AsOf: testenv.Scalar[time.Time](t, n.url, `select status_at from employments where id = $1`, m.id).UTC()}
	stranger := m.person
	stranger.Party = uuid.NewString()
	require.Equal(t, string(order.CodeNotStored), forged(stranger, stored), "another employer")
	m.write("confirmed")
	require.Equal(t, string(order.CodeOutdatedStatus), forged(m.person, stored), "on its way while the employer decided again")
	require.Equal(t, string(order.Work), o.shownStage())
	// Through the API such a message needs a text.
	o.requireRefused(m.person, order.EmployerStatus, status(engineer, false), nil, order.CodeNoReason)
}
