package order_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

const storedOrderID = "11111111-1111-4111-8111-111111111111"

func sentMessage() order.Message {
	return order.Message{
		ID: "22222222-2222-4222-8222-222222222222", Kind: order.ReturnContract, Actor: customer, ReceivedAt: start,
		Body:    &order.BodyRef{ID: "text", SHA256: sum("text")},
		Details: json.RawMessage(`{"note":"a<b&c>d","n":[1,2]}`),
	}
}

func digest(t testing.TB, m order.Message, orderID string) string {
	t.Helper()
	d, err := m.Digest(orderID)
	require.NoError(t, err)
	return d
}

// JSON encoders on the way do not change the digest.
func TestDigestIgnoresEncoding(t *testing.T) {
	m := sentMessage()
	want := digest(t, m, storedOrderID)

	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent(" ", "  ")
	require.NoError(t, encoder.Encode(m))
	escaped, err := json.Marshal(m)
	require.NoError(t, err)
	for _, way := range [][]byte{plain.Bytes(), escaped} {
		came := order.ParseMessage(string(m.Kind), way)
		require.Empty(t, came.Unreadable)
		require.Equal(t, want, digest(t, came, storedOrderID), "%s", way)
	}
}

// The digest covers every part of a message that the decision reads.
func TestDigestCoversEveryPart(t *testing.T) {
	want := digest(t, sentMessage(), storedOrderID)
	require.NotEqual(t, want, digest(t, sentMessage(), "33333333-3333-4333-8333-333333333333"), "the order")
	for what, change := range map[string]func(*order.Message){
		"id":              func(m *order.Message) { m.ID = "other" },
		"kind":            func(m *order.Message) { m.Kind = order.Cancel },
		"role":            func(m *order.Message) { m.Actor.Role = order.RoleEngineer },
		"person":          func(m *order.Message) { m.Actor.Person = "other" },
		"party":           func(m *order.Message) { m.Actor.Party = "other" },
		"time":            func(m *order.Message) { m.ReceivedAt = m.ReceivedAt.Add(-time.Millisecond) },
		"text":            func(m *order.Message) { m.Body = nil },
		"text id":         func(m *order.Message) { m.Body = &order.BodyRef{ID: "other", SHA256: m.Body.SHA256} },
		"text hash":       func(m *order.Message) { m.Body = &order.BodyRef{ID: m.Body.ID, SHA256: sum("other")} },
		"details":         func(m *order.Message) { m.Details = nil },
		"a details value": func(m *order.Message) { m.Details = json.RawMessage(`{"note":"a<b&c>d","n":[2,1]}`) },
		"a doubled key": func(m *order.Message) {
			m.Details = json.RawMessage(`{"n":[2,1],"note":"a<b&c>d","n":[1,2]}`)
		},
		"reason": func(m *order.Message) { m.Reason = "other" },
	} {
		m := sentMessage()
		change(&m)
		require.NotEqual(t, want, digest(t, m, storedOrderID), what)
	}
}

// A message matches the stored one only if person, order, kind and content match; for one stored
// before digests existed, the first three.
func TestStoredMessageMatches(t *testing.T) {
	m := sentMessage()
	stored := order.StoredMessage{Order: storedOrderID, Person: m.Actor.Person, Kind: m.Kind, Digest: digest(t, m, storedOrderID), At: m.ReceivedAt}
	require.True(t, stored.Matches(m, storedOrderID))
	require.False(t, (*order.StoredMessage)(nil).Matches(m, storedOrderID))

	forged := m
	forged.Details = nil
	require.False(t, stored.Matches(forged, storedOrderID))
	early := stored
	early.Digest = ""
	require.True(t, early.Matches(forged, storedOrderID), "stored by a version without digests")
	for what, other := range map[string]order.StoredMessage{
		"order":  {Order: "other", Person: stored.Person, Kind: stored.Kind},
		"person": {Order: storedOrderID, Person: "other", Kind: stored.Kind},
		"kind":   {Order: storedOrderID, Person: stored.Person, Kind: order.Cancel},
	} {
		require.False(t, other.Matches(m, storedOrderID), what)
	}
}

// A message that did not come through the platform is refused, whatever it asks and whomever it
// names. Messages of senders without an account need not be stored.
func TestMessageThatWasNotStoredIsRefused(t *testing.T) {
	for _, actor := range testActors {
		m := message(order.Cancel, actor.who, nil)
		role := actor.who.Role
		person := role != order.RoleOperator && role != order.RoleRegistry && role != order.RolePlatform
		require.Equal(t, person, order.MustBeStored(m), actor.name)
	}
	require.True(t, order.MustBeStored(message(order.RestartOrder, operator, nil)))

	l := claimed(t)
	for kind, who := range map[order.Kind]order.Actor{order.ConfirmPayment: performer, order.Rate: customer, order.ReplaceEngineer: moderator} {
		m := message(kind, who, nil)
		f := factsFor(&l.s, m, l.now)
		f.NotStored = true
		d := decide(t, l.s, m, f)
		require.Equal(t, order.CodeNotStored, d.Code, kind)
	}
}

// A sender without a party may not name one: the history would show that party's name.
func TestOperatorNamesNoParty(t *testing.T) {
	l := claimed(t).fireUntilOverdue()
	m := message(order.ConfirmPayment, operator, nil)
	m.Actor.Party = customer.Party
	require.Equal(t, order.CodeUnreadable, decide(t, l.s, m, factsFor(&l.s, m, l.now)).Code)
	m.Actor.Party = ""
	require.Equal(t, order.Applied, decide(t, l.s, m, factsFor(&l.s, m, l.now)).Verdict)
}

// A status counts if the platform has stored it for the engineer. A superseded one is outdated; any
// other is forged.
func TestStatusMustMatchTheStoredOne(t *testing.T) {
	at := start
	status := func(active bool, asOf time.Time) order.Message {
		return message(order.RegistryStatus, registry, order.EngineerStatus{Engineer: performer.Party, Active: active, AsOf: asOf})
	}
	engineer, source := order.RequiredStatusSource(status(false, at))
	require.Equal(t, performer.Party, engineer)
	require.Equal(t, order.BySourceRegistry, source)
	for name, c := range map[string]struct {
		stored                *order.StoredStatus
		m                     order.Message
		confirmed, superseded bool
	}{
		"the same":                  {&order.StoredStatus{Active: false, AsOf: at}, status(false, at), true, false},
		"the same, an older date":   {&order.StoredStatus{Active: false, AsOf: at}, status(false, at.Add(-time.Hour)), true, false},
		"newer than the stored one": {&order.StoredStatus{Active: false, AsOf: at}, status(false, at.Add(time.Second)), false, false},
		"different, same date":      {&order.StoredStatus{Active: true, AsOf: at}, status(false, at), false, false},
		"different, superseded":     {&order.StoredStatus{Active: true, AsOf: at}, status(false, at.Add(-time.Hour)), false, true},
		"an unknown engineer":       {nil, status(false, at), false, false},
	} {
		confirmed, superseded := c.stored.Compare(c.m)
		require.Equal(t, c.confirmed, confirmed, name)
		require.Equal(t, c.superseded, superseded, name)
	}

	decision := message(order.ModeratorStatus, moderator, order.EngineerStatus{Engineer: performer.Party, AsOf: at})
	confirmed, _ := (&order.StoredStatus{AsOf: at, Person: moderator.Person}).Compare(decision)
	require.True(t, confirmed)
	confirmed, superseded := (&order.StoredStatus{AsOf: at, Person: "another"}).Compare(decision)
	require.False(t, confirmed || superseded, "another moderator's decision")
	confirmed, superseded = (&order.StoredStatus{AsOf: at.Add(time.Hour), Person: "another"}).Compare(decision)
	require.True(t, !confirmed && superseded, "another moderator has decided since")

	l := work(t, 0, false)
	m := status(false, l.now)
	f := factsFor(&l.s, m, l.now)
	f.Superseded = true
	require.Equal(t, order.CodeOutdatedStatus, decide(t, l.s, m, f).Code)
}

// A source cannot date its status in the future: that would make every later status outdated.
func TestStatusDatedInTheFutureIsRefused(t *testing.T) {
	l := work(t, 0, false)
	for _, c := range []struct {
		kind  order.Kind
		who   order.Actor
		ahead time.Duration
	}{
		{order.RegistryStatus, registry, 2 * time.Hour},
		{order.ModeratorStatus, moderator, 2 * time.Minute},
		{order.EmployerStatus, employer, 2 * time.Minute},
	} {
		st := order.EngineerStatus{Engineer: performer.Party, AsOf: l.now.Add(c.ahead)}
		m := message(c.kind, c.who, st)
		require.Equal(t, order.CodeBadDetails, decide(t, l.s, m, factsFor(&l.s, m, l.now)).Code, c.kind)
		st.AsOf = l.now
		m = message(c.kind, c.who, st)
		require.Equal(t, order.Applied, decide(t, l.s, m, factsFor(&l.s, m, l.now)).Verdict, c.kind)
	}
}

// checkAdmission checks that the admission, which knows less than the order, never refuses a
// message that the order would apply.
func checkAdmission(t *testing.T, all []verdictRow) {
	t.Helper()
	refused := 0
	for _, j := range all {
		s := j.d.Before
		p := order.Parties{Customer: s.Customer.Party, Substitute: s.Substitute()}
		if s.Performer != nil {
			p.Performer, p.Employer = s.Performer.ID, s.Performer.Employer
		}
		for _, r := range s.Responses {
			p.Responded = p.Responded || r.Engineer == j.actor().Party
		}
		p.Offered = s.Offer != nil && s.Offer.Engineer == j.actor().Party
		for _, o := range s.Lapsed {
			p.Offered = p.Offered || o.Engineer == j.actor().Party
		}
		if refusal := p.Admit(j.kind, j.actor()); refusal != nil && j.stage != "" {
			refused++
			require.NotEqual(t, order.Applied, j.d.Verdict, "%s by %s in %s", j.kind, j.who, j.stage)
		}
	}
	require.Positive(t, refused)
}

// An engineer who has no part in an order may respond to it and nothing else.
func TestStrangersMayOnlyRespond(t *testing.T) {
	p := order.Parties{Customer: customer.Party, Performer: performer.Party, Employer: "organisation"}
	for _, r := range order.Rules() {
		refusal := p.Admit(r.Kind, other)
		require.Equal(t, r.Kind == order.Respond, refusal == nil, r.Kind)
	}
	p.Responded = true
	require.Nil(t, p.Admit(order.WithdrawResponse, other))
	require.NotNil(t, p.Admit(order.AcceptOffer, other))
	p.Offered = true
	require.Nil(t, p.Admit(order.AcceptOffer, other))
	require.Nil(t, p.Admit(order.SubmitResults, performer))
	require.NotNil(t, p.Admit(order.SubmitResults, other))
	p.Substitute = colleague.Party
	require.Nil(t, p.Admit(order.AgreeReplacement, colleague))
	require.NotNil(t, p.Admit(order.AgreeReplacement, other))
}

// With any number of responses an order's state stays far below a workflow's limits.
func TestStateOfAnOrderIsBounded(t *testing.T) {
	many := terms()
	for i := range 100 {
		many.Files = append(many.Files, order.FileRef{ID: fmt.Sprintf("%036d", i), SHA256: sum(string(rune('a' + i)))})
	}
	l := draft(t).then(order.Publish, customer, many)
	refusedOnce := false
	for i := range 600 {
		id := engineer(strings.Repeat("0", 32) + string([]rune{rune('a' + i/26%26), rune('a' + i%26), rune('a' + i/676)}))
		d := l.decide(message(order.Respond, id, order.Bid{Price: order.MaxPrice, TermDate: "2027-12-31"}))
		refusedOnce = refusedOnce || d.Code == order.CodeManyResponses
		l.s = d.After
	}
	require.True(t, refusedOnce)
	require.Len(t, l.s.Responses, 500)
	require.Less(t, len(encode(t, l.s)), 512<<10)
}

func (j verdictRow) actor() order.Actor {
	for _, c := range append(slices.Clone(testActors), testActor{"colleague", colleague}) {
		if c.name == j.who {
			return c.who
		}
	}
	return order.Actor{}
}
