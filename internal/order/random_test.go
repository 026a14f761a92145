package order_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

var (
	seed  = flag.Uint64("order.seed", 0, "seed of the random orders; 0 means a new one")
	steps = flag.Int("order.steps", 12_000, "number of messages in all random orders")
)

// TestRandomOrders sends random messages from random actors at random times, and checks what is true
// of every order.
func TestRandomOrders(t *testing.T) {
	acceptance.Covers(t, "S-4", "S-12", "S-16", "S-35")
	chosen := *seed
	if chosen == 0 {
		chosen = uint64(time.Now().UnixNano())
	}
	t.Logf("to repeat: go test ./internal/order -run RandomOrders -order.seed=%d -order.steps=%d", chosen, *steps)
	total := *steps
	if testing.Short() {
		total /= 10
	}
	w := &randomRun{Rand: rand.New(rand.NewPCG(chosen, 0)), reached: map[order.Stage]int{}, applied: map[order.Kind]int{}, refused: map[order.Code]int{}}
	for done := 0; done < total; {
		done += w.runOrder(t, 150)
	}
	t.Logf("reached: %v", w.reached)
	if !testing.Short() && *seed == 0 {
		for _, stage := range append(order.Stages(), order.Deleted) {
			require.NotZero(t, w.reached[stage], "the random orders never reached %s", stage)
		}
		// The dozen rarest kinds are applied in some runs only.
		for _, code := range []order.Code{order.CodeOwnOrder, order.CodeBothSides, order.CodeModeratorIsParty} {
			require.NotZero(t, w.refused[code], "the random orders never produced %s", code)
		}
		require.Greater(t, len(w.applied), 40, "too few kinds of messages were ever applied: %v", w.applied)
	}
}

type randomRun struct {
	*rand.Rand
	reached map[order.Stage]int
	applied map[order.Kind]int
	// refused counts the refusals by code; people are the relations behind the accounts of the
	// current order.
	refused map[order.Code]int
	people  *relations
}

// runOrder runs one order for at most maxMessages messages and returns how many it took.
func (w *randomRun) runOrder(t *testing.T, maxMessages int) int {
	l := newTestOrder(t)
	w.people = newRelations()
	l.send(order.Create, customer, nil)
	if w.IntN(4) > 0 {
		l.send(order.Publish, customer, terms())
	}
	paidUp := w.IntN(2) == 0
	for n := 1; n < maxMessages; n++ {
		if l.s.Closed() && w.IntN(3) == 0 {
			return n
		}
		if w.IntN(20) == 0 {
			w.addRandomTie(w.people)
		}
		l.now = l.now.Add(w.pause())
		if w.IntN(3) > 0 {
			w.fireDue(l)
		}
		before := l.s
		m, f := w.message(l, paidUp)
		d := decide(t, l.s, m, f)
		l.s = d.After
		w.check(t, before, d, m)
	}
	return maxMessages
}

func (w *randomRun) pause() time.Duration {
	switch w.IntN(10) {
	case 0:
		return time.Duration(w.Int64N(int64(40 * day)))
	case 1, 2:
		return time.Duration(w.Int64N(int64(3 * day)))
	}
	return time.Duration(w.Int64N(int64(2 * time.Hour)))
}

// fireDue executes every deadline that has come.
func (w *randomRun) fireDue(l *testOrder) {
	for {
		due, ok := l.s.NextDue()
		if !ok || due.At.After(l.now) {
			return
		}
		before := l.s
		m := message(order.DeadlineDue, platform, order.DueNow{Due: due.ID})
		m.ReceivedAt = due.At
		d := decide(l.t, l.s, m, factsFor(&l.s, m, l.now))
		require.Equal(l.t, order.Applied, d.Verdict, "a deadline that has come must be applied: %s", d.Code)
		l.s = d.After
		w.check(l.t, before, d, m)
	}
}

// message returns a random message: mostly one that its sender may send now, sometimes any message
// from any actor.
func (w *randomRun) message(l *testOrder, paidUp bool) (order.Message, order.Facts) {
	actor := testActors[w.IntN(len(testActors))].who
	if l.s.Performer != nil && w.IntN(2) == 0 {
		actor = engineer(l.s.Performer.ID)
	} else if id := l.s.Substitute(); id != "" && w.IntN(3) == 0 {
		actor = engineer(id)
	} else if w.IntN(3) == 0 {
		actor = []order.Actor{customer, deputy}[w.IntN(2)]
	}
	rules := order.Rules()
	kind := rules[w.IntN(len(rules))].Kind
	var open []order.Kind
	for _, a := range order.Actions(l.s, actor, order.Facts{Now: l.now, Engineer: eligible(actor.Party)}) {
		if a.Open && !(endsOrder(a.Kind) && w.IntN(8) > 0) {
			open = append(open, a.Kind)
		}
	}
	if len(open) > 0 && w.IntN(6) > 0 {
		kind = open[w.IntN(len(open))]
	}
	if len(l.s.Effects) > 0 && w.IntN(3) == 0 {
		kind, actor = order.EffectFinished, platform
	}
	m := message(kind, actor, w.details(l, kind, paidUp))
	m.ID, m.ReceivedAt = fmt.Sprint(w.Uint64()), l.now.Add(-time.Duration(w.Int64N(int64(time.Hour))))
	if w.IntN(20) == 0 {
		m.Body, m.Reason = nil, ""
	}
	f := factsFor(&l.s, m, l.now)
	f.Ties = w.people.ties(&l.s, m)
	if f.Engineer != nil && w.people.employers[f.Engineer.ID] != f.Engineer.Employer {
		f.Engineer.Employer = w.people.employers[f.Engineer.ID]
		f.Engineer.SoleProprietor, f.Engineer.Confirmed, f.Engineer.EmployerActive = false, true, 2
	}
	w.perturb(&f)
	return m, f
}

// endsOrder reports whether the message would end most orders too early.
func endsOrder(k order.Kind) bool {
	return slices.Contains([]order.Kind{
		order.Cancel, order.AgreeTermination, order.SettleDispute, order.LeaveOrder, order.DismissEngineer,
		order.WithdrawContract, order.ReturnContract, order.Amend, order.WithdrawResponse,
	}, k)
}

func (w *randomRun) details(l *testOrder, kind order.Kind, paidUp bool) any {
	someone := []order.Actor{performer, other, offered, responder, colleague}[w.IntN(5)]
	switch kind {
	case order.Amend:
		x := terms()
		x.Region = []string{"77", "77", "77", "78"}[w.IntN(4)]
		x.TermDays = w.IntN(40)
		return x
	case order.OfferOrder, order.ReplaceEngineer, order.ProposeReplacement:
		return choiceOf(someone)
	case order.ApproveReplacement, order.RejectReplacement:
		if id := l.s.Substitute(); id != "" && w.IntN(8) > 0 {
			return order.EngineerChoice{Engineer: id}
		}
		return choiceOf(someone)
	case order.Choose:
		if n := len(l.s.Responses); n > 0 {
			return order.EngineerChoice{Engineer: l.s.Responses[w.IntN(n)].Engineer}
		}
	case order.SendContract:
		c := contract([]int{0, 3333, 5000, 10_000}[w.IntN(4)], w.IntN(2) == 0)
		c.SilenceAcceptsAfter = []int{0, 0, 2, 3, 30}[w.IntN(5)]
		c.AcceptanceDays = []int{0, 0, 3, 30, 400}[w.IntN(5)]
		c.Price = 1 + w.Int64N(order.MaxPrice)
		if w.IntN(3) == 0 {
			c.Price = 1 + w.Int64N(5)
		}
		if paidUp {
			c.AdvanceBasisPoints = 10_000
		}
		c.Advance = order.Advance(c.Price, c.AdvanceBasisPoints)
		c.TermDate = l.now.AddDate(0, 0, w.IntN(60)-3).In(order.Moscow).Format(time.DateOnly)
		if w.IntN(10) == 0 {
			c.Advance++
		}
		return c
	case order.SubmitResults:
		return results(l, []order.Way{order.InPerson, order.ByFiles, order.ByLink, order.ByStorage}[w.IntN(4)])
	case order.ReportPrepayment, order.ReportPayment:
		return []order.PaymentReport{paid(), paidWithoutDocument(), {}}[w.IntN(3)]
	case order.ReportRegistration:
		return order.RegistrationStatus{Status: []string{"review", "suspended", "refused", "?"}[w.IntN(4)]}
	case order.Rate:
		return order.Mark{Mark: w.IntN(7)}
	case order.RegistryStatus, order.ModeratorStatus, order.EmployerStatus:
		who := someone.Party
		if l.s.Performer != nil && w.IntN(3) > 0 {
			who = l.s.Performer.ID
		}
		return order.EngineerStatus{Engineer: who, Active: w.IntN(3) > 0, AsOf: l.now.Add(-time.Duration(w.Int64N(int64(2 * time.Hour))))}
	case order.OpenDispute:
		return order.DisputeCall{Ground: []order.Ground{
			order.GroundTermination, order.GroundResults, order.GroundRegistration, order.GroundPayment,
		}[w.IntN(4)]}
	case order.SettleDispute:
		return order.DisputeSettlement{Settlement: []order.Settlement{
			order.SettleContinue, order.SettleRework, order.SettleTerminate,
		}[w.IntN(3)]}
	}
	return validDetails(l, kind)
}

// perturb sometimes makes the facts unfavourable.
func (w *randomRun) perturb(f *order.Facts) {
	if w.IntN(25) == 0 {
		f.BodyFound = false
	}
	if w.IntN(25) == 0 {
		clear(f.Files)
	}
	if f.Engineer != nil && w.IntN(8) == 0 {
		[]func(){
			func() { f.Engineer.InRegistry = false },
			func() { f.Engineer.Blocked = true },
			func() { f.Engineer.Receives = false },
			func() { f.Engineer.Regions = nil },
			func() { f.Engineer.Person = customer.Person },
			func() { f.Engineer = nil },
		}[w.IntN(6)]()
	}
}

// check checks what is true of every order after a message. decide has checked Apply already.
func (w *randomRun) check(t testing.TB, before order.State, d order.Decision, m order.Message) {
	t.Helper()
	s := d.After
	w.reached[s.ShownStage()]++
	if d.Verdict == order.Applied {
		w.applied[m.Kind]++
	}
	w.refused[d.Code]++
	w.people.requireSeparateSides(t, &before, d, m)
	require.NoError(t, s.Check())
	if before.Stage != s.Stage {
		r, _ := order.RuleFor(m.Kind)
		require.Contains(t, r.Moves(), order.Move{From: before.Stage, To: s.Stage}, "%s", m.Kind)
	}
	if before.Stage.Final() {
		require.Equal(t, before.Stage, s.Stage, "an ended order stays ended")
	}
	checkMoney(t, &s)
	checkProposal(t, before, d)
	checkDues(t, &s)
	requireOverdueDeadline(t, &s, d.At)
	if !s.Closed() && s.ShownStage() != order.Suspended && s.Dispute == nil {
		require.True(t, canProgress(&s, d.At), "no party can act and no deadline runs: %s", encode(t, s))
	}
}

func checkMoney(t testing.TB, s *order.State) {
	t.Helper()
	if c := s.Contract; c != nil {
		require.Equal(t, c.Price, c.Advance+c.Remainder())
	}
	for _, b := range []*order.Bill{s.Prepayment, s.Payment} {
		require.False(t, b != nil && b.Claimed && b.Confirmed, "a bill cannot be both claimed and confirmed")
	}
}

// checkProposal checks that a proposal lasts only while its author has his part and only in the
// step in which he made it.
func checkProposal(t testing.TB, before order.State, d order.Decision) {
	t.Helper()
	p := d.After.Proposal
	if p == nil {
		return
	}
	party := d.After.Customer.Party
	if p.By == order.RoleEngineer {
		party = d.After.Performer.ID
	}
	require.Equal(t, party, p.Party, "a proposal outlived its author")
	if before.Proposal != nil {
		require.Equal(t, before.Stage, d.After.Stage, "a proposal outlived its step")
		require.Equal(t, before.Wait.For, d.After.Wait.For, "a proposal outlived its step")
		require.Equal(t, before.Wait.Since, d.After.Wait.Since, "a proposal outlived its step")
		require.Equal(t, before.Performer, d.After.Performer, "a proposal outlived its addressee")
	}
}

func checkDues(t testing.TB, s *order.State) {
	t.Helper()
	due, runs := s.NextDue()
	require.False(t, runs && s.Frozen != nil, "a deadline runs in a frozen order")
	require.False(t, runs && due.At.IsZero())
	ids := map[string]bool{}
	for _, due := range s.Dues {
		require.False(t, ids[due.ID], "two deadlines share an id: %s", due.ID)
		ids[due.ID] = true
		require.Equal(t, s.Frozen != nil, due.At.IsZero(), "a deadline has a time exactly while the order is not frozen")
	}
	if s.Stage == order.Cancelled || s.Stage == order.Deleted {
		require.Empty(t, s.Dues)
	}
}

// canProgress reports whether somebody other than the moderator can act, or a deadline runs.
func canProgress(s *order.State, at time.Time) bool {
	if _, runs := s.NextDue(); runs || len(s.Effects) > 0 {
		return true
	}
	parties := []order.Actor{customer}
	if s.Performer != nil {
		parties = append(parties, engineer(s.Performer.ID))
	}
	for _, a := range parties {
		for _, action := range order.Actions(*s, a, order.Facts{Now: at, Engineer: eligible(a.Party)}) {
			if action.Open {
				return true
			}
		}
	}
	return false
}
