package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	engineeractivities "epkr/activities/engineers"
	fileactivities "epkr/activities/files"
	orderactivities "epkr/activities/orders"
	registryactivities "epkr/activities/registry"
	"epkr/apiserver/auth"
	"epkr/apiserver/routes"
	"epkr/db"
	"epkr/dev/demo/play"
	"epkr/dev/firstload"
	esiasim "epkr/dev/simulators/esia"
	registrysim "epkr/dev/simulators/registry"
	"epkr/dev/synthetic"
	"epkr/internal/config"
	"epkr/internal/esia"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/storage"
	"epkr/internal/testenv"
	"epkr/internal/testenv/pki"
	"epkr/internal/trust"
	"epkr/internal/workflowapi"
	"epkr/workflows"
)

var world = sync.OnceValue(func() *synthetic.World { return synthetic.New(1) })

// userEngineers is a number of the world's first engineers that includes all test users.
const userEngineers = 40

// platform is a whole platform in this process: API, worker and ЕСИА run here, on the real servers.
type platform struct {
	t           *testing.T
	url         string
	databaseURL string
	keys        string
	temporal    client.Client
	store       *db.Store
	registry    string // the address of its simulator
	queue       string
}

func startPlatform(t *testing.T) *platform {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &platform{
		t: t, url: "http://" + listener.Addr().String(), databaseURL: testenv.Database(t), keys: t.TempDir(), temporal: testenv.Temporal(t),
	}
	p.store, err = db.Open(t.Context(), p.databaseURL)
	require.NoError(t, err)
	t.Cleanup(p.store.Close)
	snapshot := firstload.Snapshot{AsOf: time.Now().UTC(), SHA256: "of the cast", Rows: world().Rows()[:userEngineers]}
	_, err = firstload.Load(t.Context(), p.store, snapshot, world())
	require.NoError(t, err)
	bucket := testenv.Bucket(t)
	files, err := storage.New(storage.Config{
		Endpoint: bucket.Endpoint, Region: bucket.Region, Bucket: bucket.Name, AccessKey: bucket.AccessKey, SecretKey: bucket.SecretKey, PathStyle: true,
	})
	require.NoError(t, err)
	p.queue = testenv.TaskQueue(t)
	simulator, err := registrysim.New(snapshot.Rows, time.Now)
	require.NoError(t, err)
	listening := httptest.NewServer(simulator)
	t.Cleanup(listening.Close)
	p.registry = listening.URL
	p.work(files)
	p.serve(listener, files)
	return p
}

func (p *platform) work(files *storage.Store) {
	t := p.t
	require.NoError(t, workflowapi.EnsureAttributes(t.Context(), p.temporal, client.DefaultNamespace))
	w := worker.New(p.temporal, p.queue, workflows.Options())
	workflows.Register(w)
	activities.Register(w, activities.Set{Orders: orderactivities.New(p.store, files, time.Now), Files: fileactivities.New(p.store, files, time.Now)})
	acts := registryactivities.New(p.store, files, p.temporal, registryactivities.Settings{
		URL: p.registry, LossLimit: registry.DefaultLossLimit(), Limits: registry.DefaultLimits(),
	}, time.Now)
	activities.Register(w, activities.Set{Registry: acts, Engineers: engineeractivities.New(p.store, p.temporal, time.Now)})
	require.NoError(t, w.Start())
	t.Cleanup(w.Stop)
}

func (p *platform) serve(listener net.Listener, files *storage.Store) {
	t := p.t
	redirect := p.url + "/api/auth/callback"
	authorities, err := pki.Shared(t).Store()
	require.NoError(t, err)
	server, err := routes.New(routes.Dependencies{
		Consent: auth.CurrentConsent(),
		Store:   p.store, ListenURL: p.databaseURL, Temporal: p.temporal, Files: files, ESIA: p.startESIA(redirect),
		Config: config.API{
			Platform:     config.Platform{Environment: config.Development, PublicURL: p.url, TaskQueue: p.queue},
			MaxFileBytes: 64 << 20, ESIARedirect: redirect, SessionIdle: 30 * time.Minute, SessionMax: 12 * time.Hour,
			MembershipMaxAge: time.Hour, AuthorityMaxAge: 15 * time.Minute, Trust: trust.Fixed(authorities),
		},
		Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Now: time.Now,
	})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { server.Run(ctx) })
	running.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		limit, end := context.WithTimeout(context.Background(), 5*time.Second)
		defer end()
		_ = server.Close(limit)
		cancel()
		running.Wait()
	})
	testenv.Eventually(t, "the API answers", func() bool {
		response, err := http.Get(p.url + "/healthz")
		return err == nil && response.Body.Close() == nil && response.StatusCode == http.StatusOK
	})
}

// startESIA starts a simulator of ЕСИА and returns the platform's client for it.
func (p *platform) startESIA(redirect string) *esia.Client {
	t := p.t
	key, err := esiasim.EnsureKey(t.Context(), p.keys, "platform", "ЭПКР", esia.GOST)
	require.NoError(t, err)
	server, err := esiasim.New(t.Context(), esiasim.Config{
		Directory: p.keys, TokenKey: esia.GOST, World: world(),
		Clients: []esiasim.Client{{ID: "EPKR", Key: key, Redirects: []string{redirect}}},
	})
	require.NoError(t, err)
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	c := esia.Config{
		BaseURL: listening.URL, Generation: esia.V2, ClientID: "EPKR", ClientCertificateFile: key.CertificateFile,
		TokenCertificateFiles: []string{filepath.Join(p.keys, "esia.crt")}, Issuer: esiasim.Issuer,
		PersonScopes: esia.DefaultPersonScopes(), OrganisationScopes: esia.DefaultOrganisationScopes(), Timeout: 20 * time.Second,
		Signature: esia.SignatureConfig{Form: esia.Raw, KeyFile: key.KeyFile, KeyKind: esia.GOST, Timeout: 20 * time.Second},
	}
	client, err := esia.New(c, c.Signature.Signer(key.CertificateFile))
	require.NoError(t, err)
	return client
}

// play plays the path with that name and returns its orders.
func (p *platform) play(name string) []play.Played {
	p.t.Helper()
	orders, err := play.ParseOrders(ordersFile)
	require.NoError(p.t, err)
	paths, err := wanted([]string{name})
	require.NoError(p.t, err)
	at := play.Platform{BaseURL: p.url, RegistryURL: p.registry, Temporal: p.temporal, TaskQueue: p.queue}
	played, err := paths[0].Play(p.t.Context(), at, orders, p.t.Output())
	require.NoError(p.t, err)
	require.NotEmpty(p.t, played)
	return played
}

// check compares everything recorded of an order with the workflow and the rules.
func (p *platform) check(o play.Played) {
	p.t.Helper()
	row, recorded := p.row(o.ID), p.recorded(o.ID)
	require.Equal(p.t, row, recorded, "the row equals the record's outcomes, applied")
	require.Equal(p.t, row, p.workflow(o.ID), "the row equals the workflow's state")
	for name, pair := range map[string][2]any{
		"stage":    {o.State.Stage, row.Stage},
		"cause":    {o.State.Cause, row.Cause},
		"terms":    {o.State.Terms, row.Terms},
		"revision": {o.State.Revision, row.Revision},
		"rounds":   {o.State.Rounds, row.Rounds},
		"contract": {o.State.Contract, row.Contract},
		"results":  {o.State.Results, row.Results},
		"act":      {o.State.Act, row.Act},
		"payment":  {o.State.Payment, row.Payment},
		"awaited":  {o.State.Wait.For, row.Wait.For},
	} {
		require.Equal(p.t, pair[0], pair[1], "%s, by the rules and in the record", name)
	}
	require.Equal(p.t, o.Notices, p.notices(o.ID), "the notifications")
}

// row returns the state in the order's row.
func (p *platform) row(id string) (s order.State) {
	p.t.Helper()
	for _, text := range query[[]byte](p, "select state from orders where id = $1", id) {
		require.NoError(p.t, json.Unmarshal(text, &s))
	}
	require.Equal(p.t, id, s.ID)
	return s
}

// recorded applies the outcomes of all messages.
func (p *platform) recorded(id string) order.State {
	p.t.Helper()
	s := order.State{ID: id}
	for _, text := range query[[]byte](p, "select outcome from order_messages where order_id = $1 order by seq", id) {
		var outcome order.Outcome
		require.NoError(p.t, json.Unmarshal(text, &outcome))
		require.NoError(p.t, s.Apply(outcome))
	}
	return s
}

// workflow queries the order's workflow for its state.
func (p *platform) workflow(id string) (s order.State) {
	p.t.Helper()
	answer, err := p.temporal.QueryWorkflow(p.t.Context(), workflowapi.OrderWorkflowID(uuid.MustParse(id)), "", workflowapi.StateQuery)
	require.NoError(p.t, err)
	require.NoError(p.t, answer.Get(&s))
	return s
}

// notices returns the notifications of the order as notices of the rules.
func (p *platform) notices(id string) []order.Notice {
	p.t.Helper()
	var all []order.Notice
	for _, one := range query[string](p, "select concat_ws(' ', role, kind, party_id) from notifications where order_id = $1 order by id", id) {
		role, rest, _ := strings.Cut(one, " ")
		kind, party, _ := strings.Cut(rest, " ")
		all = append(all, order.Notice{To: order.Addressee{Role: order.Role(role), Party: party}, Kind: order.NoticeKind(kind)})
	}
	return all
}

// query reads one column from the database.
func query[T any](p *platform, statement string, args ...any) []T {
	p.t.Helper()
	database, err := sql.Open("pgx", p.databaseURL)
	require.NoError(p.t, err)
	defer database.Close()
	rows, err := database.QueryContext(p.t.Context(), statement, args...)
	require.NoError(p.t, err)
	defer rows.Close()
	var values []T
	for rows.Next() {
		var one T
		require.NoError(p.t, rows.Scan(&one))
		values = append(values, one)
	}
	require.NoError(p.t, rows.Err())
	return values
}
