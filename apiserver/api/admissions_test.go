package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// employee is the browser of an ordinary employee who has signed in and consented as himself.
func (p *platform) employee() *browser { return p.customer(synthetic.LoginCustomerEmployee) }

func (p *platform) head() *browser {
	return p.signedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
}

func (p *platform) personID(login string) uuid.UUID {
	return value[uuid.UUID](p, `select id from people where snils = $1`, p.person(login).SNILS)
}

func (b *browser) admit(person uuid.UUID, customer, employer bool) answer {
	return b.do(http.MethodPut, "/api/organisation/people/"+person.String()+"/admission", object{"customer": customer, "employer": employer})
}

func (b *browser) people() (found []OrganisationPerson) {
	b.p.t.Helper()
	var page struct{ Items []OrganisationPerson }
	b.do(http.MethodGet, "/api/organisation/people", nil).ok().into(&page)
	return page.Items
}

func (b *browser) hasRole(role order.Role, kind string) bool {
	for _, one := range b.roles() {
		if one.Role == role && one.Kind == kind {
			return true
		}
	}
	return false
}

func TestOrdinaryEmployeeActsForNobodyUntilAdmitted_S37(t *testing.T) {
	p := startPlatform(t, withProbe())
	employee := p.employee()
	require.False(t, employee.hasRole(order.RoleCustomer, "organisation"))
	var page struct{ NotAdmitted []notAdmitted }
	employee.do(http.MethodGet, "/api/auth/roles", nil).ok().into(&page)
	require.Len(t, page.NotAdmitted, 1)
	require.Contains(t, page.NotAdmitted[0].Name, "Застройщик Плюс")
	require.Contains(t, page.NotAdmitted[0].Reason, "Попросите руководителя")

	head := p.head()
	organisation := choice{Role: order.RoleCustomer, Party: whoAmI(head).Party}
	require.Equal(t, codeRoleUnavailable, employee.take(organisation).problem().Code, "knowing the id does not help")

	id := p.personID(synthetic.LoginCustomerEmployee)
	people := head.people()
	require.Len(t, people, 2)
	require.True(t, people[0].Head)
	require.Equal(t, id, people[1].Person)
	require.False(t, people[1].Customer)

	head.admit(id, true, false).ok()
	employee.choose(order.RoleCustomer, "organisation")
	require.False(t, employee.hasRole(order.RoleEmployer, "organisation"))
	employee.do(http.MethodGet, "/api/probe", nil).ok()
	admitted := head.people()[1]
	require.True(t, admitted.Customer)
	require.True(t, admitted.Confirmed)
	require.Equal(t, p.person(synthetic.LoginCustomerHead).FullName(), admitted.DecidedBy)
	require.NotNil(t, admitted.DecidedAt)
	require.Equal(t, []string{"admission-given"}, p.personalNotices(id))

	head.admit(id, false, false).ok()
	require.Equal(t, codeRoleRequired, employee.do(http.MethodGet, "/api/probe", nil).problem().Code, "the withdrawal takes effect at once")
	require.Equal(t, codeRoleUnavailable, employee.take(organisation).problem().Code)
	employee.do(http.MethodGet, "/api/auth/roles", nil).ok().into(&page)
	require.Len(t, page.NotAdmitted, 1)
	require.Contains(t, page.NotAdmitted[0].Reason, "отозвал ваш допуск", "he is told why the role is gone")
	require.Equal(t, []string{"admission-given", "admission-withdrawn"}, p.personalNotices(id))
	require.Equal(t, 2, value[int](p, `select count(*) from admissions`), "both decisions stay")
	require.Equal(t, 2, value[int](p, `select count(*) from security_events where kind = $1 and subject_id = $2 and person_id = $3`,
		eventAdmissionChanged, id, p.personID(synthetic.LoginCustomerHead)))
}

// personalNotices are the kinds of the notifications in a person's own cabinet.
func (p *platform) personalNotices(person uuid.UUID) []string {
	p.t.Helper()
	rows, err := p.database.QueryContext(p.t.Context(), `select n.kind from notifications n join parties a on a.id = n.party_id
		where a.person_id = $1 and n.role = 'customer' order by n.id`, person)
	require.NoError(p.t, err)
	defer rows.Close()
	var kinds []string
	for rows.Next() {
		var kind string
		require.NoError(p.t, rows.Scan(&kind))
		require.NotEmpty(p.t, NoticeText(kind))
		kinds = append(kinds, kind)
	}
	require.NoError(p.t, rows.Err())
	return kinds
}

func TestOnlyTheHeadAdmits_S37(t *testing.T) {
	p := startPlatform(t)
	employee, head := p.employee(), p.head()
	id, headID := p.personID(synthetic.LoginCustomerEmployee), p.personID(synthetic.LoginCustomerHead)
	require.Equal(t, codeHeadOnly, employee.admit(id, true, true).problem().Code, "from his own cabinet")
	head.admit(id, true, false).ok()
	employee.choose(order.RoleCustomer, "organisation")
	require.Equal(t, codeHeadOnly, employee.admit(id, true, true).problem().Code, "an admitted person admits nobody")
	require.Equal(t, codeHeadOnly, employee.do(http.MethodGet, "/api/organisation/people", nil).problem().Code)
	require.Equal(t, codeHeadOnly, employee.do(http.MethodGet, "/api/organisation/admissions", nil).problem().Code)
	require.Equal(t, codeAdmitsHead, head.admit(headID, true, true).problem().Code)
	p.customer(synthetic.LoginCustomer)
	require.Equal(t, codeNotFound, head.admit(p.personID(synthetic.LoginCustomer), true, true).problem().Code, "a stranger to the organisation")
	require.Equal(t, codeNotFound, p.employer(synthetic.LoginEmployerHead).admit(id, true, true).problem().Code, "another organisation's head")
}

func TestAdmissionEndsWithTheMembership_S37(t *testing.T) {
	p := startPlatform(t, withProbe())
	employee, head := p.employee(), p.head()
	id := p.personID(synthetic.LoginCustomerEmployee)
	head.admit(id, true, true).ok()
	employee.choose(order.RoleCustomer, "organisation")
	oid := p.person(synthetic.LoginCustomerEmployee).Organisations[0].OrganisationOID
	p.control(`{"login":"customer-org2","removeOrganisation":"` + oid + `"}`)
	p.customer(synthetic.LoginCustomerEmployee)
	require.Equal(t, codeRoleUnavailable, employee.do(http.MethodGet, "/api/probe", nil).problem().Code)
	require.Equal(t, 1, value[int](p, `select count(*) from security_events e join parties a on a.id = e.subject_id and a.kind = 'organisation'
		where e.kind = $1 and e.person_id = $2`, eventRightEnded, id))

	p.control(`{"login":"customer-org2","reset":true}`)
	back := p.customer(synthetic.LoginCustomerEmployee)
	require.False(t, back.hasRole(order.RoleCustomer, "organisation"), "whoever comes back is admitted anew")
	var page struct{ Items []AdmissionDecision }
	head.do(http.MethodGet, "/api/organisation/admissions", nil).ok().into(&page)
	require.Len(t, page.Items, 2)
	require.Equal(t, "membership", page.Items[0].Cause)
	require.False(t, page.Items[0].Customer)
	require.Equal(t, causeHead, page.Items[1].Cause)
}

func TestFormerHeadLosesWhatOnlyHeadsMay_S37(t *testing.T) {
	p := startPlatform(t, withProbe())
	head := p.head()
	oid := p.person(synthetic.LoginCustomerHead).Organisations[0].OrganisationOID
	p.control(`{"login":"customer-org","noLongerChief":"` + oid + `"}`)
	p.customer(synthetic.LoginCustomerHead)
	require.Equal(t, codeRoleUnavailable, head.do(http.MethodGet, "/api/probe", nil).problem().Code)
	require.False(t, head.hasRole(order.RoleCustomer, "organisation"))
}

func TestAdmissionIsRecordedForGood_S37(t *testing.T) {
	p := startPlatform(t)
	p.employee()
	p.head().admit(p.personID(synthetic.LoginCustomerEmployee), true, false).ok()
	for _, statement := range []string{`update admissions set as_employer = true`, `delete from admissions`} {
		_, err := p.database.ExecContext(t.Context(), statement)
		require.ErrorContains(t, err, "append-only", statement)
	}
}

// toContract brings an organisation's order to the moment when it has to sign; signer holds the signature ready.
func (p *platform) toContract(customer, engineer, signer *browser) (id uuid.UUID, signature object) {
	p.t.Helper()
	id = customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 100_000, "termDays": 20}})
	customer.tell(id, order.Choose, object{"details": object{"engineer": customer.card(id).Responses[0].Engineer.ID}})
	contract := engineer.upload(id, "договор.pdf", pdf("договор"))
	signed := engineer.upload(id, "договор.sig", []byte("подпись исполнителя"))
	engineer.tell(id, order.SendContract, object{"details": object{
		"file": ref(contract), "signature": ref(signed), "price": 100_000, "advanceBasisPoints": 0, "advance": 0,
		"termDate": p.deps.Now().AddDate(0, 1, 0).Format(time.DateOnly),
	}})
	countersign := signer.upload(id, "договор-заказчик.sig", []byte("подпись заказчика"))
	return id, object{"details": object{"contract": contract.SHA256, "signature": ref(countersign)}}
}

func TestAdmittedPersonOrdersAndTheHeadSigns_S37(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	employee, head := p.employee(), p.head()
	head.admit(p.personID(synthetic.LoginCustomerEmployee), true, false).ok()
	employee.choose(order.RoleCustomer, "organisation")
	id, signature := p.toContract(employee, p.engineer(synthetic.LoginEngineerMoscow), head)

	said := employee.refuse(order.CodeHeadSigns, id, order.SignContract, signature)
	require.Contains(t, said.Detail, "Подписать может только руководитель")
	require.Equal(t, order.CodeHeadSigns, actionIn(employee.card(id), order.SignContract).Code)
	require.True(t, actionIn(head.card(id), order.SignContract).Open)
}

func actionIn(card OrderCard, kind order.Kind) order.Action {
	for _, a := range card.Actions {
		if a.Kind == kind {
			return a
		}
	}
	return order.Action{}
}

func TestHeadRenewsHisAuthorityBeforeHeSigns_S37(t *testing.T) {
	p := startPlatform(t)
	p.startWorker()
	head := p.head()
	id, signature := p.toContract(head, p.engineer(synthetic.LoginEngineerMoscow), head)
	p.later(16 * time.Minute)
	said := head.send(uuid.NewString(), id, order.SignContract, signature).problem()
	require.Equal(t, codeAuthorityStale, said.Code)
	require.Equal(t, http.StatusForbidden, said.Status)
	require.Equal(t, codeAuthorityStale, head.admit(uuid.New(), true, true).problem().Code, "so do admissions")

	before := head.cookies()
	address := head.renew("/orders/" + id.String() + "?action=sign-contract")
	require.Equal(t, "/orders/"+id.String()+"?action=sign-contract", head.finish(head.atESIA(address, synthetic.LoginCustomerHead)))
	me := whoAmI(head)
	require.Equal(t, order.RoleCustomer, me.Role, "the role stays")
	require.Equal(t, "organisation", me.PartyKind)
	require.Equal(t, codeSessionExpired, replay(p, before).problem().Code, "the session is a new one")
	head.tell(id, order.SignContract, signature)
}

func TestRenewalIsTheSamePersons_S37(t *testing.T) {
	p := startPlatform(t)
	head := p.head()
	other := p.browser().atESIA(head.renew("/"), synthetic.LoginCustomer)
	require.Equal(t, "/signin?error="+codeOtherPerson, head.finish(other))
	me := whoAmI(head)
	require.Equal(t, p.person(synthetic.LoginCustomerHead).FullName(), me.Person.Name, "the former session goes on")
	require.Equal(t, "organisation", me.PartyKind)
	require.Zero(t, value[int](p, `select count(*) from people where snils = $1`, p.person(synthetic.LoginCustomer).SNILS))
	require.Equal(t, "/signin?error="+codeNotSignedIn, p.browser().renew("/"), "nobody has nothing to renew")
}

// Whoever is a head no more learns it at the renewal.
func TestRenewalTakesTheRoleOfAFormerHead_S37(t *testing.T) {
	p := startPlatform(t)
	head := p.head()
	oid := p.person(synthetic.LoginCustomerHead).Organisations[0].OrganisationOID
	p.control(`{"login":"customer-org","noLongerChief":"` + oid + `"}`)
	head.finish(head.atESIA(head.renew("/"), synthetic.LoginCustomerHead))
	require.NotEqual(t, "organisation", whoAmI(head).PartyKind)
	require.False(t, head.hasRole(order.RoleCustomer, "organisation"))
}

func TestPeopleOfALargeOrganisationAreReadPageByPage_S37(t *testing.T) {
	p := startPlatform(t)
	p.employee()
	head := p.head()
	p.exec(`with made as (
	        insert into people (id, esia_oid, snils, last_name, first_name, middle_name, email, phone, inn, seen_at)
	        select gen_random_uuid(), 'many-' || n, '', 'Фамилия', 'Имя', '', '', '', '', now() from generate_series(1, 501) n returning id)
	    insert into representatives (person_id, party_id, chief, read_at, active) select m.id, $1, false, now(), true from made m`, whoAmI(head).Party)
	seen := map[uuid.UUID]bool{}
	var first OrganisationPerson
	for next := ""; len(seen) == 0 || next != ""; {
		var page struct {
			Items []OrganisationPerson
			Next  string
			Total int
		}
		head.do(http.MethodGet, "/api/organisation/people?limit=100&cursor="+next, nil).ok().into(&page)
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
