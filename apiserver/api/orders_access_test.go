package api

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// everyRole is one browser for each role.
func everyRole(p *platform) map[order.Role]*browser {
	return map[order.Role]*browser{
		order.RoleCustomer: p.customer(synthetic.LoginSecondCustomer), order.RoleEngineer: p.engineer(synthetic.LoginEngineerMoscow),
		order.RoleEmployer: p.employer(synthetic.LoginEmployerHead), order.RoleModerator: p.moderator(),
	}
}

func TestEveryOperationAsEveryRole_B_5(t *testing.T) {
	p := startPlatform(t)
	roles := everyRole(p)
	walked := 0
	for _, op := range p.server.Operations() {
		if !op.Access.NeedsConsent() || len(op.Access.Roles()) == 0 {
			continue
		}
		for role, b := range roles {
			walked++
			a := b.do(op.Method, withIDs(op.Path, uuid.New()), nil, "Idempotency-Key", "k")
			if op.Access.IsForHeads() && role == order.RoleCustomer { // a natural person heads nothing
				require.Equal(t, codeHeadOnly, a.problem().Code, op.ID)
				continue
			}
			if slices.Contains(op.Access.Roles(), role) {
				require.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden}, a.status, op.ID+" as "+string(role)+": "+a.text())
				require.Less(t, a.status, 500, op.ID+" as "+string(role)+": "+a.text())
				continue
			}
			require.Equal(t, codeWrongRole, a.problem().Code, op.ID+" as "+string(role))
		}
	}
	require.Greater(t, walked, 180)
}

// withIDs names an order, and something that is not there, in an address.
func withIDs(path string, id uuid.UUID) string {
	path = strings.Replace(path, "{order}", id.String(), 1)
	for _, other := range []string{"{file}", "{message}", "{person}"} {
		path = strings.Replace(path, other, uuid.NewString(), 1)
	}
	return path
}

// bodies are right bodies of the operations that need one.
func bodies() map[string]object {
	file := object{"id": uuid.NewString(), "sha256": hexSum(nil)}
	act := object{"file": file, "signature": file}
	pick := object{"engineer": uuid.NewString()}
	signature := object{"act": hexSum(nil), "signature": file}
	details := map[order.Kind]object{
		order.Respond: {"price": 1, "termDays": 1}, order.AcceptChanges: {"revision": 1}, order.AcceptOffer: {"revision": 1},
		order.OfferOrder: pick, order.Choose: pick, order.ReplaceEngineer: pick,
		order.SendContract: {"file": file, "signature": file, "price": 1, "advanceBasisPoints": 0, "advance": 0, "termDate": time.Now().AddDate(1, 0, 0).Format(time.DateOnly)},
		order.SignContract: {"contract": hexSum(nil), "signature": file}, order.SendPrepaymentInvoice: {"file": file}, order.SendInvoice: {"file": file},
		order.ReportPrepayment: {"file": file}, order.ReportPayment: {"file": file}, order.SubmitResults: {"way": "files", "files": []object{file}},
		order.AcceptResults: signature, order.SignActAlone: signature, order.SignAct: signature, order.ReturnResults: {},
		order.ReportRegistration: {"status": "review"}, order.SubmitFinal: {"files": []object{file}, "act": act}, order.SendAct: {"act": act},
		order.Rate: {"mark": 5}, order.ModeratorStatus: {"engineer": uuid.NewString(), "active": true},
		order.EmployerStatus: {"engineer": uuid.NewString(), "active": true}, order.OpenDispute: {"ground": "termination"},
		order.SettleDispute: {"settlement": "continue"},
	}
	all := map[string]object{
		"save-form": {"version": 0}, "begin-upload": {"name": "a", "size": 1, "sha256": hexSum(nil)},
		"sign-part": {"part": 1, "length": 1, "sha256": base64Sum(nil)}, "complete-upload": {},
		string(order.Publish): conditions("77", 30), string(order.Amend): conditions("77", 30),
	}
	for _, rule := range order.Rules() {
		if d, detailed := details[rule.Kind]; detailed {
			all[string(rule.Kind)] = object{"details": d}
		} else if all[string(rule.Kind)] == nil {
			all[string(rule.Kind)] = object{}
		}
		if rule.Reasoned {
			all[string(rule.Kind)]["text"] = object{"note": "Причина"}
		}
	}
	return all
}

func TestEveryOperationOnAnOrderIsClosedToThoseWhoAreNoPartyOfIt_B_5(t *testing.T) {
	p := startPlatform(t)
	owner, _ := pair(p)
	id := owner.draft()
	roles := everyRole(p)
	requests := value[int](p, "select count(*) from requests")
	samples := bodies()
	walked := 0
	for _, op := range p.server.Operations() {
		if !strings.Contains(op.Path, "{order}") || op.ID == "get-message" {
			continue
		}
		for role, b := range roles {
			if len(op.Access.Roles()) > 0 && !slices.Contains(op.Access.Roles(), role) {
				continue
			}
			walked++
			var body any
			if sample := samples[op.ID]; sample != nil && op.Method != http.MethodGet && op.Method != http.MethodDelete {
				body = sample
			}
			a := b.do(op.Method, withIDs(op.Path, id), body, "Idempotency-Key", uuid.NewString())
			require.Equal(t, http.StatusNotFound, a.status, op.ID+" as "+string(role)+": "+a.text())
			require.Equal(t, codeOrderNotFound, a.problem().Code)
		}
	}
	require.Greater(t, walked, 60)
	require.Equal(t, requests, value[int](p, "select count(*) from requests"), "nothing of a stranger's message is kept")
	require.Equal(t, 1, value[int](p, "select count(*) from order_messages"))
}

func TestUnknownAcceptanceIsSaidSoAndTheSameKeyRepeatsSafely_S_35(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	working := p.deps.Temporal
	away, err := client.NewLazyClient(client.Options{HostPort: "127.0.0.1:1"})
	require.NoError(t, err)
	t.Cleanup(away.Close)
	create := func() answer { return customer.judged("k", "/api/orders", nil) }

	p.deps.Temporal = away
	a := create()
	require.Equal(t, codeUnknownOutcome, a.problem().Code)
	require.Equal(t, http.StatusServiceUnavailable, a.status)
	require.Equal(t, "2", a.header.Get("Retry-After"))

	p.deps.Temporal = working
	require.Equal(t, http.StatusCreated, create().status)
	p.deps.Temporal = away
	require.Equal(t, http.StatusCreated, create().status, "a verdict needs no Temporal")
	require.Equal(t, 1, value[int](p, "select count(*) from orders"))
}

// Whoever only responded learns neither who was chosen nor what the order waits for: not by a line, a filter, a count or a sorting.
func TestListTellsAResponderNothingOfThePerformer(t *testing.T) {
	p := startPlatform(t)
	customer, chosen := pair(p)
	rival := p.engineer(synthetic.LoginEmployeeFirst)
	id := customer.published("77")
	for _, b := range []*browser{chosen, rival} {
		b.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}})
	}
	chosenID := p.engineerID(synthetic.LoginEngineerMoscow)
	customer.tell(id, order.Choose, object{"details": object{"engineer": chosenID}})
	p.exec(`update orders set overdue = true where id = $1`, id)
	employer := p.employer(synthetic.LoginEmployerHead)
	count := func(b *browser, query string) (total int64) {
		var page struct {
			Total int64
			Items []OrderLine
		}
		b.do(http.MethodGet, "/api/orders?"+query, nil).ok().into(&page)
		require.Len(t, page.Items, int(page.Total))
		for _, line := range page.Items {
			loses := b == rival || b == employer
			require.Equal(t, loses, line.OtherChosen)
			if loses {
				require.Nil(t, line.Engineer)
				require.Nil(t, line.Waits)
			}
		}
		return page.Total
	}
	for name, b := range map[string]*browser{"the rival": rival, "his employer": employer} {
		require.EqualValues(t, 1, count(b, ""), name)
		require.Zero(t, count(b, "engineer="+chosenID), name)
		require.Zero(t, count(b, "engineer="+strings.ToUpper(chosenID)), name)
		require.Zero(t, count(b, "overdue=true"), name)
	}
	for _, b := range []*browser{rival, employer} {
		card := b.card(id)
		require.True(t, card.OtherChosen)
		require.Nil(t, card.Waits)
	}
	for _, b := range []*browser{customer, chosen} {
		require.False(t, b.card(id).OtherChosen)
		require.EqualValues(t, 1, count(b, "engineer="+chosenID))
		require.EqualValues(t, 1, count(b, "overdue=true"))
	}
}
