package auth_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// A block or the loss of the registry status stops new orders for an engineer and nothing else.
func TestRestrictedEngineerKeepsHisCabinet(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-17", "R-ROLE-4", "R-AUTH-11")
	p := apitest.Start(t)
	b := p.Engineer(synthetic.LoginEngineerMoscow)
	engineer := *apitest.WhoAmI(b).Party
	restrictions := func() (kinds []auth.RestrictionKind) {
		for _, r := range apitest.WhoAmI(b).Restrictions {
			kinds = append(kinds, r.Kind)
		}
		return kinds
	}
	cabinet := func() {
		t.Helper()
		for _, path := range []string{"/api/orders", "/api/notifications", "/api/open-orders"} {
			b.Do(http.MethodGet, path, nil).OK()
		}
		again := p.Browser()
		again.SignIn(synthetic.LoginEngineerMoscow)
		again.ChooseRole(order.RoleEngineer, "engineer")
	}
	require.Empty(t, restrictions())

	p.Exec(`update engineers set blocked = true, blocked_reason = 'Жалоба' where id = $1`, engineer)
	require.Equal(t, []auth.RestrictionKind{"blocked"}, restrictions())
	cabinet()

	p.Exec(`update engineers set in_registry = false, registry_entry = '{"status": "excluded", "sro_out_reason": "По заявлению"}',
		registry_as_of = '2026-03-04T05:06:07Z' where id = $1`, engineer)
	require.Equal(t, problems.RoleUnavailable, b.Do(http.MethodGet, "/api/orders", nil).Problem().Code, "he has never had an order")
	require.Empty(t, restrictions())
	notOffered := func() (reasons []auth.NotAdmitted) {
		var page struct{ NotAdmitted []auth.NotAdmitted }
		b.Do(http.MethodGet, "/api/auth/roles", nil).OK().Into(&page)
		return page.NotAdmitted
	}
	require.Len(t, notOffered(), 1)
	require.Equal(t, auth.TitleEngineer, notOffered()[0].Name)
	require.Contains(t, notOffered()[0].Reason, "на 04.03.2026 у вас нет действующего статуса кадастрового инженера. Причина: Исключён из СРО: По заявлению.")

	liveOrder(p, engineer)
	require.Empty(t, notOffered())
	require.Equal(t, []auth.RestrictionKind{"blocked", "excluded"}, restrictions())
	lost := apitest.WhoAmI(b).Restrictions[1]
	require.Equal(t, "Исключён из СРО: По заявлению", lost.Reason)
	require.True(t, lost.Since.Equal(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)))
	cabinet()

	p.Exec(`update engineers set blocked = false where id = $1`, engineer)
	p.Exec(`update orders set stage = 'completed', shown_stage = 'completed' where engineer_id = $1`, engineer)
	require.Equal(t, []auth.RestrictionKind{"excluded"}, restrictions(), "he keeps access to his completed orders")
	cabinet()
	p.Exec(`update engineers set in_registry = true where id = $1`, engineer)
	require.Empty(t, restrictions())
}

func TestOtherRolesHaveNoRestrictions(t *testing.T) {
	p := apitest.Start(t)
	require.Empty(t, apitest.WhoAmI(p.Customer(synthetic.LoginEngineerBlocked)).Restrictions, "in another role")
	require.Empty(t, apitest.WhoAmI(p.Moderator()).Restrictions)
}

// Every reason for which the rules of orders refuse an engineer is shown to him, with its time and
// reason where they are known.
func TestEmployeeSeesWhatHisEmployerKeepsFromHim(t *testing.T) {
	acceptance.Covers(t, "R-RESP-5", "S-16", "S-30")
	p := apitest.Start(t)
	b := p.Engineer(synthetic.LoginEmployeeFirst)
	engineer := *apitest.WhoAmI(b).Party
	only := func() auth.Restriction {
		t.Helper()
		all := apitest.WhoAmI(b).Restrictions
		require.Len(t, all, 1)
		return all[0]
	}
	require.Empty(t, apitest.WhoAmI(b).Restrictions)
	p.Exec(`update parties set active_engineers = 1 where id = (select employer_id from engineers where id = $1)`, engineer)
	require.EqualValues(t, "only", only().Kind)
	p.Exec(`update employments set status = 'suspended', comment = 'отпуск', changed_at = '2026-03-04T05:06:07Z' where engineer_id = $1`, engineer)
	p.Exec(`update engineers set employment = 'suspended' where id = $1`, engineer)
	held := only()
	require.EqualValues(t, "suspended", held.Kind)
	require.Equal(t, "отпуск", held.Reason)
	require.True(t, held.Since.Equal(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)))
	p.Exec(`update engineers set employment = 'pending' where id = $1`, engineer)
	require.EqualValues(t, "unconfirmed", only().Kind)
	p.Exec(`update engineers set employment = 'removed', employer_id = null where id = $1`, engineer)
	require.EqualValues(t, "unemployed", only().Kind)
	p.Exec(`update engineers set employment = '', form = '' where id = $1`, engineer)
	require.EqualValues(t, "form", only().Kind)
	p.Exec(`update engineers set form = 'entrepreneur' where id = $1`, engineer)
	require.Empty(t, apitest.WhoAmI(b).Restrictions)
	p.Exec(`update engineers set profile_complete = false where id = $1`, engineer)
	require.EqualValues(t, "incomplete", only().Kind)
}
