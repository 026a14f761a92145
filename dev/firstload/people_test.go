package firstload_test

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/db"
	"epkr/dev/browser"
	"epkr/dev/firstload"
	"epkr/dev/synthetic"
	"epkr/internal/testenv"
)

func TestMain(m *testing.M) { apitest.Main(m) }

// startPlatform serves a platform without anybody, and returns it with the store of its owner.
func startPlatform(t *testing.T) (*apitest.Platform, *db.Store) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &apitest.Platform{T: t, URL: "http://" + listener.Addr().String(), DatabaseURL: testenv.Database(t), TaskQueue: testenv.TaskQueue(t)}
	p.Database, err = sql.Open("pgx", p.DatabaseURL)
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.Database.Close() })
	p.Serve(listener, nil)
	p.StartWorker()
	return p, open(t, p.DatabaseURL)
}

// entering returns how the test users enter their facts on the platform.
func entering(p *apitest.Platform) func(context.Context) error {
	return func(ctx context.Context) error { return firstload.EnterFacts(ctx, p.URL, world) }
}

// entered are the tables of what people enter and of its history.
var entered = []string{
	"engineers", "engineer_profiles", "engineer_works", "engineer_files", "files", "parties", "requisites", "employments", "employment_events",
	"engineer_decisions", "consents", "notifications", "registry_snapshots",
}

// contents returns all rows of these tables.
func contents(p *apitest.Platform) map[string]string {
	all := map[string]string{}
	for _, table := range entered {
		all[table] = apitest.Value[string](p, fmt.Sprintf(`select coalesce(string_agg(t::text, e'\n' order by t::text), '') from %s t`, table))
	}
	return all
}

func count(p *apitest.Platform, from string, args ...any) int {
	p.T.Helper()
	return apitest.Value[int](p, "select count(*) from "+from, args...)
}

// enteredAsDescribed requires that the platform has what the world says of the test users, once.
func enteredAsDescribed(p *apitest.Platform, store *db.Store) {
	t := p.T
	t.Helper()
	mayTakeOrdersAsDescribed(t, store)
	for _, u := range world.TestUsers {
		e, isEngineer := world.EngineerBySNILS(u.SNILS)
		if !isEngineer {
			continue
		}
		id := testUserID(t, u.Login)
		var missing, form, ogrnip, document, employer string
		require.NoError(t, p.Database.QueryRowContext(t.Context(), `select array_to_string(missing_in_profile(e.id), ' '), e.form, e.ogrnip,
				coalesce(p.document_name, ''), coalesce(o.ogrn, '') from engineers e
			left join engineer_profiles p on p.engineer_id = e.id left join parties o on o.id = p.document_employer where e.id = $1`,
			id).Scan(&missing, &form, &ogrnip, &document, &employer), u.Login)
		if e.Newcomer || !e.Row.Active() {
			require.Empty(t, form+document, u.Login)
			require.Zero(t, count(p, "people where snils = $1", e.Person.SNILS), u.Login)
			continue
		}
		require.Equal(t, map[bool]string{true: "", false: "phone"}[e.ProfileComplete], missing, u.Login)
		require.Equal(t, []string{string(e.Form), e.OGRNIP, e.Profile().DocumentName, e.EmployerOGRN}, []string{form, ogrnip, document, employer}, u.Login)
		require.Equal(t, 1, count(p, `engineer_files f join files s on s.id = f.file_id where f.engineer_id = $1 and purpose = 'document' and status = 'stored'`, id), u.Login)
		require.Equal(t, len(e.Profile().Works), count(p, "engineer_works where engineer_id = $1", id), u.Login)
	}
	require.Equal(t, synthetic.EmployerCount, count(p, "parties where is_employer"))
	const theirs = " from employments m join engineers e on e.id = m.engineer_id where e.person_id is not null"
	require.Equal(t, 3, apitest.Value[int](p, "select count(*) filter (where m.status = 'confirmed' and m.asked_by = 'engineer')"+theirs))
	require.Equal(t, "asked confirmed", apitest.Value[string](p, `select string_agg(distinct kinds, '; ') from (
		select (select string_agg(v.kind, ' ' order by v.n) from employment_events v where v.employment_id = m.id) as kinds`+theirs+`) each`))
	require.Equal(t, 1, count(p, "engineer_decisions where blocked and applied_at is not null"))
	require.Equal(t, 1, count(p, "registry_snapshots"))
}

func TestTestUsersEnterTheirFactsAsPeople(t *testing.T) {
	p, store := startPlatform(t)
	began := time.Now()
	result, err := firstload.LoadWithPeople(t.Context(), store, ofTestUsers, world, entering(p))
	require.NoError(t, err)
	require.True(t, result.Done)
	t.Logf("entered in %s", time.Since(began))
	enteredAsDescribed(p, store)
	require.Zero(t, count(p, "sessions"), "everybody has signed out")

	// What people change later stays, also what they have emptied.
	moscow := testUserID(t, synthetic.LoginEngineerMoscow)
	p.Exec("update engineers set phone = '', receives_orders = false where id = $1", moscow)
	p.Exec("delete from engineer_works where engineer_id = $1", moscow)
	before := contents(p)
	again, err := firstload.LoadWithPeople(t.Context(), store, ofTestUsers, world, entering(p))
	require.NoError(t, err)
	require.False(t, again.Done)
	require.Equal(t, before, contents(p))
}

func TestInterruptedEntryIsCompleted(t *testing.T) {
	p, store := startPlatform(t)
	for _, until := range []string{
		"engineers e where e.person_id is not null",
		"engineer_profiles p join engineers e on e.id = p.engineer_id where e.person_id is not null",
		"files f join engineers e on e.id = f.profile_id where e.person_id is not null and f.status = 'stored'",
		"requisites r join engineers e on e.id = r.engineer_id where e.person_id is not null",
		"employments where status = 'pending'",
	} {
		ctx, interrupt := context.WithCancel(t.Context())
		go func() {
			defer interrupt()
			for n := 0; n == 0 && browser.Pause(ctx, time.Millisecond) == nil; {
				_ = p.Database.QueryRowContext(ctx, "select count(*) from "+until).Scan(&n)
			}
		}()
		_, err := firstload.LoadWithPeople(ctx, store, ofTestUsers, world, entering(p))
		require.ErrorIs(t, err, context.Canceled, until)
		require.Zero(t, count(p, "registry_snapshots"), until)
	}
	_, err := firstload.LoadWithPeople(t.Context(), store, ofTestUsers, world, entering(p))
	require.NoError(t, err)
	enteredAsDescribed(p, store)

	// A run that was interrupted just before its end repeats nothing.
	p.Exec("delete from registry_snapshots")
	before := contents(p)
	require.NoError(t, entering(p)(t.Context()))
	require.Equal(t, before, contents(p))
}

// Whoever is interrupted at his work signs out nevertheless.
func TestInterruptedPersonSignsOut(t *testing.T) {
	p, store := startPlatform(t)
	_, err := firstload.LoadWithPeople(t.Context(), store, ofTestUsers, world, func(context.Context) error { return nil })
	require.NoError(t, err)
	alone := *world
	alone.TestUsers = slices.DeleteFunc(slices.Clone(world.TestUsers), func(u synthetic.TestUser) bool { return u.Login != synthetic.LoginEngineerMoscow })
	ctx, interrupt := context.WithCancel(t.Context())
	go func() {
		defer interrupt()
		for n := 0; n == 0 && browser.Pause(ctx, time.Millisecond) == nil; {
			_ = p.Database.QueryRowContext(ctx, "select count(*) from engineer_works w join engineers e on e.id = w.engineer_id where e.person_id is not null").Scan(&n)
		}
	}()
	require.ErrorIs(t, firstload.EnterFacts(ctx, p.URL, &alone), context.Canceled)
	require.NotZero(t, count(p, "people where snils = $1", p.Person(synthetic.LoginEngineerMoscow).SNILS), "he had signed in")
	require.Zero(t, count(p, "sessions"))
}

func TestErrorsNameThePersonAndTheStep(t *testing.T) {
	err := firstload.EnterFacts(t.Context(), "http://127.0.0.1:1", world)
	require.Regexp(t, `^[А-Я]\S+ \S+ \S+ \([a-z-]+\), шаг «вход через ЕСИА»: `, err)
}
