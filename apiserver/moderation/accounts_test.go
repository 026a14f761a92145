package moderation_test

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/moderation"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// accountOf returns the id of the person with the login, who has signed in.
func accountOf(p *apitest.Platform, login string) string {
	p.T.Helper()
	return apitest.Value[string](p, `select id from people where snils_number = snils_digits($1)`, p.Person(login).SNILS)
}

func readAccount(b *apitest.Browser, id string) (card moderation.AccountCard) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, "/api/moderation/accounts/"+id, nil).OK().Into(&card)
	return card
}

func switchAccount(b *apitest.Browser, id, verb, key string, version int32, reason string) apitest.Answer {
	b.Platform.T.Helper()
	return b.Do(http.MethodPost, "/api/moderation/accounts/"+id+"/"+verb, apitest.Object{"version": version, "reason": reason}, "Idempotency-Key", key)
}

type accountsPage struct {
	Items []moderation.Account
	Next  string
	Total int
}

func TestModeratorFindsAccounts(t *testing.T) {
	acceptance.Covers(t, "R-GEN-6")
	p := apitest.Start(t)
	moderator := p.Moderator()
	for _, login := range []string{
		synthetic.LoginCustomer, synthetic.LoginCustomerEntrepreneur, synthetic.LoginCustomerHead, synthetic.LoginCustomerEmployee,
		synthetic.LoginEngineerMoscow, synthetic.LoginEmployerHead,
	} {
		p.Browser().SignIn(login)
	}
	list := func(query url.Values) (found accountsPage) {
		t.Helper()
		moderator.Do(http.MethodGet, "/api/moderation/accounts?"+query.Encode(), nil).OK().Into(&found)
		require.Len(t, found.Items, min(found.Total, 20))
		return found
	}
	surnames := func(query url.Values) (names []string) {
		t.Helper()
		for _, a := range list(query).Items {
			names = append(names, strings.Fields(a.Name)[0])
		}
		return names
	}
	all := []string{"Гончаренко", "Иванова", "Комаров", "Кузнецов", "Лебедева", "Орлов", "Панова"}
	require.Equal(t, all, surnames(nil), "by name")
	var paged []string
	for next := ""; len(paged) == 0 || next != ""; {
		var page accountsPage
		moderator.Do(http.MethodGet, "/api/moderation/accounts?limit=2&cursor="+next, nil).OK().Into(&page)
		require.Equal(t, len(all), page.Total)
		for _, a := range page.Items {
			paged = append(paged, strings.Fields(a.Name)[0])
		}
		next = page.Next
	}
	require.Equal(t, all, paged)

	person := p.Person(synthetic.LoginCustomerEntrepreneur)
	ogrnip := apitest.Value[string](p, `select ogrn from parties where kind = 'entrepreneur'`)
	firm := apitest.Value[string](p, `select ogrn from parties where kind = 'organisation' and name like '%Застройщик Плюс%'`)
	p.Exec(`update parties set inn = '7707083893' where ogrn = $1`, firm)
	for query, want := range map[[2]string][]string{
		{"name", "иванова мар"}:       {"Иванова"},
		{"name", "застройщик"}:        {"Комаров", "Лебедева"},
		{"name", "нет таких"}:         nil,
		{"number", person.SNILS}:      {"Кузнецов"},
		{"number", person.INN}:        {"Кузнецов"},
		{"number", ogrnip}:            {"Кузнецов"},
		{"number", firm}:              {"Комаров", "Лебедева"},
		{"number", "77 07 083 893"}:   {"Комаров", "Лебедева"},
		{"role", "engineer"}:          {"Орлов"},
		{"role", "entrepreneur"}:      {"Кузнецов"},
		{"role", "organisation"}:      {"Гончаренко", "Лебедева"},
		{"role", "employer"}:          {"Гончаренко"},
		{"role", "moderator"}:         {"Панова"},
		{"status", "active"}:          all,
		{"status", "off"}:             nil,
		{"number", "000-000-001 02x"}: {"problem"},
		{"number", "123"}:             {"problem"},
	} {
		if slices.Equal(want, []string{"problem"}) {
			bad := moderator.Do(http.MethodGet, "/api/moderation/accounts?"+url.Values{query[0]: {query[1]}}.Encode(), nil).Problem()
			require.Equal(t, []string{"number"}, apitest.Fields(bad), query)
			continue
		}
		require.Equal(t, want, surnames(url.Values{query[0]: {query[1]}}), query)
	}
	head := list(url.Values{"name": {"Лебедева"}}).Items[0]
	require.Len(t, head.Organisations, 1)
	require.Contains(t, head.Organisations[0], "Застройщик Плюс")
	require.True(t, list(url.Values{"name": {"Панова"}}).Items[0].Moderator)
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from security_events where kind = 'data-opened' and subject_id = $1
		and details ->> 'operation' = 'list-accounts' and subject_kind = 'person'`, accountOf(p, synthetic.LoginEngineerMoscow)),
		"a search with few results is recorded for each of the people found")
	for _, b := range []*apitest.Browser{p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEngineerMoscow), p.Employer(synthetic.LoginEmployerHead)} {
		require.Equal(t, problems.WrongRole, b.Do(http.MethodGet, "/api/moderation/accounts", nil).Problem().Code)
	}
}

func TestAccountCardShowsRolesOrganisationsAndSessions(t *testing.T) {
	acceptance.Covers(t, "R-GEN-6")
	p := apitest.Start(t)
	moderator := p.Moderator()
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	p.Browser().SignIn(synthetic.LoginEngineerMoscow)
	card := readAccount(moderator, accountOf(p, synthetic.LoginEngineerMoscow))
	require.Equal(t, p.Person(synthetic.LoginEngineerMoscow).SNILS, card.SNILS)
	require.True(t, card.Active)
	require.EqualValues(t, 2, card.Sessions)
	require.NotNil(t, card.Consent)
	require.Nil(t, card.Consent.WithdrawnAt)
	require.Equal(t, p.EngineerID(synthetic.LoginEngineerMoscow), card.Engineer.ID.String())
	require.Equal(t, len(engineer.Roles()), len(card.Roles), "the roles that sign-in offers him")
	for i, role := range engineer.Roles() {
		require.Equal(t, moderation.AccountRole(role), card.Roles[i])
	}
	p.Browser().SignIn(synthetic.LoginCustomerEmployee)
	employee := readAccount(moderator, accountOf(p, synthetic.LoginCustomerEmployee))
	require.Nil(t, employee.Consent)
	require.Len(t, employee.Organisations, 1)
	require.False(t, employee.Organisations[0].Head)
	require.False(t, employee.Organisations[0].Customer)
	require.True(t, employee.Organisations[0].Active)
	p.AdvanceClock(p.Deps.Config.SessionIdle)
	require.Zero(t, readAccount(p.Moderator(), accountOf(p, synthetic.LoginEngineerMoscow)).Sessions, "expired sessions do not count")
	require.Equal(t, problems.NotFound, p.Moderator().Do(http.MethodGet, "/api/moderation/accounts/"+uuid.NewString(), nil).Problem().Code)
}

func TestSwitchedOffPersonIsOutAtOnceAndReadsWhy(t *testing.T) {
	acceptance.Covers(t, "R-GEN-6", "B-5")
	p := apitest.Start(t)
	moderator := p.Moderator()
	customer, elsewhere := p.Customer(synthetic.LoginCustomer), p.Customer(synthetic.LoginCustomer)
	id := accountOf(p, synthetic.LoginCustomer)

	client := *customer.Client
	client.Timeout = 0
	stream, err := client.Do(customer.Request(http.MethodGet, "/api/events", nil))
	require.NoError(t, err)
	defer stream.Body.Close()
	require.Equal(t, http.StatusOK, stream.StatusCode)
	var streamed bytes.Buffer
	var ended sync.WaitGroup
	ended.Go(func() { _, _ = io.Copy(&streamed, stream.Body) })

	const reason = "Выдаёт себя за другого"
	key := uuid.NewString()
	var off moderation.AccountCard
	switchAccount(moderator, id, "switch-off", key, 0, reason).OK().Into(&off)
	require.False(t, off.Active)
	require.EqualValues(t, 1, off.Version)
	require.Zero(t, off.Sessions)
	require.Equal(t, reason, off.Decisions[0].Reason)
	require.Equal(t, "Панова Ирина Фёдоровна", off.Decisions[0].Moderator)
	ended.Wait() // the stream ends without waiting for its heartbeat
	require.Contains(t, streamed.String(), `"code":"session_expired"`)
	for _, b := range []*apitest.Browser{customer, elsewhere} {
		require.Equal(t, problems.SessionExpired, b.Do(http.MethodGet, "/api/orders", nil).Problem().Code)
	}

	refusal := func(b *apitest.Browser) apitest.Answer { return b.Do(http.MethodGet, "/api/auth/refusal", nil) }
	require.Equal(t, http.StatusNoContent, refusal(customer).Status)
	back := customer.SignInAtESIA(customer.BeginSignIn("/orders"), synthetic.LoginCustomer)
	require.Equal(t, "/signin?error=account_inactive&returnTo=%2Forders", customer.FinishSignIn(back))
	require.Equal(t, "/signin?error=account_inactive&returnTo=%2Forders", customer.FinishSignIn(back), "the page is reloaded")
	var told struct{ Reason string }
	refusal(customer).OK().Into(&told)
	require.Equal(t, reason, told.Reason)
	require.Equal(t, http.StatusNoContent, refusal(elsewhere).Status, "only the browser that was refused")
	require.Equal(t, http.StatusNoContent, refusal(p.Customer(synthetic.LoginSecondCustomer)).Status)
	require.Equal(t, http.StatusNoContent, customer.Do(http.MethodGet, "/api/me", nil).Status)

	var again moderation.AccountCard
	switchAccount(moderator, id, "switch-off", key, 0, reason).OK().Into(&again)
	require.Len(t, again.Decisions, 1, "the same key is the same decision")
	require.Equal(t, problems.KeyReused, switchAccount(moderator, id, "switch-off", key, 0, "Другая").Problem().Code)
	require.Equal(t, problems.AccountChanged, switchAccount(moderator, id, "switch-off", uuid.NewString(), 0, reason).Problem().Code)
	require.Equal(t, problems.AccountChanged, switchAccount(moderator, id, "switch-off", uuid.NewString(), 1, reason).Problem().Code, "it is off")
	require.Equal(t, problems.AccountChanged, switchAccount(moderator, id, "switch-on", uuid.NewString(), 0, reason).Problem().Code, "a stale version")
	require.Equal(t, problems.Validation, switchAccount(moderator, id, "switch-on", uuid.NewString(), 1, " \u200b ").Problem().Code)
	var items accountsPage
	moderator.Do(http.MethodGet, "/api/moderation/accounts?status=off", nil).OK().Into(&items)
	require.Equal(t, 1, items.Total)

	switchAccount(moderator, id, "switch-on", uuid.NewString(), 1, "Разобрались").OK()
	require.Equal(t, http.StatusNoContent, refusal(customer).Status, "he may enter again")
	customer.SignIn(synthetic.LoginCustomer)
	require.Equal(t, "Иванова Мария Петровна", apitest.WhoAmI(customer).Person.Name)
	var decisions struct {
		Items []moderation.AccountDecision
		Total int
	}
	moderator.Do(http.MethodGet, "/api/moderation/accounts/"+id+"/decisions", nil).OK().Into(&decisions)
	require.Equal(t, 2, decisions.Total)
	require.True(t, decisions.Items[0].Active)
	require.Equal(t, []string{"false", "true"}, testenv.Column[string](t, p.DatabaseURL,
		`select details ->> 'active' from security_events where kind = 'account-switched' and subject_id = $1 order by id`, id))
	_, err = p.Database.ExecContext(t.Context(), `update account_decisions set reason = 'x'`)
	require.Error(t, err, "decisions are append-only")
}

func TestAccountsThatAModeratorMayNotSwitchOff(t *testing.T) {
	acceptance.Covers(t, "R-GEN-6")
	second := synthetic.LoginSecondCustomer
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Moderators = append(s.Config.Moderators, second2OID(t)) })
	moderator := p.Moderator()
	p.Browser().SignIn(second)
	for _, login := range []string{synthetic.LoginModerator, second} {
		id := accountOf(p, login)
		require.True(t, readAccount(moderator, id).Moderator)
		require.Equal(t, problems.AccountOfModerator, switchAccount(moderator, id, "switch-off", uuid.NewString(), 0, "Причина").Problem().Code)
	}
	p.Browser().SignIn(synthetic.LoginEngineerMoscow)
	p.Exec(`insert into representatives (person_id, party_id, chief, active, read_at) select $1, id, true, true, now() from parties where is_employer limit 1`,
		accountOf(p, synthetic.LoginModerator))
	p.Exec(`update engineers set form = 'employee', employment = 'confirmed', employer_id = (select party_id from representatives where person_id = $1)
		where id = $2`, accountOf(p, synthetic.LoginModerator), p.EngineerID(synthetic.LoginEngineerMoscow))
	require.Equal(t, problems.OwnDecision,
		switchAccount(moderator, accountOf(p, synthetic.LoginEngineerMoscow), "switch-off", uuid.NewString(), 0, "Причина").Problem().Code)
	customer := p.Customer(synthetic.LoginCustomer)
	require.Equal(t, problems.WrongRole, switchAccount(customer, accountOf(p, synthetic.LoginCustomer), "switch-off", uuid.NewString(), 0, "Сам").Problem().Code)
	require.Equal(t, problems.NotFound, switchAccount(moderator, uuid.NewString(), "switch-off", uuid.NewString(), 0, "Причина").Problem().Code)
	require.Zero(t, apitest.Value[int](p, `select count(*) from account_decisions`))
}

func second2OID(t *testing.T) string {
	t.Helper()
	person, found := apitest.World().PersonByLogin(synthetic.LoginSecondCustomer)
	require.True(t, found)
	return person.OID
}

// The orders of a switched-off customer go on for the other side; nothing about them changes.
func TestOrdersOfASwitchedOffCustomerStayAsTheyAre(t *testing.T) {
	acceptance.Covers(t, "R-GEN-6")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	switchAccount(p.Moderator(), accountOf(p, synthetic.LoginCustomer), "switch-off", uuid.NewString(), 0, "Жалоба").OK()
	card := engineer.Card(id)
	require.Equal(t, order.Selection, card.Stage.Code)
	engineer.RequireApplied(id, order.WithdrawResponse, nil)
}

// An engineer whose account is off, or who withdrew his consent, is not listed, gets no orders, and
// does not count as an active engineer of his employer. All of it is lifted when he returns.
func TestEngineerWhoDoesNotUseThePlatformGetsNoOrders(t *testing.T) {
	acceptance.Covers(t, "R-GEN-6", "R-AUTH-6", "R-CUST-7", "S-15")
	p := apitest.Start(t)
	p.StartWorker()
	customer, moderator := p.Customer(synthetic.LoginCustomer), p.Moderator()
	first, second := p.Engineer(synthetic.LoginEmployeeFirst), p.Engineer(synthetic.LoginEmployeeSecond)
	firstID, secondID := p.EngineerID(synthetic.LoginEmployeeFirst), p.EngineerID(synthetic.LoginEmployeeSecond)
	region := apitest.Value[string](p, `select regions[1] from engineers where id = $1`, firstID)
	open, offered := customer.PublishOrder(region), customer.PublishOrder(region)
	first.RequireApplied(open, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}})
	choice := func(engineer string) apitest.Object {
		return apitest.Object{"details": apitest.Object{"engineer": engineer}}
	}
	active := func() int {
		return apitest.Value[int](p, `select active_engineers from parties where id = (select employer_id from engineers where id = $1)`, secondID)
	}
	before := active()
	listed := func() bool {
		found := len(apitest.Value[string](p, `select coalesce((select engineer_id::text from engineer_listing where engineer_id = $1), '')`, firstID)) > 0
		a := p.Customer(synthetic.LoginSecondCustomer).Do(http.MethodGet, "/api/engineers/"+firstID, nil)
		require.Equal(t, map[bool]int{true: http.StatusOK, false: http.StatusNotFound}[found], a.Status)
		var candidates struct {
			Items []struct{ Engineer struct{ ID string } }
		}
		customer.Do(http.MethodGet, "/api/orders/"+offered.String()+"/candidates", nil).OK().Into(&candidates)
		among := false
		for _, c := range candidates.Items {
			among = among || c.Engineer.ID == firstID
		}
		require.Equal(t, found, among)
		return found
	}
	requireAway := func() {
		t.Helper()
		require.False(t, listed())
		require.Equal(t, before-1, active())
		customer.RequireRefused(order.CodeAccountOff, offered, order.OfferOrder, choice(firstID))
		customer.RequireRefused(order.CodeAccountOff, open, order.Choose, choice(firstID))
		require.Equal(t, order.ReasonOf(order.CodeAccountOff), customer.Card(open).Responses[0].Reason)
	}
	require.True(t, listed())

	account := accountOf(p, synthetic.LoginEmployeeFirst)
	switchAccount(moderator, account, "switch-off", uuid.NewString(), 0, "Причина").OK()
	requireAway()
	switchAccount(moderator, account, "switch-on", uuid.NewString(), 1, "Ошибка").OK()
	require.True(t, listed())
	require.Equal(t, before, active())

	first = p.Engineer(synthetic.LoginEmployeeFirst)
	first.Do(http.MethodDelete, "/api/auth/consent", nil).OK()
	requireAway()
	p.Engineer(synthetic.LoginEmployeeFirst)
	require.True(t, listed())
	require.Equal(t, before, active())
	require.Equal(t, order.MinEngineers, before, "the employer has no engineers beyond these two")
	second.Do(http.MethodDelete, "/api/auth/consent", nil).OK()
	customer.RequireRefused(order.CodeOnlyEngineer, open, order.Choose, choice(firstID))
	p.Engineer(synthetic.LoginEmployeeSecond)
	customer.RequireApplied(open, order.Choose, choice(firstID))
}
