package staff_test

import (
	"net/http"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/apiserver/staff"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// replacement is a signed order whose performer the employer has suspended. third is the employer's
// third engineer.
type replacement struct {
	*apitest.Platform
	employer, customer, first, second, third, moderator *apitest.Browser
	id                                                  uuid.UUID
}

func suspendedOrder(t *testing.T, customer func(*apitest.Platform) *apitest.Browser) *replacement {
	t.Helper()
	p := apitest.Start(t)
	p.StartWorker()
	r := &replacement{
		Platform: p, employer: p.Employer(synthetic.LoginEmployerHead), customer: customer(p), moderator: p.Moderator(),
		first: p.Engineer(synthetic.LoginEmployeeFirst), second: p.Engineer(synthetic.LoginEmployeeSecond), third: p.Engineer(synthetic.LoginEngineerMoscow),
	}
	decide(r.employer, "confirm", made(ask(r.third, party(r.employer))).ID).OK()
	saveDocument(r.third, "employee")
	r.id = p.SignedOrder(r.customer, r.first, 0)
	decide(r.employer, "suspend", employmentOf(p, party(r.first)), staff.OrderAnswer{Order: r.id, Answer: "hold"}).OK()
	testenv.Eventually(t, "the order to be suspended", func() bool { return stageOf(p, r.id) == "suspended" })
	return r
}

func person(p *apitest.Platform) *apitest.Browser { return p.Customer(synthetic.LoginCustomer) }

func choice(b *apitest.Browser) apitest.Object {
	return apitest.Object{"details": apitest.Object{"engineer": party(b)}, "text": apitest.Object{"note": "так решено"}}
}

// reads reports whether the caller sees the order as a party, its contract among the documents.
func (r *replacement) reads(b *apitest.Browser) bool {
	r.T.Helper()
	file := apitest.Value[string](r.Platform, `select file_id from documents where order_id = $1 and kind = 'contract'`, r.id)
	found := b.Do(http.MethodGet, "/api/orders/"+r.id.String()+"/files/"+file+"/content", nil)
	opened := found.Status != http.StatusNotFound
	a := b.Do(http.MethodGet, "/api/orders/"+r.id.String(), nil)
	if a.Status == http.StatusNotFound {
		require.False(r.T, opened)
		return false
	}
	var card orders.OrderCard
	a.OK().Into(&card)
	require.Equal(r.T, card.Party, opened, found.Text())
	require.Equal(r.T, card.Party, card.Contract != nil)
	return card.Party
}

func (r *replacement) told(b *apitest.Browser, role order.Role, kind order.NoticeKind) bool {
	to := any(nil)
	if role != order.RoleModerator {
		to = party(b)
	}
	return apitest.Value[bool](r.Platform, `select exists (select from notifications where order_id = $1 and role = $2 and kind = $3
		and party_id is not distinct from $4)`, r.id, string(role), string(kind), to)
}

func (r *replacement) send(b *apitest.Browser, kind order.Kind, body any) apitest.Answer {
	return b.Send(key(), r.id, kind, body)
}

func TestEmployerProposesAReplacement(t *testing.T) {
	acceptance.Covers(t, "S-17", "S-29", "S-40", "R-EMP-7")
	r := suspendedOrder(t, person)
	r.Exec(`update engineers set regions = '{16}' where id = $1`, party(r.second))
	var found struct{ Items []orders.Candidate }
	r.employer.Do(http.MethodGet, "/api/orders/"+r.id.String()+"/candidates", nil).OK().Into(&found)
	reasons := map[uuid.UUID]string{}
	for _, c := range found.Items {
		reasons[c.Engineer.ID] = c.Reason
	}
	require.Equal(t, map[uuid.UUID]string{
		party(r.first): order.ReasonOf(order.CodeSameEngineer), party(r.second): order.ReasonOf(order.CodeOutsideRegions), party(r.third): "",
	}, reasons)
	require.False(t, r.reads(r.third))

	r.employer.RequireApplied(r.id, order.ProposeReplacement, choice(r.third))
	require.True(t, r.told(r.third, order.RoleEngineer, order.NoticeReplacementOffered))
	require.True(t, r.told(r.customer, order.RoleCustomer, order.NoticeReplacementProposed))
	for _, b := range []*apitest.Browser{r.customer, r.employer, r.moderator, r.first, r.third} {
		shown := b.Card(r.id).Replacement
		require.NotNil(t, shown)
		require.Equal(t, party(r.third), shown.Engineer.ID)
		require.NotEmpty(t, shown.Engineer.Name)
		require.Equal(t, "так решено", shown.Note)
		require.Empty(t, shown.Reason)
	}
	require.True(t, r.reads(r.third), "he reads the contract before he agrees")
	require.False(t, r.reads(r.second))
	require.False(t, r.reads(r.Engineer(synthetic.LoginEngineerTatarstan)))
	var page struct{ Items []struct{ ID uuid.UUID } }
	r.third.Do(http.MethodGet, "/api/orders", nil).OK().Into(&page)
	require.Contains(t, page.Items, struct{ ID uuid.UUID }{r.id})
	upload := r.third.Do(http.MethodPost, "/api/orders/"+r.id.String()+"/files",
		apitest.Object{"name": "а.pdf", "size": 1, "sha256": apitest.HexSum(nil), "type": "application/pdf"}, "Idempotency-Key", key())
	require.GreaterOrEqual(t, upload.Status, 400, "he only reads")
	r.third.RequireRefused(order.CodeNotParty, r.id, order.SubmitResults, apitest.Object{"details": apitest.Object{"way": "physical"}, "text": apitest.Object{"note": "вот"}})

	r.third.RequireApplied(r.id, order.AgreeReplacement, nil)
	require.True(t, r.told(r.moderator, order.RoleModerator, order.NoticeReplacementAwaits))
	require.True(t, r.told(r.employer, order.RoleEmployer, order.NoticeReplacementAgreed))
	require.True(t, r.told(r.customer, order.RoleCustomer, order.NoticeReplacementAgreed))
	waits := r.moderator.Card(r.id).Waits
	require.Equal(t, order.WaitSettlement, waits.For)
	require.Equal(t, order.RoleModerator, waits.From)
	require.NotNil(t, r.customer.Card(r.id).Replacement.Agreed)

	r.moderator.RequireApplied(r.id, order.ApproveReplacement, choice(r.third))
	card := r.customer.Card(r.id)
	require.Equal(t, order.Work, card.Stage.Code)
	require.Equal(t, party(r.third), card.Performer.ID)
	require.Nil(t, card.Replacement)
	require.True(t, r.reads(r.third))
	require.False(t, r.first.Card(r.id).Party, "the former performer sees no more than anybody who took part")
}

func TestReplacementIsRefusedToWrongParties(t *testing.T) {
	acceptance.Covers(t, "S-17", "S-39", "S-40")
	r := suspendedOrder(t, person)
	r.Exec(`update representatives set read_at = now()`)
	rival := becomeEmployer(r.Platform)
	require.Equal(t, problems.OrderNotFound, r.send(rival, order.ProposeReplacement, choice(r.third)).Problem().Code)
	require.Equal(t, http.StatusNotFound, rival.Do(http.MethodGet, "/api/orders/"+r.id.String()+"/candidates", nil).Status)
	require.Equal(t, problems.WrongRole, r.send(r.customer, order.ProposeReplacement, choice(r.third)).Problem().Code)
	require.Equal(t, problems.WrongRole, r.send(r.first, order.ProposeReplacement, choice(r.third)).Problem().Code)
	only := r.Engineer(synthetic.LoginEmployeeOnly)
	r.employer.RequireRefused(order.CodeOtherEmployer, r.id, order.ProposeReplacement, choice(only))

	r.Exec(`update engineers set regions = '{16}' where id = $1`, party(r.third))
	r.employer.RequireRefused(order.CodeOutsideRegions, r.id, order.ProposeReplacement, choice(r.third))
	r.Exec(`update engineers set regions = '{77}' where id = $1`, party(r.third))

	// Two proposals at once: one is open.
	answers := make([]apitest.Answer, 2)
	var both sync.WaitGroup
	for i, body := range []apitest.Object{choice(r.second), choice(r.third)} {
		both.Go(func() { answers[i] = r.send(r.employer, order.ProposeReplacement, body) })
	}
	both.Wait()
	codes := map[int]int{}
	for _, a := range answers {
		codes[a.Status]++
		if a.Status == http.StatusConflict {
			require.Equal(t, string(order.CodeReplacementOpen), a.Problem().Code)
		}
	}
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 1}, codes)
	proposed, passed := r.second, r.third
	if r.customer.Card(r.id).Replacement.Engineer.ID == party(r.third) {
		proposed, passed = passed, proposed
	}
	for _, kind := range []order.Kind{order.AgreeReplacement, order.DeclineReplacement} {
		body := apitest.Object{"text": apitest.Object{"note": "нет"}}
		require.Equal(t, problems.OrderNotFound, r.send(passed, kind, body).Problem().Code)
		require.Equal(t, problems.WrongRole, r.send(r.customer, kind, body).Problem().Code)
		r.first.RequireRefused(order.CodeNotParty, r.id, kind, body)
	}
	require.Equal(t, http.StatusUnprocessableEntity, r.send(proposed, order.DeclineReplacement, nil).Status, "a refusal needs its reason")
	proposed.RequireApplied(r.id, order.DeclineReplacement, apitest.Object{"text": apitest.Object{"note": "занят"}})
	require.True(t, r.told(r.customer, order.RoleCustomer, order.NoticeReplacementDeclined))
	require.True(t, r.told(r.employer, order.RoleEmployer, order.NoticeReplacementDeclined))
	require.False(t, r.reads(proposed), "he reads the documents only while he is asked")

	r.employer.RequireApplied(r.id, order.ProposeReplacement, choice(passed))
	r.employer.RequireApplied(r.id, order.WithdrawReplacement, nil)
	require.False(t, r.reads(passed))
	r.moderator.RequireRefused(order.CodeNoReplacement, r.id, order.ApproveReplacement, choice(passed))
}

// An engineer who is on the customer's side never takes the order over.
func TestCustomersOwnEmployeeReplacesNobody(t *testing.T) {
	acceptance.Covers(t, "S-39")
	r := suspendedOrder(t, head)
	tie := func(active bool) {
		r.Exec(`insert into representatives (person_id, party_id, chief, active, read_at) select person_id, $2, false, $3, now() from engineers where id = $1
			on conflict (person_id, party_id) do update set active = excluded.active`, party(r.third), party(r.customer), active)
	}
	tie(true)
	r.employer.RequireRefused(order.CodeOwnOrder, r.id, order.ProposeReplacement, choice(r.third))
	tie(false)
	r.employer.RequireApplied(r.id, order.ProposeReplacement, choice(r.third))
	tie(true)
	require.NotEmpty(t, r.employer.Card(r.id).Replacement.Reason)
	r.third.RequireRefused(order.CodeOwnOrder, r.id, order.AgreeReplacement, nil)
}

// What becomes of the colleague between his agreement and the decision counts.
func TestReplacementIsCheckedAgainWhenItIsDecided(t *testing.T) {
	acceptance.Covers(t, "S-17", "S-40", "R-RESP-5")
	r := suspendedOrder(t, person)
	r.employer.RequireApplied(r.id, order.ProposeReplacement, choice(r.third))
	r.third.RequireApplied(r.id, order.AgreeReplacement, nil)
	r.Exec(`update engineers set regions = '{16}' where id = $1`, party(r.third))
	require.Equal(t, order.ReasonOf(order.CodeOutsideRegions), r.moderator.Card(r.id).Replacement.Reason)
	r.moderator.RequireRefused(order.CodeOutsideRegions, r.id, order.ApproveReplacement, choice(r.third))
	r.moderator.RequireApplied(r.id, order.RejectReplacement, choice(r.third))
	require.True(t, r.told(r.third, order.RoleEngineer, order.NoticeReplacementRefused))
	require.True(t, r.told(r.customer, order.RoleCustomer, order.NoticeReplacementRejected))
	require.False(t, r.reads(r.third))

	r.Exec(`update engineers set regions = '{77}' where id = $1`, party(r.third))
	r.employer.RequireApplied(r.id, order.ProposeReplacement, choice(r.third))
	r.third.RequireApplied(r.id, order.AgreeReplacement, nil)
	decide(r.employer, "suspend", employmentOf(r.Platform, party(r.third))).OK()
	testenv.Eventually(t, "the proposal to end", func() bool { return r.customer.Card(r.id).Replacement.Void })
	shown := r.customer.Card(r.id).Replacement
	require.Equal(t, order.ReasonOf(order.CodeByEmployer), shown.Reason)
	require.Equal(t, party(r.third), shown.Engineer.ID)
	r.moderator.RequireRefused(order.CodeNoReplacement, r.id, order.ApproveReplacement, choice(r.third))
	require.False(t, r.reads(r.third))
}
