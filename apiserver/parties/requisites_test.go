package parties_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/notifications"
	"epkr/apiserver/parties"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/requisites"
	"epkr/internal/testenv"
)

const (
	path = "/api/requisites"
	bic  = "044525225" // in the directory of the tests
	// unknownBIC is not in it.
	unknownBIC = "044525700"
)

var account = requisites.CompleteAccount("40702810000000000001", bic)

// head heads the organisation of a customer.
func head(p *apitest.Platform) *apitest.Browser {
	return p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
}

func read(b *apitest.Browser) (r parties.Requisites) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, path, nil).OK().Into(&r)
	return r
}

// form returns a body with a bank of the directory, based on a version; alter changes it.
func form(version int32, alter ...func(apitest.Object)) apitest.Object {
	body := apitest.Object{
		"version": version, "inn": "", "kpp": "", "address": "", "bic": bic, "bankName": "", "account": account, "correspondentAccount": "",
	}
	for _, change := range alter {
		change(body)
	}
	return body
}

func with(field string, value any) func(apitest.Object) {
	return func(body apitest.Object) { body[field] = value }
}

func save(b *apitest.Browser, body apitest.Object) apitest.Answer {
	return b.Do(http.MethodPut, path, body)
}

func saved(b *apitest.Browser, body apitest.Object) (r parties.Requisites) {
	b.Platform.T.Helper()
	save(b, body).OK().Into(&r)
	return r
}

func TestCustomerSavesRequisitesWithTheBankOfTheDirectory(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2", "S-31")
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	person := p.Person(synthetic.LoginCustomer)
	before := read(customer)
	require.Zero(t, before.Version)
	require.Equal(t, parties.HoldingOwn, before.Holding)
	require.Equal(t, order.NaturalPerson, before.Kind)
	require.Equal(t, person.INN, before.INN)
	require.Equal(t, person.Address, before.Address)
	require.Equal(t, strings.NewReplacer("-", "", " ", "").Replace(person.SNILS), before.SNILS)
	require.Equal(t, []string{"inn", "address"}, before.FromESIA)
	require.Empty(t, before.Missing, "a natural person needs СНИЛС and address only")

	var bank parties.Bank
	customer.Do(http.MethodGet, "/api/banks/"+bic, nil).OK().Into(&bank)
	require.Equal(t, problems.NotFound, customer.Do(http.MethodGet, "/api/banks/"+unknownBIC, nil).Problem().Code)

	after := saved(customer, form(0, with("account", " "+account[:5]+" "+account[5:]+"\u200b")))
	require.EqualValues(t, 1, after.Version)
	require.Equal(t, account, after.Account)
	require.Equal(t, bank.Name+", "+bank.Place, after.BankName)
	require.Equal(t, bank.CorrespondentAccount, after.CorrespondentAccount)
	require.True(t, after.BankKnown)
	require.Equal(t, person.FullName(), after.UpdatedBy)
	require.Equal(t, after, read(customer))
	// The stored values contain what ЕСИА gave, for readers of the table.
	require.Equal(t, person.INN, apitest.Value[string](p, `select inn from requisites where party_id = $1`, apitest.WhoAmI(customer).Party))

	require.Equal(t, after, saved(customer, form(0)), "a repetition whose first answer was lost")
	cleared := saved(customer, form(1, with("bic", ""), with("account", "")))
	require.EqualValues(t, 2, cleared.Version)
	require.Empty(t, cleared.BankName+cleared.Account+cleared.CorrespondentAccount+cleared.BIC)
}

func TestEveryWrongNumberIsRefusedAtItsField(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2", "R-EMP-8")
	p := apitest.Start(t)
	organisation, person := head(p), p.Customer(synthetic.LoginCustomer)
	p.Exec(`update parties set inn = ''`) // ЕСИА gave none, so they are typed
	for name, c := range map[string]struct {
		by    *apitest.Browser
		alter func(apitest.Object)
		field string // "" for an accepted value
	}{
		"ИНН организации":            {organisation, with("inn", "7707083893"), ""},
		"ИНН организации, опечатка":  {organisation, with("inn", "7707083894"), "inn"},
		"ИНН человека у организации": {organisation, with("inn", "500100732259"), "inn"},
		"ИНН человека":               {person, with("inn", "500100732259"), ""},
		"ИНН человека, опечатка":     {person, with("inn", "500100732258"), "inn"},
		"ИНН организации у человека": {person, with("inn", "7707083893"), "inn"},
		"КПП":                              {organisation, with("kpp", "773601001"), ""},
		"КПП с нулями":                     {organisation, with("kpp", "000001001"), "kpp"},
		"КПП у человека":                   {person, with("kpp", "773601001"), "kpp"},
		"БИК короткий":                     {person, with("bic", "04452522"), "bic"},
		"БИК иностранный":                  {person, with("bic", "944525225"), "bic"},
		"счет с опечаткой":                 {person, with("account", account[:19]+"2"), "account"},
		"счет другого банка":               {person, with("account", requisites.CompleteAccount("40702810000000000001", "044525593")), "account"},
		"счет короткий":                    {person, with("account", account[:19]), "account"},
		"счет без БИК":                     {person, with("bic", ""), "bic"},
		"БИК без счета":                    {person, with("account", ""), "account"},
		"казначейский счет в банке":        {person, with("account", "03100643000000017300"), "account"},
		"казначейский счет в казначействе": {person, func(b apitest.Object) { b["bic"], b["account"] = "004525988", "03100643000000017300" }, ""},
		"корсчет с опечаткой":              {person, func(b apitest.Object) { unknown(b); b["correspondentAccount"] = "30101810400000000701" }, "correspondentAccount"},
		"корсчет не корреспондентский":     {person, func(b apitest.Object) { unknown(b); b["correspondentAccount"] = account }, "correspondentAccount"},
		"неизвестный БИК без наименования": {person, func(b apitest.Object) { unknown(b); b["bankName"] = "\u200b " }, "bankName"},
		"неизвестный БИК без корсчета":     {person, func(b apitest.Object) { unknown(b); b["correspondentAccount"] = "" }, "correspondentAccount"},
		"адрес длиннее допустимого":        {organisation, with("address", strings.Repeat("а", 501)), "address"},
	} {
		t.Run(name, func(t *testing.T) {
			a := save(c.by, form(read(c.by).Version, c.alter))
			if c.field == "" {
				a.OK()
				return
			}
			require.Equal(t, http.StatusUnprocessableEntity, a.Status, a.Text())
			require.Equal(t, []string{c.field}, apitest.Fields(a.Problem()))
		})
	}
}

// unknown sets a bank that the directory does not have.
func unknown(b apitest.Object) {
	b["bic"], b["bankName"], b["account"] = unknownBIC, "АО «Новый Банк»", requisites.CompleteAccount("40702810000000000001", unknownBIC)
	b["correspondentAccount"] = correspondent(unknownBIC)
}

// correspondent returns a valid correspondent account.
func correspondent(bic string) string {
	for key := range 10 {
		number := "30101810" + string(rune('0'+key)) + "00000000" + bic[6:]
		if _, err := requisites.CorrespondentAccount(number, bic); err == nil {
			return number
		}
	}
	panic("no key fits")
}

func TestUnknownBankIsTypedAndTheKnownOneIsNot(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2")
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	typed := saved(customer, form(0, unknown))
	require.Equal(t, "АО «Новый Банк»", typed.BankName)
	require.Equal(t, correspondent(unknownBIC), typed.CorrespondentAccount)
	require.False(t, typed.BankKnown)
	known := saved(customer, form(1, with("bankName", "Чужое имя"), with("correspondentAccount", "30101810000000000000")))
	require.NotContains(t, known.BankName, "Чужое имя")
	p.Exec(`delete from banks where bic = $1`, bic)
	gone := read(customer)
	require.False(t, gone.BankKnown, "the bank left the directory")
	require.Equal(t, known.BankName, gone.BankName)
}

func TestValuesOfESIAAreNotTyped(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2")
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	said := save(customer, form(0, with("inn", "500100732259"), with("address", "Другой адрес"))).Problem()
	require.Equal(t, []string{"inn", "address"}, apitest.Fields(said))
	require.Contains(t, said.Errors[0].Message, "Госуслуг")
	own := read(customer)
	saved(customer, form(0, with("inn", own.INN), with("address", own.Address)))
}

func TestColleaguesChangeIsShownAndNothingIsOverwritten(t *testing.T) {
	acceptance.Covers(t, "R-EMP-8", "R-CUST-2")
	p := apitest.Start(t)
	one := head(p)
	colleague := p.Customer(synthetic.LoginCustomerEmployee)
	id := apitest.Value[uuid.UUID](p, `select id from people where snils = $1`, p.Person(synthetic.LoginCustomerEmployee).SNILS)
	one.Do(http.MethodPut, "/api/organisation/people/"+id.String()+"/admission", apitest.Object{"customer": true, "employer": false}).OK()
	colleague.ChooseRole(order.RoleCustomer, "organisation")
	require.Equal(t, read(one), read(colleague), "an admitted person sees them")
	first := saved(colleague, form(0))
	require.Equal(t, p.Person(synthetic.LoginCustomerEmployee).FullName(), first.UpdatedBy)

	other := requisites.CompleteAccount("40702810000000000002", bic)
	said := save(one, form(0, with("account", other))).Problem()
	require.Equal(t, problems.DataChanged, said.Code)
	require.Equal(t, account, read(one).Account, "the colleague's value is kept")
	require.EqualValues(t, 2, saved(one, form(1, with("account", other))).Version)

	details := apitest.Value[string](p, `select string_agg(details::text, ' ' order by id) from security_events where kind = $1 and subject_id = $2`,
		httpapi.EventRequisitesChanged, apitest.WhoAmI(one).Party)
	require.NotContains(t, details, account)
	require.NotContains(t, details, other)
	var last struct {
		Fields      []string
		AccountEnds string
		Version     int
	}
	require.NoError(t, json.Unmarshal([]byte(details[strings.LastIndex(details, "} {")+2:]), &last))
	require.Equal(t, []string{"account"}, last.Fields)
	require.Equal(t, other[16:], last.AccountEnds)
	require.Equal(t, 2, last.Version)
	require.Equal(t, 2, apitest.Value[int](p, `select count(distinct person_id) from security_events where kind = $1`, httpapi.EventRequisitesChanged))
}

func TestOrganisationsBankNeedsARecentSignIn(t *testing.T) {
	acceptance.Covers(t, "R-EMP-8", "S-37")
	p := apitest.Start(t)
	organisation, person := head(p), p.Customer(synthetic.LoginCustomer)
	p.AdvanceClock(16 * time.Minute)
	require.Equal(t, problems.AuthorityStale, save(organisation, form(0)).Problem().Code)
	require.Zero(t, read(organisation).Version, "reading needs none")
	saved(person, form(0))
}

func TestConcurrentSavesOfOneVersion(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2")
	p := apitest.Start(t)
	customer := p.Customer(synthetic.LoginCustomer)
	answers := make(chan int, 8)
	for i := range cap(answers) {
		request := customer.Request(http.MethodPut, path, form(0, with("account", requisites.CompleteAccount("4070281000000000001"+string(rune('0'+i)), bic))))
		go func() {
			response, err := customer.Client.Do(request)
			if err != nil {
				answers <- 0
				return
			}
			_ = response.Body.Close()
			answers <- response.StatusCode
		}()
	}
	var statuses []int
	for range cap(answers) {
		statuses = append(statuses, <-answers)
	}
	require.Len(t, slices.DeleteFunc(slices.Clone(statuses), func(s int) bool { return s != http.StatusOK }), 1, "%v", statuses)
	require.Len(t, slices.DeleteFunc(slices.Clone(statuses), func(s int) bool { return s != http.StatusConflict }), cap(answers)-1, "%v", statuses)
}

func TestEngineerSeesHisEmployersRequisitesOnly(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-5", "R-EMP-8")
	p := apitest.Start(t)
	p.Exec(`delete from requisites`)
	employer, employee := p.Employer(synthetic.LoginEmployerHead), p.Engineer(synthetic.LoginEmployeeFirst)
	organisation := apitest.WhoAmI(employer).Party
	require.Contains(t, read(employee).Missing, wire.Missing("bank"))
	wrote := saved(employer, form(0, with("address", "г. Москва, ул. Лесная, д. 2")))
	seen := read(employee)
	require.Equal(t, parties.HoldingEmployer, seen.Holding)
	require.Equal(t, wrote.RequisiteValues, seen.RequisiteValues)
	require.Equal(t, wrote.Owner, seen.Owner)
	require.Empty(t, seen.Missing)
	require.Empty(t, seen.UpdatedBy, "who changed them is the organisation's own affair")
	require.Equal(t, problems.EmployersRequisites, save(employee, form(1)).Problem().Code)
	require.Equal(t, 0, apitest.Value[int](p, `select count(*) from requisites where engineer_id is not null`))

	id := p.EngineerID(synthetic.LoginEmployeeFirst)
	p.Exec(`update engineers set employment = 'pending' where id = $1`, id)
	pending := read(employee)
	require.Equal(t, parties.HoldingPending, pending.Holding)
	require.Equal(t, wrote.Owner, pending.Owner)
	require.Empty(t, pending.Account+pending.INN+pending.BIC, "an employer who has not confirmed him shows him nothing")
	require.Equal(t, []wire.Missing{"employer"}, pending.Missing)
	p.Exec(`update engineers set employment = 'removed', employer_id = null where id = $1`, id)
	require.Equal(t, parties.HoldingNoEmployer, read(employee).Holding)
	require.Equal(t, problems.EmployersRequisites, save(employee, form(0)).Problem().Code)
	p.Exec(`update engineers set form = '', employment = '' where id = $1`, id)
	require.Equal(t, parties.HoldingNoForm, read(employee).Holding)
	require.Equal(t, problems.EmployersRequisites, save(employee, form(0)).Problem().Code)
	require.NotNil(t, organisation)
}

func TestEntrepreneurEngineerHasHisOwn(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-11")
	p := apitest.Start(t)
	p.Exec(`delete from requisites`)
	engineer, id := p.Engineer(synthetic.LoginEngineerMoscow), p.EngineerID(synthetic.LoginEngineerMoscow)
	before := read(engineer)
	require.Equal(t, order.SoleProprietor, before.Kind)
	require.NotEmpty(t, before.OGRN)
	require.Equal(t, []wire.Missing{"bank"}, before.Missing)
	after := saved(engineer, form(0))
	require.Empty(t, after.Missing)
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from requisites where engineer_id = $1 and party_id is null`, id))
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from security_events where kind = $1 and subject_id = $2`, httpapi.EventRequisitesChanged, id))
	// His account as a customer is another one.
	engineer.ChooseRole(order.RoleCustomer, "person")
	require.Zero(t, read(engineer).Version)
}

func TestRequisitesCompleteProfiles(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-11", "R-EMP-8")
	p := apitest.Start(t)
	complete := func(id string) bool {
		return apitest.Value[bool](p, `select profile_complete from engineers where id = $1`, id)
	}
	engineer, own := p.Engineer(synthetic.LoginEngineerMoscow), p.EngineerID(synthetic.LoginEngineerMoscow)
	first, second := p.Engineer(synthetic.LoginEmployeeFirst), p.EngineerID(synthetic.LoginEmployeeSecond)
	employed := apitest.WhoAmI(first).Party.String()
	employer := p.Employer(synthetic.LoginEmployerHead)
	p.Exec(`delete from requisites`)
	p.Exec(`update engineers set profile_complete = false`)
	p.Exec(`update engineers set phone = '' where id = $1`, second)
	saved(engineer, form(0))
	require.True(t, complete(own))
	saved(employer, form(0, with("address", "г. Москва")))
	require.True(t, complete(employed))
	require.False(t, complete(second), "what else is missing there stays missing")
	saved(employer, form(1, with("address", "г. Москва"), with("bic", ""), with("account", "")))
	require.False(t, complete(employed), "without a bank the employees' profiles are incomplete again")
	require.True(t, complete(own))
}

func TestNobodyElseReadsRequisites(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2")
	p := apitest.Start(t)
	organisation := head(p)
	saved(organisation, form(0))
	for name, b := range map[string]*apitest.Browser{
		"another customer": p.Customer(synthetic.LoginSecondCustomer), "another organisation": p.Employer(synthetic.LoginEmployerHead),
		"the head as himself": p.Customer(synthetic.LoginCustomerHead), "a member without admission": p.Customer(synthetic.LoginCustomerEmployee),
		"an engineer": p.Engineer(synthetic.LoginEngineerMoscow),
	} {
		require.NotContains(t, b.Do(http.MethodGet, path, nil).Text(), account, name)
		require.NotContains(t, b.Do(http.MethodGet, "/api/party", nil).Text(), account, name)
	}
	require.Equal(t, problems.WrongRole, p.Moderator().Do(http.MethodGet, path, nil).Problem().Code)
	require.Equal(t, problems.WrongRole, p.Moderator().Do(http.MethodPut, path, form(0)).Problem().Code)
	require.Equal(t, problems.WrongRole, p.Engineer(synthetic.LoginEngineerMoscow).Do(http.MethodGet, "/api/party", nil).Problem().Code)
	require.Equal(t, problems.NotSignedIn, p.Browser().Do(http.MethodGet, path, nil).Problem().Code)
}

func TestMergedAccountsKeepRequisitesAndProfile(t *testing.T) {
	acceptance.Covers(t, "R-CUST-2", "R-CUST-1")
	p := apitest.Start(t)
	for _, c := range []struct {
		name          string
		keptHas, want string
	}{{"the kept account has none", "", "merged"}, {"the kept account has its own", "kept", "kept"}} {
		t.Run(c.name, func(t *testing.T) {
			person := func() (id, party uuid.UUID) {
				id, party = uuid.New(), uuid.New()
				p.Exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1::uuid, $1::text, '', 'Ф', 'И')`, id)
				p.Exec(`insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Ф И')`, party, id)
				return id, party
			}
			kept, keptParty := person()
			merged, mergedParty := person()
			fill := func(party uuid.UUID, address string) {
				p.Exec(`insert into requisites (party_id, address) values ($1, $2)`, party, address)
				p.Exec(`insert into party_profiles (party_id, about) values ($1, $2)`, party, address)
			}
			fill(mergedParty, "merged")
			if c.keptHas != "" {
				fill(keptParty, c.keptHas)
			}
			p.Exec(`select merge_people($1, $2)`, merged, kept)
			require.Equal(t, c.want, apitest.Value[string](p, `select address from requisites where party_id = $1`, keptParty))
			require.Equal(t, c.want, apitest.Value[string](p, `select about from party_profiles where party_id = $1`, keptParty))
		})
	}
}

// A new bank account of an organisation is told to all for whom money may now go elsewhere, with its
// end and the name of the one who changed it; nothing else is told.
func TestNewAccountIsTold(t *testing.T) {
	acceptance.Covers(t, "R-EMP-8", "R-CUST-2")
	p := apitest.Start(t)
	colleague, employer := p.Customer(synthetic.LoginSecondCustomer), p.Employer(synthetic.LoginEmployerHead)
	org := apitest.WhoAmI(employer).Party
	p.Exec(`insert into representatives (person_id, party_id, active, as_employer, read_at)
		select person_id, $2, true, true, now() from parties where id = $1`, apitest.WhoAmI(colleague).Party, org)
	told := func() []string {
		return testenv.Column[string](t, p.DatabaseURL, `select n.role || ' ' || n.kind || ' ' ||
				coalesce((select e.last_name from engineers e where e.id = n.party_id), case n.party_id when $1 then 'organisation' else 'colleague' end)
			from notifications n where n.kind like '%account-changed' order by 1`, org)
	}
	before := read(employer)
	change := func(alter ...func(apitest.Object)) {
		body := apitest.Object{
			"inn": before.INN, "kpp": before.KPP, "address": before.Address, "bic": before.BIC, "bankName": "", "account": before.Account,
			"correspondentAccount": "", "version": read(employer).Version,
		}
		for _, a := range alter {
			a(body)
		}
		save(employer, body).OK()
	}
	change(with("address", "Казань, улица Новая, 1"))
	require.Empty(t, told(), "no account was changed")
	next := requisites.CompleteAccount("40702810000000000077", before.BIC)
	change(with("account", next))
	employed := testenv.Column[string](t, p.DatabaseURL, `select last_name from engineers where employer_id = $1 order by 1`, org)
	require.Len(t, employed, 2)
	want := []string{
		"customer account-changed organisation", "customer personal-account-changed colleague", "employer account-changed organisation",
		"engineer account-changed " + employed[0], "engineer account-changed " + employed[1],
	}
	require.ElementsMatch(t, want, told())
	var page struct{ Items []notifications.Notification }
	employer.Do(http.MethodGet, "/api/notifications", nil).OK().Into(&page)
	require.Contains(t, page.Items[0].Text, next[16:])
	require.NotContains(t, page.Items[0].Text, next)
	require.Contains(t, page.Items[0].Text, p.Person(synthetic.LoginEmployerHead).FullName())
	require.Equal(t, notifications.PageRequisites, page.Items[0].Page)
	save(colleague, form(0)).OK()
	require.Len(t, told(), len(want), "an account of a natural person is his own matter")
}
