package db_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/searchtext"
	"epkr/internal/testenv"
)

// The database normalises stored text and package searchtext normalises queries: both are tested
// with the same vectors.
func TestDatabaseNormalisesTextAsSearchtextDoes(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	data, err := os.ReadFile("../internal/searchtext/testdata/vectors.json")
	require.NoError(t, err)
	var vectors []struct{ Text, Folded string }
	require.NoError(t, json.Unmarshal(data, &vectors))
	var texts, folded []string
	for _, v := range vectors {
		texts, folded = append(texts, v.Text), append(folded, v.Folded)
	}
	// Every character of the scripts that may occur, and of the planes of invisible characters,
	// between two letters.
	for _, block := range [][2]rune{{1, 0x3200}, {0xfe00, 0xfe10}, {0xfff0, 0xfffe}, {0x1bca0, 0x1bca8}, {0x1d170, 0x1d180}, {0xe0000, 0xe1000}} {
		for r := block[0]; r < block[1]; r++ {
			texts = append(texts, "a"+string(r)+"b")
			folded = append(folded, searchtext.Fold("a"+string(r)+"b"))
		}
	}
	got := testenv.Column[string](t, url, `select search_fold(t) from unnest($1::text[]) with ordinality as u(t, n) order by n`, texts)
	for i, text := range texts {
		require.Equal(t, folded[i], got[i], "%+q", text)
	}
}

func TestNamesAreSortedInRussianOrder(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	want := []string{
		"Абрамов Пётр", "Ежов Пётр", "Елкин Андрей", "Ёлкин Андрей", "елкин Борис", "Ёлкин Борис", "Еремин Пётр", "Жуков Пётр",
		"Петров-Водкин Кузьма", "Петров Захар", "Яковлев Пётр",
	}
	got := testenv.Column[string](t, url, `select n from unnest($1::text[]) as u(n) order by name_order(n)`, want)
	require.Equal(t, want, got)
}

// fillLargeTables inserts and analyzes 40,000 people, 10,000 engineers and as many published orders of 1,000
// customers; each search matches one row.
func fillLargeTables(t *testing.T) (url string) {
	t.Helper()
	url = testenv.Database(t)
	testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name)
		select md5('person' || n)::uuid, n, n, 'Петров' || md5(n::text), 'Иван' from generate_series(0, 39999) n`)
	testenv.Exec(t, url, `insert into parties (id, kind, person_id, name)
		select md5('party' || n)::uuid, 'person', md5('person' || n)::uuid, 'А' from generate_series(0, 999) n`)
	testenv.Exec(t, url, `insert into engineers (id, snils, registry_number, last_name, first_name, middle_name, in_registry, registry_as_of, profile_complete)
		select gen_random_uuid(), 's' || n, '77-' || n, 'Иванов' || md5(n::text), 'Сергей', 'Петрович', true, now(), true from generate_series(1, 10000) n`)
	testenv.Exec(t, url, `insert into engineers (id, snils, registry_number, last_name, first_name, middle_name, in_registry, registry_as_of, profile_complete)
		values (gen_random_uuid(), 'x', '99-777', 'Киселёв', 'Пётр', 'Ильич', true, now(), true)`)
	testenv.Exec(t, url, `update people set last_name = 'Киселёв', first_name = 'Пётр', middle_name = 'Ильич' where esia_oid = '777'`)
	testenv.Exec(t, url, `insert into security_events (kind, happened_at, person_id) select 'signed-in', now(), id from people`)
	testenv.Exec(t, url, `insert into message_bodies (id, order_id, author_id, body, sha256)
		select md5(n::text)::uuid, md5(n::text)::uuid, md5('person' || n % 1000)::uuid,
			jsonb_build_object('city', 'Город' || n, 'address', 'ул. Мира, ' || n), repeat('0', 64)
		from generate_series(1, 10000) n`)
	testenv.Exec(t, url, `update message_bodies set body = '{"city": "г. Улан-Удэ", "address": "пр-кт Строителей, 5"}' where id = md5('777')::uuid`)
	testenv.Exec(t, url, `insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, waits_since, created_at,
			updated_at, published_at, region, form_id)
		select md5(n::text)::uuid, '2026-' || lpad(n::text, 6, '0'), 1, '{}', 'selection', 'selection', md5('party' || n % 1000)::uuid,
			md5('person' || n % 1000)::uuid, now(), now(), now(), now(), '03', md5(n::text)::uuid
		from generate_series(1, 10000) n`)
	testenv.Exec(t, url, `analyze`)
	return url
}

// Every search runs often enough for the server to switch to a generic plan, each time with another
// filter. No plan may read the whole table.
func TestSearchesUseIndexes(t *testing.T) {
	t.Parallel()
	url := fillLargeTables(t)
	const times = 12
	for _, c := range []struct {
		index, table string
		search       func(t *testing.T, store *db.Store)
	}{
		{"engineers_search", "engineers", func(t *testing.T, store *db.Store) {
			q := searchtext.Names("  петр КИСЕЛЕВ").And(searchtext.Number("99‑777"))
			rows, err := store.EngineersPage(t.Context(), sqlcgen.EngineersPageParams{Search: q.Index, Words: q.All, Page: 20})
			require.NoError(t, err)
			require.Len(t, rows, 1)
			require.Equal(t, "Киселёв Пётр Ильич", rows[0].Name)
		}},
		{"engineers_search", "engineers", func(t *testing.T, store *db.Store) {
			q := searchtext.Names("киселев и.")
			rows, err := store.Candidates(t.Context(), sqlcgen.CandidatesParams{Search: q.Index, Words: q.All, Page: 20})
			require.NoError(t, err)
			require.Len(t, rows, 1)
		}},
		{"people_search", "people", func(t *testing.T, store *db.Store) {
			q := searchtext.Names("петр  Киселе\u0308в")
			rows, err := store.SecurityEvents(t.Context(), sqlcgen.SecurityEventsParams{Before: 1 << 60, Kinds: []string{}, Search: q.Index, Words: q.All, Page: 20})
			require.NoError(t, err)
			require.Len(t, rows, 1)
			require.Equal(t, "Киселёв Пётр Ильич", rows[0].PersonName)
		}},
		{"open_orders_place", "open_orders", func(t *testing.T, store *db.Store) {
			q := searchtext.Places("г.Улан удэ, проспект строителей")
			rows, err := store.OpenOrders(t.Context(), sqlcgen.OpenOrdersParams{
				PlaceWords: q.All, NumberParts: []string{}, Regions: []string{"03"}, WorkKinds: []string{}, CustomerKinds: []string{},
				Today: time.Now(), After1: math.MinInt64, After2: math.MinInt64, Page: 20, Most: 201,
			})
			require.NoError(t, err)
			require.Len(t, rows, 1)
			require.EqualValues(t, 1, rows[0].Total)
			require.Equal(t, "г. Улан-Удэ", rows[0].City)
		}},
	} {
		t.Run(c.index, func(t *testing.T) {
			indexScans := func() int64 {
				return testenv.Scalar[int64](t, url, `select coalesce(idx_scan, 0) from pg_stat_user_indexes where indexrelname = $1`, c.index)
			}
			rowsRead := func() int64 {
				return testenv.Scalar[int64](t, url, `select seq_tup_read from pg_stat_user_tables where relname = $1`, c.table)
			}
			usedBefore, wholeBefore := indexScans(), rowsRead()
			store, err := db.Open(t.Context(), url)
			require.NoError(t, err)
			for range times {
				c.search(t, store)
			}
			store.Close() // the server counts a connection's reads when it ends
			testenv.Eventually(t, "every search uses "+c.index, func() bool { return indexScans()-usedBefore >= times })
			require.Less(t, rowsRead()-wholeBefore, int64(1000), "rows read by sequential scans")
		})
	}
}

func TestOrderPlaceFollowsItsForm(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	person, party, id := uuid.New(), uuid.New(), uuid.New()
	testenv.Exec(t, url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, '1', '1', 'А', 'Б')`, person)
	testenv.Exec(t, url, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'А')`, party, person)
	form := func(text string) uuid.UUID {
		form := uuid.New()
		testenv.Exec(t, url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, $4, repeat('0', 64))`, form, id, person, text)
		return form
	}
	place := func() string { return testenv.Scalar[string](t, url, `select place from orders where id = $1`, id) }
	testenv.Exec(t, url, `insert into orders (id, number, seq, state, stage, shown_stage, customer_id, customer_person_id, waits_since, created_at, updated_at)
		values ($1, 'n', 1, '{}', 'draft', 'draft', $2, $3, now(), now(), now())`, id, party, person)
	require.Empty(t, place())
	testenv.Exec(t, url, `update orders set stage = 'selection', shown_stage = 'selection', form_id = $2 where id = $1`, id,
		form(`{"address": "ул. Ленина, 5", "city": "Орёл", "street": "Ленина"}`))
	require.Equal(t, " ул ленина 5 орел ленина ", place())
	testenv.Exec(t, url, `update orders set form_id = $2 where id = $1`, id, form(`{"address": "Улан‑Удэ"}`))
	require.Equal(t, " улан удэ ", place())
	testenv.Exec(t, url, `update orders set seq = 2 where id = $1`, id)
	require.Equal(t, " улан удэ ", place())
}
