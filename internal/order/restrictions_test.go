package order_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// restrictions are what keeps an engineer from new orders, each by its real cause: what the platform
// knows of him, and the message that reaches his orders.
var restrictions = []struct {
	name  string
	code  order.Code
	facts func(*order.EngineerFacts)
	reach func(*testOrder) order.Decision
}{
	{
		"blocked by a moderator", order.CodeBlocked, func(e *order.EngineerFacts) { e.Blocked = true },
		func(l *testOrder) order.Decision { return l.sendDecision(true) },
	},
	{
		"without an active status in the registry", order.CodeNotInRegistry, func(e *order.EngineerFacts) { e.InRegistry = false },
		func(l *testOrder) order.Decision {
			return l.advance(day).decide(message(order.RegistryStatus, registry, l.status(false)))
		},
	},
	{
		"suspended by his employer", order.CodeByEmployer, func(e *order.EngineerFacts) { e.Confirmed = false },
		func(l *testOrder) order.Decision {
			return l.employersDecision(false, func(f *order.Facts) { f.Engineer.Confirmed = false })
		},
	},
}

// byRestriction stands for the code of the restriction in the table.
const byRestriction order.Code = "restriction"

// byCode are the messages that are refused with a code.
type byCode map[order.Code]string

// restrictedCells is written by hand from R-RESP-5, R-OFFER-4, S-15, S-16 and S-17: what an engineer
// may still do, and with which code the rest of what others may do is refused. before is the time in
// which his restriction has not reached the order yet. What nobody in his place may do there stays
// refused and is not listed.
var restrictedCells = []struct {
	situation   string
	setup       func(testing.TB) *testOrder
	before      string
	notBefore   byCode
	after       string
	notAfter    byCode
	unconcerned bool
}{
	{
		situation: "selection", setup: selection, unconcerned: true,
		notBefore: byCode{byRestriction: "respond"}, notAfter: byCode{byRestriction: "respond"},
	},
	{
		situation: "selection, responded", setup: responded,
		before:   "withdraw-response",
		notAfter: byCode{order.CodeNoResponse: "withdraw-response accept-changes", byRestriction: "respond"},
	},
	{
		situation: "selection, responded to former conditions",
		setup:     func(t testing.TB) *testOrder { return responded(t).then(order.Amend, customer, terms()) },
		before:    "withdraw-response", notBefore: byCode{byRestriction: "accept-changes"},
		notAfter: byCode{order.CodeNoResponse: "withdraw-response accept-changes", byRestriction: "respond"},
	},
	{
		situation: "selection, offered", setup: func(t testing.TB) *testOrder { return offeredTo(t, performer) },
		before: "withdraw-response decline-offer", notBefore: byCode{byRestriction: "accept-offer"},
		notAfter: byCode{
			order.CodeNoResponse: "withdraw-response accept-changes", order.CodeNoOffer: "accept-offer decline-offer", byRestriction: "respond",
		},
	},
	{
		situation: "contract, none sent", setup: contracting,
		before: "leave-order", notBefore: byCode{byRestriction: "send-contract"},
		after: "leave-order", notAfter: byCode{order.CodeSuspended: "send-contract"},
	},
	{
		situation: "contract, conditions changed",
		setup:     func(t testing.TB) *testOrder { return contracting(t).then(order.Amend, customer, terms()) },
		before:    "leave-order", notBefore: byCode{byRestriction: "accept-changes"},
		after: "leave-order", notAfter: byCode{order.CodeSuspended: "accept-changes"},
	},
	{
		situation: "contract, sent", setup: func(t testing.TB) *testOrder { return contractSent(t, contract(5000, false)) },
		before: "leave-order withdraw-contract",
		after:  "leave-order", notAfter: byCode{order.CodeSuspended: "withdraw-contract"},
	},
	{
		situation: "prepayment, no invoice", setup: func(t testing.TB) *testOrder { return prepayment(t, false) },
		before: "send-prepayment-invoice confirm-prepayment propose-termination open-dispute",
		after:  "propose-termination open-dispute", notAfter: byCode{order.CodeSuspended: "send-prepayment-invoice confirm-prepayment"},
	},
	{
		situation: "prepayment, claimed",
		setup: func(t testing.TB) *testOrder {
			return prepaymentInvoiced(t).then(order.ReportPrepayment, customer, paid())
		},
		before: "confirm-prepayment refute-prepayment propose-termination open-dispute",
		after:  "propose-termination open-dispute", notAfter: byCode{order.CodeSuspended: "confirm-prepayment refute-prepayment"},
	},
	{
		situation: "work", setup: func(t testing.TB) *testOrder { return work(t, 5000, false) },
		before: "submit-results propose-termination open-dispute",
		after:  "propose-termination open-dispute", notAfter: byCode{order.CodeSuspended: "submit-results"},
	},
	{
		situation: "work, termination proposed by the customer",
		setup: func(t testing.TB) *testOrder {
			return work(t, 5000, false).then(order.ProposeTermination, customer, nil)
		},
		before: "submit-results agree-termination refuse-termination open-dispute",
		after:  "agree-termination refuse-termination open-dispute", notAfter: byCode{order.CodeSuspended: "submit-results"},
	},
	{
		situation: "work, termination proposed by himself",
		setup: func(t testing.TB) *testOrder {
			return work(t, 5000, false).then(order.ProposeTermination, performer, nil)
		},
		before: "submit-results withdraw-proposal open-dispute",
		after:  "withdraw-proposal open-dispute", notAfter: byCode{order.CodeSuspended: "submit-results"},
	},
	{
		situation: "work, dispute", setup: func(t testing.TB) *testOrder { return disputed(work(t, 5000, false)) },
		before: "submit-results propose-termination",
		after:  "propose-termination", notAfter: byCode{order.CodeSuspended: "submit-results"},
	},
	{
		situation: "acceptance", setup: func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles) },
		before: "propose-termination open-dispute", after: "propose-termination open-dispute",
	},
	{
		situation: "acceptance, overdue",
		setup:     func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles).fireUntilOverdue() },
		before:    "sign-act-alone propose-termination open-dispute",
		after:     "propose-termination open-dispute", notAfter: byCode{order.CodeSuspended: "sign-act-alone"},
	},
	{
		situation: "registration", setup: func(t testing.TB) *testOrder { return registration(t, 0) },
		before: "report-registration submit-final propose-termination open-dispute",
		after:  "propose-termination open-dispute", notAfter: byCode{order.CodeSuspended: "report-registration submit-final"},
	},
	{
		situation: "registration, refused", setup: refusedByRosreestr,
		before: "report-registration submit-final propose-rework propose-termination open-dispute",
		after:  "propose-termination open-dispute", notAfter: byCode{order.CodeSuspended: "report-registration submit-final propose-rework"},
	},
	{
		situation: "registration, rework proposed by the customer",
		setup:     func(t testing.TB) *testOrder { return refusedByRosreestr(t).then(order.ProposeRework, customer, nil) },
		before:    "report-registration submit-final agree-rework refuse-rework open-dispute",
		after:     "open-dispute", notAfter: byCode{order.CodeSuspended: "report-registration submit-final agree-rework refuse-rework"},
	},
	// From here on the works are accepted: the restriction is shown and stops nothing.
	{
		situation: "payment, no invoice", setup: payment,
		before: "send-invoice confirm-payment propose-termination open-dispute",
		after:  "send-invoice confirm-payment propose-termination open-dispute",
	},
	{
		situation: "payment, claimed", setup: claimed,
		before: "confirm-payment refute-payment propose-termination open-dispute",
		after:  "confirm-payment refute-payment propose-termination open-dispute",
	},
	{
		situation: "payment, act returned",
		setup:     func(t testing.TB) *testOrder { return actUnsigned(t, 0).then(order.ReturnAct, customer, nil) },
		before:    "send-act send-invoice propose-termination open-dispute", after: "send-act send-invoice propose-termination open-dispute",
	},
	{
		situation: "payment, act unsigned, overdue", setup: func(t testing.TB) *testOrder { return actUnsigned(t, 0).fireUntilOverdue() },
		before: "sign-act-alone send-act send-invoice propose-termination open-dispute",
		after:  "sign-act-alone send-act send-invoice propose-termination open-dispute",
	},
	{situation: "completed", setup: completed},
	{
		situation: "cancelled", setup: func(t testing.TB) *testOrder { return contracting(t).then(order.Cancel, customer, nil) }, unconcerned: true,
	},
}

// An engineer who may not take new orders keeps the ones that he has as far as S-16 and S-17 say: for
// each restriction, each message that an engineer sends, and each situation, before and after the
// restriction reaches the order.
func TestRestrictedEngineerCellByCell(t *testing.T) {
	acceptance.Covers(t, "R-RESP-5", "R-OFFER-4", "S-15", "S-16", "S-17")
	sent := map[order.Kind]bool{}
	for _, one := range restrictions {
		for _, cell := range restrictedCells {
			name := one.name + ": " + cell.situation
			l := cell.setup(t)
			restricted := func(f *order.Facts) {
				if f.Engineer != nil && f.Engineer.ID == performer.Party {
					one.facts(f.Engineer)
				}
			}
			requireCells(t, l, restricted, one.code, name+", before", cell.before, cell.notBefore, sent)
			if d := one.reach(l); cell.unconcerned {
				require.Equal(t, order.WasRefused, d.Verdict, name)
			} else {
				require.Equal(t, order.Applied, d.Verdict, "%s: %s", name, d.Reason)
			}
			requireCells(t, l, restricted, one.code, name+", after", cell.after, cell.notAfter, sent)
		}
	}
	require.Len(t, sent, len(engineersKinds()), "each message that an engineer sends is allowed somewhere: %v", slices.Sorted(maps.Keys(sent)))
}

// engineersKinds returns the messages that an engineer sends.
func engineersKinds() (kinds []order.Kind) {
	for _, r := range order.Rules() {
		if slices.ContainsFunc(r.Senders(), func(name string) bool {
			return name == "исполнитель" || name == "кадастровый инженер"
		}) {
			kinds = append(kinds, r.Kind)
		}
	}
	return kinds
}

// requireCells sends every message of an engineer to the order as it is. What is neither open nor
// refused in the table must be refused to him as to an engineer without a restriction, unless the
// order is suspended. It adds what is named in the table to sent.
func requireCells(
	t *testing.T, l *testOrder, restricted func(*order.Facts), code order.Code, name, open string, closed byCode, sent map[order.Kind]bool,
) {
	t.Helper()
	want := map[order.Kind]order.Code{}
	for _, kind := range kindsIn(open) {
		want[kind] = ""
	}
	for refusal, kinds := range closed {
		if refusal == byRestriction {
			refusal = code
		}
		for _, kind := range kindsIn(kinds) {
			want[kind] = refusal
		}
	}
	shown := map[order.Kind]order.Action{}
	viewed := order.Facts{Now: l.now, Engineer: eligible(performer.Party)}
	restricted(&viewed)
	for _, a := range order.Actions(l.s, performer, viewed) {
		shown[a.Kind] = a
	}
	for _, kind := range engineersKinds() {
		m := message(kind, performer, validDetails(l, kind))
		m.ID, m.ReceivedAt = "message", l.now
		free, facts := factsFor(&l.s, m, l.now), factsFor(&l.s, m, l.now)
		restricted(&facts)
		d := decide(t, l.s, m, facts)
		expected, listed := want[kind]
		switch {
		case listed:
			sent[kind] = true
			require.Equal(t, expected, d.Code, "%s: %s: %s", name, kind, d.Reason)
		case l.s.Suspended() && d.Code == order.CodeSuspended:
			require.NotEmpty(t, decide(t, l.s, m, free).Code, "%s: %s", name, kind)
		default:
			require.NotEmpty(t, d.Code, "%s: %s is not in the table", name, kind)
			require.Equal(t, decide(t, l.s, m, free).Code, d.Code, "%s: %s is not in the table: %s", name, kind, d.Reason)
		}
		if a, exists := shown[kind]; exists {
			require.Equal(t, []any{d.Code == "", d.Code, d.Reason}, []any{a.Open, a.Code, a.Reason}, "%s: the card says the same of %s", name, kind)
		}
	}
}

func kindsIn(names string) (kinds []order.Kind) {
	for _, name := range strings.Fields(names) {
		kinds = append(kinds, order.Kind(name))
	}
	return kinds
}
