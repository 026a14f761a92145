// Package apitest starts the API on real servers for the tests of its packages.
package apitest

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/routes"
	"epkr/db"
	"epkr/dev/firstload"
	esiasim "epkr/dev/simulators/esia"
	"epkr/dev/synthetic"
	"epkr/internal/config"
	"epkr/internal/esia"
	"epkr/internal/order"
	"epkr/internal/storage"
	"epkr/internal/testenv"
)

// KeysFolder contains the keys of ЕСИА and of the platform for all tests of the package, because
// generating them takes a second.
var KeysFolder string

// Main generates the keys and runs the tests of a package. Every package that starts a platform
// calls it in its TestMain.
func Main(m *testing.M) {
	folder, err := os.MkdirTemp("", "epkr-api-keys-")
	if err != nil {
		panic(err)
	}
	KeysFolder = folder
	for name, subject := range map[string]string{"epkr": "ЭПКР", "esia": esiasim.Subject} {
		if _, err := esiasim.EnsureKey(context.Background(), folder, name, subject, esia.GOST); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// World returns all synthetic people and organisations.
var World = sync.OnceValue(func() *synthetic.World { return synthetic.New(1) })

const esiaClientID = "EPKR"

// Platform is the API on a loopback port with its own database, bucket and ЕСИА, on the shared
// Temporal server.
type Platform struct {
	T           *testing.T
	URL         string
	Internal    string // the address for operators
	Server      *httpapi.Server
	Deps        routes.Dependencies
	ESIA        string
	DatabaseURL string
	Database    *sql.DB
	TaskQueue   string
	Goskey      *Goskey      // nil unless StartGoskey was called
	ClockOffset atomic.Int64 // how far the platform's clock is ahead of the machine's, in nanoseconds
}

// Setup is the configuration of a platform.
type Setup struct {
	routes.Dependencies
	// Operations register additional operations.
	Operations []func(*httpapi.Server)
}

// StartSecondServer serves another API on the same database until the test ends.
func (p *Platform) StartSecondServer(change ...func(*Setup)) *Platform {
	p.T.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(p.T, err)
	other := &Platform{T: p.T, URL: "http://" + listener.Addr().String(), DatabaseURL: p.DatabaseURL, Database: p.Database, TaskQueue: p.TaskQueue}
	other.Serve(listener, change)
	return other
}

// Sweep deletes expired records, as the API does every minute.
func (p *Platform) Sweep(ctx context.Context) error {
	signedIn := auth.New(auth.Dependencies{
		HTTP: p.Server, Store: p.Deps.Store, Log: p.Deps.Log, Now: p.Deps.Now, SessionIdle: p.Deps.Config.SessionIdle,
	})
	return errors.Join(signedIn.Sweep(ctx), p.Server.Sweep(ctx))
}

// Start serves the API until the test ends. The engineers of the test users and their employers are
// in its registry. Each function in change may alter the configuration.
func Start(t *testing.T, change ...func(*Setup)) *Platform {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &Platform{T: t, URL: "http://" + listener.Addr().String(), DatabaseURL: testenv.Database(t), TaskQueue: testenv.TaskQueue(t)}
	p.Database, err = sql.Open("pgx", p.DatabaseURL)
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.Database.Close() })
	p.Seed()
	p.Serve(listener, change)
	return p
}

func (p *Platform) Serve(listener net.Listener, change []func(*Setup)) {
	t := p.T
	store, err := db.Open(t.Context(), testenv.AsProcess(t, p.DatabaseURL))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	bucket := testenv.Bucket(t)
	files, err := storage.New(storage.Config{
		Endpoint: bucket.Endpoint, Region: bucket.Region, Bucket: bucket.Name, AccessKey: bucket.AccessKey, SecretKey: bucket.SecretKey, PathStyle: true,
	})
	require.NoError(t, err)
	redirect := p.URL + "/api/auth/callback"
	with := &Setup{Dependencies: routes.Dependencies{
		Store: store, ListenURL: testenv.AsProcess(t, p.DatabaseURL), Temporal: testenv.Temporal(t), Files: files, ESIA: p.StartESIA(redirect),
		Config: config.API{
			Platform:     config.Platform{Environment: config.Development, PublicURL: p.URL, TaskQueue: p.TaskQueue},
			MaxFileBytes: 64 << 20, ESIARedirect: redirect, Moderators: []string{p.Person(synthetic.LoginModerator).OID},
			SessionIdle: 30 * time.Minute, SessionMax: 12 * time.Hour, MembershipMaxAge: time.Hour, AuthorityMaxAge: 15 * time.Minute, TemporalUIURL: "http://127.0.0.1:8233",
			Trust: authorities(t),
		},
		Consent: auth.CurrentConsent(), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Now: func() time.Time { return time.Now().Add(time.Duration(p.ClockOffset.Load())) },
	}}
	for _, alter := range change {
		alter(with)
	}
	p.Deps = with.Dependencies
	p.Server, err = routes.New(p.Deps)
	require.NoError(t, err)
	for _, add := range with.Operations {
		add(p.Server)
	}
	operators := httptest.NewServer(p.Server.Internal())
	t.Cleanup(operators.Close)
	p.Internal = operators.URL
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.Server.Run(ctx) })
	running.Go(func() { _ = p.Server.Serve(listener) })
	t.Cleanup(func() {
		limit, end := context.WithTimeout(context.Background(), 5*time.Second)
		defer end()
		_ = p.Server.Close(limit)
		cancel()
		running.Wait()
	})
	testenv.Eventually(t, "the API answers", func() bool {
		response, err := http.Get(p.URL + "/healthz")
		if err != nil {
			return false
		}
		return response.Body.Close() == nil && response.StatusCode == http.StatusOK
	})
}

// StartESIA starts a simulator with all people of World and returns the platform's client for it.
// Each function in change may alter the client's configuration.
func (p *Platform) StartESIA(redirect string, change ...func(*esia.Config)) *esia.Client {
	t := p.T
	key, err := esiasim.EnsureKey(t.Context(), KeysFolder, "epkr", "ЭПКР", esia.GOST)
	require.NoError(t, err)
	server, err := esiasim.New(t.Context(), esiasim.Config{
		Directory: KeysFolder, TokenKey: esia.GOST, World: World(),
		Clients: []esiasim.Client{{ID: esiaClientID, Key: key, Redirects: []string{redirect}}},
	})
	require.NoError(t, err)
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	p.ESIA = listening.URL
	c := esia.Config{
		BaseURL: p.ESIA, Generation: esia.V2, Automatic: esia.PromptNone, ClientID: esiaClientID, ClientCertificateFile: key.CertificateFile,
		TokenCertificateFiles: []string{filepath.Join(KeysFolder, "esia.crt")}, Issuer: esiasim.Issuer,
		PersonScopes: esia.DefaultPersonScopes(), OrganisationScopes: esia.DefaultOrganisationScopes(), Timeout: 20 * time.Second,
		Signature: esia.SignatureConfig{Form: esia.Raw, KeyFile: key.KeyFile, KeyKind: esia.GOST, Timeout: 20 * time.Second},
	}
	for _, alter := range change {
		alter(&c)
	}
	client, err := esia.New(c, c.Signature.Signer(key.CertificateFile))
	require.NoError(t, err)
	return client
}

// Seed inserts the engineers of the test users, their employers and the directory of banks.
func (p *Platform) Seed() {
	directory := synthetic.Banks()
	for _, b := range directory.Banks {
		p.Exec(`insert into banks (bic, name, place, correspondent_account, as_of) values ($1, $2, $3, $4, $5)`,
			b.BIC, b.Name, b.Place, b.CorrespondentAccount, directory.AsOf)
	}
	for _, o := range World().Organisations {
		if o.IsEmployer && p.EmploysSeeded(o.OGRN) {
			p.Exec(`insert into parties (id, kind, name, short_name, ogrn, inn, kpp, is_employer) values ($1, 'organisation', $2, $3, $4, $5, $6, true)`,
				uuid.New(), o.FullName, o.ShortName, o.OGRN, o.INN, o.KPP)
		}
	}
	engineers, employers := map[string]uuid.UUID{}, map[string]uuid.UUID{}
	for _, e := range World().Engineers[:SeededEngineers] {
		id, phone := uuid.New(), ""
		if e.ProfileComplete { // the incomplete profile lacks just the telephone
			phone = e.Person.Phone
		}
		p.Exec(`insert into engineers (id, snils, registry_number, last_name, first_name, middle_name, sro, in_registry, registry_as_of, blocked, form,
				employer_id, employment, receives_orders, regions, ogrnip, email, phone)
			values ($1, $2, $3, $4, $5, $6, $16, $7, now(), $8, $9, (select id from parties where ogrn = $10 and $10 <> ''),
				case when $10 = '' then '' else 'confirmed' end, $11, string_to_array($12, ','), $13, $14, $15)`,
			id, e.Row.SNILS, e.Row.RegistryNumber, e.Person.LastName, e.Person.FirstName, e.Person.MiddleName, e.Row.Status == "active", e.Blocked,
			string(e.Form), e.EmployerOGRN, e.ReceivesOrders, strings.Join(e.Regions, ","), e.OGRNIP, e.Person.Email, phone, e.Row.SROName)
		engineers[e.Row.SNILS] = id
		if e.EmployerOGRN != "" {
			employers[e.EmployerOGRN] = Value[uuid.UUID](p, `select id from parties where ogrn = $1`, e.EmployerOGRN)
		}
	}
	p.Exec(`select carry_employments()`)
	store, err := db.Open(p.T.Context(), p.DatabaseURL)
	require.NoError(p.T, err)
	defer store.Close()
	require.NoError(p.T, firstload.WriteProfiles(p.T.Context(), store.Queries, World(), engineers, employers))
	require.NoError(p.T, store.RefreshCompleteness(p.T.Context(), slices.Collect(maps.Values(engineers))))
	p.Exec(`update parties set active_engineers = count_active_engineers(id)`)
}

// SeededEngineers is the number of seeded engineers: those of the test users and their colleague,
// who come first in World.
const SeededEngineers = 10

func (p *Platform) EmploysSeeded(ogrn string) bool {
	for _, e := range World().Engineers[:SeededEngineers] {
		if e.EmployerOGRN == ogrn {
			return true
		}
	}
	return false
}

func (p *Platform) Person(login string) synthetic.Person {
	p.T.Helper()
	person, found := World().PersonByLogin(login)
	require.True(p.T, found, login)
	return person
}

// Exec changes the database directly, as another process or an operator would.
func (p *Platform) Exec(statement string, arguments ...any) {
	p.T.Helper()
	_, err := p.Database.ExecContext(p.T.Context(), statement, arguments...)
	require.NoError(p.T, err)
}

// GetInternal requests a path at the address for operators.
func (p *Platform) GetInternal(path string) Answer {
	p.T.Helper()
	response, err := http.Get(p.Internal + path)
	require.NoError(p.T, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(p.T, err)
	return Answer{T: p.T, Status: response.StatusCode, Header: response.Header, Body: text}
}

// Value returns one value from the database.
func Value[T any](p *Platform, query string, arguments ...any) (found T) {
	p.T.Helper()
	require.NoError(p.T, p.Database.QueryRowContext(p.T.Context(), query, arguments...).Scan(&found))
	return found
}

// FreezeClock stops the platform's clock, so that no day ends and no rate limit refills during a
// test.
func FreezeClock(s *Setup) {
	now := s.Now()
	s.Now = func() time.Time { return now }
}

// AdvanceClock moves the platform's clock forward.
func (p *Platform) AdvanceClock(by time.Duration) { p.ClockOffset.Add(int64(by)) }

// UpdateESIAPerson changes a person in ЕСИА. The body is that of the simulator's POST
// /control/person.
func (p *Platform) UpdateESIAPerson(body string) {
	p.T.Helper()
	response, err := http.Post(p.ESIA+"/control/person", "application/json", strings.NewReader(body))
	require.NoError(p.T, err)
	defer response.Body.Close()
	require.Equal(p.T, http.StatusNoContent, response.StatusCode)
}

// WithOperation adds an operation to the API.
func WithOperation(add func(*httpapi.Server)) func(*Setup) {
	return func(s *Setup) { s.Operations = append(s.Operations, add) }
}

// registerProbe adds an operation that does nothing.
func registerProbe(s *httpapi.Server, who httpapi.Access) {
	httpapi.Register(s, huma.Operation{
		OperationID: "probe", Method: http.MethodGet, Path: "/api/probe", DefaultStatus: http.StatusNoContent,
	}, who, func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
}

// WithProbe adds an operation that does nothing, for people in the given roles who have consented,
// like almost all operations.
func WithProbe(roles ...order.Role) func(*Setup) {
	return WithOperation(func(s *httpapi.Server) { registerProbe(s, httpapi.Consented(roles...)) })
}
