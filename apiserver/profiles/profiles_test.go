package profiles_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/profiles"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

const (
	address = "/api/engineer/profile"
	// business is the ОГРНИП of nobody.
	business = "304500116000157"
)

func profileOf(b *apitest.Browser) (p profiles.OwnProfile) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, address, nil).OK().Into(&p)
	return p
}

func missing(b *apitest.Browser) []string {
	codes := []string{}
	for _, m := range profileOf(b).Missing {
		codes = append(codes, string(m.Code))
	}
	return codes
}

// formOf returns the form as it is filled in now.
func formOf(p profiles.OwnProfile) profiles.ProfileForm {
	f := profiles.ProfileForm{Version: p.Version, ProfileText: p.ProfileText, Works: p.Works, Regions: []string{}, Diplomas: named(p.Diplomas), Samples: named(p.Samples)}
	for _, r := range p.Regions {
		f.Regions = append(f.Regions, r.Code)
	}
	if p.Photo != nil {
		f.Photo = &p.Photo.ID
	}
	return f
}

func named(files []profiles.ProfileFile) []profiles.NamedFile {
	all := []profiles.NamedFile{}
	for _, f := range files {
		all = append(all, profiles.NamedFile{File: f.ID, Title: f.Title})
	}
	return all
}

func workFormOf(p profiles.OwnProfile) profiles.WorkForm {
	f := profiles.WorkForm{
		Version: p.FormVersion, Form: p.Form, OGRNIP: p.OGRNIP, DocumentName: p.DocumentName, DocumentNumber: p.DocumentNumber,
		DocumentDate: p.DocumentDate, Documents: named(p.Documents),
	}
	return f
}

func save(b *apitest.Browser, change func(*profiles.ProfileForm)) apitest.Answer {
	form := formOf(profileOf(b))
	change(&form)
	return b.Do(http.MethodPut, address, form)
}

func saveWork(b *apitest.Browser, change func(*profiles.WorkForm)) apitest.Answer {
	form := workFormOf(profileOf(b))
	change(&form)
	return b.Do(http.MethodPut, address+"/form", form)
}

func respond(b *apitest.Browser, id uuid.UUID) apitest.Answer {
	return b.Send(uuid.NewString(), id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100_000, "termDays": 20}})
}

// Each mandatory field alone keeps an engineer from responding, is listed with its reason, and lets
// him respond again once it is filled in.
func TestEachMandatoryFieldIsRequired(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-12", "S-28", "R-KPROF-7", "R-KPROF-8", "R-KPROF-10")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	require.Empty(t, missing(engineer))
	for _, one := range []struct {
		code  string
		clear func() apitest.Answer
	}{
		{"regions", func() apitest.Answer { return save(engineer, func(f *profiles.ProfileForm) { f.Regions = []string{} }) }},
		{"email", func() apitest.Answer { return save(engineer, func(f *profiles.ProfileForm) { f.Email = "" }) }},
		{"phone", func() apitest.Answer { return save(engineer, func(f *profiles.ProfileForm) { f.Phone = " " }) }},
		{"experience", func() apitest.Answer {
			return save(engineer, func(f *profiles.ProfileForm) { f.ExperienceSince = nil })
		}},
		{"education", func() apitest.Answer { return save(engineer, func(f *profiles.ProfileForm) { f.Education = "\u200b" }) }},
		{"works", func() apitest.Answer {
			return save(engineer, func(f *profiles.ProfileForm) { f.Works = []profiles.Work{} })
		}},
		{"ogrnip", func() apitest.Answer { return saveWork(engineer, func(f *profiles.WorkForm) { f.OGRNIP = "" }) }},
		{"document", func() apitest.Answer { return saveWork(engineer, func(f *profiles.WorkForm) { f.DocumentName = "" }) }},
		{"document", func() apitest.Answer { return saveWork(engineer, func(f *profiles.WorkForm) { f.DocumentNumber = "" }) }},
		{"document", func() apitest.Answer { return saveWork(engineer, func(f *profiles.WorkForm) { f.DocumentDate = "" }) }},
		{"document", func() apitest.Answer {
			return saveWork(engineer, func(f *profiles.WorkForm) { f.Documents = []profiles.NamedFile{} })
		}},
	} {
		before := profileOf(engineer)
		var after profiles.OwnProfile
		one.clear().OK().Into(&after)
		require.Equal(t, []string{one.code}, missing(engineer))
		require.NotEmpty(t, after.Missing[0].Reason)
		require.Equal(t, []wire.MissingCode{wire.MissingCode(one.code)}, apitest.WhoAmI(engineer).Restrictions[0].Missing)
		id := customer.PublishOrder("77")
		require.Equal(t, string(order.CodeProfile), respond(engineer, id).Problem().Code, one.code)
		form, work := formOf(before), workFormOf(before)
		form.Version = after.Version
		engineer.Do(http.MethodPut, address, form).OK().Into(&after)
		work.Version = after.FormVersion
		engineer.Do(http.MethodPut, address+"/form", work).OK()
		require.Empty(t, missing(engineer), one.code)
		respond(engineer, id).OK()
		require.Empty(t, apitest.WhoAmI(engineer).Restrictions)
	}
}

// What an employee needs of his employer is missing in his own profile.
func TestEmployeeNeedsAnEmployerWithRequisites(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-12", "R-KPROF-9", "S-28")
	p := apitest.Start(t)
	engineer := p.Engineer(synthetic.LoginEmployeeFirst)
	id := uuid.MustParse(p.EngineerID(synthetic.LoginEmployeeFirst))
	require.Empty(t, missing(engineer))
	require.NotEmpty(t, profileOf(engineer).Employer.INN)
	p.Exec(`update requisites set bic = '' where party_id = (select employer_id from engineers where id = $1)`, id)
	require.NoError(t, p.Deps.Store.RefreshCompleteness(t.Context(), []uuid.UUID{id}))
	require.Equal(t, []string{"employer-requisites"}, missing(engineer))
	require.False(t, apitest.Value[bool](p, `select profile_complete from engineers where id = $1`, id))

	p.Exec(`update engineers set employer_id = null, employment = 'removed' where id = $1`, id)
	require.Equal(t, []string{"employer"}, missing(engineer))
	saveWork(engineer, func(f *profiles.WorkForm) { f.Form, f.OGRNIP = "entrepreneur", business }).OK()
	require.Equal(t, []string{"requisites"}, missing(engineer))
	require.Equal(t, business, profileOf(engineer).OGRNIP)
	saveWork(engineer, func(f *profiles.WorkForm) { f.Form = "employee" }).OK()
	require.Empty(t, profileOf(engineer).OGRNIP, "an employee has no ОГРНИП")
	p.Exec(`update engineers set form = '', ogrnip = '', employment = '' where id = $1`, id)
	require.Equal(t, []string{"form"}, missing(engineer))
}

// An incomplete profile is refused wherever an engineer takes on an order: respond, offer, choose,
// accept and send the contract.
func TestOrderRefusesIncompleteProfileAtEveryStep(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-12", "R-KPROF-13")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	phone := profileOf(engineer).Phone
	setPhone := func(value string) {
		t.Helper()
		save(engineer, func(f *profiles.ProfileForm) { f.Phone = value }).OK()
	}
	choice := apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}}
	responded, offered := customer.PublishOrder("77"), customer.PublishOrder("77")

	setPhone("")
	require.Equal(t, string(order.CodeProfile), respond(engineer, responded).Problem().Code)
	customer.RequireRefused(order.CodeProfile, offered, order.OfferOrder, choice)
	setPhone(phone)
	respond(engineer, responded).OK()
	customer.RequireApplied(offered, order.OfferOrder, choice)

	setPhone("")
	customer.RequireRefused(order.CodeProfile, responded, order.Choose, choice)
	accept := apitest.Object{"details": apitest.Object{"revision": engineer.Card(offered).Revision}}
	require.Equal(t, string(order.CodeProfile), engineer.Send(uuid.NewString(), offered, order.AcceptOffer, accept).Problem().Code)
	setPhone(phone)
	customer.RequireApplied(responded, order.Choose, choice)

	contract := engineer.Upload(responded, "договор.pdf", apitest.PDF("договор"))
	signature := engineer.Sign(responded, contract)
	send := apitest.Object{"details": apitest.Object{
		"file": apitest.Ref(contract), "signature": apitest.Ref(signature), "price": 100_000, "advance": 0, "advanceBasisPoints": 0, "termDate": p.Deps.Now().AddDate(0, 1, 0).Format("2006-01-02"),
	}}
	setPhone("")
	engineer.RequireRefused(order.CodeProfile, responded, order.SendContract, send)
	setPhone(phone)
	engineer.RequireApplied(responded, order.SendContract, send)
}

// The switch takes effect at once and changes nothing else.
func TestSwitchStopsOffersAtOnce(t *testing.T) {
	acceptance.Covers(t, "R-KORD-1")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	choice := apitest.Object{"details": apitest.Object{"engineer": p.EngineerID(synthetic.LoginEngineerMoscow)}}
	version := profileOf(engineer).Version
	id := customer.PublishOrder("77")
	for _, receives := range []bool{false, true} {
		a := engineer.Do(http.MethodPut, address+"/receiving", apitest.Object{"receives": receives})
		require.Equal(t, http.StatusNoContent, a.Status, a.Text())
		require.Equal(t, receives, profileOf(engineer).ReceivesOrders)
		if !receives {
			customer.RequireRefused(order.CodeNotReceiving, id, order.OfferOrder, choice)
		}
	}
	customer.RequireApplied(id, order.OfferOrder, choice)
	require.Equal(t, version, profileOf(engineer).Version)
}

// The second of two windows is told that the profile has changed, and nothing of it is written. Of
// fifty concurrent changes of one version one is written.
func TestStaleFormIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-1")
	p := apitest.Start(t)
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	first, second := formOf(profileOf(engineer)), formOf(profileOf(engineer))
	first.About, second.About = "первое", "второе"
	engineer.Do(http.MethodPut, address, first).OK()
	require.Equal(t, problems.DataChanged, engineer.Do(http.MethodPut, address, second).Problem().Code)
	require.Equal(t, "первое", profileOf(engineer).About)
	work := workFormOf(profileOf(engineer))
	work.Version++
	require.Equal(t, problems.DataChanged, engineer.Do(http.MethodPut, address+"/form", work).Problem().Code)

	form := formOf(profileOf(engineer))
	var all sync.WaitGroup
	statuses := make([]int, 50)
	for i := range statuses {
		all.Go(func() { statuses[i] = engineer.Do(http.MethodPut, address, form).Status })
	}
	all.Wait()
	slices.Sort(statuses)
	require.Equal(t, http.StatusOK, statuses[0])
	require.Equal(t, http.StatusConflict, statuses[1])
	require.Equal(t, form.Version+1, profileOf(engineer).Version)
}

// The form of work and the rest of the profile are saved apart: a change of one is no conflict for
// the other.
func TestFormOfWorkHasItsOwnVersion(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-1", "R-KPROF-10")
	p := apitest.Start(t)
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	before := profileOf(engineer)
	form, work := formOf(before), workFormOf(before)
	form.About, work.DocumentNumber = "о себе", "7"
	engineer.Do(http.MethodPut, address+"/form", work).OK()
	require.Equal(t, problems.DataChanged, engineer.Do(http.MethodPut, address+"/form", work).Problem().Code)
	engineer.Do(http.MethodPut, address, form).OK()
	require.Equal(t, problems.DataChanged, engineer.Do(http.MethodPut, address, form).Problem().Code)
	after := profileOf(engineer)
	require.Equal(t, "7", after.DocumentNumber)
	require.Equal(t, "о себе", after.About)

	// The first saves of both: either may come first.
	p.Exec(`delete from engineer_profiles where engineer_id = $1`, p.EngineerID(synthetic.LoginEngineerMoscow))
	form.Version, work.Version = 0, 0
	engineer.Do(http.MethodPut, address+"/form", work).OK()
	engineer.Do(http.MethodPut, address, form).OK()
	require.Empty(t, missing(engineer))
}

// A decision of an order waits for a change of the profile that has begun, and sees it.
func TestDecisionWaitsForTheProfile(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-12")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	commit := testenv.HoldTransaction(t, p.DatabaseURL, `update engineers set phone = '', profile_complete = false where id = $1`,
		p.EngineerID(synthetic.LoginEngineerMoscow))
	answered := make(chan apitest.Answer, 1)
	go func() { answered <- respond(engineer, id) }()
	testenv.Eventually(t, "the decision waits for the profile", func() bool { return testenv.Blocked(t, p.DatabaseURL) })
	commit()
	require.Equal(t, string(order.CodeProfile), (<-answered).Problem().Code)
}

// Values are stored in their normal forms, and each fault stands at its field.
func TestFieldsAreCheckedAndNormalized(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-1", "R-KPROF-2", "R-KPROF-4")
	p := apitest.Start(t)
	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	price, year := int64(1), int32(2099)
	saved := profiles.OwnProfile{}
	save(engineer, func(f *profiles.ProfileForm) {
		f.Website, f.Phone, f.Email, f.Regions = "  example.ru/о-нас ", "8 (900) 123-45-67", "Name@Example.RU", []string{"77", "16"}
		f.About = "  о себе\u202e  "
	}).OK().Into(&saved)
	require.Equal(t, "https://example.ru/о-нас", saved.Website)
	require.Equal(t, "+79001234567", saved.Phone)
	require.Equal(t, "Name@example.ru", saved.Email)
	require.Equal(t, "о себе", saved.About)
	require.Equal(t, "16", saved.Regions[0].Code)
	person := p.Person(synthetic.LoginEngineerMoscow)
	require.Equal(t, person.FullName(), saved.Name)
	require.Empty(t, saved.RegistryName)
	for field, change := range map[string]func(*profiles.ProfileForm){
		"website":         func(f *profiles.ProfileForm) { f.Website = "http://example.ru" },
		"email":           func(f *profiles.ProfileForm) { f.Email = "нет" },
		"phone":           func(f *profiles.ProfileForm) { f.Phone = "12" },
		"experienceSince": func(f *profiles.ProfileForm) { f.ExperienceSince = &year },
		"regions[0]":      func(f *profiles.ProfileForm) { f.Regions = []string{"00"} },
		"works[1].kind": func(f *profiles.ProfileForm) {
			f.Works = []profiles.Work{{Kind: "map-plan"}, {Kind: "map-plan", Price: &price}}
		},
		"photo":       func(f *profiles.ProfileForm) { id := uuid.New(); f.Photo = &id },
		"diplomas[0]": func(f *profiles.ProfileForm) { f.Diplomas = []profiles.NamedFile{{File: uuid.New()}} },
	} {
		found := save(engineer, change).Problem()
		require.Equal(t, problems.Validation, found.Code, field)
		require.Equal(t, []string{field}, apitest.Fields(found))
	}
	require.Equal(t, []string{"ogrnip"}, apitest.Fields(saveWork(engineer, func(f *profiles.WorkForm) { f.OGRNIP = "304500116000158" }).Problem()))
	require.Equal(t, []string{"documentDate"}, apitest.Fields(saveWork(engineer, func(f *profiles.WorkForm) { f.DocumentDate = "2199-01-01" }).Problem()))

	p.Exec(`update engineers set last_name = 'Орлов-Соколов' where id = $1`, p.EngineerID(synthetic.LoginEngineerMoscow))
	p.Exec(`update engineers set registry_entry = '{"status": "active", "sro_in": "2016-05-01", "sro_number": "7",
		"disciplinary": [{"date": "2020-01-02", "kind": "Замечание", "ground": "Жалоба", "until": ""}],
		"results": [{"period": "2024", "filed": 10, "refusals": 1, "suspensions": 2}, {"period": "2025", "filed": 20, "refusals": 0, "suspensions": 0}]}'
		where id = $1`, p.EngineerID(synthetic.LoginEngineerMoscow))
	shown := profileOf(engineer)
	require.Equal(t, person.FullName(), shown.Name, "the name is ЕСИА's")
	require.Contains(t, *shown.RegistryName, "Орлов-Соколов")
	require.Equal(t, "2025", shown.Registry.Results[0].Period)
	require.Equal(t, "Замечание", shown.Registry.Disciplinary[0].Kind)
	require.Equal(t, "2016-05-01", shown.Registry.SROIn)
}

// An engineer who has an employer cannot become a sole proprietor. One whom ЕСИА reports as a sole
// proprietor cannot name another ОГРНИП.
func TestFormOfWorkFollowsEmployerAndESIA(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-7", "R-KPROF-10")
	p := apitest.Start(t)
	employee := p.Engineer(synthetic.LoginEmployeeFirst)
	refused := saveWork(employee, func(f *profiles.WorkForm) { f.Form, f.OGRNIP = "entrepreneur", business }).Problem()
	require.Equal(t, problems.HasEmployer, refused.Code)
	require.Contains(t, refused.Detail, "«Удалить»")
	require.Equal(t, "employee", profileOf(employee).Form)

	engineer := p.Engineer(synthetic.LoginEngineerMoscow)
	p.Exec(`with person as (select person_id as id from engineers where id = $1),
		party as (insert into parties (id, kind, person_id, name, ogrn) select gen_random_uuid(), 'entrepreneur', id, 'ИП', $2 from person returning id)
		insert into representatives (person_id, party_id, chief, active, read_at) select person.id, party.id, true, true, now() from person, party`,
		p.EngineerID(synthetic.LoginEngineerMoscow), business)
	require.Equal(t, business, profileOf(engineer).BusinessOGRNIP)
	require.Equal(t, []string{"ogrnip"}, apitest.Fields(saveWork(engineer, func(*profiles.WorkForm) {}).Problem()), "his old ОГРНИП is not that of ЕСИА")
	saveWork(engineer, func(f *profiles.WorkForm) { f.OGRNIP = business }).OK()
}

// Nobody but an engineer has such a profile.
func TestProfileIsForEngineersOnly(t *testing.T) {
	p := apitest.Start(t)
	for _, b := range []*apitest.Browser{p.Customer(synthetic.LoginCustomer), p.Employer(synthetic.LoginEmployerHead), p.Moderator()} {
		require.Equal(t, problems.WrongRole, b.Do(http.MethodGet, address, nil).Problem().Code)
		require.Equal(t, problems.WrongRole, b.Do(http.MethodPut, address+"/receiving", apitest.Object{"receives": true}).Problem().Code)
		require.Equal(t, problems.WrongRole, b.Do(http.MethodPost, apitest.ProfileFiles, apitest.Object{
			"name": "a", "size": 1, "sha256": apitest.HexSum(nil), "purpose": "photo",
		}).Problem().Code)
	}
}
