package api

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/testenv"
)

// kinds are the events of a person in their order.
func (p *platform) trail(login string) string {
	p.t.Helper()
	return value[string](p, `select coalesce(string_agg(kind, ' ' order by e.id), '') from security_events e join people w on w.id = e.person_id where w.snils = $1`,
		p.person(login).SNILS)
}

func TestTrailTellsOfASignInToItsEnd(t *testing.T) {
	p := startPlatform(t)
	b := p.engineer(synthetic.LoginEngineerMoscow)
	b.do(http.MethodPost, "/api/auth/logout", nil).ok()
	b = p.engineer(synthetic.LoginEngineerMoscow)
	b.do(http.MethodDelete, "/api/auth/consent", nil).ok()
	require.Equal(t, "signed-in role-chosen consent-given signed-out signed-in role-chosen consent-withdrawn", p.trail(synthetic.LoginEngineerMoscow))
	require.Equal(t, 7, value[int](p, `select count(*) from security_events where address = '127.0.0.1' and session_id is not null and request_id <> ''`))
	refused := p.browser()
	refused.signIn(synthetic.LoginUnconfirmed)
	require.Equal(t, "esia_unconfirmed_account", value[string](p, `select code from security_events where kind = 'sign-in-refused'`))
	require.Zero(t, value[int](p, `select count(*) from security_events e, sessions s where position(encode(s.token_hash, 'hex') in e::text) > 0`))
}

func TestTrailTellsWhatAModeratorOpensAndDecides(t *testing.T) {
	p := startPlatform(t)
	m := p.moderator()
	engineer := p.engineerID(synthetic.LoginEngineerMoscow)
	card := "/api/moderation/engineers/" + engineer
	for range 3 {
		m.do(http.MethodGet, card, nil).ok()
	}
	opened := `select count(*) from security_events where kind = 'data-opened' and subject_kind = 'engineer' and subject_id = $1`
	require.Equal(t, 1, value[int](p, opened, engineer), "the same, looked at again, is one opening")
	p.later(openedAgain)
	m.do(http.MethodGet, card, nil).ok()
	require.Equal(t, 2, value[int](p, opened, engineer))
	p.exec(`alter table security_events rename to elsewhere`)
	require.Equal(t, http.StatusInternalServerError, m.do(http.MethodGet, "/api/moderation/engineers/"+p.engineerID(synthetic.LoginEngineerTatarstan), nil).status,
		"nothing is shown that cannot be written down")
	require.Equal(t, http.StatusInternalServerError, m.do(http.MethodGet, "/api/moderation/engineers/"+p.engineerID(synthetic.LoginEngineerTatarstan), nil).status,
		"nor at the next attempt")
	p.exec(`alter table elsewhere rename to security_events`)
	m.do(http.MethodPost, "/api/engineers/"+engineer+"/block", map[string]any{"reason": "проверка"}, "Idempotency-Key", uuid.NewString())
	require.Equal(t, 1, value[int](p, `select count(*) from security_events where kind = 'decision' and subject_id = $1`, engineer))
	require.Zero(t, value[int](p, `select count(*) from security_events where details::text like '%проверка%'`))
}

func TestTrailTellsWhomAModeratorLooksFor(t *testing.T) {
	p := startPlatform(t)
	m := p.moderator()
	opened := `select count(*) from security_events where kind = 'data-opened' and subject_kind = $1 and subject_id = $2`
	for _, login := range []string{synthetic.LoginCustomer, synthetic.LoginSecondCustomer} {
		p.customer(login)
		id := value[uuid.UUID](p, `select id from people where esia_oid = $1`, p.person(login).OID)
		for range 2 {
			m.do(http.MethodGet, "/api/moderation/security-events?person="+id.String(), nil).ok()
		}
		require.Equal(t, 1, value[int](p, opened, "person", id), login)
	}
	for _, login := range []string{synthetic.LoginEngineerMoscow, synthetic.LoginEngineerTatarstan} {
		id := p.engineerID(login)
		for range 2 {
			m.do(http.MethodGet, "/api/moderation/engineers?snils="+url.QueryEscape(p.person(login).SNILS), nil).ok()
		}
		require.Equal(t, 1, value[int](p, opened, "engineer", id), "found by СНИЛС: %s", login)
		m.do(http.MethodGet, "/api/orders?engineer="+id, nil).ok()
		require.Equal(t, 2, value[int](p, opened, "engineer", id), "whose orders: %s", login)
	}
	before := value[int](p, `select count(*) from security_events where kind = 'data-opened'`)
	for _, name := range []string{"%D0%B0", "%D0%BE"} {
		m.do(http.MethodGet, "/api/moderation/security-events?name="+name, nil).ok()
	}
	require.Equal(t, before+2, value[int](p, `select count(*) from security_events where kind = 'data-opened'`), "two names are two openings")
}

func TestTrailTellsWhoWasRefused(t *testing.T) {
	p := startPlatform(t)
	b := p.customer(synthetic.LoginCustomer)
	foreign := uuid.New()
	for range 5 {
		b.do(http.MethodGet, "/api/orders/"+foreign.String(), nil)
		b.do(http.MethodGet, "/api/moderation/engineers", nil)
	}
	testenv.Eventually(t, "both refusals are written down, once each", func() bool {
		return value[int](p, `select count(*) from security_events where kind = 'access-refused' and session_id is not null`) == 2
	})
	require.Equal(t, foreign, value[uuid.UUID](p, `select subject_id from security_events where code = 'order_not_found'`))
}

func TestModeratorsReadTheTrail(t *testing.T) {
	p := startPlatform(t)
	customer := p.customer(synthetic.LoginCustomer)
	p.engineer(synthetic.LoginEngineerMoscow)
	require.Equal(t, codeWrongRole, customer.do(http.MethodGet, "/api/moderation/security-events", nil).problem().Code)
	m := p.moderator()
	read := func(query url.Values) (page struct {
		Items []SecurityEvent
		Next  string
	},
	) {
		m.do(http.MethodGet, "/api/moderation/security-events?"+query.Encode(), nil).ok().into(&page)
		return page
	}
	all := read(nil)
	require.GreaterOrEqual(t, len(all.Items), 8)
	page := read(url.Values{"limit": {"3"}})
	require.Len(t, page.Items, 3)
	next := read(url.Values{"limit": {"3"}, "cursor": {page.Next}})
	require.Less(t, next.Items[0].ID, page.Items[2].ID)
	p.exec(`update people set last_name = 'Киселёв', first_name = 'Пётр', middle_name = 'Ильич' where esia_oid = $1`, p.person(synthetic.LoginCustomer).OID)
	for _, name := range []string{"Киселёв", "киселев", "Пётр Киселёв", "Киселе\u0308в", "Киселёв\u00a0П.", "Кисе\u00adлёв"} {
		require.Len(t, read(url.Values{"name": {name}, "kind": {"signed-in"}}).Items, 1, name)
	}
	for _, e := range read(url.Values{"name": {"Киселёв"}, "kind": {"signed-in", "role-chosen"}}).Items {
		require.Contains(t, []securityKind{eventSignedIn, eventRoleChosen}, e.Kind)
		require.Equal(t, "Киселёв Пётр Ильич", e.Person.Name)
	}
	require.Empty(t, read(url.Values{"to": {"2020-01-01T00:00:00Z"}}).Items)
	require.Empty(t, read(url.Values{"name": {"%"}}).Items)
	require.NotEmpty(t, read(url.Values{"kind": {string(eventDataOpened)}}).Items, "opening the trail is in it too")
}
