package firstload_test

import (
	"database/sql"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	orderactivities "epkr/activities/orders"
	"epkr/db"
	"epkr/dev/firstload"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/testenv"
)

var (
	world = synthetic.New(1)
	asOf  = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
)

func open(t *testing.T, url string) *db.Store {
	t.Helper()
	store, err := db.Open(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(store.Close)
	return store
}

// number reads one integer from the database.
func number(t *testing.T, url, statement string, args ...any) (n int) {
	t.Helper()
	database, err := sql.Open("pgx", url)
	require.NoError(t, err)
	defer database.Close()
	require.NoError(t, database.QueryRowContext(t.Context(), statement, args...).Scan(&n))
	return n
}

func TestWholeCountryIsLoadedOnce(t *testing.T) {
	url := testenv.Database(t)
	store := open(t, url)
	snapshot := firstload.Snapshot{AsOf: asOf, SHA256: "of all", Rows: world.Rows()}
	began := time.Now()
	first, err := firstload.Load(t.Context(), store, snapshot, world)
	require.NoError(t, err)
	t.Logf("loaded in %s", time.Since(began))
	require.Equal(t, firstload.Result{AsOf: asOf, Engineers: synthetic.EngineerCount, Done: true}, first)
	require.Equal(t, synthetic.EngineerCount, number(t, url, "select count(*) from engineers"))
	require.Equal(t, synthetic.EmployerCount, number(t, url, "select count(*) from parties where is_employer"))
	require.Equal(t, 89, number(t, url, "select count(distinct region) from engineers, unnest(regions) region"))
	require.Zero(t, number(t, url, "select count(*) from engineers where registry_entry ->> 'snils' is distinct from snils"))
	require.Zero(t, number(t, url, `select count(*) from engineers where profile_complete <> (missing_in_profile(id) = '{}')`))
	require.Zero(t, number(t, url, `select count(*) from parties p where is_employer and active_engineers <>
		(select count(*) from engineers e where e.employer_id = p.id and e.in_registry and not e.blocked)`))

	// Later changes on the platform are not overwritten, by this snapshot or a later one.
	moscow := testUserID(t, synthetic.LoginEngineerMoscow)
	require.Equal(t, 1, number(t, url, "update engineers set receives_orders = false where id = $1 returning 1", moscow))
	for _, later := range []time.Duration{0, 24 * time.Hour} {
		snapshot.AsOf = asOf.Add(later)
		again, err := firstload.Load(t.Context(), store, snapshot, world)
		require.NoError(t, err)
		require.False(t, again.Done)
		require.True(t, again.AsOf.Equal(asOf))
	}
	require.Equal(t, 1, number(t, url, "select count(*) from registry_snapshots"))
	require.Equal(t, 1, number(t, url, "select count(*) from engineers where id = $1 and not receives_orders", moscow))
}

func testUserID(t *testing.T, login string) uuid.UUID {
	t.Helper()
	person, ok := world.PersonByLogin(login)
	require.True(t, ok, login)
	return firstload.EngineerID(person.SNILS)
}

// TestTestUsersMayTakeOrdersAsDescribed checks each test user's eligibility by the order's own rules.
func TestTestUsersMayTakeOrdersAsDescribed(t *testing.T) {
	acceptance.Covers(t, "R-RESP-5", "R-OFFER-4")
	url := testenv.Database(t)
	store := open(t, url)
	_, err := firstload.Load(t.Context(), store, ofTestUsers, world)
	require.NoError(t, err)
	mayTakeOrdersAsDescribed(t, store)
	require.Zero(t, number(t, url, "select count(*) from engineer_profiles p join engineers e on e.id = p.engineer_id where p.document_employer is distinct from e.employer_id"))
}

// ofTestUsers is a snapshot of the first engineers of the world, which include all test users.
var ofTestUsers = firstload.Snapshot{AsOf: asOf, SHA256: "of the test users", Rows: world.Rows()[:40]}

func mayTakeOrdersAsDescribed(t *testing.T, store *db.Store) {
	t.Helper()
	for _, c := range []struct {
		login, region string
		refusal       order.Code // "" for none
		receives      bool
	}{
		{synthetic.LoginEngineerMoscow, "77", "", true},
		{synthetic.LoginEngineerMoscow, "50", "", true},
		{synthetic.LoginEngineerMoscow, "16", order.CodeOutsideRegions, true},
		{synthetic.LoginEngineerTatarstan, "16", "", true},
		{synthetic.LoginEmployeeFirst, "77", "", true},
		{synthetic.LoginEmployeeSecond, "50", "", true},
		{synthetic.LoginEmployeeOnly, "63", order.CodeOnlyEngineer, true},
		{synthetic.LoginEngineerOff, "77", "", false},
		{synthetic.LoginEngineerIncomplete, "77", order.CodeProfile, true},
		{synthetic.LoginEngineerBlocked, "77", order.CodeBlocked, true},
		{synthetic.LoginEngineerNew, "77", order.CodeProfile, false},
	} {
		facts := factsOf(t, store, c.login)
		require.Equal(t, c.receives, facts.Receives, c.login)
		require.Equal(t, c.refusal, codeOf(facts.Eligible(c.region)), c.login)
	}
	require.Equal(t, order.CodeNotInRegistry, codeOf(factsOf(t, store, synthetic.LoginEngineerExcluded).Eligible("77")))
}

// codeOf returns the code of a refusal, "" for none.
func codeOf(refusal *order.Refusal) order.Code {
	if refusal == nil {
		return ""
	}
	return refusal.Code
}

func factsOf(t *testing.T, store *db.Store, login string) *order.EngineerFacts {
	t.Helper()
	facts, err := orderactivities.EngineerFacts(t.Context(), store.Queries, store.Queries, testUserID(t, login))
	require.NoError(t, err)
	require.NotNil(t, facts, login)
	return facts
}

func TestConcurrentLoadsWriteOneSnapshot(t *testing.T) {
	url := testenv.Database(t)
	store := open(t, url)
	snapshot := firstload.Snapshot{AsOf: asOf, SHA256: "of a few", Rows: world.Rows()[:200]}
	var both sync.WaitGroup
	done := make([]bool, 2)
	for i := range done {
		both.Go(func() {
			result, err := firstload.Load(t.Context(), store, snapshot, world)
			if err != nil {
				t.Error(err)
			}
			done[i] = result.Done
		})
	}
	both.Wait()
	require.NotEqual(t, done[0], done[1], "exactly one of the loads writes")
	require.Equal(t, 200, number(t, url, "select count(*) from engineers"))
}

func TestOrganisationsThatSignedInBeforeKeepTheirRow(t *testing.T) {
	url := testenv.Database(t)
	store := open(t, url)
	first, _ := world.EngineerBySNILS(mustPerson(t, synthetic.LoginEmployeeFirst).SNILS)
	id := uuid.New()
	require.Equal(t, 1, number(t, url, `insert into parties (id, kind, name, ogrn) values ($1, 'organisation', 'как назвала ЕСИА', $2) returning 1`, id, first.EmployerOGRN))
	_, err := firstload.Load(t.Context(), store, firstload.Snapshot{AsOf: asOf, SHA256: "of the cast", Rows: world.Rows()[:40]}, world)
	require.NoError(t, err)
	require.Equal(t, 1, number(t, url, "select count(*) from parties where id = $1 and name = 'как назвала ЕСИА' and is_employer and active_engineers = 2", id))
	require.Equal(t, 2, number(t, url, "select count(*) from engineers where employer_id = $1", id))
}

func mustPerson(t *testing.T, login string) synthetic.Person {
	t.Helper()
	person, ok := world.PersonByLogin(login)
	require.True(t, ok, login)
	return person
}

func TestEngineerWithoutProfileIsLoadedWithoutOne(t *testing.T) {
	store := open(t, testenv.Database(t))
	row := world.Rows()[0]
	row.SNILS = "112-233-445 95"
	_, err := firstload.Load(t.Context(), store, firstload.Snapshot{AsOf: asOf, SHA256: "of a stranger", Rows: []registry.Row{row}}, world)
	require.NoError(t, err)
	facts, err := orderactivities.EngineerFacts(t.Context(), store.Queries, store.Queries, firstload.EngineerID(row.SNILS))
	require.NoError(t, err)
	require.Equal(t, order.CodeProfile, facts.Eligible("77").Code)
}
