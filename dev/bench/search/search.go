// Package search measures the search of engineers: the usual combinations of criteria and every
// sorting, by eight clients at once over HTTP, in a list of fifty thousand engineers.
//
// The engineers are rows made for the measurement; nobody signs in as one of them. The package
// measures only the API's answers.
package search

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/dev/bench/report"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

const (
	// limit is the required 95th percentile in milliseconds.
	limit   = 30.0
	clients = 8
)

// searches are what people ask for. The names are made by the world of package synthetic.
var searches = []struct{ what, query string }{
	{"nothing, by rating", ""},
	{"by completed orders", "sort=completed"},
	{"by experience", "sort=experience"},
	{"by price", "sort=price"},
	{"by name", "sort=name"},
	{"the tenth page's depth", "limit=100&sort=name"},
	{"a last name", "name=Кузнецов"},
	{"a whole name", "name=Кузнецов Александр"},
	{"a misspelt last name", "name=Кузенцов"},
	{"a region", "region=77"},
	{"a region and a kind of work", "region=77&workKind=map-plan"},
	{"a kind of work by its price", "workKind=parcel-formation&sort=price"},
	{"a kind of work up to a price", "workKind=map-plan&priceTo=1000000&sort=price"},
	{"rating from 4.5", "ratingFrom=4.5&receives=true"},
	{"experience from 20, rating from 4", "experienceFrom=20&ratingFrom=4&form=entrepreneur"},
	{"a part of a registry number", "number=1234"},
	{"an СРО and a region", "sro=кадастр&region=50"},
	{"nothing that exists", "name=Ъъъъъъ&region=77"},
}

// Run measures every search. The listed engineers have profiles, on average five kinds of work each,
// and marks. Each client is another signed-in customer and sends the same search one time after
// another; a time is that of a whole answer over HTTP, with the session, the page of twenty lines
// and the total. Servers, API and clients share the machine.
func Run(ctx context.Context, s platform.Servers) (report.Section, error) {
	engineers, requests := 50_000, 400
	if s.Quick {
		engineers, requests = 500, 16
	}
	p, err := platform.Start(ctx, s, "search")
	if err != nil {
		return report.Section{}, err
	}
	p.Progressf("listing %d engineers", engineers)
	if err := list(ctx, p.Database.URL, engineers); err != nil {
		return report.Section{}, err
	}
	customers, _, err := people.SignIn(ctx, p, clients, nil)
	if err != nil {
		return report.Section{}, err
	}
	section := report.Section{
		Title:   fmt.Sprintf("The search of %d engineers", engineers),
		Columns: []string{"search", "found", "p50, ms", "p95, ms"},
	}
	var worst float64
	for _, one := range searches {
		p.Progressf("%s", one.what)
		times, found, err := measure(ctx, customers, address(one.query), requests)
		if err != nil {
			return report.Section{}, err
		}
		p50, p95 := times[len(times)/2], times[len(times)*95/100]
		worst = max(worst, milliseconds(p95))
		section.Rows = append(section.Rows, []string{one.what, found, fmt.Sprintf("%.1f", milliseconds(p50)), fmt.Sprintf("%.1f", milliseconds(p95))})
	}
	section.Targets = []report.Target{report.AtMost("the slowest search, 95th percentile", "%.1f ms", worst, limit)}
	return section, nil
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func address(query string) string {
	values, err := url.ParseQuery(query)
	if err != nil { // a constant
		panic(err)
	}
	return "/api/engineers?" + values.Encode()
}

// measure sends the requests by all clients and returns the sorted times, and how many engineers
// were found.
func measure(ctx context.Context, customers []people.Person, path string, requests int) (times []time.Duration, found string, err error) {
	times = make([]time.Duration, requests)
	var page struct {
		Total int64
		More  bool
	}
	for _, c := range customers { // warm connections and caches
		if err := c.Get(ctx, path, &page); err != nil {
			return nil, "", err
		}
	}
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for _, c := range customers {
		group.Go(func() error {
			for {
				i := next.Add(1) - 1
				if i >= int64(requests) {
					return nil
				}
				began := time.Now()
				if err := c.Get(ctx, path, nil); err != nil {
					return err
				}
				times[i] = time.Since(began)
			}
		})
	}
	err = group.Wait()
	slices.Sort(times)
	found = fmt.Sprint(page.Total)
	if page.More {
		found += "+"
	}
	return times, found, err
}

// list fills the public list. The triggers are off meanwhile: what they would do row by row is done
// at once afterwards.
func list(ctx context.Context, database string, n int) error {
	conn, err := pgx.Connect(ctx, database)
	if err != nil {
		return fmt.Errorf("reaching the database: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	world := synthetic.New(1).Engineers
	var last, first, middle []string
	for i := range n {
		p := world[i%len(world)].Person
		last, first, middle = append(last, p.LastName), append(first, p.FirstName), append(middle, p.MiddleName)
	}
	kinds := make([]string, 0, len(order.WorkKinds()))
	for _, k := range order.WorkKinds() {
		kinds = append(kinds, string(k.Code))
	}
	for _, statement := range []struct {
		text string
		args []any
	}{
		{"alter table engineers disable trigger user", nil},
		{"alter table engineer_profiles disable trigger user", nil},
		{"alter table engineer_works disable trigger user", nil},
		{"alter table engineer_statistics disable trigger user", nil},
		{`insert into engineers (id, snils, registry_number, last_name, first_name, middle_name, sro, in_registry, registry_as_of, form, receives_orders, profile_complete, regions)
			select gen_random_uuid(), 'bench ' || n, (100000 + n)::text, l, f, m, 'Ассоциация «Кадастр» № ' || n % 18, true, now(),
				case when n % 3 = 0 then 'employee' else 'entrepreneur' end, n % 5 > 0, true, array[lpad((1 + n % 85)::text, 2, '0'), lpad((1 + n / 85 % 85)::text, 2, '0')]
			from unnest($1::text[], $2::text[], $3::text[]) with ordinality as x (l, f, m, n)`, []any{last, first, middle}},
		{`insert into engineer_profiles (engineer_id, experience_since) select id, 1985 + abs(hashtext(snils)) % 41 from engineers`, nil},
		{`insert into engineer_works (engineer_id, work_kind, price)
			select e.id, k, nullif(abs(hashtext(e.snils || k)) % 50, 0) * 100000 from engineers e cross join unnest($1::text[]) k where hashtext(k || e.snils) % 2 = 0`, []any{kinds}},
		{`insert into engineer_statistics (engineer_id, marks, mark_sum, completed, last_active_at)
			select id, m, m * 3 + abs(hashtext(snils)) % (2 * m + 1), m + 2, now() from (select id, snils, 1 + abs(hashtext(registry_number)) % 40 as m from engineers) e`, nil},
		{`delete from engineer_listing`, nil},
		{`insert into engineer_listing select * from listed_engineers`, nil},
		{`select spell_names(array(select engineer_id from engineer_listing))`, nil},
		{"alter table engineers enable trigger user", nil},
		{"alter table engineer_profiles enable trigger user", nil},
		{"alter table engineer_works enable trigger user", nil},
		{"alter table engineer_statistics enable trigger user", nil},
		{"vacuum (analyze)", nil},
	} {
		if _, err := conn.Exec(ctx, statement.text, statement.args...); err != nil {
			return fmt.Errorf("listing engineers: %w", err)
		}
	}
	return nil
}
