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

var update = flag.Bool("update", false, "rewrite the golden file")

const golden = "testdata/verdicts.golden"

// situation is a state of an order in which the verdicts may differ from all others.
type situation struct {
	name  string
	setup func(testing.TB) *testOrder
}

func situations() []situation {
	return []situation{
		{"none", newTestOrder},
		{"draft", draft},
		{"selection", selection},
		{"selection, responses", responded},
		{"selection, responses to changed conditions", func(t testing.TB) *testOrder { return responded(t).then(order.Amend, customer, terms()) }},
		{"selection, offer", func(t testing.TB) *testOrder { return offeredTo(t, offered) }},
		{"selection, offer at its expiry", func(t testing.TB) *testOrder { return offeredTo(t, offered).advance(3 * day) }},
		{"selection, lapsed offer", func(t testing.TB) *testOrder {
			l := offeredTo(t, offered)
			l.fireNext(order.DueOfferExpiry)
			return l
		}},
		{"contract, none sent", contracting},
		{"contract, changed conditions", func(t testing.TB) *testOrder { return contracting(t).then(order.Amend, customer, terms()) }},
		{"contract, sent", func(t testing.TB) *testOrder { return contractSent(t, contract(5000, false)) }},
		{"contract, sent, suspended", func(t testing.TB) *testOrder { return contractSent(t, contract(5000, false)).suspend() }},
		{"contract, none sent, suspended", func(t testing.TB) *testOrder { return contracting(t).suspend() }},
		{"prepayment, no invoice", func(t testing.TB) *testOrder { return prepayment(t, false) }},
		{"prepayment, invoiced", prepaymentInvoiced},
		{"prepayment, claimed", func(t testing.TB) *testOrder {
			return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid())
		}},
		{"prepayment, claimed, overdue", func(t testing.TB) *testOrder {
			return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()).fireUntilOverdue()
		}},
		{"prepayment, claimed without document, overdue", func(t testing.TB) *testOrder {
			return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paidWithoutDocument()).fireUntilOverdue()
		}},
		{"prepayment, refuted", func(t testing.TB) *testOrder {
			return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid()).then(order.RefutePrepayment, performer, nil)
		}},
		{"work", func(t testing.TB) *testOrder { return work(t, 5000, false) }},
		{"work with registration", func(t testing.TB) *testOrder { return work(t, 5000, true) }},
		{"work, suspended", func(t testing.TB) *testOrder { return work(t, 5000, false).suspend() }},
		{"work, termination proposed by the customer", func(t testing.TB) *testOrder {
			return work(t, 5000, false).then(order.ProposeTermination, customer, nil)
		}},
		{"work, termination proposed, suspended", func(t testing.TB) *testOrder {
			return work(t, 5000, false).then(order.ProposeTermination, customer, nil).suspend()
		}},
		{"work, held by the moderator", func(t testing.TB) *testOrder { return work(t, 5000, false).hold(order.ModeratorStatus, moderator) }},
		{"work, held by the employer", func(t testing.TB) *testOrder { return work(t, 5000, false).hold(order.EmployerStatus, employer) }},
		{"work, replacement proposed", func(t testing.TB) *testOrder { return replacementProposed(t) }},
		{"work, replacement agreed", func(t testing.TB) *testOrder { return replacementAgreed(t) }},
		{"prepayment, suspended", func(t testing.TB) *testOrder { return prepaymentInvoiced(t).suspend() }},
		{"acceptance, suspended", func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles).suspend() }},
		{"work, dispute", func(t testing.TB) *testOrder { return disputed(work(t, 5000, false)) }},
		{"work, dispute, suspended", func(t testing.TB) *testOrder { return disputed(work(t, 5000, false)).suspend() }},
		{"acceptance, not received", func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.InPerson) }},
		{"acceptance, received", func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles) }},
		{"acceptance, overdue", func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles).fireUntilOverdue() }},
		{"acceptance with registration", func(t testing.TB) *testOrder { return inAcceptance(t, 0, true, order.ByFiles) }},
		{"acceptance, all paid in advance", func(t testing.TB) *testOrder { return inAcceptance(t, 10_000, false, order.ByFiles) }},
		{"registration", func(t testing.TB) *testOrder { return registration(t, 0) }},
		{"registration, refused", refusedByRosreestr},
		{"registration, rework proposed by the performer", func(t testing.TB) *testOrder {
			return refusedByRosreestr(t).then(order.ProposeRework, performer, nil)
		}},
		{"registration, suspended", func(t testing.TB) *testOrder { return registration(t, 0).suspend() }},
		{"payment, act unsigned", func(t testing.TB) *testOrder { return actUnsigned(t, 0) }},
		{"payment, act unsigned, overdue", func(t testing.TB) *testOrder { return actUnsigned(t, 0).fireUntilOverdue() }},
		{"payment, act returned", func(t testing.TB) *testOrder { return actUnsigned(t, 0).then(order.ReturnAct, customer, nil) }},
		{"payment, act unsigned, all paid in advance", func(t testing.TB) *testOrder { return actUnsigned(t, 10_000) }},
		{"payment, no invoice", payment},
		{"payment, invoiced", func(t testing.TB) *testOrder { return payment(t).then(order.SendInvoice, performer, invoice()) }},
		{"payment, claimed", claimed},
		{"payment, claimed, overdue", func(t testing.TB) *testOrder { return claimed(t).fireUntilOverdue() }},
		{"payment, claimed, dispute", func(t testing.TB) *testOrder { return disputed(claimed(t)) }},
		{"payment, claimed, engineer flagged", func(t testing.TB) *testOrder {
			l := claimed(t).advance(time.Hour)
			return l.then(order.RegistryStatus, registry, l.status(false))
		}},
		{"payment, claimed, engineer blocked", func(t testing.TB) *testOrder { return claimed(t).block() }},
		{"payment, refuted", func(t testing.TB) *testOrder { return claimed(t).then(order.RefutePayment, performer, nil) }},
		{"completed", completed},
		{"completed, rating closed", func(t testing.TB) *testOrder {
			l := completed(t)
			l.fireNext(order.DueRatingEnd)
			return l
		}},
		{"cancelled", func(t testing.TB) *testOrder { return contracting(t).then(order.Cancel, customer, nil) }},
		{"deleted", func(t testing.TB) *testOrder { return draft(t).then(order.Delete, customer, nil) }},
	}
}

func prepaymentInvoiced(t testing.TB) *testOrder {
	return prepayment(t, false).then(order.SendPrepaymentInvoice, performer, invoice())
}

func refusedByRosreestr(t testing.TB) *testOrder {
	return registration(t, 0).then(order.ReportRegistration, performer, order.RegistrationStatus{Status: order.RegistrationRefused})
}

func disputed(l *testOrder) *testOrder {
	l.t.Helper()
	return l.then(order.OpenDispute, customer, order.DisputeCall{Ground: order.GroundTermination})
}

type testActor struct {
	name string
	who  order.Actor
}

var testActors = []testActor{
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

// actorsIn returns the actors of a situation: with a proposed replacement also the engineer who may
// answer it.
func actorsIn(s *order.State) []testActor {
	if s.Substitute() != "" {
		return append(slices.Clone(testActors), testActor{"colleague", colleague})
	}
	return testActors
}

// validDetails returns valid details for a message of the kind in this state.
func validDetails(l *testOrder, kind order.Kind) any {
	switch kind {
	case order.Publish, order.Amend:
		return terms()
	case order.Respond:
		return bid()
	case order.AcceptChanges, order.AcceptOffer:
		return l.currentRevision()
	case order.OfferOrder:
		return choiceOf(other)
	case order.Choose:
		return choiceOf(responder)
	case order.ReplaceEngineer, order.ProposeReplacement, order.ApproveReplacement, order.RejectReplacement:
		return choiceOf(colleague)
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
		return order.EngineerStatus{Engineer: "performer", Active: slices.Contains(l.s.Holds(), held[kind]), AsOf: l.now.Add(time.Minute)}
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

// verdictRow is one verdict in the table.
type verdictRow struct {
	situation string
	stage     order.Stage
	kind      order.Kind
	who       string
	d         order.Decision
}

func (j verdictRow) String() string {
	switch {
	case j.d.Verdict != order.Applied:
		return string(j.d.Code)
	case j.d.After.ShownStage() == j.d.Before.ShownStage():
		return "applied"
	}
	return "→ " + string(j.d.After.ShownStage())
}

// allVerdicts decides every message of every actor in every situation.
func allVerdicts(t *testing.T) []verdictRow {
	t.Helper()
	var all []verdictRow
	for _, s := range situations() {
		l := s.setup(t)
		for _, r := range order.Rules() {
			for _, c := range actorsIn(&l.s) {
				m := message(r.Kind, c.who, validDetails(l, r.Kind))
				now := l.now
				if r.Kind == order.DeadlineDue {
					if due, ok := l.s.NextDue(); ok {
						now = due.At
					}
				}
				m.ID, m.ReceivedAt = "message", now
				all = append(all, verdictRow{s.name, l.s.Stage, r.Kind, c.name, decide(t, l.s, m, factsFor(&l.s, m, now))})
			}
		}
	}
	return all
}

// table formats the verdicts, one line per situation and message; the most frequent verdict comes
// last, as "others".
func table(all []verdictRow) string {
	var b strings.Builder
	b.WriteString("# Written by go test ./internal/order -run TestVerdicts -update; read the difference before you commit it.\n")
	b.WriteString("# situation | message | who: verdict, or the stage that it leads to; … | others: verdict\n")
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].situation == all[0].situation && all[n].kind == all[0].kind {
			n++
		}
		group := all[:n]
		all = all[n:]
		count := map[string]int{}
		for _, j := range group {
			count[j.String()]++
		}
		most := group[len(testActors)-1].String()
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

// TestVerdicts decides every message of every actor in every situation once. It compares the
// verdicts with a golden file and with rules written by hand, which -update cannot rewrite.
func TestVerdicts(t *testing.T) {
	all := allVerdicts(t)
	t.Run("golden file", func(t *testing.T) { compareGolden(t, all) })
	t.Run("permitted senders", func(t *testing.T) {
		acceptance.Covers(t, "S-12", "S-40")
		checkPermitted(t, all)
	})
	t.Run("suspended order", func(t *testing.T) {
		acceptance.Covers(t, "S-16", "S-17")
		checkSuspended(t, all)
	})
	t.Run("admission never refuses an applied message", func(t *testing.T) { checkAdmission(t, all) })
	t.Run("moves follow the rule table", func(t *testing.T) { checkMoves(t, all) })
	t.Run("addressees of notices can sign in", func(t *testing.T) {
		acceptance.Covers(t, "S-2", "S-23", "S-40")
		checkAddressees(t, all)
	})
}

func compareGolden(t *testing.T, all []verdictRow) {
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

// permitted is written by hand from the manuals: who may send what at each stage with valid
// details. Every other message must be refused in every situation of the stage.
var permitted = map[order.Stage]map[order.Kind]string{
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
		order.ProposeReplacement:    "employer",
		order.SendPrepaymentInvoice: "performer", order.ReportPrepayment: "customer",
		order.ConfirmPrepayment: "performer moderator operator", order.RefutePrepayment: "performer",
	}, ""),
	order.Work: afterSignatures(map[order.Kind]string{
		order.SubmitResults: "performer", order.SettleDispute: "moderator", order.WithdrawProposal: "customer",
		order.ProposeReplacement: "employer", order.WithdrawReplacement: "employer",
		order.AgreeReplacement: "colleague", order.DeclineReplacement: "colleague",
		order.ApproveReplacement: "moderator", order.RejectReplacement: "moderator",
	}, "performer"),
	order.Acceptance: afterSignatures(map[order.Kind]string{
		order.ProposeReplacement: "employer",
		order.ConfirmReceipt:     "customer", order.AcceptResults: "customer", order.ReturnResults: "customer",
		order.SignActAlone: "performer",
	}, ""),
	order.Registration: afterSignatures(map[order.Kind]string{
		order.ProposeReplacement: "employer",
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

// afterSignatures adds the messages that are open from both signatures until completion; answering
// is the party that has to answer a proposed termination in the situations of the stage.
func afterSignatures(own map[order.Kind]string, answering string) map[order.Kind]string {
	own[order.ProposeTermination], own[order.OpenDispute] = "customer performer", "customer performer"
	own[order.ReplaceEngineer] = "moderator"
	own[order.RegistryStatus] = "registry"
	for kind, who := range map[order.Kind]string{order.ModeratorStatus: "moderator", order.EmployerStatus: "employer"} {
		if _, exists := own[kind]; !exists {
			own[kind] = who
		}
	}
	own[order.DeadlineDue] = "platform"
	if answering != "" {
		own[order.AgreeTermination], own[order.RefuseTermination] = answering, answering
	}
	return own
}

func checkPermitted(t *testing.T, all []verdictRow) {
	can := map[order.Stage]map[order.Kind][]string{}
	for _, j := range all {
		if can[j.stage] == nil {
			can[j.stage] = map[order.Kind][]string{}
		}
		if j.d.Verdict == order.Applied && !slices.Contains(can[j.stage][j.kind], j.who) {
			can[j.stage][j.kind] = append(can[j.stage][j.kind], j.who)
		}
	}
	require.Len(t, can, len(permitted))
	for stage, kinds := range can {
		for _, r := range order.Rules() {
			if r.Kind == order.RestartOrder { // at every stage in which an order may lose its workflow
				running := stage != "" && stage != order.Cancelled
				require.Equal(t, running, slices.Equal(kinds[r.Kind], []string{"operator"}), stage)
				continue
			}
			require.ElementsMatch(t, strings.Fields(permitted[stage][r.Kind]), kinds[r.Kind], "%s in %q", r.Kind, stage)
		}
	}
}

// allowedWhileSuspended are the messages that a suspended order accepts, written by hand from S-16
// and S-17.
var allowedWhileSuspended = []order.Kind{
	order.Cancel, order.DismissEngineer, order.LeaveOrder, order.ProposeTermination, order.AgreeTermination, order.RefuseTermination,
	order.WithdrawProposal,
	order.OpenDispute, order.SettleDispute, order.ReplaceEngineer, order.RegistryStatus, order.ModeratorStatus, order.EmployerStatus,
	order.ProposeReplacement, order.WithdrawReplacement, order.AgreeReplacement, order.DeclineReplacement,
	order.ApproveReplacement, order.RejectReplacement,
	order.RestartOrder,
}

func checkSuspended(t *testing.T, all []verdictRow) {
	open, closed := map[order.Kind]bool{}, 0
	for _, j := range all {
		if j.d.Before.ShownStage() != order.Suspended {
			continue
		}
		if j.d.Verdict == order.Applied {
			open[j.kind] = true
			require.Contains(t, allowedWhileSuspended, j.kind)
		}
		if j.d.Code == order.CodeSuspended {
			closed++
		}
	}
	for _, kind := range allowedWhileSuspended {
		require.True(t, open[kind], "%s is allowed while the order is suspended", kind)
	}
	require.Positive(t, closed)
}

func checkMoves(t *testing.T, all []verdictRow) {
	for _, j := range all {
		r, ok := order.RuleFor(j.kind)
		require.True(t, ok)
		if j.d.Verdict != order.Applied {
			continue
		}
		require.Contains(t, append(slices.Clone(r.From), ""), j.d.Before.Stage)
		if j.d.Before.Stage != j.d.After.Stage {
			require.Contains(t, r.Moves(), order.Move{From: j.d.Before.Stage, To: j.d.After.Stage}, "%s", j.kind)
		}
	}
}

func TestActionsMatchTheVerdicts(t *testing.T) {
	acceptance.Covers(t, "R-FAQ-5")
	for _, s := range situations() {
		l := s.setup(t)
		for _, c := range actorsIn(&l.s) {
			for _, a := range order.Actions(l.s, c.who, order.Facts{Now: l.now, Engineer: eligible(c.who.Party)}) {
				m := message(a.Kind, c.who, validDetails(l, a.Kind))
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
