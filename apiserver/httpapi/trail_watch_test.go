package httpapi_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/moderation"
	"epkr/dev/synthetic"
	"epkr/internal/testenv"
)

// trail returns the kinds of a person's security events in their order.
func trail(p *apitest.Platform, login string) string {
	p.T.Helper()
	return apitest.Value[string](p, `select coalesce(string_agg(kind, ' ' order by e.id), '') from security_events e join people w on w.id = e.person_id where w.snils = $1`,
		p.Person(login).SNILS)
}

func TestTrailRecordsASignInToItsEnd(t *testing.T) {
	p := apitest.Start(t)
	b := p.Engineer(synthetic.LoginEngineerMoscow)
	b.Do(http.MethodPost, "/api/auth/logout", nil).OK()
	b = p.Engineer(synthetic.LoginEngineerMoscow)
	b.Do(http.MethodDelete, "/api/auth/consent", nil).OK()
	require.Equal(t, "signed-in role-chosen consent-given signed-out signed-in role-chosen consent-withdrawn", trail(p, synthetic.LoginEngineerMoscow))
	require.Equal(t, 7, apitest.Value[int](p, `select count(*) from security_events where address = '127.0.0.1' and session_id is not null and request_id <> ''`))
	refused := p.Browser()
	refused.SignIn(synthetic.LoginUnconfirmed)
	require.Equal(t, "esia_unconfirmed_account", apitest.Value[string](p, `select code from security_events where kind = 'sign-in-refused'`))
	require.Zero(t, apitest.Value[int](p, `select count(*) from security_events e, sessions s where position(encode(s.token_hash, 'hex') in e::text) > 0`))
}

func TestTrailRecordsWhatAModeratorOpensAndDecides(t *testing.T) {
	p := apitest.Start(t)
	m := p.Moderator()
	engineer := p.EngineerID(synthetic.LoginEngineerMoscow)
	card := "/api/moderation/engineers/" + engineer
	for range 3 {
		m.Do(http.MethodGet, card, nil).OK()
	}
	opened := `select count(*) from security_events where kind = 'data-opened' and subject_kind = 'engineer' and subject_id = $1`
	require.Equal(t, 1, apitest.Value[int](p, opened, engineer), "opening the same data again is recorded once")
	p.AdvanceClock(httpapi.OpenedWindow)
	m.Do(http.MethodGet, card, nil).OK()
	require.Equal(t, 2, apitest.Value[int](p, opened, engineer))
	p.Exec(`alter table security_events rename to elsewhere`)
	require.Equal(t, http.StatusInternalServerError, m.Do(http.MethodGet, "/api/moderation/engineers/"+p.EngineerID(synthetic.LoginEngineerTatarstan), nil).Status,
		"nothing is shown that cannot be written down")
	require.Equal(t, http.StatusInternalServerError, m.Do(http.MethodGet, "/api/moderation/engineers/"+p.EngineerID(synthetic.LoginEngineerTatarstan), nil).Status,
		"nor at the next attempt")
	p.Exec(`alter table elsewhere rename to security_events`)
	m.Do(http.MethodPost, "/api/engineers/"+engineer+"/block", map[string]any{"reason": "проверка"}, "Idempotency-Key", uuid.NewString())
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from security_events where kind = 'decision' and subject_id = $1`, engineer))
	require.Zero(t, apitest.Value[int](p, `select count(*) from security_events where details::text like '%проверка%'`))
}

func TestTrailRecordsWhomAModeratorSearchesFor(t *testing.T) {
	p := apitest.Start(t)
	m := p.Moderator()
	opened := `select count(*) from security_events where kind = 'data-opened' and subject_kind = $1 and subject_id = $2`
	for _, login := range []string{synthetic.LoginCustomer, synthetic.LoginSecondCustomer} {
		p.Customer(login)
		id := apitest.Value[uuid.UUID](p, `select id from people where esia_oid = $1`, p.Person(login).OID)
		for range 2 {
			m.Do(http.MethodGet, "/api/moderation/security-events?person="+id.String(), nil).OK()
		}
		require.Equal(t, 1, apitest.Value[int](p, opened, "person", id), login)
	}
	for _, login := range []string{synthetic.LoginEngineerMoscow, synthetic.LoginEngineerTatarstan} {
		id := p.EngineerID(login)
		for range 2 {
			m.Do(http.MethodGet, "/api/moderation/engineers?snils="+url.QueryEscape(p.Person(login).SNILS), nil).OK()
		}
		require.Equal(t, 1, apitest.Value[int](p, opened, "engineer", id), "found by СНИЛС: %s", login)
		m.Do(http.MethodGet, "/api/orders?engineer="+id, nil).OK()
		require.Equal(t, 2, apitest.Value[int](p, opened, "engineer", id), "whose orders: %s", login)
	}
	before := apitest.Value[int](p, `select count(*) from security_events where kind = 'data-opened'`)
	for _, name := range []string{"%D0%B0", "%D0%BE"} {
		m.Do(http.MethodGet, "/api/moderation/security-events?name="+name, nil).OK()
	}
	require.Equal(t, before+2, apitest.Value[int](p, `select count(*) from security_events where kind = 'data-opened'`), "two names are two openings")
}

func TestTrailRecordsWhoWasRefused(t *testing.T) {
	p := apitest.Start(t)
	b := p.Customer(synthetic.LoginCustomer)
	foreign := uuid.New()
	for range 5 {
		b.Do(http.MethodGet, "/api/orders/"+foreign.String(), nil)
		b.Do(http.MethodGet, "/api/moderation/engineers", nil)
	}
	testenv.Eventually(t, "both refusals are recorded, once each", func() bool {
		return apitest.Value[int](p, `select count(*) from security_events where kind = 'access-refused' and session_id is not null`) == 2
	})
	require.Equal(t, foreign, apitest.Value[uuid.UUID](p, `select subject_id from security_events where code = 'order_not_found'`))
}

func TestModeratorsReadTheTrail(t *testing.T) {
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	p.Engineer(synthetic.LoginEngineerMoscow)
	require.Equal(t, problems.WrongRole, customer.Do(http.MethodGet, "/api/moderation/security-events", nil).Problem().Code)
	m := p.Moderator()
	read := func(query url.Values) (page struct {
		Items []moderation.SecurityEvent
		Next  string
	},
	) {
		m.Do(http.MethodGet, "/api/moderation/security-events?"+query.Encode(), nil).OK().Into(&page)
		return page
	}
	all := read(nil)
	require.GreaterOrEqual(t, len(all.Items), 8)
	page := read(url.Values{"limit": {"3"}})
	require.Len(t, page.Items, 3)
	next := read(url.Values{"limit": {"3"}, "cursor": {page.Next}})
	require.Less(t, next.Items[0].ID, page.Items[2].ID)
	p.Exec(`update people set last_name = 'Киселёв', first_name = 'Пётр', middle_name = 'Ильич' where esia_oid = $1`, p.Person(synthetic.LoginCustomer).OID)
	for _, name := range []string{"Киселёв", "киселев", "Пётр Киселёв", "Киселе\u0308в", "Киселёв\u00a0П.", "Кисе\u00adлёв"} {
		require.Len(t, read(url.Values{"name": {name}, "kind": {"signed-in"}}).Items, 1, name)
	}
	for _, e := range read(url.Values{"name": {"Киселёв"}, "kind": {"signed-in", "role-chosen"}}).Items {
		require.Contains(t, []httpapi.SecurityKind{httpapi.EventSignedIn, httpapi.EventRoleChosen}, e.Kind)
		require.Equal(t, "Киселёв Пётр Ильич", e.Person.Name)
	}
	require.Empty(t, read(url.Values{"to": {"2020-01-01T00:00:00Z"}}).Items)
	require.Empty(t, read(url.Values{"name": {"%"}}).Items)
	require.NotEmpty(t, read(url.Values{"kind": {string(httpapi.EventDataOpened)}}).Items, "opening the trail is recorded too")
}
