package order_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

const keptOrder = "11111111-1111-4111-8111-111111111111"

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

// What encoders do to JSON on the way leaves the digest as it is.
func TestDigestSurvivesTheWay(t *testing.T) {
	m := sentMessage()
	want := digest(t, m, keptOrder)

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
		require.Equal(t, want, digest(t, came, keptOrder), "%s", way)
	}
}

// Every part of a message that its order goes by is under the digest.
func TestDigestCoversEveryPart(t *testing.T) {
	want := digest(t, sentMessage(), keptOrder)
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
		require.NotEqual(t, want, digest(t, m, keptOrder), what)
	}
}

// A message is the one that was kept only if person, order, kind and content are; one kept before there were digests is known by
// the first three.
func TestOnlyTheMessageKeptCounts(t *testing.T) {
	m := sentMessage()
	kept := order.Kept{Order: keptOrder, Person: m.Actor.Person, Kind: m.Kind, Digest: digest(t, m, keptOrder), At: m.ReceivedAt}
	require.True(t, kept.Covers(m, keptOrder))
	require.False(t, (*order.Kept)(nil).Covers(m, keptOrder))

	forged := m
	forged.Details = nil
	require.False(t, kept.Covers(forged, keptOrder))
	early := kept
	early.Digest = ""
	require.True(t, early.Covers(forged, keptOrder), "kept by a version without digests")
	for what, other := range map[string]order.Kept{
		"order":  {Order: "other", Person: kept.Person, Kind: kept.Kind},
		"person": {Order: keptOrder, Person: "other", Kind: kept.Kind},
		"kind":   {Order: keptOrder, Person: kept.Person, Kind: order.Cancel},
	} {
		require.False(t, other.Covers(m, keptOrder), what)
	}
}

// A message that did not come over the platform is refused, whatever it asks and whoever it names; those of nobody on the
// platform need no keeping.
func TestMessageThatWasNotKeptIsRefused(t *testing.T) {
	for _, one := range cast {
		m := message(order.Cancel, one.who, nil)
		role := one.who.Role
		person := role != order.RoleOperator && role != order.RoleRegistry && role != order.RolePlatform
		require.Equal(t, person, order.NeedsKeeping(m), one.name)
	}
	require.True(t, order.NeedsKeeping(message(order.RestartOrder, operator, nil)))

	l := claimed(t)
	for kind, who := range map[order.Kind]order.Actor{order.ConfirmPayment: performer, order.Rate: customer, order.ReplaceEngineer: moderator} {
		m := message(kind, who, nil)
		f := factsFor(&l.s, m, l.now)
		f.NotKept = true
		d := decide(t, l.s, m, f)
		require.Equal(t, order.CodeNotKept, d.Code, kind)
	}
}

// Nobody who acts for no party may name one: the history would show that party's name.
func TestOperatorNamesNoParty(t *testing.T) {
	l := claimed(t).fireAll()
	m := message(order.ConfirmPayment, operator, nil)
	m.Actor.Party = customer.Party
	require.Equal(t, order.CodeUnreadable, decide(t, l.s, m, factsFor(&l.s, m, l.now)).Code)
	m.Actor.Party = ""
	require.Equal(t, order.Applied, decide(t, l.s, m, factsFor(&l.s, m, l.now)).Verdict)
}

// A status counts if the platform holds it of the engineer: what it has since heard otherwise is old, anything else is made up.
func TestStatusCountsIfThePlatformHoldsIt(t *testing.T) {
	at := start
	status := func(active bool, asOf time.Time) order.Message {
		return message(order.RegistryStatus, registry, order.Standing{Engineer: performer.Party, Active: active, AsOf: asOf})
	}
	engineer, source := order.HeldBy(status(false, at))
	require.Equal(t, performer.Party, engineer)
	require.Equal(t, order.BySourceRegistry, source)
	for name, c := range map[string]struct {
		held            *order.Held
		m               order.Message
		true, overtaken bool
	}{
		"the same":                   {&order.Held{Active: false, AsOf: at}, status(false, at), true, false},
		"the same, an older word":    {&order.Held{Active: false, AsOf: at}, status(false, at.Add(-time.Hour)), true, false},
		"newer than what is held":    {&order.Held{Active: false, AsOf: at}, status(false, at.Add(time.Second)), false, false},
		"otherwise, of the same day": {&order.Held{Active: true, AsOf: at}, status(false, at), false, false},
		"otherwise, and overtaken":   {&order.Held{Active: true, AsOf: at}, status(false, at.Add(-time.Hour)), false, true},
		"an unknown engineer":        {nil, status(false, at), false, false},
	} {
		held, overtaken := c.held.Holds(c.m)
		require.Equal(t, c.true, held, name)
		require.Equal(t, c.overtaken, overtaken, name)
	}

	decision := message(order.ModeratorStatus, moderator, order.Standing{Engineer: performer.Party, AsOf: at})
	held, _ := (&order.Held{AsOf: at, Person: moderator.Person}).Holds(decision)
	require.True(t, held)
	held, overtaken := (&order.Held{AsOf: at, Person: "another"}).Holds(decision)
	require.False(t, held || overtaken, "in another moderator's name")
	held, overtaken = (&order.Held{AsOf: at.Add(time.Hour), Person: "another"}).Holds(decision)
	require.True(t, !held && overtaken, "another has decided since")

	l := work(t, 0, false)
	m := status(false, l.now)
	f := factsFor(&l.s, m, l.now)
	f.Overtaken = true
	require.Equal(t, order.CodeOldNews, decide(t, l.s, m, f).Code)
}

// No source dates its word after now: it would make every later one an older one.
func TestStatusIsNotDatedAhead(t *testing.T) {
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
		st := order.Standing{Engineer: performer.Party, AsOf: l.now.Add(c.ahead)}
		m := message(c.kind, c.who, st)
		require.Equal(t, order.CodeBadDetails, decide(t, l.s, m, factsFor(&l.s, m, l.now)).Code, c.kind)
		st.AsOf = l.now
		m = message(c.kind, c.who, st)
		require.Equal(t, order.Applied, decide(t, l.s, m, factsFor(&l.s, m, l.now)).Verdict, c.kind)
	}
}

// What the order would apply, nobody turns away before it: the admission knows less than the order and never refuses more.
func admissionRefusesNothingApplied(t *testing.T, all []judged) {
	t.Helper()
	turned := 0
	for _, j := range all {
		s := j.d.Before
		p := order.Parties{Customer: s.Customer.Party}
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
			turned++
			require.NotEqual(t, order.Applied, j.d.Verdict, "%s by %s in %s", j.kind, j.who, j.stage)
		}
	}
	require.Positive(t, turned)
}

// An engineer who has nothing to do with an order may respond to it and nothing else.
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
}

// However many respond, the state of an order stays far below what a workflow can carry.
func TestStateOfAnOrderIsBounded(t *testing.T) {
	many := terms()
	for i := range 100 {
		many.Files = append(many.Files, order.FileRef{ID: fmt.Sprintf("%036d", i), SHA256: sum(string(rune('a' + i)))})
	}
	l := draft(t).then(order.Publish, customer, many)
	refusedOnce := false
	for i := range 600 {
		id := engineer(strings.Repeat("0", 32) + string([]rune{rune('a' + i/26%26), rune('a' + i%26), rune('a' + i/676)}))
		d := l.judge(message(order.Respond, id, order.Bid{Price: order.MaxPrice, TermDate: "2027-12-31"}))
		refusedOnce = refusedOnce || d.Code == order.CodeManyResponses
		l.s = d.After
	}
	require.True(t, refusedOnce)
	require.Len(t, l.s.Responses, 500)
	require.Less(t, len(encode(t, l.s)), 512<<10)
}

func (j judged) actor() order.Actor {
	for _, c := range cast {
		if c.name == j.who {
			return c.who
		}
	}
	return order.Actor{}
}
