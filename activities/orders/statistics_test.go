package orders_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

var statisticsSeed = flag.Uint64("statistics.seed", 0, "seed of the random lives of orders; 0 means a new one")

// life sends random messages to one order after another, through the recording itself.
type life struct {
	*testUsers
	rand    *rand.Rand
	applied map[order.Kind]int
	// ended counts how the orders ended.
	ended map[order.Stage]int
}

// The engineers' numbers are the same as if they were counted anew from all orders and their
// histories, whatever the orders went through.
func TestStatisticsAgreeWithTheRecord(t *testing.T) {
	acceptance.Covers(t, "R-GEN-7", "R-KPROF-3", "R-RATE-2", "S-25", "S-26", "S-40")
	t.Parallel()
	seed := *statisticsSeed
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("to repeat: go test ./activities/orders -run StatisticsAgree -statistics.seed=%d", seed)
	l := &life{testUsers: newTestUsers(t), rand: rand.New(rand.NewPCG(seed, 0)), applied: map[order.Kind]int{}, ended: map[order.Stage]int{}}
	for n := 0; n < 8 || !l.seenEnough(); n++ {
		require.Less(t, n, 100, "some messages are never applied: %v", l.applied)
		l.run()
		l.requireCounted()
	}
	t.Logf("applied %v, ended %v", l.applied, l.ended)
}

// seenEnough reports whether every message that changes a number has been applied: without it,
// agreement would prove little.
func (l *life) seenEnough() bool {
	for _, kind := range []order.Kind{order.Rate, order.LeaveOrder, order.DeclineOffer, order.AcceptOffer, order.Choose, order.ReplaceEngineer} {
		if l.applied[kind] == 0 {
			return false
		}
	}
	return l.ended[order.Completed] > 0
}

// run leads a new order through at most a hundred messages.
func (l *life) run() {
	l.state = order.State{ID: uuid.NewString()}
	l.requireApplied(order.Create, l.customer, nil)
	l.requireApplied(order.Publish, l.customer, order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 30})
	for range 100 {
		if l.state.Closed() || l.state.Stage == order.Completed && l.rand.IntN(4) == 0 {
			break
		}
		by := []order.Actor{l.customer, l.customer, l.engineer, l.colleague, l.moderator}[l.rand.IntN(5)]
		var open []order.Kind
		for _, a := range order.Actions(l.state, by, order.Facts{Now: time.Now(), Engineer: l.facts(by)}) {
			// What ends the order, or leads back, comes seldom: else no order would be completed.
			if a.Open && !(slices.Contains(endings, a.Kind) && l.rand.IntN(12) > 0) {
				open = append(open, a.Kind)
			}
		}
		if len(open) == 0 {
			continue
		}
		kind := open[l.rand.IntN(len(open))]
		if l.send(kind, by).Verdict == order.Applied {
			l.applied[kind]++
		}
	}
	l.ended[l.state.Stage]++
}

var endings = []order.Kind{
	order.Cancel, order.AgreeTermination, order.SettleDispute, order.ProposeTermination, order.DismissEngineer, order.WithdrawContract, order.ReturnContract,
	order.Amend, order.WithdrawResponse, order.OpenDispute, order.ReplaceEngineer, order.ReturnResults, order.ModeratorStatus,
}

func (l *life) facts(by order.Actor) *order.EngineerFacts {
	if by.Role != order.RoleEngineer {
		return nil
	}
	return &order.EngineerFacts{
		ID: by.Party, Person: by.Person, Employer: l.employer.String(), InRegistry: true, Receives: true, Complete: true, Confirmed: true,
		EmployerActive: 2, Regions: []string{"77"},
	}
}

// send sends a message with the details of its kind, a text and new files where it needs some.
func (l *life) send(kind order.Kind, by order.Actor) order.Outcome {
	l.t.Helper()
	in := l.input(kind, by)
	in.State = l.state
	text := `{"note": "текст"}`
	if kind == order.Rate {
		text = []string{`{"review": "Всё сделано"}`, `{"review": ""}`, `{}`}[l.rand.IntN(3)]
	}
	sum := sha256.Sum256([]byte(text))
	ref := order.BodyRef{ID: uuid.NewString(), SHA256: hex.EncodeToString(sum[:])}
	testenv.Exec(l.t, l.url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, $4, $5)`,
		ref.ID, l.state.ID, by.Person, text, ref.SHA256)
	in.Message.Body = &ref
	if details := l.details(kind, by); details != nil {
		encoded, err := json.Marshal(details)
		require.NoError(l.t, err)
		in.Message.Details = encoded
		acceptSignatures(l.t, l.url, l.state.ID, by, details)
	}
	outcome, err := l.recorder.record(in)
	require.NoError(l.t, err, kind)
	require.NoError(l.t, l.state.Apply(outcome))
	return outcome
}

func (l *life) details(kind order.Kind, by order.Actor) any {
	someone := []order.Actor{l.engineer, l.colleague}[l.rand.IntN(2)]
	act := func() *order.SignedAct {
		return &order.SignedAct{File: l.file(by, "application/pdf"), Signature: l.file(by, "application/pkcs7-signature")}
	}
	switch kind {
	case order.Amend:
		return order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 10 + l.rand.IntN(20)}
	case order.Respond:
		return order.Bid{Price: 100_000, TermDays: 20}
	case order.OfferOrder, order.ReplaceEngineer:
		return choiceOf(someone)
	case order.Choose:
		return order.EngineerChoice{Engineer: l.state.Responses[l.rand.IntN(len(l.state.Responses))].Engineer}
	case order.AcceptOffer, order.AcceptChanges:
		return order.Revised{Revision: l.state.Revision}
	case order.SendContract:
		advance := []int{0, 0, 5_000}[l.rand.IntN(3)]
		return order.ContractTerms{
			File: l.file(by, "application/pdf"), Signature: l.file(by, "application/pkcs7-signature"), ContractConditions: order.ContractConditions{
				Price: 100_000, AdvanceBasisPoints: advance, Advance: order.Advance(100_000, advance), TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly),
			},
		}
	case order.SignContract:
		return order.ContractSignature{Contract: l.state.Contract.File.SHA256, Signature: l.file(by, "application/pkcs7-signature")}
	case order.SendPrepaymentInvoice, order.SendInvoice:
		return order.Invoice{Link: true}
	case order.ReportPrepayment, order.ReportPayment:
		return order.PaymentReport{WithoutDocument: true}
	case order.SubmitResults:
		return order.ResultsDelivery{Way: order.InPerson, Act: act(), Invoice: &order.Invoice{Link: true}}
	case order.AcceptResults, order.SignAct, order.SignActAlone:
		a := order.ActSignature{}
		if l.state.Act != nil {
			a.Act, a.Signature = l.state.Act.File.SHA256, new(l.file(by, "application/pkcs7-signature"))
		}
		return a
	case order.SendAct:
		return order.ActDelivery{Act: *act()}
	case order.ReturnResults:
		return order.Remarks{}
	case order.Rate:
		return order.Mark{Mark: 1 + l.rand.IntN(5)}
	case order.OpenDispute:
		return order.DisputeCall{Ground: order.GroundTermination}
	case order.SettleDispute:
		return order.DisputeSettlement{Settlement: []order.Settlement{order.SettleContinue, order.SettleRework, order.SettleTerminate}[l.rand.IntN(3)]}
	case order.ModeratorStatus:
		return order.EngineerStatus{Engineer: l.state.Performer.ID, Active: len(l.state.Holds()) > 0, AsOf: time.Now()}
	}
	return nil
}

// file stores a file of the sender.
func (l *life) file(by order.Actor, contentType string) order.FileRef {
	id := uuid.New()
	sum := sha256.Sum256(id[:])
	f := order.FileRef{ID: id.String(), SHA256: hex.EncodeToString(sum[:])}
	testenv.Exec(l.t, l.url, `insert into files (id, order_id, uploader_id, uploader_role, uploader_party, name, size, sha256, content_type, status, stored_at)
		values ($1, $2, $3, $4, $5, 'файл', 1, $6, $7, 'stored', now())`, f.ID, l.state.ID, by.Person, string(by.Role), by.Party, f.SHA256, contentType)
	if contentType == "application/pdf" {
		checkFile(l.t, l.url, id)
	}
	return f
}

// requireCounted compares the table with the numbers counted anew, and the reviews with the orders.
func (l *life) requireCounted() {
	l.t.Helper()
	const numbers = `engineer_id, marks, mark_sum, reviews, completed, successful, in_work, steps, taken, abandoned, declined`
	differ := testenv.Column[string](l.t, l.url, fmt.Sprintf(`
		(select 'counted: ' || c::text from (select %[1]s from counted_statistics except select %[1]s from engineer_statistics) c)
		union all
		(select 'kept: ' || k::text from (select %[1]s from engineer_statistics except select %[1]s from counted_statistics) k)`, numbers))
	require.Empty(l.t, differ)
	require.Empty(l.t, testenv.Column[string](l.t, l.url, `select coalesce(o.id, r.order_id)::text
		from (select * from orders where mark is not null) o full join (select * from reviews where ended_at is null) r on r.order_id = o.id
		where (o.engineer_id, o.mark) is distinct from (r.engineer_id, r.mark)`), "each mark is one review of its engineer")
	require.Empty(l.t, testenv.Column[string](l.t, l.url, `select coalesce(m.engineer_id, r.engineer_id)::text || ' ' || coalesce(m.mark, r.mark)
		from (select * from engineer_marks where marks <> 0) m
		full join (select engineer_id, mark, count(*) as marks from reviews where ended_at is null group by engineer_id, mark) r
			on r.engineer_id = m.engineer_id and r.mark = m.mark
		where m.marks is distinct from r.marks`), "the marks are counted by their value")
	require.Empty(l.t, testenv.Column[string](l.t, l.url, `select l.engineer_id::text from engineer_listing l join listed_engineers v on v.engineer_id = l.engineer_id
		where l is distinct from (v.engineer_id, v.name_order, v.search, v.sro_search, v.regions, v.works, v.form, v.receives_orders, v.rating_key,
			v.completed_key, v.since_key, v.price_key)::engineer_listing`), "the list shows the same numbers")
}
