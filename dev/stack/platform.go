// Package stack starts the platform, or a part of it, on one machine: the servers that it needs,
// the simulators of the external systems, worker and apiserver.
//
// It contains no rules of the platform. The commands of dev, the benchmarks, the fault tests and
// the browser tests use it.
package stack

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
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
	"epkr/dev/simulators/cryptopro"
	esiasim "epkr/dev/simulators/esia"
	goskeysim "epkr/dev/simulators/goskey"
	mailsim "epkr/dev/simulators/mail"
	registrysim "epkr/dev/simulators/registry"
	"epkr/dev/synthetic"
	"epkr/internal/esia"
	"epkr/internal/order"
	"epkr/internal/storage"
	"epkr/internal/testenv/pki"
)

// platform is a whole platform: servers, simulators, worker and apiserver.
type platform struct {
	settings  servers.Settings
	ports     ports
	world     *synthetic.World
	servers   *servers.Servers
	registry  *registrysim.Simulator
	cryptopro *cryptopro.Server
	goskey    *goskeysim.Server
	// signer has the certificate by which the platform signs for «Госключ».
	signer    Goskey
	stops     []func() // of the simulators
	units     []*Unit
	variables []string // the environment of the programs

	supervised sync.WaitGroup
	release    context.CancelFunc // ends the restarts of the programs
}

// start installs and builds what is missing, starts everything and, unless the platform shall be
// empty, does the first load: the registry's engineers, and what people have entered. If start
// fails, nothing runs. It restarts programs that end until stop is called. more overrides the
// environment of the programs.
func start(
	ctx context.Context, settings servers.Settings, p ports, empty bool, more ...string,
) (_ *platform, err error) {
	s := &platform{settings: settings, ports: p, world: synthetic.New(synthetic.LocalSeed)}
	defer func() {
		if err != nil {
			s.stop()
		}
	}()
	if err := Install(ctx, false); err != nil {
		return nil, err
	}
	keys, err := MakeKeys(ctx, settings.Dir)
	if err != nil {
		return nil, err
	}
	if err := s.makeAuthorities(); err != nil {
		return nil, fmt.Errorf("make the authorities of signatures: %w", err)
	}
	s.report("собираю платформу…")
	if err := Build(ctx, settings.Root, filepath.Join(settings.Root, "bin")); err != nil {
		return nil, err
	}
	s.report("запускаю серверы…")
	if s.servers, err = servers.Start(ctx, settings); err != nil {
		return nil, err
	}
	s.report("запускаю имитаторы…")
	if err := s.startSimulators(ctx, keys); err != nil {
		return nil, err
	}
	e := s.environment(keys, more)
	if err := s.startPrograms(ctx, e); err != nil {
		return nil, err
	}
	if empty {
		return s, nil
	}
	return s, s.loadRegistry(ctx, e)
}

// report prints a Russian line for the person who waits.
func (s *platform) report(format string, args ...any) {
	fmt.Fprintf(s.settings.Progress, format+"\n", args...)
}

// makeAuthorities makes the authorities of the certificates with which people sign, and exports them
// for the apiserver.
func (s *platform) makeAuthorities() error {
	authority, err := pki.OfMachine()
	if err != nil {
		return err
	}
	if s.cryptopro, err = cryptopro.New(authority, s.world); err != nil {
		return err
	}
	if err := s.makeGoskey(authority); err != nil {
		return err
	}
	return authority.Export(s.trust())
}

// goskeyStep is how long each state of the check lasts in the simulator of «Госключ».
const goskeyStep = 500 * time.Millisecond

// makeGoskey makes the simulator of «Госключ» and the certificate of the platform for it.
func (s *platform) makeGoskey(authority *pki.PKI) error {
	name, err := authority.Ensure(pki.Certificate{Name: "platform", Subject: pki.Organisation("Оператор платформы", "770706938")})
	if err != nil {
		return err
	}
	certificate, err := authority.Certificate(name)
	if err != nil {
		return err
	}
	s.goskey = goskeysim.New(goskeysim.Config{APIKey: GoskeyAPIKey, Certificate: certificate, World: s.world, PKI: authority, Step: goskeyStep})
	s.signer = Goskey{URL: URL(s.ports.goskey), CertificateFile: authority.Path(name + ".crt"), KeyFile: authority.Path(name + ".key")}
	return nil
}

func (s *platform) startSimulators(ctx context.Context, keys Keys) (err error) {
	if s.registry, err = registrysim.New(s.world.Rows(), time.Now); err != nil {
		return err
	}
	esiaServer, err := esiasim.New(ctx, esiasim.Config{
		Directory: keys.Directory, TokenKey: esia.GOST, World: s.world,
		Clients: []esiasim.Client{{ID: ClientID, Key: keys.Platform, Redirects: []string{s.ports.publicURL() + "/api/auth/callback"}}},
	})
	if err != nil {
		return err
	}
	letters := mailsim.New()
	_, stopMail, err := letters.Serve(ctx, address(s.ports.smtp))
	if err != nil {
		return err
	}
	s.stops = append(s.stops, stopMail)
	handlers := map[int]http.Handler{
		s.ports.esia: esiaServer, s.ports.registry: s.registry, s.ports.cryptopro: s.cryptopro, s.ports.goskey: s.goskey, s.ports.mail: letters,
	}
	for port, handler := range handlers {
		_, stop, err := simulators.Serve(ctx, address(port), handler)
		if err != nil {
			return err
		}
		s.stops = append(s.stops, stop)
	}
	return nil
}

func (s *platform) environment(keys Keys, more []string) Environment {
	e := Environment{
		PublicURL: s.ports.publicURL(), RegistryURL: URL(s.ports.registry), ESIAURL: URL(s.ports.esia),
		Keys: keys, Trust: s.trust(), CryptoPro: URL(s.ports.cryptopro) + cryptopro.Script, Goskey: s.signer, Mail: address(s.ports.smtp),
		Database: os.Getenv("DATABASE_URL"), Owner: os.Getenv("EPKR_MIGRATION_DATABASE_URL"),
		Worker: s.ports.worker, API: s.ports.api, Internal: s.ports.internal,
		More: slices.Concat(
			// All requests come from one address, and the demo sends them as fast as a program can.
			Limit("100000/100000", "address"), Limit("10000/10000", "anonymous"), Limit("1000/1000", "sign_in"),
			Limit("10000", "connections"), Limit("50/500", "write", "search", "upload"), Limit("100/1000", "read"),
			[]string{
				"EPKR_MODERATORS=" + s.moderators(),
				// The real addresses below the cabinet are not known; a query tells these apart.
				"EPKR_LAND_REGISTRY_ACCOUNTING_URL=https://lk.rosreestr.ru/?service=accounting",
				"EPKR_LAND_REGISTRY_RIGHTS_URL=https://lk.rosreestr.ru/?service=rights",
				"EPKR_LAND_REGISTRY_BOTH_URL=https://lk.rosreestr.ru/?service=both",
			}, more,
		),
	}
	if s.servers.TemporalUI != nil { // otherwise the environment names the UI
		e.More = append(e.More, "EPKR_TEMPORAL_UI_URL="+URL(s.ports.temporalUI))
	}
	if s.servers.Postgres != nil {
		e.Database, e.Owner = s.servers.ProcessURL(), s.servers.OwnerURL()
	}
	if s.servers.Temporal != nil {
		e.Temporal, e.Namespace = s.servers.TemporalAddress(), servers.TemporalNamespace
	}
	if s.servers.S3 != nil {
		e.S3Endpoint = s.servers.S3Endpoint()
	}
	return e
}

// moderators returns the ЕСИА identifiers for EPKR_MODERATORS.
func (s *platform) moderators() string {
	var ids []string
	for _, user := range s.world.TestUsers {
		if user.Role == order.RoleModerator {
			person, _ := s.world.PersonByLogin(user.Login)
			ids = append(ids, person.OID)
		}
	}
	return strings.Join(ids, ",")
}

// trust returns the folder of the authorities of signatures, as the apiserver reads it.
func (s *platform) trust() string { return filepath.Join(s.settings.Dir, "trust") }

func (s *platform) logs() string { return filepath.Join(s.settings.Dir, "log") }

func (s *platform) startPrograms(ctx context.Context, e Environment) error {
	worker, api := e.Programs(filepath.Join(s.settings.Root, "bin"), s.logs())
	s.variables = worker.Env
	var supervision context.Context
	supervision, s.release = context.WithCancel(context.WithoutCancel(ctx))
	for _, program := range []Program{worker, api} {
		s.report("запускаю %s…", program.Name)
		unit := NewUnit(program.Name, program.Launch, 3*time.Second, s.report)
		if err := unit.Start(ctx); err != nil {
			return err
		}
		s.units = append(s.units, unit)
		s.supervised.Go(func() { unit.Supervise(supervision) })
	}
	return nil
}

// loadRegistry loads the registry's engineers into an empty platform, and lets the test users enter
// their facts. The programs must run.
func (s *platform) loadRegistry(ctx context.Context, e Environment) error {
	store, err := db.Open(ctx, cmp.Or(e.Owner, e.Database))
	if err != nil {
		return fmt.Errorf("первая загрузка: %w", err)
	}
	defer store.Close()
	var snapshot firstload.Snapshot
	snapshot.AsOf, snapshot.SHA256, snapshot.Rows = s.registry.Snapshot()
	if err := s.storeDocument(ctx, e); err != nil {
		return err
	}
	result, err := firstload.LoadWithPeople(ctx, store, snapshot, s.world, func(ctx context.Context) error {
		s.report("тестовые пользователи вводят свои данные…")
		return firstload.EnterFacts(ctx, s.ports.publicURL(), s.world)
	})
	if err != nil {
		return fmt.Errorf("первая загрузка: %w", err)
	}
	what := "реестр загружен"
	if !result.Done {
		what = "реестр уже загружен"
	}
	s.report("%s: снимок от %s, инженеров %d", what, result.AsOf.Format(time.RFC3339), result.Engineers)
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

// stop stops everything in reverse order.
func (s *platform) stop() {
	if s.release != nil {
		s.release()
		s.supervised.Wait()
	}
	for _, unit := range slices.Backward(s.units) {
		unit.Stop()
	}
	for _, stop := range s.stops {
		stop()
	}
	if s.servers != nil {
		s.servers.Stop()
	}
}
