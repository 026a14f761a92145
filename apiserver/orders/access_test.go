package orders_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders/search"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// everyRole returns one browser for each role.
func everyRole(p *apitest.Platform) map[order.Role]*apitest.Browser {
	return map[order.Role]*apitest.Browser{
		order.RoleCustomer: p.Customer(synthetic.LoginSecondCustomer), order.RoleEngineer: p.Engineer(synthetic.LoginEngineerMoscow),
		order.RoleEmployer: p.Employer(synthetic.LoginEmployerHead), order.RoleModerator: p.Moderator(),
	}
}

func TestEveryOperationAsEveryRole(t *testing.T) {
	acceptance.Covers(t, "B-5")
	p := apitest.Start(t)
	roles := everyRole(p)
	walked := 0
	for _, op := range p.Server.Operations() {
		if !op.Access.NeedsConsent() || len(op.Access.Roles()) == 0 {
			continue
		}
		for role, b := range roles {
			walked++
			a := b.Do(op.Method, withIDs(op.Path, uuid.New()), nil, "Idempotency-Key", "k")
			if op.Access.IsForHeads() && role == order.RoleCustomer { // a natural person heads nothing
				require.Equal(t, problems.HeadOnly, a.Problem().Code, op.ID)
				continue
			}
			if slices.Contains(op.Access.Roles(), role) {
				require.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden}, a.Status, op.ID+" as "+string(role)+": "+a.Text())
				require.Less(t, a.Status, 500, op.ID+" as "+string(role)+": "+a.Text())
				continue
			}
			require.Equal(t, problems.WrongRole, a.Problem().Code, op.ID+" as "+string(role))
		}
	}
	require.Greater(t, walked, 180)
}

// withIDs fills the order's id, and ids that do not exist, into an address.
func withIDs(path string, id uuid.UUID) string {
	path = strings.Replace(path, "{order}", id.String(), 1)
	for _, other := range []string{"{file}", "{message}", "{person}", "{engineer}"} {
		path = strings.Replace(path, other, uuid.NewString(), 1)
	}
	return strings.Replace(path, "{seq}", "1", 1)
}

func TestEveryOperationOnAnOrderRefusesStrangers(t *testing.T) {
	acceptance.Covers(t, "B-5")
	p := apitest.Start(t)
	owner, _ := apitest.StartPair(p)
	id := owner.CreateDraft()
	roles := everyRole(p)
	requests := apitest.Value[int](p, "select count(*) from requests")
	samples := apitest.MessageBodies()
	walked := 0
	for _, op := range p.Server.Operations() {
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
			a := b.Do(op.Method, withIDs(op.Path, id), body, "Idempotency-Key", uuid.NewString())
			require.Equal(t, http.StatusNotFound, a.Status, op.ID+" as "+string(role)+": "+a.Text())
			notFound := problems.OrderNotFound
			switch {
			case strings.Contains(op.Path, "/chats/{engineer}/files/{file}"):
				notFound = problems.FileNotFound
			case strings.Contains(op.Path, "/chats/"):
				notFound = problems.ChatNotFound
			}
			require.Equal(t, notFound, a.Problem().Code, op.ID)
		}
	}
	require.Greater(t, walked, 60)
	require.Equal(t, requests, apitest.Value[int](p, "select count(*) from requests"), "nothing of a stranger's message is stored")
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from order_messages"))
}

func TestUnknownOutcomeIsReportedAndTheSameKeyRepeatsSafely(t *testing.T) {
	acceptance.Covers(t, "S-35")
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	lazy, err := client.NewLazyClient(client.Options{HostPort: "127.0.0.1:1"})
	require.NoError(t, err)
	t.Cleanup(lazy.Close)
	away := customer.WithPlatform(p.StartSecondServer(func(s *apitest.Setup) { s.Temporal = lazy }))
	create := func(b *apitest.Browser) apitest.Answer { return b.PostUntilDecided("k", "/api/orders", nil) }

	a := create(away)
	require.Equal(t, problems.UnknownOutcome, a.Problem().Code)
	require.Equal(t, http.StatusServiceUnavailable, a.Status)
	require.Equal(t, "2", a.Header.Get("Retry-After"))

	require.Equal(t, http.StatusCreated, create(customer).Status)
	require.Equal(t, http.StatusCreated, create(away).Status, "a verdict needs no Temporal")
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from orders"))
}

// An engineer who only responded cannot learn who was chosen or what the order awaits, by any line,
// filter, count or sorting.
func TestListHidesThePerformerFromAResponder(t *testing.T) {
	p := apitest.Start(t)
	customer, chosen := apitest.StartPair(p)
	rival := p.Engineer(synthetic.LoginEmployeeFirst)
	id := customer.PublishOrder("77")
	for _, b := range []*apitest.Browser{chosen, rival} {
		b.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	}
	chosenID := p.EngineerID(synthetic.LoginEngineerMoscow)
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": chosenID}})
	p.Exec(`update orders set overdue = true where id = $1`, id)
	employer := p.Employer(synthetic.LoginEmployerHead)
	count := func(b *apitest.Browser, query string) (total int64) {
		var page struct {
			Total int64
			Items []search.OrderLine
		}
		b.Do(http.MethodGet, "/api/orders?"+query, nil).OK().Into(&page)
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
	for name, b := range map[string]*apitest.Browser{"the rival": rival, "his employer": employer} {
		require.EqualValues(t, 1, count(b, ""), name)
		require.Zero(t, count(b, "engineer="+chosenID), name)
		require.Zero(t, count(b, "engineer="+strings.ToUpper(chosenID)), name)
		require.Zero(t, count(b, "overdue=true"), name)
	}
	for _, b := range []*apitest.Browser{rival, employer} {
		card := b.Card(id)
		require.True(t, card.OtherChosen)
		require.Nil(t, card.Waits)
	}
	for _, b := range []*apitest.Browser{customer, chosen} {
		require.False(t, b.Card(id).OtherChosen)
		require.EqualValues(t, 1, count(b, "engineer="+chosenID))
		require.EqualValues(t, 1, count(b, "overdue=true"))
	}
}
