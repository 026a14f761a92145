package engineers_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/engineers"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// someone is an engineer of the test's list.
type someone struct {
	last, first, number, sro, regions, form, works string
	years                                          int
	// price is the price of every kind of his works in kopecks; 0 is by agreement.
	price            int
	off              bool
	marks, completed []int
}

// people are the engineers of the test. Their last names begin with «Я», so that the seeded ones
// are left out by a search for a name.
var someones = []someone{
	{last: "Якузнецов", first: "Пётр", number: "101", sro: "Ассоциация «Кадастр Севера»", regions: "77,50", form: "entrepreneur", works: "parcel-formation", years: 20, price: 900_000, marks: []int{5, 4}, completed: []int{1, 1}},
	{last: "Якиселёв", first: "Иван", number: "102", sro: "СРО «Межа»", regions: "16", form: "entrepreneur", works: "parcel-formation,map-plan", years: 3, price: 500_000, marks: []int{4}, completed: []int{1}},
	{last: "Яримский-Корсаков", first: "Лев", number: "2203", sro: "СРО «Межа»", regions: "50", form: "employee", works: "map-plan", years: 10, marks: []int{5}},
	{last: "Яли", first: "Анна", number: "104", sro: "СРО «Межа»", regions: "77", form: "employee", works: "layout-scheme", years: 1, price: 100_000, off: true},
}

// list adds the engineers to the platform's registry, with complete profiles. It returns their ids.
func list(p *apitest.Platform) []string {
	p.T.Helper()
	ids := make([]string, len(someones))
	for i, e := range someones {
		id := uuid.NewString()
		ids[i] = id
		p.Exec(`insert into engineers (id, snils, registry_number, last_name, first_name, sro, in_registry, registry_as_of, form, employer_id, employment,
				receives_orders, profile_complete, regions)
			values ($1, $2, $3, $4, $5, $6, true, now(), $7, (select id from parties where is_employer and $7 = 'employee' order by name limit 1),
				case $7 when 'employee' then 'confirmed' else '' end, $8, true, string_to_array($9, ','))`,
			id, fmt.Sprintf("%011d", 90_000_000_000+i), e.number, e.last, e.first, e.sro, e.form, !e.off, e.regions)
		p.Exec(`insert into engineer_profiles (engineer_id, experience_since) values ($1, $2)`, id, p.Deps.Now().Year()-e.years)
		for kind := range strings.SplitSeq(e.works, ",") {
			p.Exec(`insert into engineer_works (engineer_id, work_kind, price) values ($1, $2, nullif($3::bigint, 0))`, id, kind, e.price)
		}
		sum := 0
		for _, mark := range e.marks {
			sum += mark
		}
		if len(e.marks) > 0 {
			p.Exec(`insert into engineer_statistics (engineer_id, marks, mark_sum, completed, in_work, steps, last_active_at) values ($1, $2, $3, $4, 2, 5, now())`,
				id, len(e.marks), sum, len(e.completed))
		}
	}
	return ids
}

type found struct {
	Items     []engineers.ListedEngineer
	Next      string
	Total     int64
	More      bool
	Corrected bool
}

func search(b *apitest.Browser, query string) (page found) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, "/api/engineers?"+query, nil).OK().Into(&page)
	return page
}

// lastNames returns the last names of the found, in their order.
func (f found) lastNames() []string {
	names := []string{}
	for _, e := range f.Items {
		names = append(names, strings.Fields(e.Name)[0])
	}
	return names
}

func TestEngineersAreFoundByEachCriterion(t *testing.T) {
	acceptance.Covers(t, "R-CUST-7", "R-CUST-8", "R-CUST-9", "R-EMP-9", "C-12")
	p := apitest.Start(t)
	list(p)
	customer := p.Customer(synthetic.LoginCustomer)
	for query, names := range map[string][]string{
		"name=якузнецов":             {"Якузнецов"},
		"name=ЯКИСЕЛЕВ":              {"Якиселёв"},
		"name=якиселёв":              {"Якиселёв"},
		"name=  якиселёв   иван ":    {"Якиселёв"},
		"name=иван якиселев":         {"Якиселёв"},
		"name=яримский корсаков лев": {"Яримский-Корсаков"},
		"name=Яримский — Корсаков":   {"Яримский-Корсаков"},
		"name=яли":                   {"Яли"},
		// One typing error in a word: a wrong, missing or additional letter, neighbours exchanged.
		"name=якузницов":        {"Якузнецов"},
		"name=якузнцов":         {"Якузнецов"},
		"name=якузнеццов":       {"Якузнецов"},
		"name=якузнецво":        {"Якузнецов"},
		"name=якузнецво петр":   {"Якузнецов"},
		"name=якузнецво иван":   {},
		"name=якозницов":        {},
		"name=яримскй корсаков": {"Яримский-Корсаков"},
		// A corrected name leaves the number as it was asked for.
		"name=якузницов&number=101":  {"Якузнецов"},
		"name=якузницов&number=2203": {},
		"name=якузнецов&number=нет":  {},

		"name=я&region=16&sort=name":                    {"Якиселёв"},
		"name=я&region=77&sort=name":                    {"Якузнецов", "Яли"},
		"name=я&region=77&region=16&sort=name":          {"Якиселёв", "Якузнецов", "Яли"},
		"name=я&workKind=map-plan&sort=name":            {"Якиселёв", "Яримский-Корсаков"},
		"name=я&priceTo=500000&sort=name":               {"Якиселёв", "Яли"},
		"name=я&workKind=parcel-formation&priceTo=1000": {},
		"name=я&workKind=map-plan&priceTo=500000":       {"Якиселёв"},
		"name=я&ratingFrom=4.5":                         {"Яримский-Корсаков", "Якузнецов"},
		"name=я&ratingFrom=4.51":                        {"Яримский-Корсаков"},
		"name=я&experienceFrom=10&sort=name":            {"Якузнецов", "Яримский-Корсаков"},
		"name=я&form=employee&sort=name":                {"Яли", "Яримский-Корсаков"},
		"name=я&receives=true&sort=name":                {"Якиселёв", "Якузнецов", "Яримский-Корсаков"},
		"sro=межа&name=я&sort=name":                     {"Якиселёв", "Яли", "Яримский-Корсаков"},
		"sro=КАДАСТР севера&name=я":                     {"Якузнецов"},
		"number=2203":                {"Яримский-Корсаков"},
		"number=10&name=я&sort=name": {"Якиселёв", "Якузнецов", "Яли"},

		"name=я":                                      {"Яримский-Корсаков", "Якузнецов", "Якиселёв", "Яли"},
		"name=я&sort=completed":                       {"Якузнецов", "Якиселёв", "Яли", "Яримский-Корсаков"},
		"name=я&sort=experience":                      {"Якузнецов", "Яримский-Корсаков", "Якиселёв", "Яли"},
		"name=я&sort=price":                           {"Яли", "Якиселёв", "Якузнецов", "Яримский-Корсаков"},
		"name=я&sort=price&workKind=map-plan":         {"Якиселёв", "Яримский-Корсаков"},
		"name=я&sort=price&workKind=parcel-formation": {"Якиселёв", "Якузнецов"},
	} {
		t.Run(query, func(t *testing.T) {
			values, err := url.ParseQuery(query)
			require.NoError(t, err)
			page := search(customer, values.Encode())
			if query == "name=я&sort=completed" {
				require.ElementsMatch(t, names, page.lastNames())
				require.Equal(t, names[:2], page.lastNames()[:2])
				return
			}
			require.ElementsMatch(t, names, page.lastNames())
			if strings.Contains(query, "sort") || strings.HasPrefix(query, "name=я&ratingFrom") || query == "name=я" {
				require.Equal(t, sortedAs(query, names), page.lastNames())
			}
			require.EqualValues(t, len(names), page.Total)
			require.Empty(t, page.Next)
		})
	}
	require.True(t, search(customer, "name="+url.QueryEscape("якузницов")).Corrected)
	require.False(t, search(customer, "name="+url.QueryEscape("якузнецов")).Corrected)
	require.False(t, search(customer, "name="+url.QueryEscape("якузнецов")+"&number="+url.QueryEscape("нет")).Corrected)
	require.Equal(t, problems.Validation, customer.Do(http.MethodGet, "/api/engineers?sort=snils", nil).Problem().Code)
	require.Equal(t, problems.Validation, customer.Do(http.MethodGet, "/api/engineers?ratingFrom=6", nil).Problem().Code)
}

// sortedAs returns the names in the order of the list: by name where that is asked for.
func sortedAs(query string, names []string) []string {
	if !strings.Contains(query, "sort=name") {
		return names
	}
	sorted := slices.Clone(names)
	slices.SortFunc(sorted, func(a, b string) int {
		return strings.Compare(strings.ReplaceAll(a, "ё", "е"), strings.ReplaceAll(b, "ё", "е"))
	})
	return sorted
}

func TestEveryColumnOfTheListIsFilled(t *testing.T) {
	acceptance.Covers(t, "R-CUST-8", "R-GEN-7", "R-KPROF-2", "C-12", "S-26")
	p := apitest.Start(t)
	ids := list(p)
	employer := p.Employer(synthetic.LoginEmployerHead)
	one := search(employer, "name="+url.QueryEscape("якузнецов")).Items[0]
	require.Equal(t, ids[0], one.ID.String())
	require.Equal(t, "ИП Якузнецов Пётр", one.Business)
	require.Equal(t, engineers.Entrepreneur, one.Form)
	require.InDelta(t, 4.5, *one.Statistics.Rating, 0)
	require.EqualValues(t, 2, one.Statistics.Marks)
	require.EqualValues(t, 2, one.Statistics.Completed)
	require.EqualValues(t, 42, *one.Statistics.Progress, "five of twelve steps")
	require.EqualValues(t, 20, *one.Experience)
	require.EqualValues(t, 900_000, *one.PriceFrom)
	require.Equal(t, "Москва", one.Regions[0].Label)
	require.Empty(t, one.Photo)
	employed := search(employer, "number=2203").Items[0]
	require.NotEmpty(t, employed.Business, "the employer's name")
	require.Nil(t, employed.PriceFrom, "by agreement")
	p.Exec(`update engineers set employment = 'pending' where id = $1`, ids[2])
	require.Empty(t, search(employer, "number=2203").Items[0].Business, "an employer who has not confirmed him is not named")

	// The name is ЕСИА's once he has signed in.
	p.Exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, 'n', '90000000000', 'Яновый', 'Пётр')`, ids[0])
	p.Exec(`update engineers set person_id = $1 where id = $1`, ids[0])
	require.Equal(t, "Яновый Пётр", search(employer, "name="+url.QueryEscape("Яновый")).Items[0].Name)
	p.Exec(`update people set last_name = 'Яновейший' where id = $1`, ids[0])
	require.Equal(t, "Яновейший Пётр", search(employer, "name="+url.QueryEscape("яновейший")).Items[0].Name)
	require.Empty(t, search(employer, "name="+url.QueryEscape("яновый")).Items, "the former name")
	require.Equal(t, "Яновейший Пётр", search(employer, "name="+url.QueryEscape("якузнецов")).Items[0].Name, "the registry's name finds him too")
}

func TestPagesOfEverySortingHaveEveryEngineerOnce(t *testing.T) {
	acceptance.Covers(t, "R-CUST-9")
	p := apitest.Start(t)
	list(p)
	customer := p.Customer(synthetic.LoginCustomer)
	for _, query := range []string{"sort=rating", "sort=completed", "sort=experience", "sort=price", "sort=name", "sort=price&workKind=map-plan", "name=" + url.QueryEscape("якузницов")} {
		all := search(customer, query+"&limit=100").lastNames()
		var paged []string
		for cursor := ""; ; {
			page := search(customer, query+"&limit=1&cursor="+cursor)
			require.EqualValues(t, len(all), page.Total, query)
			paged = append(paged, page.lastNames()...)
			if cursor = page.Next; cursor == "" {
				break
			}
		}
		require.Equal(t, all, paged, query)
	}
	first := search(customer, "sort=rating&limit=1")
	require.Equal(t, problems.Validation, customer.Do(http.MethodGet, "/api/engineers?sort=name&cursor="+first.Next, nil).Problem().Code)
}

// A search by the price of one kind of work reads a table of its own, which follows every change.
func TestPriceOfOneKindOfWorkFollowsItsCauses(t *testing.T) {
	acceptance.Covers(t, "R-CUST-9")
	p := apitest.Start(t)
	ids := list(p)
	customer := p.Customer(synthetic.LoginCustomer)
	requireFound := func(what string, names ...string) {
		t.Helper()
		page := search(customer, "name="+url.QueryEscape("я")+"&workKind=map-plan&priceTo=1000000&sort=price")
		require.Equal(t, append([]string{}, names...), page.lastNames(), what)
		require.EqualValues(t, len(names), page.Total, what)
	}
	requireFound("at first", "Якиселёв")
	p.Exec(`update engineer_works set price = 400000 where engineer_id = $1 and work_kind = 'map-plan'`, ids[2])
	requireFound("a price was named", "Яримский-Корсаков", "Якиселёв")
	p.Exec(`update engineer_works set price = 500000 where engineer_id = $1 and work_kind = 'map-plan'`, ids[2])
	requireFound("equal prices go by name", "Якиселёв", "Яримский-Корсаков")
	p.Exec(`update engineers set last_name = 'Яакиселёв' where id = $1`, ids[2])
	requireFound("a new name", "Яакиселёв", "Якиселёв")
	p.Exec(`delete from engineer_works where engineer_id = $1 and work_kind = 'map-plan'`, ids[1])
	requireFound("a work was removed", "Яакиселёв")
	p.Exec(`update engineers set blocked = true where id = $1`, ids[2])
	requireFound("blocked")
	p.Exec(`update engineers set blocked = false where id = $1`, ids[2])
	requireFound("listed again", "Яакиселёв")
}

func TestListingFollowsItsCauses(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-12", "R-KPROF-13", "R-FAQ-2")
	p := apitest.Start(t)
	id := list(p)[0]
	customer := p.Customer(synthetic.LoginCustomer)
	listed := func() bool {
		found := len(search(customer, "name="+url.QueryEscape("якузнецов")).Items) == 1
		for _, path := range []string{"/api/engineers/" + id, "/api/engineers/" + id + "/reviews", "/api/engineers/" + id + "/offerable-orders"} {
			a := customer.Do(http.MethodGet, path, nil)
			if found {
				require.Equal(t, http.StatusOK, a.Status, path)
			} else {
				require.Equal(t, problems.EngineerNotListed, a.Problem().Code, path)
			}
		}
		var compared struct{ Items []engineers.ComparedEngineer }
		customer.Do(http.MethodGet, "/api/engineer-comparison?id="+id, nil).OK().Into(&compared)
		require.Equal(t, found, len(compared.Items) == 1)
		return found
	}
	require.True(t, listed())
	for _, cause := range []struct{ off, on string }{
		{`blocked = true`, `blocked = false`},
		{`in_registry = false`, `in_registry = true`},
		{`profile_complete = false`, `profile_complete = true`},
	} {
		p.Exec(`update engineers set `+cause.off+` where id = $1`, id)
		require.False(t, listed(), cause.off)
		p.Exec(`update engineers set `+cause.on+` where id = $1`, id)
		require.True(t, listed(), cause.on)
	}
	require.Equal(t, problems.EngineerNotListed, customer.Do(http.MethodGet, "/api/engineers/"+uuid.NewString(), nil).Problem().Code,
		"who never was in the list looks the same")
	require.Equal(t, http.StatusUnauthorized, p.Browser().Do(http.MethodGet, "/api/engineers", nil).Status)
	require.Equal(t, []string{"engineer-off"}, []string{synthetic.LoginEngineerOff})
	off := p.EngineerID(synthetic.LoginEngineerOff)
	var profile engineers.PublicProfile
	customer.Do(http.MethodGet, "/api/engineers/"+off, nil).OK().Into(&profile)
	require.False(t, profile.ReceivesOrders, "who takes no orders stays in the list, and says so")
}

func TestComparisonHasAtMostFourInTheirOrder(t *testing.T) {
	acceptance.Covers(t, "R-CUST-7")
	p := apitest.Start(t)
	ids := list(p)
	customer := p.Customer(synthetic.LoginCustomer)
	path := func(ids ...string) string { return "/api/engineer-comparison?id=" + strings.Join(ids, "&id=") }
	var compared struct{ Items []engineers.ComparedEngineer }
	customer.Do(http.MethodGet, path(ids[2], ids[0], uuid.NewString(), ids[1]), nil).OK().Into(&compared)
	require.Len(t, compared.Items, 3)
	for i, want := range []string{ids[2], ids[0], ids[1]} {
		require.Equal(t, want, compared.Items[i].ID.String())
	}
	require.Equal(t, "map-plan", compared.Items[0].Works[0].Kind.Code)
	require.Equal(t, problems.Validation, customer.Do(http.MethodGet, path(append(ids, uuid.NewString())...), nil).Problem().Code, "a fifth")
	require.Equal(t, problems.Validation, customer.Do(http.MethodGet, path(ids[0], ids[0]), nil).Problem().Code, "the same twice")
	require.Equal(t, problems.Validation, customer.Do(http.MethodGet, "/api/engineer-comparison", nil).Problem().Code)
}

func TestOrdersThatMayBeOfferedSayWhyNot(t *testing.T) {
	acceptance.Covers(t, "R-CUST-7", "S-14")
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	moscow := p.EngineerID(synthetic.LoginEngineerMoscow)
	orders := func(b *apitest.Browser, engineer string) (reasons map[string]string) {
		var page struct {
			Items []struct {
				ID     uuid.UUID
				Reason string
			}
		}
		b.Do(http.MethodGet, "/api/engineers/"+engineer+"/offerable-orders", nil).OK().Into(&page)
		reasons = map[string]string{}
		for _, o := range page.Items {
			reasons[o.ID.String()] = o.Reason
		}
		return reasons
	}
	customer.CreateDraft()
	near, far := customer.PublishOrder("77"), customer.PublishOrder("16")
	reasons := orders(customer, moscow)
	require.Len(t, reasons, 2, "a draft is not offered")
	require.Empty(t, reasons[near.String()])
	require.Contains(t, reasons[far.String()], "регион")
	require.Empty(t, orders(p.Customer(synthetic.LoginSecondCustomer), moscow), "orders of somebody else")
	require.NotEmpty(t, orders(customer, p.EngineerID(synthetic.LoginEngineerOff))[near.String()])
	customer.RequireApplied(near, order.OfferOrder, apitest.Object{"details": apitest.Object{"engineer": moscow}})
	require.NotEmpty(t, orders(customer, moscow)[near.String()], "it is offered already")
	require.Equal(t, problems.WrongRole, p.Employer(synthetic.LoginEmployerHead).Do(http.MethodGet, "/api/engineers/"+moscow+"/offerable-orders", nil).Problem().Code)
}

// Nothing private is in any answer that everybody may read.
func TestPublicAnswersHaveNothingPrivate(t *testing.T) {
	acceptance.Covers(t, "R-CUST-7", "R-KPROF-4")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.EngineerID(synthetic.LoginEngineerMoscow)
	rated(p, customer, engineer, 5, "Всё сделано в срок")
	p.Exec(`update people set birth_date = '1971-02-03', phone = '+79990001122', email = 'private@example.test', inn = '500100732259' where snils = $1`,
		p.Person(synthetic.LoginEngineerMoscow).SNILS)
	p.Exec(`update engineers set email = 'work@example.test', registry_entry = jsonb_build_object('snils', snils, 'sro_in', '2019-05-06', 'last_name', 'Прежний',
		'disciplinary', jsonb_build_array(jsonb_build_object('date', '2024-01-02', 'kind', 'Предупреждение', 'ground', 'Просрочен отчёт')),
		'results', jsonb_build_array(jsonb_build_object('period', '2025', 'filed', 12, 'refusals', 1, 'suspensions', 2))) where id = $1`, id)
	p.Exec(`insert into files (id, profile_id, uploader_id, name, size, sha256, content_type, status, stored_at)
		select gen_random_uuid(), $1, person_id, n || '.pdf', 1, repeat('0', 64), 'application/pdf', 'stored', now() from engineers, unnest(array['трудовой договор', 'диплом']) n
		where id = $1`, id)
	p.Exec(`insert into engineer_files (file_id, engineer_id, purpose, title, position)
		select id, $1, case name when 'диплом.pdf' then 'diploma' else 'document' end, '', 1 from files where profile_id = $1
		on conflict do nothing`, id)
	var profile engineers.PublicProfile
	answers := map[string]string{}
	for _, path := range []string{"/api/engineers?limit=100", "/api/engineers/" + id, "/api/engineer-comparison?id=" + id, "/api/engineers/" + id + "/reviews"} {
		a := p.Customer(synthetic.LoginSecondCustomer).Do(http.MethodGet, path, nil).OK()
		answers[path] = string(a.Body)
		if path == "/api/engineers/"+id {
			a.Into(&profile)
		}
	}
	require.Equal(t, "work@example.test", profile.Email, "what he published for orders")
	require.Equal(t, "2019-05-06", profile.Registry.MemberOf)
	require.Equal(t, []engineers.DisciplinaryMeasure{{Date: "2024-01-02", Kind: "Предупреждение", Ground: "Просрочен отчёт"}}, profile.Registry.Measures)
	require.Equal(t, []engineers.ProfessionalActivity{{Period: "2025", Filed: 12, Refusals: 1, Suspensions: 2}}, profile.Registry.Results)
	require.Equal(t, time.Now().In(order.Moscow).Format(time.DateOnly), profile.Registry.AsOf)
	require.Len(t, profile.Files, 1)
	require.Equal(t, "диплом.pdf", profile.Files[0].Title)
	private := []string{"1971", "+79990001122", "private@example.test", "500100732259", "трудовой", "Прежний", "snils", "birth", "person"}
	for _, login := range []string{synthetic.LoginEngineerMoscow, synthetic.LoginCustomer} {
		private = append(private, p.Person(login).SNILS, p.Person(login).OID)
	}
	private = append(private, p.Person(synthetic.LoginCustomer).FullName(), p.Person(synthetic.LoginCustomer).LastName,
		testenv.Scalar[string](t, p.DatabaseURL, `select id::text from orders limit 1`), testenv.Scalar[string](t, p.DatabaseURL, `select number from orders limit 1`),
		testenv.Scalar[string](t, p.DatabaseURL, `select customer_id::text from orders limit 1`), testenv.Scalar[string](t, p.DatabaseURL, `select person_id::text from engineers where id = $1`, id))
	for path, body := range answers {
		for _, secret := range private {
			require.NotContains(t, body, secret, path)
		}
	}
	require.Contains(t, answers["/api/engineers/"+id+"/reviews"], "Всё сделано в срок")
}
