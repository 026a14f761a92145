package order_test

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

var update = flag.Bool("update", false, "write the golden file anew")

const golden = "testdata/verdicts.golden"

// situation is one state of an order in which the verdicts may differ from any other.
type situation struct {
	name string
	live func(testing.TB) *life
}

func situations() []situation {
	return []situation{
		{"none", newLife},
		{"draft", draft},
		{"selection", selection},
		{"selection, responses", responded},
		{"selection, responses to changed conditions", func(t testing.TB) *life { return responded(t).then(order.Amend, customer, terms()) }},
		{"selection, offer", func(t testing.TB) *life { return offeredTo(t, offered) }},
		{"selection, offer at its expiry", func(t testing.TB) *life { return offeredTo(t, offered).wait(3 * day) }},
		{"selection, lapsed offer", func(t testing.TB) *life {
			l := offeredTo(t, offered)
			l.fire(order.DueOfferExpiry)
			return l
		}},
		{"contract, none sent", contracting},
		{"contract, changed conditions", func(t testing.TB) *life { return contracting(t).then(order.Amend, customer, terms()) }},
		{"contract, sent", func(t testing.TB) *life { return sent(t, contract(5000, false)) }},
		{"contract, sent, suspended", func(t testing.TB) *life { return sent(t, contract(5000, false)).suspended() }},
		{"contract, none sent, suspended", func(t testing.TB) *life { return contracting(t).suspended() }},
		{"prepayment, no invoice", func(t testing.TB) *life { return prepayment(t, false) }},
		{"prepayment, invoiced", prepaymentInvoiced},
		{"prepayment, claimed", func(t testing.TB) *life { return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()) }},
		{"prepayment, claimed, overdue", func(t testing.TB) *life {
			return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()).fireAll()
		}},
		{"prepayment, claimed without document, overdue", func(t testing.TB) *life {
			return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, unproven()).fireAll()
		}},
		{"prepayment, refuted", func(t testing.TB) *life {
			return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()).then(order.RefutePrepayment, performer, nil)
		}},
		{"work", func(t testing.TB) *life { return work(t, 5000, false) }},
		{"work with registration", func(t testing.TB) *life { return work(t, 5000, true) }},
		{"work, suspended", func(t testing.TB) *life { return work(t, 5000, false).suspended() }},
		{"work, termination proposed by the customer", func(t testing.TB) *life {
			return work(t, 5000, false).then(order.ProposeTermination, customer, nil)
		}},
		{"work, termination proposed, suspended", func(t testing.TB) *life {
			return work(t, 5000, false).then(order.ProposeTermination, customer, nil).suspended()
		}},
		{"work, held by the moderator", func(t testing.TB) *life { return work(t, 5000, false).heldBy(order.ModeratorStatus, moderator) }},
		{"work, held by the employer", func(t testing.TB) *life { return work(t, 5000, false).heldBy(order.EmployerStatus, employer) }},
		{"work, dispute", func(t testing.TB) *life { return disputed(work(t, 5000, false)) }},
		{"work, dispute, suspended", func(t testing.TB) *life { return disputed(work(t, 5000, false)).suspended() }},
		{"acceptance, not received", func(t testing.TB) *life { return accepting(t, 0, false, order.InPerson) }},
		{"acceptance, received", func(t testing.TB) *life { return accepting(t, 0, false, order.ByFiles) }},
		{"acceptance, overdue", func(t testing.TB) *life { return accepting(t, 0, false, order.ByFiles).fireAll() }},
		{"acceptance with registration", func(t testing.TB) *life { return accepting(t, 0, true, order.ByFiles) }},
		{"acceptance, all paid in advance", func(t testing.TB) *life { return accepting(t, 10_000, false, order.ByFiles) }},
		{"registration", func(t testing.TB) *life { return registration(t, 0) }},
		{"registration, refused", refusedByRosreestr},
		{"registration, rework proposed by the performer", func(t testing.TB) *life {
			return refusedByRosreestr(t).then(order.ProposeRework, performer, nil)
		}},
		{"registration, suspended", func(t testing.TB) *life { return registration(t, 0).suspended() }},
		{"payment, act unsigned", func(t testing.TB) *life { return unsigned(t, 0) }},
		{"payment, act unsigned, overdue", func(t testing.TB) *life { return unsigned(t, 0).fireAll() }},
		{"payment, act returned", func(t testing.TB) *life { return unsigned(t, 0).then(order.ReturnAct, customer, nil) }},
		{"payment, act unsigned, all paid in advance", func(t testing.TB) *life { return unsigned(t, 10_000) }},
		{"payment, no invoice", payment},
		{"payment, invoiced", func(t testing.TB) *life { return payment(t).then(order.SendInvoice, performer, invoice()) }},
		{"payment, claimed", claimed},
		{"payment, claimed, overdue", func(t testing.TB) *life { return claimed(t).fireAll() }},
		{"payment, claimed, dispute", func(t testing.TB) *life { return disputed(claimed(t)) }},
		{"payment, claimed, engineer flagged", func(t testing.TB) *life {
			l := claimed(t).wait(time.Hour)
			return l.then(order.RegistryStatus, registry, l.says(false))
		}},
		{"payment, claimed, engineer blocked", func(t testing.TB) *life { return claimed(t).blocked() }},
		{"payment, refuted", func(t testing.TB) *life { return claimed(t).then(order.RefutePayment, performer, nil) }},
		{"completed", completed},
		{"completed, rating closed", func(t testing.TB) *life {
			l := completed(t)
			l.fire(order.DueRatingEnd)
			return l
		}},
		{"cancelled", func(t testing.TB) *life { return contracting(t).then(order.Cancel, customer, nil) }},
		{"deleted", func(t testing.TB) *life { return draft(t).then(order.Delete, customer, nil) }},
	}
}

func prepaymentInvoiced(t testing.TB) *life {
	return prepayment(t, false).then(order.SendPrepaymentInvoice, performer, invoice())
}

func refusedByRosreestr(t testing.TB) *life {
	return registration(t, 0).then(order.ReportRegistration, performer, order.RegistrationStatus{Status: order.RegistrationRefused})
}

func disputed(l *life) *life {
	l.t.Helper()
	return l.then(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundTermination})
}

var cast = []struct {
	name string
	who  order.Actor
}{
	{"customer", customer},
	{"stranger", stranger},
	{"performer", performer},
	{"other", other},
	{"offered", offered},
	{"responder", responder},
	{"employer", employer},
	{"rival", otherEmployer},
	{"moderator", moderator},
	{"operator", operator},
	{"registry", registry},
	{"platform", platform},
}

// sensible are the details with which a message of the kind makes sense in the state.
func sensible(l *life, kind order.Kind) any {
	switch kind {
	case order.Publish, order.Amend:
		return terms()
	case order.Respond:
		return bid()
	case order.AcceptChanges, order.AcceptOffer:
		return l.seen()
	case order.OfferOrder:
		return pick(other)
	case order.Choose:
		return pick(responder)
	case order.ReplaceEngineer:
		return pick(colleague)
	case order.SendContract:
		return contract(5000, false)
	case order.SignContract:
		return signature()
	case order.SendPrepaymentInvoice, order.SendInvoice:
		return invoice()
	case order.ReportPrepayment, order.ReportPayment:
		return paid()
	case order.SubmitResults:
		return results(l, order.ByFiles)
	case order.AcceptResults, order.SignActAlone:
		if l.s.Contract != nil && l.s.Contract.Registration && l.s.Act == nil {
			return order.ActSignature{}
		}
		return actSignature()
	case order.SignAct:
		return actSignature()
	case order.ReturnResults:
		return order.Remarks{}
	case order.ReportRegistration:
		return order.RegistrationStatus{Status: order.RegistrationReview}
	case order.SubmitFinal:
		return final()
	case order.SendAct:
		return order.ActDelivery{Act: *signedAct()}
	case order.Rate:
		return order.Mark{Mark: 5}
	case order.RegistryStatus, order.ModeratorStatus, order.EmployerStatus:
		held := map[order.Kind]order.Source{order.ModeratorStatus: order.BySourceModerator, order.EmployerStatus: order.BySourceEmployer}
		return order.Standing{Engineer: "performer", Active: slices.Contains(l.s.Holds(), held[kind]), AsOf: l.now.Add(time.Minute)}
	case order.OpenDispute:
		return order.DisputeCall{Ground: order.GroundTermination}
	case order.SettleDispute:
		return order.DisputeSettlement{Settlement: order.SettleContinue}
	case order.DeadlineDue:
		due, _ := l.s.NextDue()
		return order.DueNow{Due: due.ID}
	case order.EffectFinished:
		if len(l.s.Effects) > 0 {
			return order.EffectResult{Effect: l.s.Effects[0].Key}
		}
		return order.EffectResult{Effect: "none"}
	}
	return nil
}

// judged is one verdict in the table.
type judged struct {
	situation string
	stage     order.Stage
	kind      order.Kind
	who       string
	d         order.Decision
}

func (j judged) String() string {
	switch {
	case j.d.Verdict != order.Applied:
		return string(j.d.Code)
	case j.d.After.ShownStage() == j.d.Before.ShownStage():
		return "applied"
	}
	return "→ " + string(j.d.After.ShownStage())
}

// everyVerdict judges every message of everybody in every situation.
func everyVerdict(t *testing.T) []judged {
	t.Helper()
	var all []judged
	for _, s := range situations() {
		l := s.live(t)
		for _, r := range order.Rules() {
			for _, c := range cast {
				m := message(r.Kind, c.who, sensible(l, r.Kind))
				now := l.now
				if r.Kind == order.DeadlineDue {
					if due, ok := l.s.NextDue(); ok {
						now = due.At
					}
				}
				m.ID, m.ReceivedAt = "message", now
				all = append(all, judged{s.name, l.s.Stage, r.Kind, c.name, decide(t, l.s, m, factsFor(&l.s, m, now))})
			}
		}
	}
	return all
}

// table writes the verdicts a line for each situation and message; the verdict that most get stands last, for the others.
func table(all []judged) string {
	var b strings.Builder
	b.WriteString("# Written by go test ./internal/order -run TestVerdicts -update; read the difference before you commit it.\n")
	b.WriteString("# situation | message | who: verdict, or the stage that it leads to; … | others: verdict\n")
	for group := range slices.Chunk(all, len(cast)) {
		count := map[string]int{}
		for _, j := range group {
			count[j.String()]++
		}
		most := group[len(group)-1].String()
		for _, j := range group {
			if count[j.String()] > count[most] {
				most = j.String()
			}
		}
		fmt.Fprintf(&b, "%s | %s |", group[0].situation, group[0].kind)
		for _, j := range group {
			if j.String() != most {
				fmt.Fprintf(&b, " %s: %s;", j.who, j)
			}
		}
		fmt.Fprintf(&b, " others: %s\n", most)
	}
	return b.String()
}

// TestVerdicts judges every message of everybody in every situation once, and holds the verdicts against a file to read and
// against rules written by hand, which no -update can rewrite.
func TestVerdicts(t *testing.T) {
	all := everyVerdict(t)
	t.Run("as in the golden file", func(t *testing.T) { verdictsAsRecorded(t, all) })
	t.Run("only these may do this", func(t *testing.T) {
		acceptance.Covers(t, "S-12", "S-40")
		onlyTheseMay(t, all)
	})
	t.Run("a suspended order stands still", func(t *testing.T) {
		acceptance.Covers(t, "S-16", "S-17")
		suspendedStandsStill(t, all)
	})
	t.Run("admission refuses nothing that the order applies", func(t *testing.T) { admissionRefusesNothingApplied(t, all) })
	t.Run("a stage leads where the table says", func(t *testing.T) { leadsFollowTheTable(t, all) })
	t.Run("a notice reaches somebody who can sign in", func(t *testing.T) {
		acceptance.Covers(t, "S-2", "S-23", "S-40")
		reachSomebody(t, all)
	})
}

func verdictsAsRecorded(t *testing.T, all []judged) {
	got := table(all)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range min(len(gotLines), len(wantLines)) {
		require.Equal(t, wantLines[i], gotLines[i], "line %d", i+1)
	}
	require.Equal(t, len(wantLines), len(gotLines), "number of lines")
}

// may is written by hand from the manuals: who can do what at each stage when the details are right. Whatever is not here
// must be refused in every situation of the stage.
var may = map[order.Stage]map[order.Kind]string{
	"": {order.Create: "customer stranger"},
	order.Draft: {
		order.Publish: "customer", order.Delete: "customer",
	},
	order.Selection: {
		order.Amend: "customer", order.Cancel: "customer",
		order.Respond:          "performer other offered responder",
		order.WithdrawResponse: "performer responder", order.AcceptChanges: "performer responder",
		order.OfferOrder: "customer", order.WithdrawOffer: "customer", order.Choose: "customer",
		order.AcceptOffer: "offered", order.DeclineOffer: "offered",
		order.RegistryStatus: "registry", order.DeadlineDue: "platform",
	},
	order.Contracting: {
		order.Amend: "customer", order.Cancel: "customer", order.AcceptChanges: "performer",
		order.LeaveOrder: "performer", order.DismissEngineer: "customer",
		order.SendContract: "performer", order.WithdrawContract: "performer",
		order.ReturnContract: "customer", order.SignContract: "customer",
		order.RegistryStatus: "registry", order.ModeratorStatus: "moderator", order.EmployerStatus: "employer",
		order.DeadlineDue: "platform",
	},
	order.Prepayment: afterSignatures(map[order.Kind]string{
		order.SendPrepaymentInvoice: "performer", order.ReportPrepayment: "customer",
		order.ConfirmPrepayment: "performer moderator operator", order.RefutePrepayment: "performer",
	}, ""),
	order.Work: afterSignatures(map[order.Kind]string{
		order.SubmitResults: "performer", order.SettleDispute: "moderator", order.WithdrawProposal: "customer",
	}, "performer"),
	order.Acceptance: afterSignatures(map[order.Kind]string{
		order.ConfirmReceipt: "customer", order.AcceptResults: "customer", order.ReturnResults: "customer",
		order.SignActAlone: "performer",
	}, ""),
	order.Registration: afterSignatures(map[order.Kind]string{
		order.ReportRegistration: "performer", order.SubmitFinal: "performer",
		order.ProposeRework: "customer performer", order.AgreeRework: "customer", order.RefuseRework: "customer",
		order.WithdrawProposal: "performer",
	}, ""),
	order.Payment: afterSignatures(map[order.Kind]string{
		order.SendAct: "performer", order.ReturnAct: "customer", order.SignAct: "customer", order.SignActAlone: "performer",
		order.SendInvoice: "performer", order.ReportPayment: "customer", order.RefutePayment: "performer",
		order.ConfirmPayment: "performer moderator operator", order.Rate: "customer",
		order.SettleDispute: "moderator", order.EmployerStatus: "", order.ModeratorStatus: "",
	}, ""),
	order.Completed: {
		order.Rate: "customer", order.DeadlineDue: "platform", order.RegistryStatus: "registry",
	},
	order.Cancelled: {},
	order.Deleted:   {order.EffectFinished: "platform"},
}

// afterSignatures adds the ways out that are open from both signatures until completion; answering says who has a
// termination proposed to him in the situations of the stage.
func afterSignatures(own map[order.Kind]string, answering string) map[order.Kind]string {
	own[order.ProposeTermination], own[order.OpenDispute] = "customer performer", "customer performer"
	own[order.ReplaceEngineer] = "moderator"
	own[order.RegistryStatus] = "registry"
	for kind, who := range map[order.Kind]string{order.ModeratorStatus: "moderator", order.EmployerStatus: "employer"} {
		if _, said := own[kind]; !said {
			own[kind] = who
		}
	}
	own[order.DeadlineDue] = "platform"
	if answering != "" {
		own[order.AgreeTermination], own[order.RefuseTermination] = answering, answering
	}
	return own
}

func onlyTheseMay(t *testing.T, all []judged) {
	can := map[order.Stage]map[order.Kind][]string{}
	for _, j := range all {
		if can[j.stage] == nil {
			can[j.stage] = map[order.Kind][]string{}
		}
		if j.d.Verdict == order.Applied && !slices.Contains(can[j.stage][j.kind], j.who) {
			can[j.stage][j.kind] = append(can[j.stage][j.kind], j.who)
		}
	}
	require.Len(t, can, len(may))
	for stage, kinds := range can {
		for _, r := range order.Rules() {
			if r.Kind == order.RestartOrder { // wherever an order may be left without its workflow
				alive := stage != "" && stage != order.Cancelled
				require.Equal(t, alive, slices.Equal(kinds[r.Kind], []string{"operator"}), stage)
				continue
			}
			require.ElementsMatch(t, strings.Fields(may[stage][r.Kind]), kinds[r.Kind], "%s in %q", r.Kind, stage)
		}
	}
}

// heldOpen is what may still be done in a suspended order, by hand from S-16 and S-17.
var heldOpen = []order.Kind{
	order.Cancel, order.DismissEngineer, order.LeaveOrder, order.ProposeTermination, order.AgreeTermination, order.RefuseTermination,
	order.WithdrawProposal,
	order.OpenDispute, order.SettleDispute, order.ReplaceEngineer, order.RegistryStatus, order.ModeratorStatus, order.EmployerStatus,
	order.RestartOrder,
}

func suspendedStandsStill(t *testing.T, all []judged) {
	open, closed := map[order.Kind]bool{}, 0
	for _, j := range all {
		if j.d.Before.ShownStage() != order.Suspended {
			continue
		}
		if j.d.Verdict == order.Applied {
			open[j.kind] = true
			require.Contains(t, heldOpen, j.kind)
		}
		if j.d.Code == order.CodeSuspended {
			closed++
		}
	}
	for _, kind := range heldOpen {
		require.True(t, open[kind], "%s is a way out of a suspended order", kind)
	}
	require.Positive(t, closed)
}

func leadsFollowTheTable(t *testing.T, all []judged) {
	for _, j := range all {
		r, ok := order.RuleFor(j.kind)
		require.True(t, ok)
		if j.d.Verdict != order.Applied {
			continue
		}
		require.Contains(t, append(slices.Clone(r.In), ""), j.d.Before.Stage)
		if j.d.Before.Stage != j.d.After.Stage {
			require.Contains(t, r.Moves(), order.Move{From: j.d.Before.Stage, To: j.d.After.Stage}, "%s", j.kind)
		}
	}
}

func TestActionsSayWhatTheOrderWillSay(t *testing.T) {
	acceptance.Covers(t, "R-FAQ-5")
	for _, s := range situations() {
		l := s.live(t)
		for _, c := range cast {
			for _, a := range order.Actions(l.s, c.who, order.Facts{Now: l.now, Engineer: able(c.who.Party)}) {
				m := message(a.Kind, c.who, sensible(l, a.Kind))
				m.ReceivedAt = l.now
				d := decide(t, l.s, m, factsFor(&l.s, m, l.now))
				if a.Open {
					require.Empty(t, a.Reason)
					continue
				}
				require.Equal(t, a.Code, d.Code, "%s: %s by %s", s.name, a.Kind, c.name)
				require.Equal(t, a.Reason, d.Reason)
			}
		}
	}
}
