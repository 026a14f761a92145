package stack

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"epkr/db"
	"epkr/dev/firstload"
	"epkr/dev/servers"
	"epkr/dev/simulators"
	"epkr/dev/synthetic"
	"epkr/internal/storage"
)

// worldSeed is the seed of the people in both simulators.
const worldSeed = 1

// platform is a whole platform: servers, simulators, worker and apiserver.
type platform struct {
	out        io.Writer
	servers    *servers.Servers
	simulators *simulators.Simulators
	units      []*Unit
	people     []testUser
	variables  []string
}

// start installs and builds what is missing, starts everything and loads the registry's engineers.
// If start fails, nothing runs. out receives Russian lines for the person who waits.
func start(ctx context.Context, root string, s servers.Settings, p ports, out io.Writer) (_ *platform, err error) {
	if err := Install(ctx, false); err != nil {
		return nil, err
	}
	world := synthetic.New(worldSeed)
	started := &platform{out: out, people: testUsers(world)}
	defer func() {
		if err != nil {
			started.stop()
		}
	}()
	keys, err := MakeKeys(ctx, s.Dir)
	if err != nil {
		return nil, err
	}
	fmt.Fprintln(out, "собираю платформу…")
	if err := Build(ctx, root, filepath.Join(root, "bin")); err != nil {
		return nil, err
	}
	fmt.Fprintln(out, "запускаю серверы…")
	if started.servers, err = servers.Start(ctx, s); err != nil {
		return nil, err
	}
	fmt.Fprintln(out, "запускаю имитаторы…")
	started.simulators, err = simulators.Start(ctx, simulators.Settings{
		World: world, ESIA: address(p.esia.Number), Registry: address(p.registry.Number), Keys: keys.Directory,
		ClientID: ClientID, Client: keys.Platform.Certificate, Redirect: p.publicURL() + "/api/auth/callback",
	})
	if err != nil {
		return nil, err
	}
	e := started.environment(p, keys)
	if err := started.startPrograms(ctx, e, filepath.Join(root, "bin"), filepath.Join(s.Dir, "log")); err != nil {
		return nil, err
	}
	return started, started.loadRegistry(ctx, e, world)
}

func (s *platform) environment(p ports, keys Keys) Environment {
	e := Environment{
		PublicURL: p.publicURL(), RegistryURL: URL(p.registry.Number), ESIAURL: URL(p.esia.Number), Keys: keys,
		Database: os.Getenv("DATABASE_URL"), Owner: os.Getenv("EPKR_MIGRATION_DATABASE_URL"),
		Worker: p.worker.Number, API: p.api.Number, Internal: p.internal.Number,
		More: slices.Concat(
			// All requests come from one address, and the demo sends them as fast as a program can.
			Limit("100000/100000", "address"), Limit("10000/10000", "anonymous"), Limit("1000/1000", "sign_in"),
			Limit("10000", "connections"), Limit("50/500", "write", "search", "upload"), Limit("100/1000", "read"),
			[]string{"EPKR_MODERATORS=" + moderators(s.people)},
		),
	}
	if p.temporalUI.Number != 0 { // 0 with an external Temporal; the environment then names its UI
		e.More = append(e.More, "EPKR_TEMPORAL_UI_URL="+URL(p.temporalUI.Number))
	}
	if s.servers.Postgres != nil {
		e.Database, e.Owner = s.servers.Postgres.ProcessURL(), s.servers.Postgres.URL()
	}
	if s.servers.Temporal != nil {
		e.Temporal, e.Namespace = s.servers.Temporal.Address(), servers.TemporalNamespace
	}
	if s.servers.S3 != nil {
		e.S3Endpoint = s.servers.S3.Endpoint()
	}
	return e
}

func (s *platform) startPrograms(ctx context.Context, e Environment, bin, logs string) error {
	worker, api := e.Programs(bin, logs)
	s.variables = worker.Env
	for _, program := range []Program{worker, api} {
		fmt.Fprintf(s.out, "запускаю %s…\n", program.Name)
		unit := NewUnit(program.Name, program.Launch, time.Second, 30*time.Second, func(format string, args ...any) {
			fmt.Fprintf(s.out, format+"\n", args...)
		})
		if err := unit.Start(ctx); err != nil {
			return err
		}
		s.units = append(s.units, unit)
	}
	return nil
}

// loadRegistry loads the registry's engineers into an empty platform. The worker must have migrated
// the database.
func (s *platform) loadRegistry(ctx context.Context, e Environment, world *synthetic.World) error {
	owner := e.Owner
	if owner == "" {
		owner = e.Database
	}
	store, err := db.Open(ctx, owner)
	if err != nil {
		return fmt.Errorf("load the registry: %w", err)
	}
	defer store.Close()
	began := time.Now()
	var snapshot firstload.Snapshot
	snapshot.AsOf, snapshot.SHA256, snapshot.Rows = s.simulators.Registry.Snapshot()
	result, err := firstload.Load(ctx, store, snapshot, world)
	if err != nil {
		return fmt.Errorf("load the registry: %w", err)
	}
	if err := s.storeDocument(ctx, e); err != nil {
		return err
	}
	what := "реестр уже загружен"
	if result.Done {
		what = fmt.Sprintf("реестр загружен за %.1f с", time.Since(began).Seconds())
	}
	fmt.Fprintf(s.out, "%s: снимок от %s, инженеров %d\n", what, result.AsOf.Format(time.RFC3339), result.Engineers)
	return nil
}

// storeDocument stores the document that the loaded profiles name.
func (s *platform) storeDocument(ctx context.Context, e Environment) error {
	if e.S3Endpoint == "" {
		return nil
	}
	files, err := storage.New(storage.Config{
		Endpoint: e.S3Endpoint, Region: servers.S3Region, Bucket: servers.S3Bucket, AccessKey: servers.S3AccessKey, SecretKey: servers.S3SecretKey, PathStyle: true,
	})
	if err != nil {
		return fmt.Errorf("open the file store: %w", err)
	}
	if _, err := files.Put(ctx, firstload.Document(), firstload.DocumentType); err != nil {
		return fmt.Errorf("store the document of the profiles: %w", err)
	}
	return nil
}

// run restarts programs that end, until ctx ends or a server dies; in the latter case it returns
// the error.
func (s *platform) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	var supervised sync.WaitGroup
	for _, unit := range s.units {
		supervised.Go(func() { unit.Supervise(ctx) })
	}
	defer supervised.Wait()
	defer cancel()
	select {
	case err := <-s.servers.Died(ctx):
		return err
	case <-ctx.Done():
		return nil
	}
}

// stop stops everything in reverse order. It must be called after run.
func (s *platform) stop() {
	for _, unit := range slices.Backward(s.units) {
		unit.Stop()
	}
	if s.simulators != nil {
		s.simulators.Stop()
	}
	if s.servers != nil {
		s.servers.Stop()
	}
}

// testUser is a person who can sign in at the simulator of ЕСИА by a login.
type testUser struct {
	synthetic.TestUser
	oid string
}

func testUsers(world *synthetic.World) []testUser {
	var users []testUser
	for _, member := range world.TestUsers() {
		person, _ := world.PersonByLogin(member.Login)
		users = append(users, testUser{member, person.OID})
	}
	return users
}

// moderators returns the ЕСИА identifiers for EPKR_MODERATORS.
func moderators(users []testUser) string {
	var ids []string
	for _, u := range users {
		if u.Role == synthetic.RoleModerator {
			ids = append(ids, u.oid)
		}
	}
	return strings.Join(ids, ",")
}
