package engineers_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/engineers"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

type shownName struct {
	Name         string  `json:"name"`
	RegistryName *string `json:"registryName"`
}

// An engineer has the name of ЕСИА wherever he is shown, with the registry's beside it, and is found
// by both.
func TestEngineerHasTheNameOfESIAEverywhere(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-2")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id, own := p.EngineerID(synthetic.LoginEngineerMoscow), p.Person(synthetic.LoginEngineerMoscow)
	p.Exec(`update engineers set last_name = 'Реестров' where id = $1`, id)
	registry := "Реестров " + own.FirstName + " " + own.MiddleName
	draft := customer.PublishOrder("77").String()
	chosen := customer.PublishOrder("77")
	engineer.RequireApplied(chosen, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.RequireApplied(chosen, order.Choose, apitest.Object{"details": apitest.Object{"engineer": id}})
	requireBoth := func(n shownName, where string) {
		t.Helper()
		require.Equal(t, own.FullName(), n.Name, where)
		require.NotNil(t, n.RegistryName, where)
		require.Equal(t, registry, *n.RegistryName, where)
	}
	employer, moderator := p.Employer(synthetic.LoginEmployerHead), p.Moderator()
	for _, name := range []string{own.LastName, "реестров"} {
		q := url.QueryEscape(name)
		var page struct{ Items []shownName }
		for path, who := range map[string]*apitest.Browser{
			"/api/engineers?name=" + q: customer, "/api/staff-candidates?q=" + q: employer, "/api/moderation/engineers?name=" + q: moderator,
		} {
			who.Do(http.MethodGet, path, nil).OK().Into(&page)
			require.Len(t, page.Items, 1, path)
			requireBoth(page.Items[0], path)
		}
		var candidates struct {
			Items []struct{ Engineer shownName }
		}
		customer.Do(http.MethodGet, "/api/orders/"+draft+"/candidates?q="+q, nil).OK().Into(&candidates)
		require.Len(t, candidates.Items, 1)
		requireBoth(candidates.Items[0].Engineer, "candidates")
	}
	var one shownName
	customer.Do(http.MethodGet, "/api/engineers/"+id, nil).OK().Into(&one)
	requireBoth(one, "profile")
	moderator.Do(http.MethodGet, "/api/moderation/engineers/"+id, nil).OK().Into(&one)
	requireBoth(one, "moderator's card")
	card := customer.Card(chosen)
	requireBoth(shownName{card.Performer.Name, card.Performer.RegistryName}, "card")
	for who, path := range map[*apitest.Browser]string{customer: "/api/orders?stage=contract", moderator: "/api/orders?stage=contract"} {
		var lines struct {
			Items []struct{ Engineer shownName }
		}
		who.Do(http.MethodGet, path, nil).OK().Into(&lines)
		require.Len(t, lines.Items, 1)
		requireBoth(lines.Items[0].Engineer, path)
	}
	var requisites struct {
		Owner string
	}
	engineer.Do(http.MethodGet, "/api/requisites", nil).OK().Into(&requisites)
	require.Equal(t, own.FullName(), requisites.Owner)
	history := string(customer.Do(http.MethodGet, "/api/orders/"+chosen.String()+"/history", nil).OK().Body)
	require.Contains(t, history, own.FullName())
	require.NotContains(t, history, registry)

	p.Exec(`update engineers set last_name = $2 where id = $1`, id, own.LastName)
	one = shownName{}
	customer.Do(http.MethodGet, "/api/engineers/"+id, nil).OK().Into(&one)
	require.Nil(t, one.RegistryName, "it is shown where it differs only")
}

// A profile of an engineer who left the list is shown to the customer of a common order and to those
// for whom he works or wants to work, and says why he is not listed.
func TestUnlistedProfileIsShownToWhomItConcerns(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-13", "R-EMP-3")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.EngineerID(synthetic.LoginEngineerMoscow)
	common := customer.PublishOrder("77")
	engineer.RequireApplied(common, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	stranger, employer := p.Customer(synthetic.LoginSecondCustomer), p.Employer(synthetic.LoginEmployerHead)
	shown := func(b *apitest.Browser, reason engineers.UnlistedReason) {
		t.Helper()
		var profile engineers.PublicProfile
		b.Do(http.MethodGet, "/api/engineers/"+id, nil).OK().Into(&profile)
		require.Equal(t, reason, profile.Unlisted)
		require.Equal(t, reason == "", profile.Listed)
		b.Do(http.MethodGet, "/api/engineers/"+id+"/reviews", nil).OK()
	}
	refused := func(b *apitest.Browser) {
		t.Helper()
		for _, path := range []string{"", "/reviews"} {
			require.Equal(t, problems.EngineerNotListed, b.Do(http.MethodGet, "/api/engineers/"+id+path, nil).Problem().Code)
		}
	}
	shown(stranger, "")
	for _, one := range []struct {
		set, reset string
		reason     engineers.UnlistedReason
	}{
		{`profile_complete = false`, `profile_complete = true`, engineers.Incomplete},
		{`account_on = false`, `account_on = true`, engineers.AccountOff},
		{`blocked = true`, `blocked = false`, engineers.Blocked},
		{`in_registry = false`, `in_registry = true`, engineers.NotInRegistry},
	} {
		p.Exec(`update engineers set `+one.set+` where id = $1`, id)
		shown(customer, one.reason)
		shown(p.Moderator(), one.reason)
		refused(stranger)
		refused(employer)
		p.Exec(`update engineers set `+one.reset+` where id = $1`, id)
	}

	employer.Do(http.MethodPost, "/api/staff", apitest.Object{"engineer": id}, "Idempotency-Key", "invitation").OK()
	p.Exec(`update engineers set blocked = true where id = $1`, id)
	refused(employer) // an invitation needs his consent
	p.Exec(`update employments set asked_by = 'engineer' where engineer_id = $1`, id)
	shown(employer, engineers.Blocked)
	p.Exec(`update employments set status = 'rejected' where engineer_id = $1`, id)
	refused(employer)
}
