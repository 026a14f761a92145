package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// A block or the loss of the status closes what is new to an engineer and nothing that he has.
func TestARestrictedEngineerKeepsHisCabinet_S_16_S_17_R_ROLE_4_R_AUTH_11(t *testing.T) {
	p := startPlatform(t)
	b := p.engineer(synthetic.LoginEngineerMoscow)
	engineer := *whoAmI(b).Party
	restrictions := func() (kinds []string) {
		for _, r := range whoAmI(b).Restrictions {
			kinds = append(kinds, r.Kind)
		}
		return kinds
	}
	cabinet := func() {
		t.Helper()
		for _, path := range []string{"/api/orders", "/api/notifications", "/api/open-orders"} {
			b.do(http.MethodGet, path, nil).ok()
		}
		again := p.browser()
		again.signIn(synthetic.LoginEngineerMoscow)
		again.choose(order.RoleEngineer, "engineer")
	}
	require.Empty(t, restrictions())

	p.exec(`update engineers set blocked = true, blocked_reason = 'Жалоба' where id = $1`, engineer)
	require.Equal(t, []string{"blocked"}, restrictions())
	cabinet()

	p.exec(`update engineers set in_registry = false, registry_entry = '{"status": "excluded", "sro_out_reason": "По заявлению"}',
		registry_as_of = '2026-03-04T05:06:07Z' where id = $1`, engineer)
	require.Equal(t, codeRoleUnavailable, b.do(http.MethodGet, "/api/orders", nil).problem().Code, "he has never had an order")
	require.Empty(t, restrictions())
	notOffered := func() (reasons []notAdmitted) {
		var page struct{ NotAdmitted []notAdmitted }
		b.do(http.MethodGet, "/api/auth/roles", nil).ok().into(&page)
		return page.NotAdmitted
	}
	require.Len(t, notOffered(), 1)
	require.Equal(t, titleEngineer, notOffered()[0].Name)
	require.Contains(t, notOffered()[0].Reason, "на 04.03.2026 у вас нет действующего статуса кадастрового инженера. Причина: Исключён из СРО: По заявлению.")

	p.liveOrder(engineer)
	require.Empty(t, notOffered())
	require.Equal(t, []string{"blocked", "excluded"}, restrictions())
	lost := whoAmI(b).Restrictions[1]
	require.Equal(t, "Исключён из СРО: По заявлению", lost.Reason)
	require.True(t, lost.Since.Equal(time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)))
	cabinet()

	p.exec(`update engineers set blocked = false where id = $1`, engineer)
	p.exec(`update orders set stage = 'completed', shown_stage = 'completed' where engineer_id = $1`, engineer)
	require.Equal(t, []string{"excluded"}, restrictions(), "his completed orders stay open to him")
	cabinet()
	p.exec(`update engineers set in_registry = true where id = $1`, engineer)
	require.Empty(t, restrictions())
}

func TestNobodyElseIsRestricted(t *testing.T) {
	p := startPlatform(t)
	require.Empty(t, whoAmI(p.customer(synthetic.LoginEngineerBlocked)).Restrictions, "in another role")
	require.Empty(t, whoAmI(p.moderator()).Restrictions)
}
