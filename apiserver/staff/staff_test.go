package staff_test

import (
	"net/http"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/moderation"
	"epkr/apiserver/notifications"
	"epkr/apiserver/profiles"
	"epkr/apiserver/staff"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// head returns the browser of the head of an organisation that is no employer yet.
func head(p *apitest.Platform) *apitest.Browser {
	return p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
}

// becomeEmployer sets the organisation's switch and returns the head's browser as the employer.
func becomeEmployer(p *apitest.Platform) *apitest.Browser {
	p.T.Helper()
	b := head(p)
	setSwitch(b, true).OK()
	b.ChooseRole(order.RoleEmployer, "organisation")
	return b
}

func setSwitch(b *apitest.Browser, on bool) apitest.Answer {
	return b.Do(http.MethodPut, "/api/organisation/employer", apitest.Object{"employer": on})
}

func key() string { return uuid.NewString() }

func ask(engineer *apitest.Browser, employer uuid.UUID) apitest.Answer {
	return engineer.Do(http.MethodPost, "/api/engineer/employments", apitest.Object{"employer": employer, "comment": "Прошу принять"}, "Idempotency-Key", key())
}

func invite(employer *apitest.Browser, engineer uuid.UUID) apitest.Answer {
	return employer.Do(http.MethodPost, "/api/staff", apitest.Object{"engineer": engineer}, "Idempotency-Key", key())
}

// decide makes a decision on the newest version of an employment.
func decide(b *apitest.Browser, verb string, id uuid.UUID, answers ...staff.OrderAnswer) apitest.Answer {
	b.Platform.T.Helper()
	version := apitest.Value[int](b.Platform, `select version from employments where id = $1`, id)
	return b.Do(http.MethodPost, "/api/employments/"+id.String()+"/"+verb,
		apitest.Object{"version": version, "comment": "так решено", "answers": answers}, "Idempotency-Key", key())
}

func made(a apitest.Answer) (m staff.Employment) {
	a.OK().Into(&m)
	return m
}

func party(b *apitest.Browser) uuid.UUID { return *apitest.WhoAmI(b).Party }

// facts returns what the rules of orders read of an engineer.
func facts(p *apitest.Platform, engineer uuid.UUID) (form, employment string, employer uuid.UUID) {
	return apitest.Value[string](p, `select form from engineers where id = $1`, engineer),
		apitest.Value[string](p, `select employment from engineers where id = $1`, engineer),
		apitest.Value[uuid.UUID](p, `select coalesce(employer_id, '00000000-0000-0000-0000-000000000000') from engineers where id = $1`, engineer)
}

func active(p *apitest.Platform, employer uuid.UUID) int {
	return apitest.Value[int](p, `select active_engineers from parties where id = $1`, employer)
}

func own(engineer *apitest.Browser) []staff.OwnEmployment {
	engineer.Platform.T.Helper()
	var page struct{ Items []staff.OwnEmployment }
	engineer.Do(http.MethodGet, "/api/engineer/employments", nil).OK().Into(&page)
	return page.Items
}

func members(employer *apitest.Browser, query string) []staff.Employee {
	employer.Platform.T.Helper()
	var page struct{ Items []staff.Employee }
	employer.Do(http.MethodGet, "/api/staff"+query, nil).OK().Into(&page)
	return page.Items
}

func found[T any](b *apitest.Browser, path, text string) []T {
	b.Platform.T.Helper()
	var page struct{ Items []T }
	b.Do(http.MethodGet, path+"?"+url.Values{"q": {text}}.Encode(), nil).OK().Into(&page)
	return page.Items
}

func noticesOf(p *apitest.Platform, role order.Role, party uuid.UUID) []string {
	p.T.Helper()
	rows, err := p.Database.QueryContext(p.T.Context(), `select kind from notifications where role = $1 and party_id = $2 and order_id is null order by id`, string(role), party)
	require.NoError(p.T, err)
	defer rows.Close()
	var kinds []string
	for rows.Next() {
		var kind string
		require.NoError(p.T, rows.Scan(&kind))
		require.NotEmpty(p.T, staff.NoticeText(kind), kind)
		kinds = append(kinds, kind)
	}
	require.NoError(p.T, rows.Err())
	return kinds
}

// missing returns what is missing in an engineer's own profile.
func missing(engineer *apitest.Browser) []wire.MissingCode {
	engineer.Platform.T.Helper()
	codes := []wire.MissingCode{}
	for _, m := range profile(engineer).Missing {
		codes = append(codes, m.Code)
	}
	return codes
}

func profile(engineer *apitest.Browser) (p profiles.OwnProfile) {
	engineer.Platform.T.Helper()
	engineer.Do(http.MethodGet, "/api/engineer/profile", nil).OK().Into(&p)
	return p
}

// saveDocument saves the document that the engineer has named for the form of work.
func saveDocument(engineer *apitest.Browser, form string) {
	p := profile(engineer)
	documents := []profiles.NamedFile{}
	for _, f := range p.Documents {
		documents = append(documents, profiles.NamedFile{File: f.ID})
	}
	engineer.Do(http.MethodPut, "/api/engineer/profile/form", profiles.WorkForm{
		Version: p.FormVersion, Form: form, DocumentName: p.DocumentName, DocumentNumber: p.DocumentNumber, DocumentDate: p.DocumentDate, Documents: documents,
	}).OK()
}

// A document proves one form of work at one employer. For another it stays in the form, and counts
// once it is saved again.
func TestDocumentOfFormerWorkDoesNotCount(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-8", "R-KPROF-12")
	p := apitest.Start(t)
	engineer, id := p.Engineer(synthetic.LoginEngineerMoscow), uuid.MustParse(p.EngineerID(synthetic.LoginEngineerMoscow))
	employers := []*apitest.Browser{becomeEmployer(p), p.Employer(synthetic.LoginEmployerHead)}
	p.Exec(`insert into requisites (party_id, kpp, inn, address, bic, bank_name, account) select id, '770101001', '7707083893', 'А', '044525225', 'Б', '4' from parties where kind = 'organisation'
		on conflict (party_id) do update set kpp = excluded.kpp, inn = excluded.inn, address = excluded.address`)
	join := func(employer *apitest.Browser) {
		t.Helper()
		decide(employer, "confirm", made(ask(engineer, party(employer))).ID).OK()
	}
	complete := func() bool { return apitest.Value[bool](p, `select profile_complete from engineers where id = $1`, id) }
	require.Empty(t, missing(engineer))

	stale := profile(engineer).FormVersion
	join(employers[0])
	require.Equal(t, []wire.MissingCode{"document-former"}, missing(engineer), "the sole proprietor's document is no employee's")
	require.Contains(t, profile(engineer).Missing[0].Reason, "прежнего")
	require.NotEmpty(t, profile(engineer).DocumentName)
	require.False(t, complete())
	require.Equal(t, problems.DataChanged, engineer.Do(http.MethodPut, "/api/engineer/profile/form",
		profiles.WorkForm{Version: stale, Form: "employee", Documents: []profiles.NamedFile{}}).Problem().Code, "this form was opened before")
	saveDocument(engineer, "employee")
	require.Empty(t, missing(engineer))
	require.True(t, complete())

	decide(engineer, "leave", own(engineer)[0].ID).OK()
	require.Equal(t, []wire.MissingCode{"employer"}, missing(engineer))
	join(employers[1])
	require.Equal(t, []wire.MissingCode{"document-former"}, missing(engineer), "the contract with the former employer")
	saveDocument(engineer, "employee")
	require.True(t, complete())
}

// A document that an employee saves before he has named an employer proves the first one.
func TestDocumentBeforeTheFirstEmployerCounts(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-8")
	p := apitest.Start(t)
	engineer, employer := p.Engineer(synthetic.LoginEngineerMoscow), p.Employer(synthetic.LoginEmployerHead)
	saveDocument(engineer, "employee")
	require.Equal(t, []wire.MissingCode{"employer"}, missing(engineer))
	m := made(ask(engineer, party(employer)))
	require.Empty(t, missing(engineer))
	decide(employer, "reject", m.ID).OK()
	b := becomeEmployer(p)
	ask(engineer, party(b)).OK()
	require.Contains(t, missing(engineer), wire.MissingCode("document-former"))
}

func TestOrganisationBecomesAnEmployer(t *testing.T) {
	acceptance.Covers(t, "R-EMP-1", "R-AUTH-14")
	p := apitest.Start(t)
	b := head(p)
	organisation := party(b)
	require.False(t, slices.ContainsFunc(rolesOf(b), func(r order.Role) bool { return r == order.RoleEmployer }))
	setSwitch(b, true).OK()
	require.Contains(t, rolesOf(b), order.RoleEmployer, "the next choice of a role offers the employer")
	var state staff.EmployerSwitch
	b.Do(http.MethodGet, "/api/organisation/employer", nil).OK().Into(&state)
	require.Equal(t, staff.EmployerSwitch{Employer: true}, state)
	require.Equal(t, 1, apitest.Value[int](p, `select count(*) from security_events where kind = $1 and subject_id = $2`, httpapi.EventEmployerChanged, organisation))

	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	m := made(ask(engineer, organisation))
	refused := setSwitch(b, false).Problem()
	require.Equal(t, problems.EmployerHasStaff, refused.Code)
	require.Contains(t, refused.Detail, "заявок на рассмотрении — 1")
	b.ChooseRole(order.RoleEmployer, "organisation")
	decide(b, "confirm", m.ID).OK()
	require.Contains(t, setSwitch(b, false).Problem().Detail, "сотрудников — 1")
	decide(b, "remove", m.ID).OK()
	setSwitch(b, false).OK()
	require.NotContains(t, rolesOf(b), order.RoleEmployer)
}

func rolesOf(b *apitest.Browser) (roles []order.Role) {
	for _, one := range b.Roles() {
		roles = append(roles, one.Role)
	}
	return roles
}

func TestOnlyTheHeadOfAnOrganisationSetsTheSwitch(t *testing.T) {
	acceptance.Covers(t, "R-EMP-1")
	p := apitest.Start(t)
	require.Equal(t, problems.HeadOnly, setSwitch(p.Customer(synthetic.LoginCustomer), true).Problem().Code, "a natural person")
	require.Equal(t, problems.WrongRole, setSwitch(p.Engineer(synthetic.LoginEngineerMoscow), true).Problem().Code)
	b := head(p)
	p.AdvanceClock(16 * time.Minute)
	require.Equal(t, problems.AuthorityStale, setSwitch(b, true).Problem().Code)
	require.False(t, apitest.Value[bool](p, `select is_employer from parties where id = $1`, party(b)))
}

func TestEngineerFindsOnlyEmployersWhoSignedIn(t *testing.T) {
	acceptance.Covers(t, "R-KEMP-1", "R-KEMP-5", "R-FAQ-4")
	p := apitest.Start(t)
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	search := func(text string) []staff.FoundEmployer {
		return found[staff.FoundEmployer](engineer, "/api/employers", text)
	}
	geo := apitest.Value[uuid.UUID](p, `select id from parties where name like '%Гео-Кадастр%'`)
	require.Empty(t, search("гео кадастр"), "nobody has signed in for it")
	require.Equal(t, problems.NotFound, ask(engineer, geo).Problem().Code)
	b := head(p)
	require.Empty(t, search("застройщик"), "it is no employer")
	require.Equal(t, problems.NotFound, ask(engineer, party(b)).Problem().Code)
	p.Employer(synthetic.LoginEmployerHead)
	one := search("кадастр ГЕО")
	require.Len(t, one, 1)
	require.Equal(t, geo, one[0].ID)
	require.Len(t, search(one[0].OGRN[2:9]), 1, "a part of the number")
	require.Len(t, search(one[0].INN), 1)
	setSwitch(b, true).OK()
	require.Len(t, search("Застройщик"), 1)
}

func TestEmployerFindsOnlyEngineersWhoSignedIn(t *testing.T) {
	acceptance.Covers(t, "R-EMP-4", "R-EMP-12", "R-FAQ-3")
	p := apitest.Start(t)
	b := p.Employer(synthetic.LoginEmployerHead)
	search := func() []staff.FoundEngineer {
		return found[staff.FoundEngineer](b, "/api/staff-candidates", "орлов алексей")
	}
	id := apitest.Value[uuid.UUID](p, `select id from engineers where last_name = 'Орлов'`)
	require.Empty(t, search())
	require.Equal(t, problems.NotFound, invite(b, id).Problem().Code)
	p.Engineer(synthetic.LoginEngineerMoscow)
	require.Len(t, search(), 1)
	invite(b, id).OK()
	require.Equal(t, staff.Pending, search()[0].Status)
}

// Each way in which an employment changes, asked by one side or the other, with every sender.
func TestWhoDecidesWhat(t *testing.T) {
	acceptance.Covers(t, "S-30", "R-EMP-3", "R-EMP-7", "R-KEMP-2", "R-KEMP-4")
	p := apitest.Start(t)
	employer, engineer := becomeEmployer(p), p.Engineer(synthetic.LoginEngineerMoscow)
	stranger, other := p.Employer(synthetic.LoginEmployerHead), p.Engineer(synthetic.LoginEngineerTatarstan)
	e, org := party(engineer), party(employer)
	outsiders := map[string]*apitest.Browser{"employer": stranger, "engineer": other}
	set := func(id uuid.UUID, status, asked string) {
		p.Exec(`update employments set status = $2, asked_by = $3 where id = $1`, id, status, asked)
		p.Exec(`update engineers set form = case when $2 then 'employee' else 'entrepreneur' end, employer_id = case when $2 then $3::uuid end,
			employment = case when $2 then $4 else '' end where id = $1`, e, status == "confirmed" || status == "suspended", org, status)
	}
	id := made(ask(engineer, org)).ID
	statuses := []string{"pending", "confirmed", "suspended", "rejected", "withdrawn", "removed"}
	type row struct{ verb, status, asked, by, becomes string }
	allowed := []row{
		{"confirm", "pending", "engineer", "employer", "confirmed"},
		{"confirm", "pending", "employer", "engineer", "confirmed"},
		{"reject", "pending", "engineer", "employer", "rejected"},
		{"reject", "pending", "employer", "engineer", "rejected"},
		{"withdraw", "pending", "engineer", "engineer", "withdrawn"},
		{"withdraw", "pending", "employer", "employer", "withdrawn"},
	}
	for _, asked := range []string{"engineer", "employer"} {
		allowed = append(allowed,
			row{"suspend", "confirmed", asked, "employer", "suspended"},
			row{"resume", "suspended", asked, "employer", "confirmed"},
			row{"remove", "confirmed", asked, "employer", "removed"}, row{"remove", "suspended", asked, "employer", "removed"},
			row{"leave", "confirmed", asked, "engineer", "removed"}, row{"leave", "suspended", asked, "engineer", "removed"},
		)
	}
	senders := map[string]*apitest.Browser{"engineer": engineer, "employer": employer}
	var seen int
	for _, verb := range []string{"confirm", "reject", "withdraw", "suspend", "resume", "remove", "leave"} {
		for _, status := range statuses {
			for _, asked := range []string{"engineer", "employer"} {
				for by, b := range senders {
					set(id, status, asked)
					a := decide(b, verb, id)
					now := apitest.Value[string](p, `select status from employments where id = $1`, id)
					i := slices.IndexFunc(allowed, func(r row) bool { return r.verb == verb && r.status == status && r.asked == asked && r.by == by })
					if i >= 0 {
						require.Less(t, a.Status, 300, "%v: %s", allowed[i], a.Text())
						require.Equal(t, allowed[i].becomes, now)
						seen++
						continue
					}
					require.Contains(t, []int{403, 404, 409}, a.Status, "%s of %s asked by %s, sent by %s", verb, status, asked, by)
					require.Equal(t, status, now)
				}
			}
		}
		set(id, "pending", "engineer")
		for role, b := range outsiders {
			a := decide(b, verb, id)
			require.Contains(t, []int{403, 404}, a.Status, "%s by another %s", verb, role)
		}
	}
	require.Equal(t, len(allowed), seen)
	require.Equal(t, problems.NotFound, stranger.Do(http.MethodGet, "/api/staff/"+id.String(), nil).Problem().Code)
	require.Equal(t, problems.NotFound, other.Do(http.MethodGet, "/api/employments/"+id.String()+"/events", nil).Problem().Code)
}

func TestRequestOfTheEngineer(t *testing.T) {
	acceptance.Covers(t, "S-30", "R-KEMP-1", "R-KEMP-2", "R-KEMP-4", "R-EMP-3", "R-EMP-11")
	p := apitest.Start(t)
	employer, engineer := becomeEmployer(p), p.Engineer(synthetic.LoginEngineerMoscow)
	e, org := party(engineer), party(employer)
	m := made(ask(engineer, org))
	require.Equal(t, staff.Pending, m.Status)
	form, employment, _ := facts(p, e)
	require.Equal(t, []string{"entrepreneur", ""}, []string{form, employment}, "a sole proprietor stays one until the employer confirms")
	require.Equal(t, problems.EmploymentAsked, ask(engineer, org).Problem().Code)
	list := members(employer, "")
	require.Len(t, list, 1)
	require.Equal(t, "Прошу принять", list[0].Comment)
	require.Empty(t, list[0].Email, "contacts are shown once he works there")

	decide(employer, "confirm", m.ID).OK()
	form, employment, at := facts(p, e)
	require.Equal(t, []string{"employee", "confirmed"}, []string{form, employment})
	require.Equal(t, org, at)
	require.Equal(t, 1, active(p, org))
	require.Equal(t, staff.Confirmed, own(engineer)[0].Status)

	decide(employer, "suspend", m.ID).OK()
	_, employment, _ = facts(p, e)
	require.Equal(t, "suspended", employment)
	require.Zero(t, active(p, org))
	require.Equal(t, staff.Suspended, own(engineer)[0].Status)
	require.Equal(t, "так решено", own(engineer)[0].Comment)
	decide(employer, "resume", m.ID).OK()
	require.Equal(t, 1, active(p, org))

	decide(engineer, "leave", m.ID).OK()
	form, employment, at = facts(p, e)
	require.Equal(t, []string{"employee", "removed"}, []string{form, employment})
	require.Equal(t, uuid.Nil, at)
	require.Zero(t, active(p, org))
	require.Equal(t, staff.Pending, made(ask(engineer, org)).Status, "he may ask again")
	require.Equal(t, []string{"staff-employer-asked", "staff-employer-left", "staff-employer-asked"}, noticesOf(p, order.RoleEmployer, org))
	require.Equal(t, []string{"staff-engineer-confirmed", "staff-engineer-suspended", "staff-engineer-resumed"}, noticesOf(p, order.RoleEngineer, e))

	var history struct{ Items []staff.EmploymentEvent }
	engineer.Do(http.MethodGet, "/api/employments/"+m.ID.String()+"/events", nil).OK().Into(&history)
	var kinds []string
	for _, one := range history.Items {
		kinds = append(kinds, one.Kind)
	}
	require.Equal(t, []string{"asked", "left", "resumed", "suspended", "confirmed", "asked"}, kinds)
	require.Equal(t, p.Person(synthetic.LoginCustomerHead).FullName(), history.Items[2].By)
	for _, statement := range []string{`update employment_events set comment = ''`, `delete from employment_events`} {
		_, err := p.Database.ExecContext(t.Context(), statement)
		require.ErrorContains(t, err, "append-only", statement)
	}
}

func TestInvitationNeedsTheConsentOfTheEngineer(t *testing.T) {
	acceptance.Covers(t, "S-30", "R-EMP-4")
	p := apitest.Start(t)
	employer, engineer := becomeEmployer(p), p.Engineer(synthetic.LoginEngineerMoscow)
	e := party(engineer)
	m := made(invite(employer, e))
	form, employment, _ := facts(p, e)
	require.Equal(t, []string{"entrepreneur", ""}, []string{form, employment})
	require.Equal(t, problems.NotFound, decide(employer, "confirm", m.ID).Problem().Code, "the one who asked does not answer")
	require.Equal(t, problems.EmploymentAsked, ask(engineer, party(employer)).Problem().Code)
	requireHidden := func() {
		t.Helper()
		require.Nil(t, members(employer, "")[0].Blocked)
		require.Nil(t, members(employer, "")[0].Complete)
	}
	requireHidden()
	decide(engineer, "reject", m.ID).OK()
	require.Equal(t, staff.Rejected, members(employer, "")[0].Status)
	requireHidden()
	m = made(invite(employer, e))
	decide(employer, "withdraw", m.ID).OK()
	require.Empty(t, members(employer, ""))
	m = made(invite(employer, e))
	decide(engineer, "confirm", m.ID).OK()
	form, employment, _ = facts(p, e)
	require.Equal(t, []string{"employee", "confirmed"}, []string{form, employment})
	require.False(t, *members(employer, "")[0].Blocked)
	require.NotNil(t, members(employer, "")[0].Complete)
}

// The document that proves the employment is shown to the organisation that the engineer asked for
// work or works for, and to moderators.
func TestEmployerReadsTheDocumentOfItsEmployee(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-8", "R-EMP-3")
	p := apitest.Start(t)
	employer, engineer := becomeEmployer(p), p.Engineer(synthetic.LoginEmployeeOnly)
	e := party(engineer)
	former := apitest.Value[uuid.UUID](p, `select id from employments where engineer_id = $1`, e)
	p.Exec(`update engineer_profiles set document_name = 'Трудовой договор', document_number = '17', document_date = '2024-02-03' where engineer_id = $1`, e)
	shown := func(id uuid.UUID) *profiles.WorkDocument {
		t.Helper()
		var out struct{ Document *profiles.WorkDocument }
		employer.Do(http.MethodGet, "/api/staff/"+id.String(), nil).OK().Into(&out)
		return out.Document
	}
	m := made(invite(employer, e))
	require.Nil(t, shown(m.ID), "an invitation needs his consent")
	decide(employer, "withdraw", m.ID).OK()

	decide(engineer, "leave", former).OK()
	m = made(ask(engineer, party(employer)))
	var card moderation.ModeratedEngineerCard
	p.Moderator().Do(http.MethodGet, "/api/moderation/engineers/"+e.String(), nil).OK().Into(&card)
	for _, d := range []*profiles.WorkDocument{shown(m.ID), card.Document} {
		require.NotNil(t, d)
		require.Equal(t, []string{"employee", "Трудовой договор", "17", "2024-02-03"}, []string{d.Form, d.Name, d.Number, d.Date})
		require.Len(t, d.Files, 1)
		require.Equal(t, "/api/engineers/"+e.String()+"/files/"+d.Files[0].ID.String(), d.Files[0].URL)
	}
	require.NotEqual(t, http.StatusNotFound, employer.Do(http.MethodGet, shown(m.ID).Files[0].URL, nil).Status)
	decide(employer, "confirm", m.ID).OK()
	require.NotNil(t, shown(m.ID))
	decide(employer, "remove", m.ID).OK()
	require.Nil(t, shown(m.ID), "he works there no more")
}

// An employer whom an engineer only asked shows him nothing but its name and its public requisites.
func TestContactsOfAnEmployerAreShownToItsEmployees(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-9")
	p := apitest.Start(t)
	employer, engineer := becomeEmployer(p), p.Engineer(synthetic.LoginEmployeeOnly)
	e, org := party(engineer), party(employer)
	p.Exec(`update parties set email = 'head@example.test', phone = '+79990000000', head_name = 'Глава' where id = $1`, org)
	decide(engineer, "leave", apitest.Value[uuid.UUID](p, `select id from employments where engineer_id = $1`, e)).OK()
	m := made(ask(engineer, org))
	official := func() profiles.EmployerOfficial {
		var own profiles.OwnProfile
		engineer.Do(http.MethodGet, "/api/engineer/profile", nil).OK().Into(&own)
		return *own.Employer
	}
	asked := official()
	require.Equal(t, []string{"", "", ""}, []string{asked.Email, asked.Phone, asked.Head})
	require.NotEmpty(t, asked.Name)
	decide(employer, "confirm", m.ID).OK()
	works := official()
	require.Equal(t, []string{"head@example.test", "+79990000000", "Глава"}, []string{works.Email, works.Phone, works.Head})
}

func TestNewRequestsComeLastAndAreFiltered(t *testing.T) {
	acceptance.Covers(t, "R-EMP-5", "R-EMP-6")
	p := apitest.Start(t)
	b := p.Employer(synthetic.LoginEmployerHead)
	engineer := p.Engineer(synthetic.LoginEngineerTatarstan) // Каримова, before Никитин by name
	made(ask(engineer, party(b)))
	var statuses []staff.Status
	for _, m := range members(b, "") {
		statuses = append(statuses, m.Status)
	}
	require.Equal(t, []staff.Status{staff.Confirmed, staff.Confirmed, staff.Pending}, statuses)
	require.Len(t, members(b, "?status=pending"), 1)
	require.Len(t, members(b, "?status=confirmed,pending"), 3)
	require.Empty(t, members(b, "?status=removed"))
	var page struct {
		Items []staff.Employee
		Next  string
		Total int
	}
	b.Do(http.MethodGet, "/api/staff?limit=2", nil).OK().Into(&page)
	require.Equal(t, 3, page.Total)
	b.Do(http.MethodGet, "/api/staff?limit=2&cursor="+page.Next, nil).OK().Into(&page)
	require.Len(t, page.Items, 1)
	require.Equal(t, staff.Pending, page.Items[0].Status)
}

func TestStaleAndRepeatedDecisions(t *testing.T) {
	acceptance.Covers(t, "S-30")
	p := apitest.Start(t)
	employer, engineer := becomeEmployer(p), p.Engineer(synthetic.LoginEngineerMoscow)
	m := made(ask(engineer, party(employer)))
	path, same := "/api/employments/"+m.ID.String()+"/", key()
	confirm := func() apitest.Answer {
		return employer.Do(http.MethodPost, path+"confirm", apitest.Object{"version": m.Version}, "Idempotency-Key", same)
	}
	first := made(confirm())
	require.Equal(t, first, made(confirm()), "the same request again")
	stale := employer.Do(http.MethodPost, path+"suspend", apitest.Object{"version": m.Version, "comment": "отпуск"}, "Idempotency-Key", key())
	require.Equal(t, problems.EmploymentChanged, stale.Problem().Code)
	silent := employer.Do(http.MethodPost, path+"suspend", apitest.Object{"version": first.Version}, "Idempotency-Key", key()).Problem()
	require.Equal(t, []string{"comment"}, apitest.Fields(silent))
	asked, again := key(), apitest.Object{"engineer": party(p.Engineer(synthetic.LoginEngineerTatarstan))}
	one := made(employer.Do(http.MethodPost, "/api/staff", again, "Idempotency-Key", asked))
	require.Equal(t, one, made(employer.Do(http.MethodPost, "/api/staff", again, "Idempotency-Key", asked)))
}

func TestNobodyHasTwoEmployers(t *testing.T) {
	acceptance.Covers(t, "R-KEMP-3")
	p := apitest.Start(t)
	first, second := becomeEmployer(p), p.Employer(synthetic.LoginEmployerHead)
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	e := party(engineer)
	m := made(ask(engineer, party(first)))
	require.Equal(t, problems.EmploymentAsked, ask(engineer, party(second)).Problem().Code, "one request at a time")
	invited := made(invite(second, e))
	decide(first, "confirm", m.ID).OK()
	require.Equal(t, problems.EmploymentChanged, decide(engineer, "confirm", invited.ID).Problem().Code, "the invitation is closed")
	closed := members(second, "?status=rejected")
	require.Len(t, closed, 1)
	require.Contains(t, closed[0].Comment, "другой организации")
	require.Contains(t, noticesOf(p, order.RoleEmployer, party(second)), "staff-employer-closed")
	again := made(invite(second, e))
	refused := decide(engineer, "confirm", again.ID).Problem()
	require.Equal(t, problems.EmployedElsewhere, refused.Code)
	require.Contains(t, refused.Detail, "Удалить")
	require.Equal(t, problems.EmployedElsewhere, ask(p.Engineer(synthetic.LoginEmployeeFirst), party(first)).Problem().Code)
	_, err := p.Database.ExecContext(t.Context(), `update employments set status = 'confirmed' where id = $1`, again.ID)
	require.ErrorContains(t, err, "employments_one_employer", "the database holds it too")
	decide(engineer, "leave", m.ID).OK()
	decide(engineer, "confirm", again.ID).OK()
	_, _, at := facts(p, e)
	require.Equal(t, party(second), at)
}

// together sends requests at the same moment and returns how many were accepted.
func together(requests ...func() apitest.Answer) (accepted int) {
	var wait sync.WaitGroup
	answers, start := make([]apitest.Answer, len(requests)), make(chan struct{})
	for i, send := range requests {
		wait.Go(func() {
			<-start
			answers[i] = send()
		})
	}
	close(start)
	wait.Wait()
	for _, a := range answers {
		if a.Status < 300 {
			accepted++
		}
	}
	return accepted
}

func TestRacesLeaveOneEmployer(t *testing.T) {
	acceptance.Covers(t, "R-KEMP-3", "S-30")
	p := apitest.Start(t)
	first, second := becomeEmployer(p), p.Employer(synthetic.LoginEmployerHead)
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	e, a, b := party(engineer), party(first), party(second)
	send := func(by *apitest.Browser, verb string, m staff.Employment) func() apitest.Answer {
		return func() apitest.Answer {
			return by.Do(http.MethodPost, "/api/employments/"+m.ID.String()+"/"+verb, apitest.Object{"version": m.Version}, "Idempotency-Key", key())
		}
	}
	reset := func() { // an engineer who left and is a sole proprietor again
		p.Exec(`update employments set status = 'removed', version = version + 1 where engineer_id = $1`, e)
		p.Exec(`update engineers set form = 'entrepreneur', employer_id = null, employment = '' where id = $1`, e)
		p.Exec(`update parties set active_engineers = count_active_engineers(id) where is_employer`)
	}
	check := func(race string) {
		require.Equal(t, 1, apitest.Value[int](p, `select count(*) from employments where engineer_id = $1 and status = 'confirmed'`, e), race)
		_, employment, at := facts(p, e)
		require.Equal(t, "confirmed", employment, race)
		require.Equal(t, at, apitest.Value[uuid.UUID](p, `select employer_id from employments where engineer_id = $1 and status = 'confirmed'`, e), race)
		require.Equal(t, 2, active(p, b)+active(p, a)-1, race)
	}
	for range 8 {
		reset()
		asked, invited := made(ask(engineer, a)), made(invite(second, e))
		require.Equal(t, 1, together(send(first, "confirm", asked), send(engineer, "confirm", invited)))
		check("one employer confirms while the engineer accepts the other")

		reset()
		one, two := made(invite(first, e)), made(invite(second, e))
		require.Equal(t, 1, together(send(engineer, "confirm", one), send(engineer, "confirm", two)))
		check("the engineer accepts two")

		reset()
		asked = made(ask(engineer, a))
		require.Equal(t, 1, together(send(first, "confirm", asked), send(engineer, "withdraw", asked)))
		require.Contains(t, []string{"confirmed", "withdrawn"}, apitest.Value[string](p, `select status from employments where id = $1`, asked.ID))
	}
	reset()
	require.Equal(t, 1, together(func() apitest.Answer { return ask(engineer, a) }, func() apitest.Answer { return ask(engineer, b) }), "two requests at once")
}

func TestStaffIsForTheTwoSides(t *testing.T) {
	acceptance.Covers(t, "S-30")
	p := apitest.Start(t)
	customer, moderator, engineer := p.Customer(synthetic.LoginCustomer), p.Moderator(), p.Engineer(synthetic.LoginEngineerMoscow)
	for _, b := range []*apitest.Browser{customer, moderator} {
		for _, path := range []string{"/api/staff", "/api/engineer/employments", "/api/employers?q=a", "/api/staff-candidates?q=a"} {
			require.Equal(t, problems.WrongRole, b.Do(http.MethodGet, path, nil).Problem().Code, path)
		}
	}
	require.Equal(t, problems.WrongRole, engineer.Do(http.MethodGet, "/api/staff", nil).Problem().Code)
	require.Equal(t, problems.WrongRole, p.Employer(synthetic.LoginEmployerHead).Do(http.MethodGet, "/api/engineer/employments", nil).Problem().Code)
}

// A request waits for the head who sets the switch off, and then sees it; the request of a moment
// before keeps him from it.
func TestRequestSeesTheSwitchThatItWaitedFor(t *testing.T) {
	acceptance.Covers(t, "R-EMP-1", "S-30")
	p := apitest.Start(t)
	employer, engineer := becomeEmployer(p), p.Engineer(synthetic.LoginEngineerMoscow)
	org, e := party(employer), party(engineer)
	for name, request := range map[string]func() apitest.Answer{
		"the engineer asks":     func() apitest.Answer { return ask(engineer, org) },
		"the employer invites":  func() apitest.Answer { return invite(employer, e) },
		"the employer confirms": nil,
	} {
		t.Run(name, func(t *testing.T) {
			p.Exec(`update parties set is_employer = true where id = $1`, org)
			if request == nil {
				m := made(ask(engineer, org))
				request = func() apitest.Answer { return decide(employer, "confirm", m.ID) }
			}
			commit := testenv.HoldTransaction(t, p.DatabaseURL, `update parties set is_employer = false where id = $1`, org)
			answered := make(chan apitest.Answer, 1)
			go func() { answered <- request() }()
			testenv.Eventually(t, "the request waits for the switch", func() bool { return testenv.Blocked(t, p.DatabaseURL) })
			commit()
			require.Equal(t, problems.NotFound, (<-answered).Problem().Code)
			require.Zero(t, apitest.Value[int](p, `select count(*) from employments where employer_id = $1 and status = 'confirmed'`, org))
		})
	}
}

// subjects returns whom the notifications of a kind name.
func subjects(p *apitest.Platform, kind string, of uuid.UUID) []string {
	return testenv.Column[string](p.T, p.DatabaseURL, `select subject from notifications where kind = $1 and party_id = $2 order by id`, kind, of)
}

// Both sides are named in the notifications of the other one.
func TestNoticesNameTheOtherSide(t *testing.T) {
	acceptance.Covers(t, "R-EMP-11", "R-NOTIF-1")
	p := apitest.Start(t)
	employer, engineer := becomeEmployer(p), p.Engineer(synthetic.LoginEngineerMoscow)
	m := made(ask(engineer, party(employer)))
	decide(employer, "confirm", m.ID).OK()
	list := func(b *apitest.Browser) (page struct{ Items []notifications.Notification }) {
		b.Do(http.MethodGet, "/api/notifications?unread=true", nil).OK().Into(&page)
		return page
	}
	asked := list(employer).Items
	require.Len(t, asked, 1)
	require.Contains(t, asked[0].Text, p.Person(synthetic.LoginEngineerMoscow).FullName())
	require.Equal(t, notifications.PageStaff, asked[0].Page)
	confirmed := list(engineer).Items
	require.Len(t, confirmed, 1)
	require.Contains(t, confirmed[0].Text, "Застройщик")
	require.Equal(t, notifications.PageEmployer, confirmed[0].Page)

	// One is read alone; others that came before it stay new.
	decide(employer, "suspend", m.ID).OK()
	newest := list(engineer).Items[0].ID
	engineer.Do(http.MethodPost, "/api/notifications/read", apitest.Object{"upTo": newest, "single": true}).OK()
	require.Equal(t, confirmed, list(engineer).Items)
}

// Who is left alone, or gets a colleague back, hears of it at every real cause, once; so does the
// employer.
func TestSecondEngineerIsToldOf(t *testing.T) {
	acceptance.Covers(t, "R-RESP-5", "C-20")
	p := apitest.Start(t)
	p.StartWorker()
	employer, moderator := p.Employer(synthetic.LoginEmployerHead), p.Moderator()
	first, second := p.Engineer(synthetic.LoginEmployeeFirst), p.Engineer(synthetic.LoginEmployeeSecond)
	org, one, two := party(employer), party(first), party(second)
	require.Equal(t, 2, active(p, org))
	m := employmentOf(p, two)
	block := func(verb string) apitest.Answer {
		return moderator.Do(http.MethodPost, "/api/engineers/"+two.String()+"/"+verb, apitest.Object{"reason": "Жалоба"}, "Idempotency-Key", key())
	}
	name := p.Person(synthetic.LoginEmployeeFirst).FullName()
	times := 0
	for cause, change := range map[string]struct{ off, on func() }{
		"suspension": {func() { decide(employer, "suspend", m).OK() }, func() { decide(employer, "resume", m).OK() }},
		"block":      {func() { block("block").OK() }, func() { block("unblock").OK() }},
		"removal": {
			func() { decide(employer, "remove", m).OK() },
			func() { decide(employer, "confirm", made(ask(second, org)).ID).OK() },
		},
		"leaving": {
			func() { decide(second, "leave", m).OK() },
			func() { decide(second, "confirm", made(invite(employer, two)).ID).OK() },
		},
	} {
		change.off()
		times++
		testenv.Eventually(t, "the count after the "+cause, func() bool { return active(p, org) == 1 })
		require.Len(t, subjects(p, "staff-engineer-only", one), times, cause)
		require.Empty(t, subjects(p, "staff-engineer-only", two), cause)
		require.Equal(t, slices.Repeat([]string{name}, times), subjects(p, "staff-employer-only", org), cause)
		change.on()
		testenv.Eventually(t, "the count after the end of the "+cause, func() bool { return active(p, org) == 2 })
		require.Len(t, subjects(p, "staff-engineer-enough", one), times, cause)
		require.Len(t, subjects(p, "staff-employer-enough", org), times, cause)
	}
	for _, kind := range noticesOf(p, order.RoleEmployer, org) {
		require.NotEmpty(t, staff.NoticeText(kind))
	}
}
