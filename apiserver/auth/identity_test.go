package auth_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/esia"
	"epkr/internal/order"
)

func TestSameHumanIsIdentifiedByNameAndDateOfBirth(t *testing.T) {
	p := apitest.Start(t)
	for _, c := range []struct {
		last1, first1, middle1, birth1, last2, first2, middle2, birth2 string
		same                                                           bool
	}{
		{"Иванов", "Пётр", "Ильич", "", "ИВАНОВ", "Петр", "Ильич", "", true},
		{"Салтыков-Щедрин", "Михаил", "", "", "Салтыков Щедрин", " Михаил ", "Евграфович", "", true},
		{"Иванова", "Анна", "Ильинична", "1990-05-01", "Петрова", "Анна", "Ильинична", "1990-05-01", true},
		{"Иванова", "Анна", "Ильинична", "", "Петрова", "Анна", "Ильинична", "1990-05-01", false},
		{"Иванова", "Анна", "Ильинична", "1990-05-01", "Иванова", "Анна", "Ильинична", "1990-05-02", false},
		{"Иванов", "Пётр", "Ильич", "1990-05-01", "Иванов", "Павел", "Ильич", "1990-05-01", false},
		{"Иванов", "Пётр", "Ильич", "1990-05-01", "Иванов", "Пётр", "Олегович", "1990-05-01", false},
	} {
		require.Equal(t, c.same, apitest.Value[bool](p, `select same_human($1, $2, $3, nullif($4, '')::date, $5, $6, $7, nullif($8, '')::date)`,
			c.last1, c.first1, c.middle1, c.birth1, c.last2, c.first2, c.middle2, c.birth2), "%+v", c)
	}
}

func TestSNILSSpellingsAreNormalized(t *testing.T) {
	p := apitest.Start(t)
	for _, spelled := range []string{"112-233-445 95", "11223344595", "112 233 445 95", "112\u2011233\u2011445\u00a095", " 112-233-445\u202f95 "} {
		require.Equal(t, "11223344595", apitest.Value[string](p, `select snils_digits($1)`, spelled), "%q", spelled)
	}
	for _, none := range []string{"", "000-000-000 00", "112-233", "112-233-445 955"} {
		require.True(t, apitest.Value[bool](p, `select snils_digits($1) is null`, none), "%q", none)
		require.Empty(t, auth.SNILSDigits(esia.Person{SNILS: none}))
	}
}

const newNumber = "1900000001"

func TestNewESIANumberIsTheSamePerson(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	b := p.Engineer(synthetic.LoginEngineerMoscow)
	before := apitest.WhoAmI(b)
	p.UpdateESIAPerson(`{"login":"` + synthetic.LoginEngineerMoscow + `","oid":"` + newNumber + `"}`)

	again := p.Engineer(synthetic.LoginEngineerMoscow)
	require.Equal(t, before.Person, apitest.WhoAmI(again).Person)
	require.Equal(t, before.Party, apitest.WhoAmI(again).Party)
	again.ChooseRole(order.RoleCustomer, "person")
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from people`))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from parties where kind = 'person'`))
	require.Equal(t, 2, apitest.Value[int](p, `select count(*) from person_esia_numbers`))
	require.Equal(t, newNumber, apitest.Value[string](p, `select details ->> 'esiaOid' from security_events where kind = 'esia-number-changed'`))
	require.Equal(t, http.StatusOK, b.Do(http.MethodGet, "/api/auth/roles", nil).Status, "the former session is still valid")
}

func TestModeratorKeepsHisRoleUnderANewNumber(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t, apitest.WithProbe(order.RoleModerator))
	p.Moderator()
	p.UpdateESIAPerson(`{"login":"` + synthetic.LoginModerator + `","oid":"` + newNumber + `"}`)
	p.Moderator().Do(http.MethodGet, "/api/probe", nil).OK()
}

func TestAnotherHumanWithAKnownSNILSIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	p.Customer(synthetic.LoginCustomer)
	snils := p.Person(synthetic.LoginCustomer).SNILS
	p.UpdateESIAPerson(`{"login":"` + synthetic.LoginSecondCustomer + `","snils":"` + snils + `"}`)
	require.Equal(t, "/signin?error="+problems.IdentityConflict, p.Browser().SignIn(synthetic.LoginSecondCustomer))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from people`))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from security_events where kind = 'identity-conflict' and subject_id = (select id from people)`))

	p.UpdateESIAPerson(`{"login":"` + synthetic.LoginCustomer + `","oid":"` + newNumber + `","birthDate":"01.02.1953"}`)
	require.Equal(t, "/signin?error="+problems.IdentityConflict, p.Browser().SignIn(synthetic.LoginCustomer), "another date of birth")

	p.UpdateESIAPerson(`{"login":"` + synthetic.LoginCustomer + `","reset":true}`)
	require.Equal(t, "/", p.Browser().SignIn(synthetic.LoginCustomer))
}

func TestUnconfirmedAccountWithAKnownSNILSGetsNothing(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	p.Customer(synthetic.LoginCustomer)
	p.UpdateESIAPerson(`{"login":"` + synthetic.LoginCustomer + `","oid":"` + newNumber + `","trusted":false}`)
	require.Equal(t, "/signin?error=esia_unconfirmed_account", p.Browser().SignIn(synthetic.LoginCustomer))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from person_esia_numbers`))
}

// duplicate inserts a second record of the person under another ЕСИА number, with its own account,
// as an earlier version of the platform did.
func duplicate(p *apitest.Platform, login, number string) (person, party uuid.UUID) {
	p.T.Helper()
	known := p.Person(login)
	person, party = uuid.New(), uuid.New()
	p.Exec(`insert into people (id, esia_oid, snils, last_name, first_name, middle_name, created_at) values ($1, $2, $3, $4, $5, $6, now() - interval '1 year')`,
		person, number, known.SNILS, known.LastName, known.FirstName, known.MiddleName)
	p.Exec(`insert into parties (id, kind, person_id, name) values ($1, 'person', $2, $3)`, party, person, known.FullName())
	return person, party
}

func TestRecordsOfOneHumanAreMergedAtSignIn(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	p.Customer(synthetic.LoginCustomer)
	oldest, account := duplicate(p, synthetic.LoginCustomer, "1800000001")
	b := p.Customer(synthetic.LoginCustomer)
	require.Equal(t, account, *apitest.WhoAmI(b).Party, "the oldest record is kept")
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from people where same_as = $1`, oldest))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from parties where same_as = $1`, account))
	require.Equal(t, 2, apitest.Value[int](p, `select count(*) from sessions where person_id = $1 and party_id = $2`, oldest, account))
	require.Equal(t, 0, apitest.Value[int](p, `select count(*) from consents where person_id <> $1`, oldest))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from security_events where kind = 'people-merged'`))
}

func TestOrdersOfAMergedRecordContinue(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	p := apitest.Start(t)
	p.StartWorker()
	b := p.Customer(synthetic.LoginCustomer)
	earlier := b.PublishOrder("77")
	later := *apitest.WhoAmI(b).Party
	_, account := duplicate(p, synthetic.LoginCustomer, "1800000001")

	b = p.Customer(synthetic.LoginCustomer)
	require.Equal(t, account, *apitest.WhoAmI(b).Party)
	var page struct{ Items []struct{ ID uuid.UUID } }
	b.Do(http.MethodGet, "/api/orders", nil).OK().Into(&page)
	require.Len(t, page.Items, 1)
	require.True(t, page.Items[0].ID == earlier)
	require.Equal(t, earlier, b.Card(earlier).ID)
	plan := b.Upload(earlier, "план.pdf", apitest.PDF("план"))
	b.RequireApplied(earlier, order.Amend, apitest.WithFiles(apitest.Conditions("77", 40), plan))
	bid := apitest.Object{"details": apitest.Object{"price": 4_000_000, "termDays": 20}}
	p.Engineer(synthetic.LoginEngineerMoscow).RequireApplied(earlier, order.Respond, bid)
	var notices struct{ Items []struct{ Order uuid.UUID } }
	b.Do(http.MethodGet, "/api/notifications", nil).OK().Into(&notices)
	require.NotEmpty(t, notices.Items, "a response notifies the account into which the order's was merged")
	require.Equal(t, 0, apitest.Value[int](p, `select count(*) from notifications where party_id = $1`, later))

	b.RequireApplied(earlier, order.Choose, apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}})
	require.Equal(t, later.String(), apitest.Value[string](p, `select actor_party from order_messages where kind = 'choose'`), "as the order identifies him")

	next := b.CreateDraft()
	require.Equal(t, account, apitest.Value[uuid.UUID](p, `select customer_id from orders where id = $1`, next))
	require.Equal(t, problems.OrderNotFound, p.Customer(synthetic.LoginSecondCustomer).Do(http.MethodGet, "/api/orders/"+earlier.String(), nil).Problem().Code)
}
