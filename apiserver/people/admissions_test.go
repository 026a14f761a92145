package people_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/apiserver/people"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// employee returns the browser of an ordinary employee who has signed in and consented as himself.
func employee(p *apitest.Platform) *apitest.Browser {
	return p.Customer(synthetic.LoginCustomerEmployee)
}

func head(p *apitest.Platform) *apitest.Browser {
	return p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
}

func personID(p *apitest.Platform, login string) uuid.UUID {
	return apitest.Value[uuid.UUID](p, `select id from people where snils = $1`, p.Person(login).SNILS)
}

func admit(b *apitest.Browser, person uuid.UUID, customer, employer bool) apitest.Answer {
	return b.Do(http.MethodPut, "/api/organisation/people/"+person.String()+"/admission", apitest.Object{"customer": customer, "employer": employer})
}

func peopleOf(b *apitest.Browser) (found []people.OrganisationPerson) {
	b.Platform.T.Helper()
	var page struct{ Items []people.OrganisationPerson }
	b.Do(http.MethodGet, "/api/organisation/people", nil).OK().Into(&page)
	return page.Items
}

func hasRole(b *apitest.Browser, role order.Role, kind string) bool {
	for _, one := range b.Roles() {
		if one.Role == role && one.Kind == kind {
			return true
		}
	}
	return false
}

func TestOrdinaryEmployeeNeedsAnAdmission(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t, apitest.WithProbe())
	employee := employee(p)
	require.False(t, hasRole(employee, order.RoleCustomer, "organisation"))
	var page struct{ NotAdmitted []auth.NotAdmitted }
	employee.Do(http.MethodGet, "/api/auth/roles", nil).OK().Into(&page)
	require.Len(t, page.NotAdmitted, 1)
	require.Contains(t, page.NotAdmitted[0].Name, "Застройщик Плюс")
	require.Contains(t, page.NotAdmitted[0].Reason, "Попросите руководителя")

	head := head(p)
	organisation := auth.Choice{Role: order.RoleCustomer, Party: apitest.WhoAmI(head).Party}
	require.Equal(t, problems.RoleUnavailable, employee.TakeRole(organisation).Problem().Code, "knowing the id does not help")

	id := personID(p, synthetic.LoginCustomerEmployee)
	found := peopleOf(head)
	require.Len(t, found, 2)
	require.True(t, found[0].Head)
	require.Equal(t, id, found[1].Person)
	require.False(t, found[1].Customer)

	admit(head, id, true, false).OK()
	employee.ChooseRole(order.RoleCustomer, "organisation")
	require.False(t, hasRole(employee, order.RoleEmployer, "organisation"))
	employee.Do(http.MethodGet, "/api/probe", nil).OK()
	admitted := peopleOf(head)[1]
	require.True(t, admitted.Customer)
	require.True(t, admitted.Confirmed)
	require.Equal(t, p.Person(synthetic.LoginCustomerHead).FullName(), admitted.DecidedBy)
	require.NotNil(t, admitted.DecidedAt)
	require.Equal(t, []string{"admission-given"}, personalNotices(p, id))

	admit(head, id, false, false).OK()
	require.Equal(t, problems.RoleRequired, employee.Do(http.MethodGet, "/api/probe", nil).Problem().Code, "the withdrawal takes effect immediately")
	require.Equal(t, problems.RoleUnavailable, employee.TakeRole(organisation).Problem().Code)
	employee.Do(http.MethodGet, "/api/auth/roles", nil).OK().Into(&page)
	require.Len(t, page.NotAdmitted, 1)
	require.Contains(t, page.NotAdmitted[0].Reason, "отозвал ваш допуск", "the reason of the withdrawal is shown")
	require.Equal(t, []string{"admission-given", "admission-withdrawn"}, personalNotices(p, id))
	require.Equal(t, 2, apitest.Value[int](p, `select count(*) from admissions`), "both decisions stay")
	require.Equal(t, 2, apitest.Value[int](p, `select count(*) from security_events where kind = $1 and subject_id = $2 and person_id = $3`,
		httpapi.EventAdmissionChanged, id, personID(p, synthetic.LoginCustomerHead)))
}

// personalNotices returns the kinds of the notifications in a person's own cabinet.
func personalNotices(p *apitest.Platform, person uuid.UUID) []string {
	p.T.Helper()
	rows, err := p.Database.QueryContext(p.T.Context(), `select n.kind from notifications n join parties a on a.id = n.party_id
		where a.person_id = $1 and n.role = 'customer' order by n.id`, person)
	require.NoError(p.T, err)
	defer rows.Close()
	var kinds []string
	for rows.Next() {
		var kind string
		require.NoError(p.T, rows.Scan(&kind))
		require.NotEmpty(p.T, people.NoticeText(kind))
		kinds = append(kinds, kind)
	}
	require.NoError(p.T, rows.Err())
	return kinds
}

func TestOnlyTheHeadAdmits(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t)
	employee, head := employee(p), head(p)
	id, headID := personID(p, synthetic.LoginCustomerEmployee), personID(p, synthetic.LoginCustomerHead)
	require.Equal(t, problems.HeadOnly, admit(employee, id, true, true).Problem().Code, "in his role as a natural person")
	admit(head, id, true, false).OK()
	employee.ChooseRole(order.RoleCustomer, "organisation")
	require.Equal(t, problems.HeadOnly, admit(employee, id, true, true).Problem().Code, "an admitted person admits nobody")
	require.Equal(t, problems.HeadOnly, employee.Do(http.MethodGet, "/api/organisation/people", nil).Problem().Code)
	require.Equal(t, problems.HeadOnly, employee.Do(http.MethodGet, "/api/organisation/admissions", nil).Problem().Code)
	require.Equal(t, problems.AdmitsHead, admit(head, headID, true, true).Problem().Code)
	p.Customer(synthetic.LoginCustomer)
	require.Equal(t, problems.NotFound, admit(head, personID(p, synthetic.LoginCustomer), true, true).Problem().Code, "a stranger to the organisation")
	require.Equal(t, problems.NotFound, admit(p.Employer(synthetic.LoginEmployerHead), id, true, true).Problem().Code, "another organisation's head")
}

func TestAdmissionEndsWithTheMembership(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t, apitest.WithProbe())
	employee, head := employee(p), head(p)
	id := personID(p, synthetic.LoginCustomerEmployee)
	admit(head, id, true, true).OK()
	employee.ChooseRole(order.RoleCustomer, "organisation")
	oid := p.Person(synthetic.LoginCustomerEmployee).Organisations[0].OrganisationOID
	p.UpdateESIAPerson(`{"login":"customer-org2","removeOrganisation":"` + oid + `"}`)
	p.Customer(synthetic.LoginCustomerEmployee)
	require.Equal(t, problems.RoleUnavailable, employee.Do(http.MethodGet, "/api/probe", nil).Problem().Code)
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from security_events e join parties a on a.id = e.subject_id and a.kind = 'organisation'
		where e.kind = $1 and e.person_id = $2`, httpapi.EventRightEnded, id))

	p.UpdateESIAPerson(`{"login":"customer-org2","reset":true}`)
	back := p.Customer(synthetic.LoginCustomerEmployee)
	require.False(t, hasRole(back, order.RoleCustomer, "organisation"), "a returning employee needs a new admission")
	var page struct{ Items []people.AdmissionDecision }
	head.Do(http.MethodGet, "/api/organisation/admissions", nil).OK().Into(&page)
	require.Len(t, page.Items, 2)
	require.Equal(t, "membership", page.Items[0].Cause)
	require.False(t, page.Items[0].Customer)
	require.Equal(t, people.CauseHead, page.Items[1].Cause)
}

func TestFormerHeadLosesTheRightsOfAHead(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t, apitest.WithProbe())
	head := head(p)
	oid := p.Person(synthetic.LoginCustomerHead).Organisations[0].OrganisationOID
	p.UpdateESIAPerson(`{"login":"customer-org","noLongerChief":"` + oid + `"}`)
	p.Customer(synthetic.LoginCustomerHead)
	require.Equal(t, problems.RoleUnavailable, head.Do(http.MethodGet, "/api/probe", nil).Problem().Code)
	require.False(t, hasRole(head, order.RoleCustomer, "organisation"))
}

func TestAdmissionHistoryIsImmutable(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t)
	employee(p)
	admit(head(p), personID(p, synthetic.LoginCustomerEmployee), true, false).OK()
	for _, statement := range []string{`update admissions set as_employer = true`, `delete from admissions`} {
		_, err := p.Database.ExecContext(t.Context(), statement)
		require.ErrorContains(t, err, "append-only", statement)
	}
}

// toContract brings an organisation's order to the moment when the organisation has to sign. signer
// uploads the signature.
func toContract(p *apitest.Platform, customer, engineer, signer *apitest.Browser) (id uuid.UUID, signature apitest.Object) {
	p.T.Helper()
	id = customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
	customer.RequireApplied(id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": customer.Card(id).Responses[0].Engineer.ID}})
	contract := engineer.Upload(id, "договор.pdf", apitest.PDF("договор"))
	signed := engineer.Sign(id, contract)
	engineer.RequireApplied(id, order.SendContract, apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signed), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.Deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	countersign := signer.Sign(id, contract)
	return id, apitest.Object{"details": apitest.Object{"contract": contract.SHA256, "signature": apitest.Ref(countersign)}}
}

func TestAdmittedPersonOrdersAndTheHeadSigns(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t)
	p.StartWorker()
	employee, head := employee(p), head(p)
	admit(head, personID(p, synthetic.LoginCustomerEmployee), true, false).OK()
	employee.ChooseRole(order.RoleCustomer, "organisation")
	id, signature := toContract(p, employee, p.Engineer(synthetic.LoginEngineerMoscow), head)

	said := employee.RequireRefused(order.CodeHeadSigns, id, order.SignContract, signature)
	require.Contains(t, said.Detail, "Подписать может только руководитель")
	require.EqualValues(t, order.CodeHeadSigns, actionIn(employee.Card(id), order.SignContract).Code)
	require.True(t, actionIn(head.Card(id), order.SignContract).Open)
}

func actionIn(card orders.OrderCard, kind order.Kind) orders.Action {
	for _, a := range card.Actions {
		if a.Kind == kind {
			return a
		}
	}
	return orders.Action{}
}

func TestHeadRenewsHisAuthorityBeforeHeSigns(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t)
	p.StartWorker()
	head := head(p)
	id, signature := toContract(p, head, p.Engineer(synthetic.LoginEngineerMoscow), head)
	p.AdvanceClock(16 * time.Minute)
	said := head.Send(uuid.NewString(), id, order.SignContract, signature).Problem()
	require.Equal(t, problems.AuthorityStale, said.Code)
	require.Equal(t, http.StatusForbidden, said.Status)
	require.Equal(t, problems.AuthorityStale, admit(head, uuid.New(), true, true).Problem().Code, "admissions require it too")

	before := head.Cookies()
	address := head.BeginRenewal("/orders/" + id.String() + "?action=sign-contract")
	require.Equal(t, "/orders/"+id.String()+"?action=sign-contract", head.FinishSignIn(head.SignInAtESIA(address, synthetic.LoginCustomerHead)))
	me := apitest.WhoAmI(head)
	require.Equal(t, order.RoleCustomer, me.Role, "the role stays")
	require.Equal(t, "organisation", me.PartyKind)
	require.Equal(t, problems.SessionExpired, apitest.Replay(p, before).Problem().Code, "the session is a new one")
	head.RequireApplied(id, order.SignContract, signature)
}

func TestRenewalRequiresTheSamePerson(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t)
	head := head(p)
	other := p.Browser().SignInAtESIA(head.BeginRenewal("/"), synthetic.LoginCustomer)
	require.Equal(t, "/signin?error="+problems.OtherPerson, head.FinishSignIn(other))
	me := apitest.WhoAmI(head)
	require.Equal(t, p.Person(synthetic.LoginCustomerHead).FullName(), me.Person.Name, "the former session is still valid")
	require.Equal(t, "organisation", me.PartyKind)
	require.Zero(t, apitest.Value[int](p, `select count(*) from people where snils = $1`, p.Person(synthetic.LoginCustomer).SNILS))
	require.Equal(t, "/signin?error="+problems.NotSignedIn, p.Browser().BeginRenewal("/"), "without a session there is nothing to renew")
}

// A former head loses the role at the renewal.
func TestRenewalRemovesTheRoleOfAFormerHead(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t)
	head := head(p)
	oid := p.Person(synthetic.LoginCustomerHead).Organisations[0].OrganisationOID
	p.UpdateESIAPerson(`{"login":"customer-org","noLongerChief":"` + oid + `"}`)
	head.FinishSignIn(head.SignInAtESIA(head.BeginRenewal("/"), synthetic.LoginCustomerHead))
	require.NotEqual(t, "organisation", apitest.WhoAmI(head).PartyKind)
	require.False(t, hasRole(head, order.RoleCustomer, "organisation"))
}

func TestPeopleOfALargeOrganisationComeInPages(t *testing.T) {
	acceptance.Covers(t, "S-37")
	p := apitest.Start(t)
	employee(p)
	head := head(p)
	p.Exec(`with made as (
	        insert into people (id, esia_oid, snils, last_name, first_name, middle_name, email, phone, inn, seen_at)
	        select gen_random_uuid(), 'many-' || n, '', 'Фамилия', 'Имя', '', '', '', '', now() from generate_series(1, 501) n returning id)
	    insert into representatives (person_id, party_id, chief, read_at, active) select m.id, $1, false, now(), true from made m`, apitest.WhoAmI(head).Party)
	seen := map[uuid.UUID]bool{}
	var first people.OrganisationPerson
	for next := ""; len(seen) == 0 || next != ""; {
		var page struct {
			Items []people.OrganisationPerson
			Next  string
			Total int
		}
		head.Do(http.MethodGet, "/api/organisation/people?limit=100&cursor="+next, nil).OK().Into(&page)
		require.Equal(t, 503, page.Total)
		for _, one := range page.Items {
			if len(seen) == 0 {
				first = one
			}
			require.False(t, seen[one.Person], "twice")
			seen[one.Person] = true
		}
		next = page.Next
	}
	require.Len(t, seen, 503)
	require.True(t, first.Head, "heads first")
}
