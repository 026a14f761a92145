package api

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/esia"
	"epkr/internal/order"
)

func TestSameHumanIsToldByNameAndDateOfBirth(t *testing.T) {
	p := startPlatform(t)
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
		require.Equal(t, c.same, value[bool](p, `select same_human($1, $2, $3, nullif($4, '')::date, $5, $6, $7, nullif($8, '')::date)`,
			c.last1, c.first1, c.middle1, c.birth1, c.last2, c.first2, c.middle2, c.birth2), "%+v", c)
	}
}

func TestSNILSInEverySpellingIsOne(t *testing.T) {
	p := startPlatform(t)
	for _, spelled := range []string{"112-233-445 95", "11223344595", "112 233 445 95", "112\u2011233\u2011445\u00a095", " 112-233-445\u202f95 "} {
		require.Equal(t, "11223344595", value[string](p, `select snils_digits($1)`, spelled), "%q", spelled)
	}
	for _, none := range []string{"", "000-000-000 00", "112-233", "112-233-445 955"} {
		require.True(t, value[bool](p, `select snils_digits($1) is null`, none), "%q", none)
		require.Empty(t, snilsDigits(esia.Person{SNILS: none}))
	}
}

const newNumber = "1900000001"

func TestNewESIANumberIsTheSamePerson_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	b := p.engineer(synthetic.LoginEngineerMoscow)
	before := whoAmI(b)
	p.control(`{"login":"` + synthetic.LoginEngineerMoscow + `","oid":"` + newNumber + `"}`)

	again := p.engineer(synthetic.LoginEngineerMoscow)
	require.Equal(t, before.Person, whoAmI(again).Person)
	require.Equal(t, before.Party, whoAmI(again).Party)
	again.choose(order.RoleCustomer, "person")
	require.Equal(t, 1, value[int](p, `select count(*) from people`))
	require.Equal(t, 1, value[int](p, `select count(*) from parties where kind = 'person'`))
	require.Equal(t, 2, value[int](p, `select count(*) from person_esia_numbers`))
	require.Equal(t, newNumber, value[string](p, `select details ->> 'esiaOid' from security_events where kind = 'esia-number-changed'`))
	require.Equal(t, http.StatusOK, b.do(http.MethodGet, "/api/auth/roles", nil).status, "the former session goes on")
}

func TestModeratorKeepsHisRoleUnderANewNumber_R_AUTH_11(t *testing.T) {
	p := startPlatform(t, withProbe(order.RoleModerator))
	p.moderator()
	p.control(`{"login":"` + synthetic.LoginModerator + `","oid":"` + newNumber + `"}`)
	p.moderator().do(http.MethodGet, "/api/probe", nil).ok()
}

func TestAnotherHumanWithAKnownSNILSIsRefused_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	p.customer(synthetic.LoginCustomer)
	snils := p.person(synthetic.LoginCustomer).SNILS
	p.control(`{"login":"` + synthetic.LoginSecondCustomer + `","snils":"` + snils + `"}`)
	require.Equal(t, "/signin?error="+codeIdentityConflict, p.browser().signIn(synthetic.LoginSecondCustomer))
	require.Equal(t, 1, value[int](p, `select count(*) from people`))
	require.Equal(t, 1, value[int](p, `select count(*) from security_events where kind = 'identity-conflict' and subject_id = (select id from people)`))

	p.control(`{"login":"` + synthetic.LoginCustomer + `","oid":"` + newNumber + `","birthDate":"01.02.1953"}`)
	require.Equal(t, "/signin?error="+codeIdentityConflict, p.browser().signIn(synthetic.LoginCustomer), "another date of birth")

	p.control(`{"login":"` + synthetic.LoginCustomer + `","reset":true}`)
	require.Equal(t, "/", p.browser().signIn(synthetic.LoginCustomer))
}

func TestUnconfirmedAccountWithAKnownSNILSGetsNothing_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	p.customer(synthetic.LoginCustomer)
	p.control(`{"login":"` + synthetic.LoginCustomer + `","oid":"` + newNumber + `","trusted":false}`)
	require.Equal(t, "/signin?error=esia_unconfirmed_account", p.browser().signIn(synthetic.LoginCustomer))
	require.Equal(t, 1, value[int](p, `select count(*) from person_esia_numbers`))
}

// duplicate writes a second record of the person, as an earlier version made one of him under another number, with his own account.
func (p *platform) duplicate(login, number string) (person, party uuid.UUID) {
	p.t.Helper()
	known := p.person(login)
	person, party = uuid.New(), uuid.New()
	p.exec(`insert into people (id, esia_oid, snils, last_name, first_name, middle_name, created_at) values ($1, $2, $3, $4, $5, $6, now() - interval '1 year')`,
		person, number, known.SNILS, known.LastName, known.FirstName, known.MiddleName)
	p.exec(`insert into parties (id, kind, person_id, name) values ($1, 'person', $2, $3)`, party, person, known.FullName())
	return person, party
}

func TestRecordsOfOneHumanAreMergedAtSignIn_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	p.customer(synthetic.LoginCustomer)
	oldest, account := p.duplicate(synthetic.LoginCustomer, "1800000001")
	b := p.customer(synthetic.LoginCustomer)
	require.Equal(t, account, *whoAmI(b).Party, "the oldest record stays")
	require.Equal(t, 1, value[int](p, `select count(*) from people where same_as = $1`, oldest))
	require.Equal(t, 1, value[int](p, `select count(*) from parties where same_as = $1`, account))
	require.Equal(t, 2, value[int](p, `select count(*) from sessions where person_id = $1 and party_id = $2`, oldest, account))
	require.Equal(t, 0, value[int](p, `select count(*) from consents where person_id <> $1`, oldest))
	require.Equal(t, 1, value[int](p, `select count(*) from security_events where kind = 'people-merged'`))
}

func TestOrdersOfAMergedRecordGoOn_R_AUTH_2(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	b := p.customer(synthetic.LoginCustomer)
	earlier := b.published("77")
	later := *whoAmI(b).Party
	_, account := p.duplicate(synthetic.LoginCustomer, "1800000001")

	b = p.customer(synthetic.LoginCustomer)
	require.Equal(t, account, *whoAmI(b).Party)
	var page struct{ Items []struct{ ID uuid.UUID } }
	b.do(http.MethodGet, "/api/orders", nil).ok().into(&page)
	require.Len(t, page.Items, 1)
	require.True(t, page.Items[0].ID == earlier)
	require.Equal(t, earlier, b.card(earlier).ID)
	plan := b.upload(earlier, "план.pdf", pdf("план"))
	b.tell(earlier, order.Amend, withFiles(conditions("77", 40), plan))
	bid := object{"details": object{"price": 4_000_000, "termDays": 20}}
	p.engineer(synthetic.LoginEngineerMoscow).tell(earlier, order.Respond, bid)
	var notices struct{ Items []struct{ Order uuid.UUID } }
	b.do(http.MethodGet, "/api/notifications", nil).ok().into(&notices)
	require.NotEmpty(t, notices.Items, "a response notifies the account that stands for the order's")
	require.Equal(t, 0, value[int](p, `select count(*) from notifications where party_id = $1`, later))

	b.tell(earlier, order.Choose, object{"details": object{"engineer": p.engineerID(synthetic.LoginEngineerMoscow)}})
	require.Equal(t, later.String(), value[string](p, `select actor_party from order_messages where kind = 'choose'`), "as the order knows him")

	next := b.draft()
	require.Equal(t, account, value[uuid.UUID](p, `select customer_id from orders where id = $1`, next))
	require.Equal(t, codeOrderNotFound, p.customer(synthetic.LoginSecondCustomer).do(http.MethodGet, "/api/orders/"+earlier.String(), nil).problem().Code)
}
