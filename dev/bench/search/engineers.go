package search

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// engineerSearches are what people ask for. The names are made by the world of package synthetic.
var engineerSearches = []search{
	{"nothing, by rating", "", 0},
	{"nothing, by rating, after 1000", "", 1000},
	{"by completed orders", "sort=completed", 0},
	{"by experience", "sort=experience", 0},
	{"by price", "sort=price", 0},
	{"by name", "sort=name", 0},
	{"by name, after 1000", "sort=name", 1000},
	{"a last name", "name=Кузнецов", 0},
	{"a whole name", "name=Кузнецов Александр", 0},
	{"a misspelt last name", "name=Кузенцов", 0},
	{"a region", "region=77", 0},
	{"a region and a kind of work", "region=77&workKind=map-plan", 0},
	{"a kind of work by its price", "workKind=parcel-formation&sort=price", 0},
	{"a kind of work up to a price", "workKind=map-plan&priceTo=1000000&sort=price", 0},
	{"rating from 4.5", "ratingFrom=4.5&receives=true", 0},
	{"experience from 20, rating from 4", "experienceFrom=20&ratingFrom=4&form=entrepreneur", 0},
	{"a part of a registry number", "number=1234", 0},
	{"an СРО and a region", "sro=кадастр&region=50", 0},
	{"nothing that exists", "name=Ъъъъъъ&region=77", 0},
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
		{`insert into engineer_profiles (engineer_id, experience_since) select id, 1985 + abs(hashtext(snils)) % 41 from engineers on conflict do nothing`, nil},
		{`insert into engineer_works (engineer_id, work_kind, price)
			select e.id, k, nullif(abs(hashtext(e.snils || k)) % 50, 0) * 100000 from engineers e cross join unnest($1::text[]) k where hashtext(k || e.snils) % 2 = 0 on conflict do nothing`, []any{kinds}},
		{`insert into engineer_statistics (engineer_id, marks, mark_sum, completed, last_active_at)
			select id, m, m * 3 + abs(hashtext(snils)) % (2 * m + 1), m + 2, now() from (select id, snils, 1 + abs(hashtext(registry_number)) % 40 as m from engineers) e on conflict do nothing`, nil},
		{`delete from engineer_listing`, nil},
		{`insert into engineer_listing select * from listed_engineers`, nil},
		{`select list_works(array(select engineer_id from engineer_listing))`, nil},
		{`delete from name_spellings`, nil},
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
