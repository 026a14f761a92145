package faults

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	_ "epkr/db" // registers the driver
	"epkr/dev/servers"
	"epkr/dev/simulators"
	registrysim "epkr/dev/simulators/registry"
	"epkr/dev/stack"
)

// taskQueue is the task queue of the platform under test.
const taskQueue = "orders"

// platform is a whole platform in separate processes: servers, workers, API servers. The registry
// runs in the test.
type platform struct {
	dir, bin string
	seed     uint64
	began    time.Time

	servers                *servers.Servers
	postgres, temporal, s3 *stack.Unit
	workers, apis          []*stack.Unit
	urls                   []string // addresses of the API servers
	workerURL              string   // address of the first worker's health check
	internalURL            string   // address of the first API server for operators

	database *sql.DB
	client   client.Client
	registry *registrysim.Simulator
	people   people
	ledger   *ledger
	// hostile are the attackers' orders, whose messages are not recorded in the ledger.
	hostile map[uuid.UUID]bool

	// once and patient are the clients of the users; see [retryingTransport].
	once, patient *http.Client

	// replicated reports whether two workers and two API servers run.
	replicated bool
	stop       func()
}

// one is the platform shared by all tests of the package, because starting it takes a while. Each
// test must cope with the state that earlier ones left.
var one struct {
	sync.Once
	*platform
}

func TestMain(m *testing.M) {
	code := m.Run()
	if one.platform != nil {
		one.summary()
		one.stop()
	}
	os.Exit(code)
}

// running returns the platform, and starts it for the first test.
func running(t *testing.T) *platform {
	t.Helper()
	if os.Getenv("EPKR_FAULTS") == "" {
		t.Skip("make test-faults runs it")
	}
	one.Do(func() { one.platform = start(t) })
	require.NotNil(t, one.platform, "the platform did not start")
	return one.platform
}

func start(t *testing.T) *platform {
	t.Helper()
	p := &platform{seed: chosenSeed(t), began: time.Now(), ledger: newLedger(), hostile: map[uuid.UUID]bool{}}
	p.logf("seed %d (EPKR_FAULTS_SEED=%d repeats it)", p.seed, p.seed)
	ctx, cancel := context.WithCancel(context.Background())
	settings, err := stack.TemporaryServers("epkr-faults-")
	require.NoError(t, err)
	p.dir, p.bin = settings.Dir, filepath.Join(settings.Dir, "bin")
	require.NoError(t, stack.Build(ctx, settings.Root, p.bin))
	p.logf("worker and apiserver built")
	p.startServers(ctx, t, settings)
	p.registry, err = registrysim.New(registryRows(), time.Now)
	require.NoError(t, err)
	registryURL, stopRegistry, err := simulators.Serve(ctx, "127.0.0.1:0", p.registry)
	require.NoError(t, err)
	p.initClients()
	p.startPrograms(ctx, t, registryURL)
	p.database, err = sql.Open("pgx", p.servers.OwnerURL())
	require.NoError(t, err)
	p.client, err = client.DialContext(ctx, client.Options{HostPort: p.servers.TemporalAddress(), Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	require.NoError(t, err)
	p.stop = func() {
		cancel()
		p.client.Close()
		_ = p.database.Close()
		for _, unit := range slices.Concat(p.apis, p.workers, []*stack.Unit{p.temporal, p.postgres, p.s3}) {
			unit.Kill()
		}
		stopRegistry()
		if err := os.RemoveAll(p.dir); err != nil {
			fmt.Println(err)
		}
	}
	p.populate(t)
	p.logf("platform ready after %.0f s", time.Since(p.began).Seconds())
	return p
}

func chosenSeed(t *testing.T) uint64 {
	t.Helper()
	text := os.Getenv("EPKR_FAULTS_SEED")
	if text == "" {
		return rand.Uint64N(1_000_000)
	}
	seed, err := strconv.ParseUint(text, 10, 64)
	require.NoError(t, err, "EPKR_FAULTS_SEED")
	return seed
}

// random returns a separate random stream for each part of a run, so that the parts do not
// influence each other.
func (p *platform) random(name string) *rand.Rand {
	var sum uint64
	for _, c := range name {
		sum = sum*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(p.seed, sum))
}

func (p *platform) logf(format string, args ...any) {
	fmt.Printf("%6.1f s  %s\n", time.Since(p.began).Seconds(), fmt.Sprintf(format, args...))
}

// unit runs a process and restarts it at once when it ends.
func (p *platform) unit(name string, launch func(context.Context) (*servers.Process, error)) *stack.Unit {
	const pause = 200 * time.Millisecond
	return stack.NewUnit(name, launch, pause, p.logf)
}

// startServers starts the servers as in production: committed data is flushed to disk.
func (p *platform) startServers(ctx context.Context, t *testing.T, settings servers.Settings) {
	t.Helper()
	running, err := servers.Start(ctx, settings)
	require.NoError(t, err)
	p.servers = running
	server := func(process **servers.Process) *stack.Unit {
		unit := p.unit((*process).Name(), func(ctx context.Context) (*servers.Process, error) {
			next, err := (*process).Restart(ctx)
			if err == nil {
				*process = next
			}
			return next, err
		})
		unit.Adopt(*process)
		go unit.Supervise(ctx)
		return unit
	}
	p.postgres = server(&running.Postgres)
	p.temporal = server(&running.Temporal)
	p.s3 = server(&running.S3)
	p.logf("servers started")
}

// replicas is the maximum number of workers and of API servers.
const replicas = 2

// startPrograms prepares two workers and two API servers and starts one of each.
func (p *platform) startPrograms(ctx context.Context, t *testing.T, registryURL string) {
	t.Helper()
	ports, err := servers.FreePorts(3 * replicas)
	require.NoError(t, err)
	keys, err := stack.MakeKeys(ctx, p.dir)
	require.NoError(t, err)
	for i := range replicas {
		listen := ports[3*i:]
		worker, api := stack.Environment{
			// Nobody signs in here: sessions are inserted into the database.
			RegistryURL: registryURL, Keys: keys, TaskQueue: taskQueue,
			Database: p.servers.ProcessURL(), Owner: p.servers.OwnerURL(),
			Temporal: p.servers.TemporalAddress(), Namespace: servers.TemporalNamespace, S3Endpoint: p.servers.S3Endpoint(),
			Worker: listen[0], API: listen[1], Internal: listen[2],
			More: slices.Concat(
				// Hundreds of people share one address; the limits of one person are as in
				// production.
				stack.Limit("1000000/1000000", "address"), stack.Limit("1000/1000", "anonymous"), stack.Limit("100000", "connections"),
				[]string{"EPKR_LOG_LEVEL=info", "EPKR_REGISTRY_CRON=0 3 * * *"},
			),
		}.Programs(p.bin, filepath.Join(p.dir, "log"))
		p.workers = append(p.workers, p.program(worker, i+1))
		p.apis = append(p.apis, p.program(api, i+1))
		p.urls = append(p.urls, stack.URL(listen[1]))
	}
	p.workerURL, p.internalURL = stack.URL(ports[0]), stack.URL(ports[2])
	for _, first := range []*stack.Unit{p.workers[0], p.apis[0]} {
		go first.Supervise(ctx)
	}
	require.NoError(t, p.allReady(ctx))
	p.logf("worker and apiserver started")
}

// replicate starts the second worker and the second API server.
func (p *platform) replicate(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	before := p.stop
	p.stop = func() { cancel(); before() }
	for _, second := range []*stack.Unit{p.workers[1], p.apis[1]} {
		go second.Supervise(ctx)
		require.NoError(t, second.Ready(limited(t, startLimit)))
	}
	p.replicated = true
}

// program returns one of the replicas; each run has its own log.
func (p *platform) program(program stack.Program, number int) *stack.Unit {
	program.Name = fmt.Sprintf("%s-%d", program.Name, number)
	run := 0
	return p.unit(program.Name, func(ctx context.Context) (*servers.Process, error) {
		run++
		program.Log = filepath.Join(p.dir, "log", fmt.Sprintf("%s.%03d.log", program.Name, run))
		return program.Launch(ctx)
	})
}

const startLimit = 3 * time.Minute

// allReady waits until all started parts are ready.
func (p *platform) allReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for _, unit := range p.started() {
		if err := unit.Ready(ctx); err != nil {
			return err
		}
	}
	return nil
}

// started returns the running parts; the second worker and API server are included only after
// replicate.
func (p *platform) started() []*stack.Unit {
	all := []*stack.Unit{p.postgres, p.temporal, p.s3, p.workers[0], p.apis[0]}
	if p.replicated {
		all = append(all, p.workers[1], p.apis[1])
	}
	return all
}

func (p *platform) summary() {
	for _, unit := range p.started() {
		p.logf("%s: killed %d times, ended by itself %d times", unit.Name, unit.Kills(), unit.Ends())
	}
	p.logf("%s", p.ledger.summary())
}

// limited returns a context that ends with the test or after the limit.
func limited(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// eventually waits for a condition, longer than it takes on an idle machine.
func eventually(t *testing.T, limit time.Duration, what string, condition func() bool) {
	t.Helper()
	ctx := limited(t, limit)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			require.Failf(t, "timed out", "%s after %s", what, limit)
		}
	}
}
