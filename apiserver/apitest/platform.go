// Package apitest starts the API on real servers for the tests of its packages.
package apitest

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
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
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/routes"
	"epkr/db"
	esiasim "epkr/dev/simulators/esia"
	"epkr/dev/synthetic"
	"epkr/internal/config"
	"epkr/internal/esia"
	"epkr/internal/order"
	"epkr/internal/storage"
	"epkr/internal/testenv"
)

// KeysFolder holds the keys of ЕСИА and of the platform for all tests of the package: making them takes a second.
var KeysFolder string

// Main makes those keys and runs the tests of a package. Every package that starts a platform calls it in its TestMain.
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

// World is everybody who may sign in.
var World = sync.OnceValue(func() *synthetic.World { return synthetic.New(1) })

const EsiaClientID = "EPKR"

// Platform is the API on a loopback port with a database, a bucket and an ЕСИА of its own, on the shared Temporal server.
type Platform struct {
	T           *testing.T
	URL         string
	Internal    string // what operators read
	Server      *httpapi.Server
	Deps        routes.Dependencies
	ESIA        string
	DatabaseURL string
	Database    *sql.DB
	TaskQueue   string
	Ahead       atomic.Int64 // by how much the platform's clock runs ahead of the machine's
}

// Setup is what a platform is built of.
type Setup struct {
	routes.Dependencies
	// Operations are added to those of the API.
	Operations []func(*httpapi.Server)
}

// Beside serves another API on the same database, until the test ends.
func (p *Platform) Beside(change ...func(*Setup)) *Platform {
	p.T.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(p.T, err)
	other := &Platform{T: p.T, URL: "http://" + listener.Addr().String(), DatabaseURL: p.DatabaseURL, Database: p.Database, TaskQueue: p.TaskQueue}
	other.Serve(listener, change)
	return other
}

// At is the browser, cookies and all, on another platform.
func (b *Browser) At(p *Platform) *Browser {
	return &Browser{Platform: p, Visitor: b.Visitor, Client: b.Client}
}

// Sweep deletes what has expired, as the API does every minute.
func (p *Platform) Sweep(ctx context.Context) error {
	return auth.New(auth.Dependencies{
		HTTP: p.Server, Store: p.Deps.Store, Log: p.Deps.Log, Now: p.Deps.Now, SessionIdle: p.Deps.Config.SessionIdle,
	}).Sweep(ctx)
}

// Start serves the API until the test ends. The cast's engineers and employers are in its registry. change, if given,
// alters what the server is built of.
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
		},
		Consent: auth.CurrentConsent(), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Now: func() time.Time { return time.Now().Add(time.Duration(p.Ahead.Load())) },
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

// StartESIA starts a simulator that knows the whole world, and gives the platform's client of it.
func (p *Platform) StartESIA(redirect string) *esia.Client {
	t := p.T
	key, err := esiasim.EnsureKey(t.Context(), KeysFolder, "epkr", "ЭПКР", esia.GOST)
	require.NoError(t, err)
	server, err := esiasim.New(t.Context(), esiasim.Config{
		Directory: KeysFolder, TokenKey: esia.GOST, People: World().People(), Organisations: World().Organisations(), Cast: World().Cast(),
		Clients: []esiasim.Client{{ID: EsiaClientID, Certificate: key.Certificate, Redirects: []string{redirect}}},
	})
	require.NoError(t, err)
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	p.ESIA = listening.URL
	c := esia.Config{
		BaseURL: p.ESIA, Generation: esia.V2, ClientID: EsiaClientID, ClientCertificateFile: key.CertificateFile,
		TokenCertificateFiles: []string{filepath.Join(KeysFolder, "esia.crt")}, Issuer: esiasim.Issuer,
		PersonScopes: esia.DefaultPersonScopes(), OrganisationScopes: esia.DefaultOrganisationScopes(), Timeout: 20 * time.Second,
		Signature: esia.SignatureConfig{Form: esia.Raw, KeyFile: key.KeyFile, KeyKind: esia.GOST, Timeout: 20 * time.Second},
	}
	client, err := esia.New(c, c.Signature.Signer(key.CertificateFile))
	require.NoError(t, err)
	return client
}

// Seed puts the cast's engineers and their employers into the registry.
func (p *Platform) Seed() {
	for _, o := range World().Organisations() {
		if o.IsEmployer && p.EmploysCast(o.OGRN) {
			p.Exec(`insert into parties (id, kind, name, short_name, ogrn, inn, kpp, is_employer) values ($1, 'organisation', $2, $3, $4, $5, $6, true)`,
				uuid.New(), o.FullName, o.ShortName, o.OGRN, o.INN, o.KPP)
		}
	}
	for _, e := range World().Engineers()[:CastEngineers] {
		p.Exec(`insert into engineers (id, snils, registry_number, last_name, first_name, middle_name, in_registry, registry_as_of, blocked, form,
				employer_id, employment, receives_orders, profile_complete, regions, ogrnip)
			values ($1, $2, $3, $4, $5, $6, $7, now(), $8, $9, (select id from parties where ogrn = $10 and $10 <> ''),
				case when $10 = '' then '' else 'confirmed' end, $11, $12, string_to_array($13, ','), $14)`,
			uuid.New(), e.Row.SNILS, e.Row.RegistryNumber, e.Person.LastName, e.Person.FirstName, e.Person.MiddleName, e.Row.Status == "active", e.Blocked,
			string(e.Form), e.EmployerOGRN, e.ReceivesOrders, e.ProfileComplete, strings.Join(e.Regions, ","), e.OGRNIP)
	}
	p.Exec(`update parties p set active_engineers = (select count(*) from engineers e
		where e.employer_id = p.id and e.in_registry and not e.blocked and e.employment = 'confirmed')`)
}

// CastEngineers are the engineers of the cast and their colleague, who come first in the world.
const CastEngineers = 10

func (p *Platform) EmploysCast(ogrn string) bool {
	for _, e := range World().Engineers()[:CastEngineers] {
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

// Exec changes the database past the platform, as other processes or an operator would.
func (p *Platform) Exec(statement string, arguments ...any) {
	p.T.Helper()
	_, err := p.Database.ExecContext(p.T.Context(), statement, arguments...)
	require.NoError(p.T, err)
}

// Operator asks what only operators may.
func (p *Platform) Operator(path string) Answer {
	p.T.Helper()
	response, err := http.Get(p.Internal + path)
	require.NoError(p.T, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(p.T, err)
	return Answer{T: p.T, Status: response.StatusCode, Header: response.Header, Body: text}
}

// Value reads one value from the database.
func Value[T any](p *Platform, query string, arguments ...any) (found T) {
	p.T.Helper()
	require.NoError(p.T, p.Database.QueryRowContext(p.T.Context(), query, arguments...).Scan(&found))
	return found
}

// ClockStands makes all that a platform does happen at one moment: no day ends meanwhile, and no limit fills up again.
func ClockStands(s *Setup) {
	now := s.Now()
	s.Now = func() time.Time { return now }
}

// Later moves the platform's clock.
func (p *Platform) Later(by time.Duration) { p.Ahead.Add(int64(by)) }

// Control changes a person in ЕСИА: the body is that of the simulator's POST /control/person.
func (p *Platform) Control(body string) {
	p.T.Helper()
	response, err := http.Post(p.ESIA+"/control/person", "application/json", strings.NewReader(body))
	require.NoError(p.T, err)
	defer response.Body.Close()
	require.Equal(p.T, http.StatusNoContent, response.StatusCode)
}

// Browser is one person's browser: it keeps cookies and follows no redirect by itself.
type Browser struct {
	Platform *Platform
	Client   *http.Client
	Visitor  *esiasim.Visitor
}

func (p *Platform) Browser() *Browser {
	p.T.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(p.T, err)
	visitor, err := esiasim.NewVisitor()
	require.NoError(p.T, err)
	return &Browser{Platform: p, Visitor: visitor, Client: &http.Client{
		Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// SignedIn is a browser whose person has signed in through ЕСИА, chosen the role and consented. kind is that of the account, as in
// the list of roles: person, entrepreneur, organisation, engineer or moderator.
func (p *Platform) SignedIn(login string, role order.Role, kind string) *Browser {
	p.T.Helper()
	b := p.Browser()
	b.SignIn(login)
	b.Choose(role, kind)
	b.Consent()
	return b
}

// customer, engineer, employer and moderator are the usual ones.
func (p *Platform) Customer(login string) *Browser {
	return p.SignedIn(login, order.RoleCustomer, "person")
}

func (p *Platform) Engineer(login string) *Browser {
	return p.SignedIn(login, order.RoleEngineer, "engineer")
}

func (p *Platform) Employer(login string) *Browser {
	return p.SignedIn(login, order.RoleEmployer, "organisation")
}

func (p *Platform) Moderator() *Browser {
	return p.SignedIn(synthetic.LoginModerator, order.RoleModerator, "moderator")
}

// SignIn goes through the whole sign-in and gives where it leads.
func (b *Browser) SignIn(login string) string {
	b.Platform.T.Helper()
	return b.Finish(b.AtESIA(b.Begin("/"), login))
}

// Begin gives the address of ЕСИА that the platform sends the browser to.
func (b *Browser) Begin(returnTo string) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, "/api/auth/login?"+url.Values{"returnTo": {returnTo}}.Encode(), nil)
	require.Equal(b.Platform.T, http.StatusSeeOther, a.Status, a.Text())
	return a.Header.Get("Location")
}

// AtESIA signs in there and gives the address that ЕСИА sends the browser back to.
func (b *Browser) AtESIA(address, login string) *url.URL {
	b.Platform.T.Helper()
	back, err := b.Visitor.SignIn(b.Platform.T.Context(), address, login)
	require.NoError(b.Platform.T, err)
	return back
}

// Finish follows ЕСИА's address and gives where the platform sends the browser then.
func (b *Browser) Finish(back *url.URL) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, back.RequestURI(), nil)
	require.Equal(b.Platform.T, http.StatusSeeOther, a.Status, a.Text())
	return a.Header.Get("Location")
}

func (b *Browser) Roles() []auth.Choice {
	b.Platform.T.Helper()
	var page struct {
		Roles []auth.Choice `json:"roles"`
	}
	b.Do(http.MethodGet, "/api/auth/roles", nil).OK().Into(&page)
	return page.Roles
}

// Choose takes the first role of that kind.
func (b *Browser) Choose(role order.Role, kind string) auth.Choice {
	b.Platform.T.Helper()
	for _, one := range b.Roles() {
		if one.Role == role && one.Kind == kind {
			b.Take(one).OK()
			return one
		}
	}
	require.Failf(b.Platform.T, "no such role", "%s of %s among %v", role, kind, b.Roles())
	return auth.Choice{}
}

func (b *Browser) Take(one auth.Choice) Answer {
	b.Platform.T.Helper()
	return b.Do(http.MethodPost, "/api/auth/role", map[string]any{"role": one.Role, "party": one.Party})
}

// Consent gives the consent and returns the page that follows.
func (b *Browser) Consent() auth.NextPage {
	b.Platform.T.Helper()
	var page struct{ Version string }
	b.Do(http.MethodGet, "/api/auth/consent", nil).OK().Into(&page)
	var given struct{ Next auth.NextPage }
	b.Do(http.MethodPost, "/api/auth/consent", map[string]any{"version": page.Version}).OK().Into(&given)
	return given.Next
}

// Cookies are the browser's cookies of the platform.
func (b *Browser) Cookies() []*http.Cookie {
	address, err := url.Parse(b.Platform.URL)
	require.NoError(b.Platform.T, err)
	return b.Client.Jar.Cookies(address)
}

// Answer is what the API said.
type Answer struct {
	T      *testing.T
	Status int
	Header http.Header
	Body   []byte
	// Last says that the connection ends with the answer.
	Last bool
}

// Do sends body, if any, as JSON. A string or []byte is sent as it is. headers are names and values by turns.
func (b *Browser) Do(method, path string, body any, headers ...string) Answer {
	b.Platform.T.Helper()
	return b.Exchange(b.Request(method, path, body, headers...))
}

func (b *Browser) Exchange(request *http.Request) Answer {
	b.Platform.T.Helper()
	response, err := b.Client.Do(request)
	require.NoError(b.Platform.T, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(b.Platform.T, err)
	return Answer{T: b.Platform.T, Status: response.StatusCode, Header: response.Header, Body: text, Last: response.Close}
}

// Request prepares what do sends, for streams and for requests at once.
func (b *Browser) Request(method, path string, body any, headers ...string) *http.Request {
	b.Platform.T.Helper()
	var reader io.Reader
	switch content := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(content)
	case []byte:
		reader = bytes.NewReader(content)
	default:
		text, err := json.Marshal(body)
		require.NoError(b.Platform.T, err)
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(b.Platform.T.Context(), method, b.Platform.URL+path, reader)
	require.NoError(b.Platform.T, err)
	if reader != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return request
}

func (a Answer) Text() string { return fmt.Sprintf("%d %s", a.Status, a.Body) }

// OK ends the test unless the answer is one of success.
func (a Answer) OK() Answer {
	a.T.Helper()
	require.Less(a.T, a.Status, 300, a.Text())
	return a
}

func (a Answer) Into(target any) {
	a.T.Helper()
	require.NoError(a.T, json.Unmarshal(a.Body, target), a.Text())
}

// Problem reads the answer as a problem, which must have the status and the type of one.
func (a Answer) Problem() problems.Problem {
	a.T.Helper()
	require.Equal(a.T, problems.MediaType, a.Header.Get("Content-Type"), a.Text())
	var p problems.Problem
	a.Into(&p)
	require.Equal(a.T, a.Status, p.Status, a.Text())
	return p
}

// WithOperation adds an operation to the API.
func WithOperation(add func(*httpapi.Server)) func(*Setup) {
	return func(s *Setup) { s.Operations = append(s.Operations, add) }
}

// RegisterProbe adds an operation with nothing of its own.
func RegisterProbe(s *httpapi.Server, who httpapi.Access) {
	httpapi.Register(s, huma.Operation{
		OperationID: "probe", Method: http.MethodGet, Path: "/api/probe", DefaultStatus: http.StatusNoContent,
	}, who, func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
}

// WhoAmI is GET /api/me.
func WhoAmI(b *Browser) (found struct {
	Person       struct{ Name, Email string }
	Role         order.Role
	Party        *uuid.UUID
	PartyKind    string
	Consented    bool
	Next         auth.NextPage
	Restrictions []auth.Restriction
},
) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, "/api/me", nil).OK().Into(&found)
	return found
}

// WithProbe adds an operation like almost all others: for people who have consented, in the roles given.
func WithProbe(roles ...order.Role) func(*Setup) {
	return WithOperation(func(s *httpapi.Server) { RegisterProbe(s, httpapi.Consented(roles...)) })
}

// Replay asks with cookies that somebody kept.
func Replay(p *Platform, cookies []*http.Cookie) Answer {
	thief := p.Browser()
	address, err := url.Parse(p.URL)
	require.NoError(p.T, err)
	thief.Client.Jar.SetCookies(address, cookies)
	return thief.Do(http.MethodGet, "/api/auth/roles", nil)
}

func (b *Browser) Renew(returnTo string) string {
	b.Platform.T.Helper()
	a := b.Do(http.MethodGet, "/api/auth/login?"+url.Values{"renew": {"true"}, "returnTo": {returnTo}}.Encode(), nil)
	require.Equal(b.Platform.T, http.StatusSeeOther, a.Status, a.Text())
	return a.Header.Get("Location")
}

func Fields(p problems.Problem) (all []string) {
	for _, f := range p.Errors {
		all = append(all, f.Field)
	}
	return all
}
