package faults

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path"
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
	esiasim "epkr/dev/simulators/esia"
	"epkr/internal/esia"
	"epkr/internal/registry"
)

// taskQueue is that of the platform under test.
const taskQueue = "orders"

// platform is a whole one in processes of its own: servers, workers, API servers. The registry is this test's.
type platform struct {
	dir, bin string
	seed     uint64
	began    time.Time

	postgres, temporal, s3         *part
	workers, apis                  []*part
	urls                           []string // of the API servers
	workerURL                      string   // of the first worker's health check
	internalURL                    string   // of the first API server's address for operators
	address                        string   // of Temporal's frontend
	databaseURL, processURL, s3URL string

	database *sql.DB
	client   client.Client
	registry *source
	people   people
	book     *book
	// hostile are the orders of those who attack: what they sent nobody keeps account of.
	hostile map[uuid.UUID]bool

	// once and patient are what people ask with; see [patient].
	once, patient *http.Client

	// replicated says that there are two of worker and apiserver.
	replicated bool
	stop       func()
}

// one is the platform of all tests of the package: starting it takes a while, and what one test leaves the next must bear.
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

// running starts the platform for the first test that asks.
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
	p := &platform{seed: chosenSeed(t), began: time.Now(), book: newBook(), hostile: map[uuid.UUID]bool{}}
	p.say("seed %d (EPKR_FAULTS_SEED=%d repeats it)", p.seed, p.seed)
	ctx, cancel := context.WithCancel(context.Background())
	dir, err := os.MkdirTemp("", "epkr-faults-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755)) // Postgres runs as another user
	p.dir, p.bin = dir, filepath.Join(dir, "bin")
	p.build(t)
	p.startServers(ctx, t)
	source := newSource()
	p.registry = source
	p.equip()
	p.startPrograms(ctx, t)
	p.database, err = sql.Open("pgx", p.databaseURL)
	require.NoError(t, err)
	p.client, err = client.DialContext(ctx, client.Options{HostPort: p.address, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	require.NoError(t, err)
	p.stop = func() {
		cancel()
		p.client.Close()
		_ = p.database.Close()
		for _, part := range slices.Concat(p.apis, p.workers, []*part{p.temporal, p.postgres, p.s3}) {
			part.kill()
		}
		source.server.Close()
		if err := os.RemoveAll(dir); err != nil {
			fmt.Println(err)
		}
	}
	p.populate(t)
	p.say("platform ready after %.0f s", time.Since(p.began).Seconds())
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

// random gives every part of a run a stream of its own, so that none moves another.
func (p *platform) random(name string) *rand.Rand {
	var sum uint64
	for _, c := range name {
		sum = sum*31 + uint64(c)
	}
	return rand.New(rand.NewPCG(p.seed, sum))
}

func (p *platform) say(format string, args ...any) {
	fmt.Printf("%6.1f s  %s\n", time.Since(p.began).Seconds(), fmt.Sprintf(format, args...))
}

func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	require.NoError(t, err)
	return dir
}

func (p *platform) build(t *testing.T) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", p.bin+"/", "./worker", "./apiserver")
	cmd.Dir = root(t)
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, string(output))
	p.say("worker and apiserver built")
}

// startServers runs them as in production: what is committed is on disk.
func (p *platform) startServers(ctx context.Context, t *testing.T) {
	t.Helper()
	cache, err := servers.CacheDirectory()
	require.NoError(t, err)
	settings := servers.Settings{
		Dir: p.dir, Cache: servers.Cache{Dir: cache, Progress: os.Stderr}, TemporalConfig: filepath.Join(root(t), "temporal-dev.yml"),
	}
	require.NoError(t, settings.TestPorts())
	running, err := servers.Start(ctx, settings)
	require.NoError(t, err)
	p.databaseURL, p.processURL, p.address = running.Postgres.URL(), running.Postgres.ProcessURL(), running.Temporal.Address()
	server := func(name string, process *servers.Process, restart func(context.Context) error, now func() *servers.Process) *part {
		part := newPart(name, func(ctx context.Context) (*servers.Process, error) { err := restart(ctx); return now(), err }, p.say)
		part.runs(process)
		go part.supervise(ctx)
		return part
	}
	p.postgres = server("postgres", running.Postgres.Process, running.Postgres.Restart, func() *servers.Process { return running.Postgres.Process })
	p.temporal = server("temporal", running.Temporal.Process, running.Temporal.Restart, func() *servers.Process { return running.Temporal.Process })
	p.s3 = server("s3", running.S3.Process, running.S3.Restart, func() *servers.Process { return running.S3.Process })
	p.s3URL = running.S3.Endpoint()
	p.say("servers started")
}

// replicas is how many of worker and apiserver there can be.
const replicas = 2

// startPrograms prepares two workers and two API servers and starts one of each.
func (p *platform) startPrograms(ctx context.Context, t *testing.T) {
	t.Helper()
	ports, err := servers.FreePorts(3 * replicas)
	require.NoError(t, err)
	keys := filepath.Join(p.dir, "keys")
	own, err := esiasim.EnsureKey(ctx, keys, "client", "Платформа", esia.GOST)
	require.NoError(t, err)
	theirs, err := esiasim.EnsureKey(ctx, keys, "esia", esiasim.Subject, esia.GOST)
	require.NoError(t, err)
	env := append(os.Environ(),
		"EPKR_ENVIRONMENT=development", "EPKR_PUBLIC_URL=http://127.0.0.1:1", "DATABASE_URL="+p.processURL,
		"EPKR_MIGRATION_DATABASE_URL="+p.databaseURL, "EPKR_LOG_LEVEL=info",
		"TEMPORAL_ADDRESS="+p.address, "TEMPORAL_NAMESPACE="+servers.TemporalNamespace, "EPKR_TASK_QUEUE="+taskQueue,
		"S3_ENDPOINT="+p.s3URL, "S3_REGION="+servers.S3Region, "S3_BUCKET="+servers.S3Bucket, "S3_ACCESS_KEY="+servers.S3AccessKey, "S3_SECRET_KEY="+servers.S3SecretKey,
		// Hundreds of people from one address; what one person may do is as everywhere.
		"EPKR_LIMIT_ADDRESS=1000000/1000000", "EPKR_LIMIT_ANONYMOUS=1000/1000", "EPKR_LIMIT_CONNECTIONS=100000",
		"EPKR_REGISTRY_URL="+p.registry.server.URL, "EPKR_REGISTRY_CRON=0 3 * * *",
		// Nobody signs in here: sessions are made in the database.
		"EPKR_ESIA_URL=http://127.0.0.1:1", "EPKR_ESIA_CLIENT_ID=EPKR", "EPKR_ESIA_CERTIFICATE="+own.CertificateFile,
		"EPKR_ESIA_KEY="+own.KeyFile, "EPKR_ESIA_TOKEN_CERTIFICATE="+theirs.CertificateFile,
	)
	env = slices.Clip(env) // each program appends its own
	for i := range replicas {
		p.workers = append(p.workers, p.program(fmt.Sprintf("worker-%d", i+1), "worker", ports[2*i], append(env, listen("EPKR_HEALTH_LISTEN", ports[2*i]))))
		p.apis = append(p.apis, p.program(fmt.Sprintf("apiserver-%d", i+1), "apiserver", ports[2*replicas+i],
			append(env, listen("EPKR_LISTEN", ports[2*i+1]), listen("EPKR_INTERNAL_LISTEN", ports[2*replicas+i]))))
		p.urls = append(p.urls, fmt.Sprintf("http://127.0.0.1:%d", ports[2*i+1]))
	}
	p.internalURL = fmt.Sprintf("http://127.0.0.1:%d", ports[2*replicas])
	p.workerURL = fmt.Sprintf("http://127.0.0.1:%d", ports[0])
	for _, first := range []*part{p.workers[0], p.apis[0]} {
		go first.supervise(ctx)
	}
	require.NoError(t, p.allReady(ctx))
	p.say("worker and apiserver started")
}

// replicate starts the second worker and the second API server.
func (p *platform) replicate(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	before := p.stop
	p.stop = func() { cancel(); before() }
	for _, second := range []*part{p.workers[1], p.apis[1]} {
		go second.supervise(ctx)
		require.NoError(t, second.ready(limited(t, startLimit)))
	}
	p.replicated = true
}

func listen(variable string, port int) string { return fmt.Sprintf("%s=127.0.0.1:%d", variable, port) }

func (p *platform) program(name, binary string, port int, env []string) *part {
	run := 0
	return newPart(name, func(ctx context.Context) (*servers.Process, error) {
		run++
		process, err := servers.Launch(servers.Command{
			Name: name, Path: filepath.Join(p.bin, binary), Dir: p.dir, Env: env, Grace: 40 * time.Second,
			Log: filepath.Join(p.dir, "log", fmt.Sprintf("%s.%03d.log", name, run)),
		})
		if err != nil {
			return nil, err
		}
		if err := process.AwaitReady(ctx, 2*time.Minute, servers.Answers(fmt.Sprintf("http://127.0.0.1:%d/readyz", port))); err != nil {
			process.Kill()
			return nil, err
		}
		return process, nil
	}, p.say)
}

const startLimit = 3 * time.Minute

// allReady waits until everything that runs by now is up.
func (p *platform) allReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	for _, part := range p.started() {
		if err := part.ready(ctx); err != nil {
			return err
		}
	}
	return nil
}

// started are the parts that run: the second worker and API server only once they are replicated.
func (p *platform) started() []*part {
	all := []*part{p.postgres, p.temporal, p.s3, p.workers[0], p.apis[0]}
	if p.replicated {
		all = append(all, p.workers[1], p.apis[1])
	}
	return all
}

func (p *platform) summary() {
	for _, part := range p.started() {
		p.say("%s: killed %d times, ended by itself %d times", part.name, part.killed, part.died)
	}
	p.say("%s", p.book.summary())
}

// limited is a context that ends with the test or after the limit.
func limited(t *testing.T, limit time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// eventually waits for a condition, longer than a quiet machine needs.
func eventually(t *testing.T, limit time.Duration, what string, condition func() bool) {
	t.Helper()
	ctx := limited(t, limit)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			require.Failf(t, "waited in vain", "%s after %s", what, limit)
		}
	}
}

// source is the registry: one snapshot over HTTP.
type source struct {
	mu     sync.Mutex
	files  map[string][]byte
	server *httptest.Server
}

func newSource() *source {
	s := &source{files: map[string][]byte{}}
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		body, found := s.files[path.Base(r.URL.Path)]
		s.mu.Unlock()
		if !found {
			http.NotFound(w, r)
			return
		}
		_, _ = io.Copy(w, bytes.NewReader(body))
	}))
	return s
}

// publish makes the rows the snapshot of that moment.
func (s *source) publish(t *testing.T, asOf time.Time, rows []registry.Row) {
	t.Helper()
	var data bytes.Buffer
	file, err := registry.Write(&data, "engineers.csv.gz", registry.CSV, asOf, rows)
	require.NoError(t, err)
	manifest, err := json.Marshal(registry.Manifest{Format: registry.FormatVersion, AsOf: asOf, Rows: len(rows), Files: []registry.File{file}})
	require.NoError(t, err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files = map[string][]byte{"manifest.json": manifest, "engineers.csv.gz": data.Bytes()}
}
