package db_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/acceptance"
	"epkr/internal/testenv"
)

// openOrders inserts orders of every kind, with what their list needs.
const openOrders = `
	insert into people (id, esia_oid, snils, last_name, first_name) values (md5('p')::uuid, '1', '1', 'А', 'Б');
	insert into parties (id, kind, person_id, name) values (md5('c')::uuid, 'person', md5('p')::uuid, 'А');
	insert into parties (id, kind, esia_oid, name) values (md5('o')::uuid, 'organisation', '2', 'О');
	insert into message_bodies (id, order_id, author_id, body, sha256)
		select md5('b' || n)::uuid, md5(n::text)::uuid, md5('p')::uuid, jsonb_build_object('address', 'ул. ' || case when n % 40 = 0 then 'Редкая' else 'Мира' end || ', дом-' || n),
			repeat('0', 64)
		from generate_series(1, 400) n;
	insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, waits_since, created_at, updated_at,
			published_at, region, work_kind, price, prepayment, term_date, term_days, responses, form_id)
		select md5(n::text)::uuid, '2026-' || lpad(n::text, 6, '0'), 1, '{}', s.stage, s.stage, md5(case when n % 3 = 0 then 'o' else 'c' end)::uuid,
			md5('p')::uuid, now(), now(), now(), timestamptz '2026-01-01' + (n / 4) * interval '1 hour', '0' || n % 4,
			case when n % 2 = 0 then 'map-plan' else 'parcel-formation' end, nullif(n % 5, 0) * 100, n % 3 = 1,
			case when n % 3 = 0 then date '2026-03-01' + n % 17 end, case when n % 3 = 1 then 1 + n % 20 end, n % 6, md5('b' || n)::uuid
		from generate_series(1, 400) n cross join lateral (select case when n % 10 = 9 then 'draft' else 'selection' end as stage) s;`

// naive lists the orders as plainly as possible.
const naive = `
	select o.id from orders o join parties c on c.id = o.customer_id
	where o.stage = 'selection' and o.region = any($1) and (cardinality($2::text[]) = 0 or o.work_kind = any($2)) and (cardinality($3::text[]) = 0 or c.kind = any($3))
	  and o.number like all ($4) and o.place like all ($5) and ($6::date is null or o.term_date <= $6) and ($7::integer is null or o.term_days <= $7)
	  and (not $8 or o.responses = 0) and (not $9 or o.prepayment) and (not $10 or o.price is not null)
	order by case when $11 then coalesce(o.term_date - $12::date, o.term_days, 1000000) end, case when $11 then o.published_at end, o.published_at desc, o.id`

// The pages of a search are the orders that fit in the order of the list, however they are found,
// and its total is their number up to a limit.
func TestOpenOrdersAreListedPageByPage(t *testing.T) {
	t.Parallel()
	acceptance.Covers(t, "R-KORD-3", "R-KORD-4", "R-KORD-5", "R-KORD-6", "R-KORD-7", "S-27")
	url := testenv.Database(t)
	testenv.Exec(t, url, openOrders)
	store, err := db.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	today := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	for i, change := range []func(p *sqlcgen.OpenOrdersParams){
		func(*sqlcgen.OpenOrdersParams) {},
		func(p *sqlcgen.OpenOrdersParams) { p.Regions = []string{"01", "01", "03"} },
		func(p *sqlcgen.OpenOrdersParams) { p.WorkKinds = []string{"map-plan"} },
		func(p *sqlcgen.OpenOrdersParams) {
			p.Regions, p.WorkKinds = []string{"00", "03"}, []string{"map-plan", "map-plan", "parcel-formation"}
		},
		func(p *sqlcgen.OpenOrdersParams) { p.CustomerKinds = []string{"organisation"} },
		func(p *sqlcgen.OpenOrdersParams) { p.NumberParts = []string{"%00012%"} },
		func(p *sqlcgen.OpenOrdersParams) { p.PlaceWords = []string{"%мира%", "%ул%"} },
		func(p *sqlcgen.OpenOrdersParams) { p.PlaceWords = []string{"%редк%"} },
		func(p *sqlcgen.OpenOrdersParams) { p.PlaceWords = []string{"%едка%", "% д%", "%ом%"} },
		func(p *sqlcgen.OpenOrdersParams) { p.PlaceWords = []string{"% 7%"} },
		func(p *sqlcgen.OpenOrdersParams) { p.PlaceWords = []string{"%111%", "%неизвестн%"} },
		func(p *sqlcgen.OpenOrdersParams) { p.PlaceWords = []string{"%1%"} }, // rare in many regions, but too many words
		func(p *sqlcgen.OpenOrdersParams) {
			p.PlaceWords, p.NumberParts, p.WorkKinds = []string{"%редк%"}, []string{"%2026%"}, []string{"map-plan"}
		},
		func(p *sqlcgen.OpenOrdersParams) { p.TermDateTo = new(today) },
		func(p *sqlcgen.OpenOrdersParams) { p.TermDaysTo = new(int32(7)) },
		func(p *sqlcgen.OpenOrdersParams) { p.TermDaysTo, p.TermDateTo = new(int32(7)), new(today) },
		func(p *sqlcgen.OpenOrdersParams) { p.WithoutResponses = true },
		func(p *sqlcgen.OpenOrdersParams) { p.Prepayment, p.Priced = true, true },
		func(p *sqlcgen.OpenOrdersParams) { p.Regions = []string{"99"} },
	} {
		for _, list := range []struct {
			sort string
			// more regions, without orders, make the regions so many that they are walked as one.
			more []string
		}{
			{"published", nil},
			{"urgency", nil},
			{"published", strings.Split("10 11 12 13 14 15 16 17 18 19 20", " ")},
			{"urgency", strings.Split("10 11 12 13 14 15 16 17 18 19 20", " ")},
		} {
			t.Run(fmt.Sprintf("%d by %s, %d more regions", i+1, list.sort, len(list.more)), func(t *testing.T) {
				p := sqlcgen.OpenOrdersParams{
					Regions: []string{"00", "01", "02", "03"}, WorkKinds: []string{}, CustomerKinds: []string{}, NumberParts: []string{}, PlaceWords: []string{},
					Sort: list.sort, Today: today, After1: math.MinInt64, After2: math.MinInt64, Page: 21, Most: 100,
				}
				change(&p)
				p.Regions = append(p.Regions, list.more...)
				want := testenv.Column[uuid.UUID](t, url, naive, p.Regions, p.WorkKinds, p.CustomerKinds, p.NumberParts, p.PlaceWords, p.TermDateTo, p.TermDaysTo,
					p.WithoutResponses, p.Prepayment, p.Priced, list.sort == "urgency", today)
				var got []uuid.UUID
				for {
					rows, err := store.OpenOrders(t.Context(), p)
					require.NoError(t, err)
					if p.Most > 0 && len(rows) > 0 {
						require.EqualValues(t, min(len(want), 100), rows[0].Total)
					}
					for _, r := range rows {
						got = append(got, r.ID)
					}
					if len(rows) < int(p.Page) {
						break
					}
					last := rows[len(rows)-1]
					p.After1, p.After2, p.AfterID, p.Most = last.Key1, last.Key2, last.ID, 0
				}
				require.True(t, slices.Equal(want, got), "want %v, got %v", want, got)
			})
		}
	}
}

// The list has exactly the orders that await their engineer, as they are now, whatever changes them.
func TestOpenOrdersFollowTheirOrders(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	testenv.Exec(t, url, openOrders)
	for _, change := range []string{
		``,
		`update orders set responses = responses + 1 where region = '01'`,
		`update orders set price = 5, work_kind = 'map-plan', region = '02', term_date = null, term_days = 3, prepayment = true where region = '00'`,
		`update orders set form_id = md5('b40')::uuid where region = '03'`,
		`with f as (insert into message_bodies (id, order_id, author_id, body, sha256)
			values (md5('new')::uuid, md5('1')::uuid, md5('p')::uuid, '{"address": "пр. Новый"}', repeat('0', 64)) returning id)
			update orders set form_id = f.id from f where orders.region = '03'`,
		`update orders set stage = 'cancelled', shown_stage = 'cancelled', cause = 'customer' where stage = 'selection' and region = '01'`,
		`update orders set stage = 'selection', shown_stage = 'selection' where stage = 'draft'`,
		`delete from orders where region = '02'`,
	} {
		if change != "" {
			testenv.Exec(t, url, change)
		}
		differences := testenv.Scalar[int64](t, url, `select count(*) from (
			(select * from open_orders except select * from listed_open_orders) union all (select * from listed_open_orders except select * from open_orders)) d`)
		require.Zero(t, differences, change)
		require.NotZero(t, testenv.Scalar[int64](t, url, `select count(*) from open_orders`))
		unknown := testenv.Column[string](t, url, `select distinct w from open_orders o cross join unnest(string_to_array(trim(o.place), ' ')) w
			where ' ' || w || ' ' not in (select word from known_place_words)`)
		require.Empty(t, unknown, change)
	}
}
