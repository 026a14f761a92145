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
	seed  = flag.Uint64("order.seed", 0, "seed of the random lives; 0 takes a new one")
	steps = flag.Int("order.steps", 12_000, "messages in all random lives")
)

// TestRandomLives sends orders whatever comes, from whomever, whenever, and holds what is true of every order.
func TestRandomLives(t *testing.T) {
	acceptance.Covers(t, "S-4", "S-12", "S-16", "S-35")
	chosen := *seed
	if chosen == 0 {
		chosen = uint64(time.Now().UnixNano())
	}
	t.Logf("to repeat: go test ./internal/order -run RandomLives -order.seed=%d -order.steps=%d", chosen, *steps)
	total := *steps
	if testing.Short() {
		total /= 10
	}
	w := &wanderer{Rand: rand.New(rand.NewPCG(chosen, 0)), reached: map[order.Stage]int{}, applied: map[order.Kind]int{}, refused: map[order.Code]int{}}
	for done := 0; done < total; {
		done += w.live(t, 150)
	}
	t.Logf("reached: %v", w.reached)
	if !testing.Short() && *seed == 0 {
		for _, stage := range append(order.Stages(), order.Deleted) {
			require.NotZero(t, w.reached[stage], "the random lives never came to %s: they prove nothing of it", stage)
		}
		// The dozen rarest kinds come in some runs only.
		for _, code := range []order.Code{order.CodeOwnOrder, order.CodeBothSides, order.CodeModeratorIsParty} {
			require.NotZero(t, w.refused[code], "nobody was ever on both sides: the random lives prove nothing of %s", code)
		}
		require.Greater(t, len(w.applied), 40, "too few kinds of messages were ever applied: %v", w.applied)
	}
}

type wanderer struct {
	*rand.Rand
	reached map[order.Stage]int
	applied map[order.Kind]int
	// refused counts the refusals by their codes, people who is behind the accounts of the life being led.
	refused map[order.Code]int
	people  *world
}

// live leads one order through at most so many messages and says how many it took.
func (w *wanderer) live(t *testing.T, most int) int {
	l := newLife(t)
	w.people = newWorld()
	l.send(order.Create, customer, nil)
	if w.IntN(4) > 0 {
		l.send(order.Publish, customer, terms())
	}
	paidUp := w.IntN(2) == 0
	for n := 1; n < most; n++ {
		if l.s.Closed() && w.IntN(3) == 0 {
			return n
		}
		if w.IntN(20) == 0 {
			w.turn(w.people)
		}
		l.now = l.now.Add(w.pause())
		if w.IntN(3) > 0 {
			w.fireDue(l)
		}
		before := l.s
		m, f := w.message(l, paidUp)
		d := decide(t, l.s, m, f)
		l.s = d.After
		w.look(t, before, d, m)
	}
	return most
}

func (w *wanderer) pause() time.Duration {
	switch w.IntN(10) {
	case 0:
		return time.Duration(w.Int64N(int64(40 * day)))
	case 1, 2:
		return time.Duration(w.Int64N(int64(3 * day)))
	}
	return time.Duration(w.Int64N(int64(2 * time.Hour)))
}

// fireDue lets every deadline come that has come.
func (w *wanderer) fireDue(l *life) {
	for {
		due, ok := l.s.NextDue()
		if !ok || due.At.After(l.now) {
			return
		}
		before := l.s
		m := message(order.DeadlineDue, platform, order.DueNow{Due: due.ID})
		m.ReceivedAt = due.At
		d := decide(l.t, l.s, m, factsFor(&l.s, m, l.now))
		require.Equal(l.t, order.Applied, d.Verdict, "a deadline that has come is taken: %s", d.Code)
		l.s = d.After
		w.look(l.t, before, d, m)
	}
}

// message makes one up: mostly something that its sender may do now, sometimes anything from anybody.
func (w *wanderer) message(l *life, paidUp bool) (order.Message, order.Facts) {
	actor := cast[w.IntN(len(cast))].who
	if l.s.Performer != nil && w.IntN(2) == 0 {
		actor = engineer(l.s.Performer.ID)
	} else if w.IntN(3) == 0 {
		actor = []order.Actor{customer, deputy}[w.IntN(2)]
	}
	rules := order.Rules()
	kind := rules[w.IntN(len(rules))].Kind
	var open []order.Kind
	for _, a := range order.Actions(l.s, actor, order.Facts{Now: l.now, Engineer: able(actor.Party)}) {
		if a.Open && !(ends(a.Kind) && w.IntN(8) > 0) {
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
	w.spoil(&f)
	return m, f
}

// ends are the messages that would end most lives too early.
func ends(k order.Kind) bool {
	return slices.Contains([]order.Kind{
		order.Cancel, order.AgreeTermination, order.SettleDispute, order.LeaveOrder, order.DismissEngineer,
		order.WithdrawContract, order.ReturnContract, order.Amend, order.WithdrawResponse,
	}, k)
}

func (w *wanderer) details(l *life, kind order.Kind, paidUp bool) any {
	someone := []order.Actor{performer, other, offered, responder, colleague}[w.IntN(5)]
	switch kind {
	case order.Amend:
		x := terms()
		x.Region = []string{"77", "77", "77", "78"}[w.IntN(4)]
		x.TermDays = w.IntN(40)
		return x
	case order.OfferOrder, order.ReplaceEngineer:
		return pick(someone)
	case order.Choose:
		if n := len(l.s.Responses); n > 0 {
			return order.Pick{Engineer: l.s.Responses[w.IntN(n)].Engineer}
		}
	case order.SendContract:
		c := contract([]int{0, 3333, 5000, 10_000}[w.IntN(4)], w.IntN(2) == 0)
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
		return []order.PaymentReport{paid(), unproven(), {}}[w.IntN(3)]
	case order.ReportRegistration:
		return order.RegistrationStatus{Status: []string{"review", "suspended", "refused", "?"}[w.IntN(4)]}
	case order.Rate:
		return order.Mark{Mark: w.IntN(7)}
	case order.RegistryStatus, order.ModeratorStatus, order.EmployerStatus:
		who := someone.Party
		if l.s.Performer != nil && w.IntN(3) > 0 {
			who = l.s.Performer.ID
		}
		return order.Standing{Engineer: who, Active: w.IntN(3) > 0, AsOf: l.now.Add(-time.Duration(w.Int64N(int64(2 * time.Hour))))}
	case order.OpenDispute:
		return order.DisputeCall{Ground: []order.Ground{
			order.GroundTermination, order.GroundResults, order.GroundRegistration, order.GroundPayment,
		}[w.IntN(4)]}
	case order.SettleDispute:
		return order.DisputeSettlement{Settlement: []order.Settlement{
			order.SettleContinue, order.SettleRework, order.SettleTerminate,
		}[w.IntN(3)]}
	}
	return sensible(l, kind)
}

// spoil sometimes makes the world less than perfect.
func (w *wanderer) spoil(f *order.Facts) {
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

// look holds a step against what is true of every order; decide has proved the folding, Check the invariants.
func (w *wanderer) look(t testing.TB, before order.State, d order.Decision, m order.Message) {
	t.Helper()
	s := d.After
	w.reached[s.ShownStage()]++
	if d.Verdict == order.Applied {
		w.applied[m.Kind]++
	}
	w.refused[d.Code]++
	w.people.lookAtSides(t, &before, d, m)
	require.NoError(t, s.Check())
	if before.Stage != s.Stage {
		r, _ := order.RuleFor(m.Kind)
		require.Contains(t, r.Moves(), order.Move{From: before.Stage, To: s.Stage}, "%s", m.Kind)
	}
	if before.Stage.Final() {
		require.Equal(t, before.Stage, s.Stage, "an ended order stays ended")
	}
	lookAtMoney(t, &s)
	lookAtProposal(t, before, d)
	lookAtDues(t, &s)
	overdueFinds(t, &s, d.At)
	if !s.Closed() && s.ShownStage() != order.Suspended && s.Dispute == nil {
		require.True(t, goesOn(&s, d.At), "nobody can move the order on: %s", encode(t, s))
	}
}

func lookAtMoney(t testing.TB, s *order.State) {
	t.Helper()
	if c := s.Contract; c != nil {
		require.Equal(t, c.Price, c.Advance+c.Remainder())
	}
	for _, b := range []*order.Bill{s.Prepayment, s.Payment} {
		require.False(t, b != nil && b.Claimed && b.Confirmed, "a bill is answered once")
	}
}

// lookAtProposal holds that a proposal stands only with who made it and in the step in which he made it.
func lookAtProposal(t testing.TB, before order.State, d order.Decision) {
	t.Helper()
	p := d.After.Proposal
	if p == nil {
		return
	}
	party := d.After.Customer.Party
	if p.By == order.RoleEngineer {
		party = d.After.Performer.ID
	}
	require.Equal(t, party, p.Party, "a proposal outlived who made it")
	if before.Proposal != nil {
		require.Equal(t, before.Stage, d.After.Stage, "a proposal outlived its step")
		require.Equal(t, before.Wait.For, d.After.Wait.For, "a proposal outlived its step")
		require.Equal(t, before.Wait.Since, d.After.Wait.Since, "a proposal outlived its step")
		require.Equal(t, before.Performer, d.After.Performer, "a proposal outlived whom it was made to")
	}
}

func lookAtDues(t testing.TB, s *order.State) {
	t.Helper()
	due, runs := s.NextDue()
	require.False(t, runs && s.Frozen != nil, "a deadline runs in a frozen order")
	require.False(t, runs && due.At.IsZero())
	ids := map[string]bool{}
	for _, due := range s.Dues {
		require.False(t, ids[due.ID], "two deadlines have one id: %s", due.ID)
		ids[due.ID] = true
		require.Equal(t, s.Frozen != nil, due.At.IsZero(), "a deadline either runs or stands still")
	}
	if s.Stage == order.Cancelled || s.Stage == order.Deleted {
		require.Empty(t, s.Dues)
	}
}

// goesOn says that somebody other than the moderator can act, or that a deadline runs.
func goesOn(s *order.State, at time.Time) bool {
	if _, runs := s.NextDue(); runs || len(s.Effects) > 0 {
		return true
	}
	parties := []order.Actor{customer}
	if s.Performer != nil {
		parties = append(parties, engineer(s.Performer.ID))
	}
	for _, a := range parties {
		for _, action := range order.Actions(*s, a, order.Facts{Now: at, Engineer: able(a.Party)}) {
			if action.Open {
				return true
			}
		}
	}
	return false
}
