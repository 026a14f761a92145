package order_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// The users of every test. The performer and the colleague are employees of employer's
// organisation.
var (
	customer      = order.Actor{Role: order.RoleCustomer, Person: "person-customer", Party: "customer"}
	stranger      = order.Actor{Role: order.RoleCustomer, Person: "person-stranger", Party: "stranger"}
	performer     = engineer("performer")
	other         = engineer("other")
	offered       = engineer("offered")
	responder     = engineer("responder")
	colleague     = engineer("colleague")
	employer      = order.Actor{Role: order.RoleEmployer, Person: "person-employer", Party: "organisation"}
	otherEmployer = order.Actor{Role: order.RoleEmployer, Person: "person-rival", Party: "rival"}
	moderator     = order.Actor{Role: order.RoleModerator, Person: "person-moderator"}
	operator      = order.Actor{Role: order.RoleOperator, Person: "person-operator"}
	registry      = order.Actor{Role: order.RoleRegistry}
	platform      = order.Actor{Role: order.RolePlatform}
)

func engineer(id string) order.Actor {
	return order.Actor{Role: order.RoleEngineer, Person: "person-" + id, Party: id}
}

// start is a working Monday, noon in Moscow.
var start = time.Date(2026, 3, 16, 9, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// testOrder is an order under test: it decides, applies and checks every message immediately.
type testOrder struct {
	t     testing.TB
	s     order.State
	now   time.Time
	n     int
	facts []func(*order.Facts)
}

// eligible returns an engineer who may take any order.
func eligible(id string) *order.EngineerFacts {
	e := &order.EngineerFacts{
		ID: id, Person: "person-" + id, InRegistry: true, Receives: true, Complete: true, SoleProprietor: true, Regions: []string{"77"},
	}
	if id == "performer" || id == "colleague" {
		e.SoleProprietor, e.Employer, e.Confirmed, e.EmployerActive = false, "organisation", true, 2
	}
	return e
}

// factsFor returns facts in which everything named exists and every engineer is eligible.
func factsFor(s *order.State, m order.Message, now time.Time) order.Facts {
	f := order.Facts{Now: now, Number: "77-000001", BodyFound: true, Files: map[string]order.FileFacts{}}
	if id := order.EngineerOf(s, m); id != "" {
		f.Engineer = eligible(id)
	}
	for _, file := range order.NamedFiles(m) {
		f.Files[file.ID] = order.FileFacts{SHA256: file.SHA256, ContentType: "application/pdf", PDFA: &order.PDFACheck{}}
	}
	f.Signatures = map[string]order.SignatureFacts{}
	for _, signed := range order.SignaturesOf(m) {
		f.Signatures[signed.Signature.ID] = order.SignatureFacts{Document: signed.Document}
	}
	return f
}

func newTestOrder(t testing.TB) *testOrder {
	return &testOrder{t: t, s: order.State{ID: "order"}, now: start}
}

func message(kind order.Kind, actor order.Actor, details any) order.Message {
	m := order.Message{Kind: kind, Actor: actor, Body: &order.BodyRef{ID: "text", SHA256: sum("text")}}
	if actor.Role == order.RoleOperator {
		m.Reason = "обращение заказчика"
	}
	switch d := details.(type) {
	case nil:
	case json.RawMessage:
		m.Details = d
	default:
		encoded, err := json.Marshal(d)
		if err != nil {
			panic(err)
		}
		m.Details = encoded
	}
	return m
}

// decide decides a message and checks what every decision must satisfy: the outcome, as the history
// stores it, gives exactly the decided state when applied.
func decide(t testing.TB, s order.State, m order.Message, f order.Facts) order.Decision {
	t.Helper()
	before := encode(t, s)
	d, err := order.Decide(s, m, f)
	require.NoError(t, err)
	require.Equal(t, before, encode(t, s), "Decide changed its argument")
	require.Equal(t, s.Seq+1, d.Seq)
	require.Equal(t, s.Seq+1, d.After.Seq)
	require.False(t, d.At.Before(s.At), "the effective time decreased")

	var recorded order.Outcome
	require.NoError(t, json.Unmarshal([]byte(encode(t, d.Outcome)), &recorded))
	folded := s
	require.NoError(t, folded.Apply(recorded))
	if !reflect.DeepEqual(d.After, folded) {
		require.Equal(t, d.After, folded, "applying the outcome gave another state than was decided")
	}

	if d.Verdict == order.Applied {
		require.Empty(t, d.Code)
		require.NoError(t, d.After.Check())
	} else {
		require.Equal(t, order.WasRefused, d.Verdict)
		require.NotEmpty(t, d.Code)
		require.NotEmpty(t, d.Reason)
		require.Empty(t, d.Notices)
		require.Equal(t, s.Stage, d.After.Stage)
	}
	return d
}

func encode(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

func (l *testOrder) decide(m order.Message) order.Decision {
	l.t.Helper()
	l.n++
	m.ID, m.ReceivedAt = fmt.Sprintf("message-%d", l.n), l.now
	f := factsFor(&l.s, m, l.now)
	for _, change := range l.facts {
		change(&f)
	}
	d := decide(l.t, l.s, m, f)
	l.s = d.After
	return d
}

// send sends a message and requires that it is applied.
func (l *testOrder) send(kind order.Kind, actor order.Actor, details any) order.Decision {
	l.t.Helper()
	d := l.decide(message(kind, actor, details))
	require.Equal(l.t, order.Applied, d.Verdict, "%s at %s was refused: %s (%s)", kind, d.Before.Stage, d.Code, d.Reason)
	return d
}

// requireRefused sends a message and requires that it is refused with the code.
func (l *testOrder) requireRefused(code order.Code, kind order.Kind, actor order.Actor, details any) order.Decision {
	l.t.Helper()
	d := l.decide(message(kind, actor, details))
	require.Equal(l.t, code, d.Code, "%s at %s: %s", kind, d.Before.Stage, d.Reason)
	return d
}

func (l *testOrder) advance(d time.Duration) *testOrder {
	l.now = l.now.Add(d)
	return l
}

// fireNext moves the clock to the next deadline and executes it.
func (l *testOrder) fireNext(kind order.DueKind) order.Decision {
	l.t.Helper()
	due, ok := l.s.NextDue()
	require.True(l.t, ok, "no deadline is running")
	require.Equal(l.t, kind, due.Kind)
	if due.At.After(l.now) {
		l.now = due.At
	}
	return l.send(order.DeadlineDue, platform, order.DueNow{Due: due.ID})
}

// fireUntilOverdue executes deadlines until the awaited step is overdue.
func (l *testOrder) fireUntilOverdue() *testOrder {
	l.t.Helper()
	for !l.s.Overdue {
		due, ok := l.s.NextDue()
		require.True(l.t, ok, "nothing becomes overdue")
		l.fireNext(due.Kind)
	}
	return l
}

func (l *testOrder) requireStage(stage order.Stage) *testOrder {
	l.t.Helper()
	require.Equal(l.t, stage, l.s.Stage)
	return l
}

func sum(name string) string {
	const digits = "0123456789abcdef"
	text := make([]byte, 64)
	for i := range text {
		text[i] = digits[(int(name[i%len(name)])+i)%16]
	}
	return string(text)
}

func file(name string) order.FileRef { return order.FileRef{ID: name, SHA256: sum(name)} }

func filePtr(name string) *order.FileRef {
	f := file(name)
	return &f
}

func ptr[T any](v T) *T { return &v }

func terms() order.Terms {
	return order.Terms{Region: "77", WorkKind: "parcel-formation", Price: ptr(order.Kopecks(100_000_00)), TermDays: 30}
}

func bid() order.Bid { return order.Bid{Price: 90_000_00, TermDays: 20} }

// contract returns a contract with an advance of basisPoints, with or without ГКУ/ГРП.
func contract(basisPoints int, registration bool) order.ContractTerms {
	const price = 90_000_00
	return order.ContractTerms{
		File: file("contract"), Signature: file("contract-sig"), ContractConditions: order.ContractConditions{
			Price: price, AdvanceBasisPoints: basisPoints, Advance: order.Advance(price, basisPoints), TermDate: "2026-06-30",
			Registration: registration,
		},
	}
}

func signature() order.ContractSignature {
	return order.ContractSignature{Contract: sum("contract"), Signature: file("customer-sig")}
}

func signedAct() *order.SignedAct {
	return &order.SignedAct{File: file("act"), Signature: file("act-sig")}
}

func actSignature() order.ActSignature {
	return order.ActSignature{Act: sum("act"), Signature: filePtr("act-customer-sig")}
}

func invoice() order.Invoice                   { return order.Invoice{File: filePtr("invoice")} }
func paid() order.PaymentReport                { return order.PaymentReport{File: filePtr("receipt")} }
func paidWithoutDocument() order.PaymentReport { return order.PaymentReport{WithoutDocument: true} }

func final() order.FinalDelivery {
	return order.FinalDelivery{Files: []order.FileRef{file("extract")}, Act: signedAct()}
}

func (l *testOrder) currentRevision() order.Revised { return order.Revised{Revision: l.s.Revision} }

func choiceOf(a order.Actor) order.EngineerChoice { return order.EngineerChoice{Engineer: a.Party} }

func (l *testOrder) status(active bool) order.EngineerStatus { return l.statusOf(performer, active) }

func (l *testOrder) statusOf(a order.Actor, active bool) order.EngineerStatus {
	return order.EngineerStatus{Engineer: a.Party, Active: active, AsOf: l.now}
}

// An order at each stage; every function starts where the previous one ends.

func draft(t testing.TB) *testOrder {
	l := newTestOrder(t)
	l.send(order.Create, customer, nil)
	return l
}

func selection(t testing.TB) *testOrder {
	l := draft(t)
	l.send(order.Publish, customer, terms())
	return l.requireStage(order.Selection)
}

func responded(t testing.TB) *testOrder {
	l := selection(t)
	l.send(order.Respond, performer, bid())
	l.send(order.Respond, responder, bid())
	return l
}

func offeredTo(t testing.TB, who order.Actor) *testOrder {
	l := responded(t)
	l.send(order.OfferOrder, customer, choiceOf(who))
	return l
}

func contracting(t testing.TB) *testOrder {
	l := responded(t)
	l.send(order.Choose, customer, choiceOf(performer))
	return l.requireStage(order.Contracting)
}

// contractSent returns an order with the contract c sent by the performer.
func contractSent(t testing.TB, c order.ContractTerms) *testOrder {
	l := contracting(t)
	l.send(order.SendContract, performer, c)
	return l
}

func prepayment(t testing.TB, registration bool) *testOrder {
	l := contractSent(t, contract(5000, registration))
	l.send(order.SignContract, customer, signature())
	return l.requireStage(order.Prepayment)
}

// work returns an order at the stage of work; with an advance it is confirmed first.
func work(t testing.TB, basisPoints int, registration bool) *testOrder {
	l := contractSent(t, contract(basisPoints, registration))
	l.send(order.SignContract, customer, signature())
	if basisPoints > 0 {
		l.send(order.ConfirmPrepayment, performer, nil)
	}
	return l.requireStage(order.Work)
}

func results(l *testOrder, way order.Way) order.ResultsDelivery {
	d := order.ResultsDelivery{Way: way}
	if way == order.ByFiles {
		d.Files = []order.FileRef{file("results")}
	}
	if l.s.Contract != nil && !l.s.Contract.Registration {
		d.Act = signedAct()
	}
	return d
}

func inAcceptance(t testing.TB, basisPoints int, registration bool, way order.Way) *testOrder {
	l := work(t, basisPoints, registration)
	l.send(order.SubmitResults, performer, results(l, way))
	return l.requireStage(order.Acceptance)
}

func registration(t testing.TB, basisPoints int) *testOrder {
	l := inAcceptance(t, basisPoints, true, order.ByFiles)
	l.send(order.AcceptResults, customer, order.ActSignature{})
	return l.requireStage(order.Registration)
}

// payment returns an order at the payment stage with a signed act and no invoice.
func payment(t testing.TB) *testOrder {
	l := inAcceptance(t, 0, false, order.ByFiles)
	l.send(order.AcceptResults, customer, actSignature())
	return l.requireStage(order.Payment)
}

// actUnsigned returns an order at the payment stage after ГКУ/ГРП, with an act that the customer
// has not signed.
func actUnsigned(t testing.TB, basisPoints int) *testOrder {
	l := registration(t, basisPoints)
	l.send(order.SubmitFinal, performer, final())
	return l.requireStage(order.Payment)
}

func claimed(t testing.TB) *testOrder {
	l := payment(t)
	l.send(order.SendInvoice, performer, invoice())
	l.send(order.ReportPayment, customer, paid())
	return l
}

func completed(t testing.TB) *testOrder {
	l := claimed(t)
	l.send(order.ConfirmPayment, performer, nil)
	return l.requireStage(order.Completed)
}

func (l *testOrder) then(kind order.Kind, actor order.Actor, details any) *testOrder {
	l.t.Helper()
	l.send(kind, actor, details)
	return l
}

func (l *testOrder) suspend() *testOrder {
	l.t.Helper()
	l.advance(time.Hour)
	l.send(order.RegistryStatus, registry, l.status(false))
	require.Equal(l.t, order.Suspended, l.s.ShownStage())
	return l
}

func notified(d order.Decision, to order.Role, kind order.NoticeKind) bool {
	return slices.ContainsFunc(d.Notices, func(n order.Notice) bool { return n.To.Role == to && n.Kind == kind })
}

func notifiedParty(d order.Decision, party string, kind order.NoticeKind) bool {
	return slices.ContainsFunc(d.Notices, func(n order.Notice) bool { return n.To.Party == party && n.Kind == kind })
}
