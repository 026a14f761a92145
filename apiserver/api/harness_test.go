package api

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

	"epkr/db"
	"epkr/dev/esia/simulator"
	"epkr/dev/synthetic"
	"epkr/internal/config"
	"epkr/internal/esia"
	"epkr/internal/order"
	"epkr/internal/storage"
	"epkr/internal/testenv"
)

// keysFolder holds the keys of ЕСИА and of the platform for all tests of the package: making them takes a second.
var keysFolder string

func TestMain(m *testing.M) {
	folder, err := os.MkdirTemp("", "epkr-api-keys-")
	if err != nil {
		panic(err)
	}
	keysFolder = folder
	for name, subject := range map[string]string{"epkr": "ЭПКР", "esia": simulator.Subject} {
		if _, err := simulator.EnsureKey(context.Background(), folder, name, subject, esia.GOST); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

// world is everybody who may sign in.
var world = sync.OnceValue(func() *synthetic.World { return synthetic.New(1) })

const esiaClientID = "EPKR"

// platform is the API on a loopback port with a database, a bucket and an ЕСИА of its own, on the shared Temporal server.
type platform struct {
	t           *testing.T
	url         string
	internal    string // what operators read
	server      *Server
	deps        Dependencies
	esiaURL     string
	databaseURL string
	database    *sql.DB
	taskQueue   string
	ahead       atomic.Int64 // by how much the platform's clock runs ahead of the machine's
}

// Setup is what a platform is built of.
type Setup struct {
	Dependencies
	// Operations are added to those of the API.
	Operations []func(*Server)
}

// beside serves another API on the same database, until the test ends.
func (p *platform) beside(change ...func(*Setup)) *platform {
	p.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(p.t, err)
	other := &platform{t: p.t, url: "http://" + listener.Addr().String(), databaseURL: p.databaseURL, database: p.database, taskQueue: p.taskQueue}
	other.serve(listener, change)
	return other
}

// at is the browser, cookies and all, on another platform.
func (b *browser) at(p *platform) *browser {
	return &browser{p: p, visitor: b.visitor, client: b.client}
}

// sweep deletes what has expired, as the API does every minute.
func (p *platform) sweep(ctx context.Context) error {
	return newAuthService(authDependencies{
		HTTP: p.server, Store: p.deps.Store, Log: p.deps.Log, Now: p.deps.Now, SessionIdle: p.deps.Config.SessionIdle,
	}).sweepOnce(ctx)
}

// startPlatform serves the API until the test ends. The cast's engineers and employers are in its registry. change, if given,
// alters what the server is built of.
func startPlatform(t *testing.T, change ...func(*Setup)) *platform {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &platform{t: t, url: "http://" + listener.Addr().String(), databaseURL: testenv.Database(t), taskQueue: testenv.TaskQueue(t)}
	p.database, err = sql.Open("pgx", p.databaseURL)
	require.NoError(t, err)
	t.Cleanup(func() { _ = p.database.Close() })
	p.seed()
	p.serve(listener, change)
	return p
}

func (p *platform) serve(listener net.Listener, change []func(*Setup)) {
	t := p.t
	store, err := db.Open(t.Context(), testenv.AsProcess(t, p.databaseURL))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	bucket := testenv.Bucket(t)
	files, err := storage.New(storage.Config{
		Endpoint: bucket.Endpoint, Region: bucket.Region, Bucket: bucket.Name, AccessKey: bucket.AccessKey, SecretKey: bucket.SecretKey, PathStyle: true,
	})
	require.NoError(t, err)
	redirect := p.url + "/api/auth/callback"
	with := &Setup{Dependencies: Dependencies{
		Store: store, ListenURL: testenv.AsProcess(t, p.databaseURL), Temporal: testenv.Temporal(t), Files: files, ESIA: p.startESIA(redirect),
		Config: config.API{
			Platform:     config.Platform{Environment: config.Development, PublicURL: p.url, TaskQueue: p.taskQueue},
			MaxFileBytes: 64 << 20, ESIARedirect: redirect, Moderators: []string{p.person(synthetic.LoginModerator).OID},
			SessionIdle: 30 * time.Minute, SessionMax: 12 * time.Hour, MembershipMaxAge: time.Hour, AuthorityMaxAge: 15 * time.Minute, TemporalUIURL: "http://127.0.0.1:8233",
		},
		Consent: CurrentConsent(), Log: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn})),
		Now: func() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) },
	}}
	for _, alter := range change {
		alter(with)
	}
	p.deps = with.Dependencies
	p.server, err = New(p.deps)
	require.NoError(t, err)
	for _, add := range with.Operations {
		add(p.server)
	}
	operators := httptest.NewServer(p.server.Internal())
	t.Cleanup(operators.Close)
	p.internal = operators.URL
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { p.server.Run(ctx) })
	running.Go(func() { _ = p.server.Serve(listener) })
	t.Cleanup(func() {
		limit, end := context.WithTimeout(context.Background(), 5*time.Second)
		defer end()
		_ = p.server.Close(limit)
		cancel()
		running.Wait()
	})
	testenv.Eventually(t, "the API answers", func() bool {
		response, err := http.Get(p.url + "/healthz")
		if err != nil {
			return false
		}
		return response.Body.Close() == nil && response.StatusCode == http.StatusOK
	})
}

// startESIA starts a simulator that knows the whole world, and gives the platform's client of it.
func (p *platform) startESIA(redirect string) *esia.Client {
	t := p.t
	key, err := simulator.EnsureKey(t.Context(), keysFolder, "epkr", "ЭПКР", esia.GOST)
	require.NoError(t, err)
	server, err := simulator.New(t.Context(), simulator.Config{
		Directory: keysFolder, TokenKey: esia.GOST, People: world().People(), Organisations: world().Organisations(), Cast: world().Cast(),
		Clients: []simulator.Client{{ID: esiaClientID, Certificate: key.Certificate, Redirects: []string{redirect}}},
	})
	require.NoError(t, err)
	listening := httptest.NewServer(server)
	t.Cleanup(listening.Close)
	p.esiaURL = listening.URL
	c := esia.Config{
		BaseURL: p.esiaURL, Generation: esia.V2, ClientID: esiaClientID, ClientCertificateFile: key.CertificateFile,
		TokenCertificateFiles: []string{filepath.Join(keysFolder, "esia.crt")}, Issuer: simulator.Issuer,
		PersonScopes: esia.DefaultPersonScopes(), OrganisationScopes: esia.DefaultOrganisationScopes(), Timeout: 20 * time.Second,
		Signature: esia.SignatureConfig{Form: esia.Raw, KeyFile: key.KeyFile, KeyKind: esia.GOST, Timeout: 20 * time.Second},
	}
	client, err := esia.New(c, c.Signature.Signer(key.CertificateFile))
	require.NoError(t, err)
	return client
}

// seed puts the cast's engineers and their employers into the registry.
func (p *platform) seed() {
	for _, o := range world().Organisations() {
		if o.IsEmployer && p.employsCast(o.OGRN) {
			p.exec(`insert into parties (id, kind, name, short_name, ogrn, inn, kpp, is_employer) values ($1, 'organisation', $2, $3, $4, $5, $6, true)`,
				uuid.New(), o.FullName, o.ShortName, o.OGRN, o.INN, o.KPP)
		}
	}
	for _, e := range world().Engineers()[:castEngineers] {
		p.exec(`insert into engineers (id, snils, registry_number, last_name, first_name, middle_name, in_registry, registry_as_of, blocked, form,
				employer_id, employment, receives_orders, profile_complete, regions, ogrnip)
			values ($1, $2, $3, $4, $5, $6, $7, now(), $8, $9, (select id from parties where ogrn = $10 and $10 <> ''),
				case when $10 = '' then '' else 'confirmed' end, $11, $12, string_to_array($13, ','), $14)`,
			uuid.New(), e.Row.SNILS, e.Row.RegistryNumber, e.Person.LastName, e.Person.FirstName, e.Person.MiddleName, e.Row.Status == "active", e.Blocked,
			string(e.Form), e.EmployerOGRN, e.ReceivesOrders, e.ProfileComplete, strings.Join(e.Regions, ","), e.OGRNIP)
	}
	p.exec(`update parties p set active_engineers = (select count(*) from engineers e
		where e.employer_id = p.id and e.in_registry and not e.blocked and e.employment = 'confirmed')`)
}

// castEngineers are the engineers of the cast and their colleague, who come first in the world.
const castEngineers = 10

func (p *platform) employsCast(ogrn string) bool {
	for _, e := range world().Engineers()[:castEngineers] {
		if e.EmployerOGRN == ogrn {
			return true
		}
	}
	return false
}

func (p *platform) person(login string) synthetic.Person {
	p.t.Helper()
	person, found := world().PersonByLogin(login)
	require.True(p.t, found, login)
	return person
}

// exec changes the database past the platform, as other processes or an operator would.
func (p *platform) exec(statement string, arguments ...any) {
	p.t.Helper()
	_, err := p.database.ExecContext(p.t.Context(), statement, arguments...)
	require.NoError(p.t, err)
}

// operator asks what only operators may.
func (p *platform) operator(path string) answer {
	p.t.Helper()
	response, err := http.Get(p.internal + path)
	require.NoError(p.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	return answer{t: p.t, status: response.StatusCode, header: response.Header, body: text}
}

// value reads one value from the database.
func value[T any](p *platform, query string, arguments ...any) (found T) {
	p.t.Helper()
	require.NoError(p.t, p.database.QueryRowContext(p.t.Context(), query, arguments...).Scan(&found))
	return found
}

// clockStands makes all that a platform does happen at one moment: no day ends meanwhile, and no limit fills up again.
func clockStands(s *Setup) {
	now := s.Now()
	s.Now = func() time.Time { return now }
}

// later moves the platform's clock.
func (p *platform) later(by time.Duration) { p.ahead.Add(int64(by)) }

// control changes a person in ЕСИА: the body is that of the simulator's POST /control/person.
func (p *platform) control(body string) {
	p.t.Helper()
	response, err := http.Post(p.esiaURL+"/control/person", "application/json", strings.NewReader(body))
	require.NoError(p.t, err)
	defer response.Body.Close()
	require.Equal(p.t, http.StatusNoContent, response.StatusCode)
}

// browser is one person's browser: it keeps cookies and follows no redirect by itself.
type browser struct {
	p       *platform
	client  *http.Client
	visitor *simulator.Visitor
}

func (p *platform) browser() *browser {
	p.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(p.t, err)
	visitor, err := simulator.NewVisitor()
	require.NoError(p.t, err)
	return &browser{p: p, visitor: visitor, client: &http.Client{
		Jar: jar, Timeout: time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signedIn is a browser whose person has signed in through ЕСИА, chosen the role and consented. kind is that of the account, as in
// the list of roles: person, entrepreneur, organisation, engineer or moderator.
func (p *platform) signedIn(login string, role order.Role, kind string) *browser {
	p.t.Helper()
	b := p.browser()
	b.signIn(login)
	b.choose(role, kind)
	b.consent()
	return b
}

// customer, engineer, employer and moderator are the usual ones.
func (p *platform) customer(login string) *browser {
	return p.signedIn(login, order.RoleCustomer, "person")
}

func (p *platform) engineer(login string) *browser {
	return p.signedIn(login, order.RoleEngineer, "engineer")
}

func (p *platform) employer(login string) *browser {
	return p.signedIn(login, order.RoleEmployer, "organisation")
}

func (p *platform) moderator() *browser {
	return p.signedIn(synthetic.LoginModerator, order.RoleModerator, "moderator")
}

// signIn goes through the whole sign-in and gives where it leads.
func (b *browser) signIn(login string) string {
	b.p.t.Helper()
	return b.finish(b.atESIA(b.begin("/"), login))
}

// begin gives the address of ЕСИА that the platform sends the browser to.
func (b *browser) begin(returnTo string) string {
	b.p.t.Helper()
	a := b.do(http.MethodGet, "/api/auth/login?"+url.Values{"returnTo": {returnTo}}.Encode(), nil)
	require.Equal(b.p.t, http.StatusSeeOther, a.status, a.text())
	return a.header.Get("Location")
}

// atESIA signs in there and gives the address that ЕСИА sends the browser back to.
func (b *browser) atESIA(address, login string) *url.URL {
	b.p.t.Helper()
	back, err := b.visitor.SignIn(b.p.t.Context(), address, login)
	require.NoError(b.p.t, err)
	return back
}

// finish follows ЕСИА's address and gives where the platform sends the browser then.
func (b *browser) finish(back *url.URL) string {
	b.p.t.Helper()
	a := b.do(http.MethodGet, back.RequestURI(), nil)
	require.Equal(b.p.t, http.StatusSeeOther, a.status, a.text())
	return a.header.Get("Location")
}

func (b *browser) roles() []choice {
	b.p.t.Helper()
	var page struct {
		Roles []choice `json:"roles"`
	}
	b.do(http.MethodGet, "/api/auth/roles", nil).ok().into(&page)
	return page.Roles
}

// choose takes the first role of that kind.
func (b *browser) choose(role order.Role, kind string) choice {
	b.p.t.Helper()
	for _, one := range b.roles() {
		if one.Role == role && one.Kind == kind {
			b.take(one).ok()
			return one
		}
	}
	require.Failf(b.p.t, "no such role", "%s of %s among %v", role, kind, b.roles())
	return choice{}
}

func (b *browser) take(one choice) answer {
	b.p.t.Helper()
	return b.do(http.MethodPost, "/api/auth/role", map[string]any{"role": one.Role, "party": one.Party})
}

// consent gives the consent and returns the page that follows.
func (b *browser) consent() nextPage {
	b.p.t.Helper()
	var page struct{ Version string }
	b.do(http.MethodGet, "/api/auth/consent", nil).ok().into(&page)
	var given struct{ Next nextPage }
	b.do(http.MethodPost, "/api/auth/consent", map[string]any{"version": page.Version}).ok().into(&given)
	return given.Next
}

// cookies are the browser's cookies of the platform.
func (b *browser) cookies() []*http.Cookie {
	address, err := url.Parse(b.p.url)
	require.NoError(b.p.t, err)
	return b.client.Jar.Cookies(address)
}

// answer is what the API said.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
	// last says that the connection ends with the answer.
	last bool
}

// do sends body, if any, as JSON. A string or []byte is sent as it is. headers are names and values by turns.
func (b *browser) do(method, path string, body any, headers ...string) answer {
	b.p.t.Helper()
	return b.exchange(b.request(method, path, body, headers...))
}

func (b *browser) exchange(request *http.Request) answer {
	b.p.t.Helper()
	response, err := b.client.Do(request)
	require.NoError(b.p.t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(b.p.t, err)
	return answer{t: b.p.t, status: response.StatusCode, header: response.Header, body: text, last: response.Close}
}

// request prepares what do sends, for streams and for requests at once.
func (b *browser) request(method, path string, body any, headers ...string) *http.Request {
	b.p.t.Helper()
	var reader io.Reader
	switch content := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(content)
	case []byte:
		reader = bytes.NewReader(content)
	default:
		text, err := json.Marshal(body)
		require.NoError(b.p.t, err)
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(b.p.t.Context(), method, b.p.url+path, reader)
	require.NoError(b.p.t, err)
	if reader != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return request
}

func (a answer) text() string { return fmt.Sprintf("%d %s", a.status, a.body) }

// ok ends the test unless the answer is one of success.
func (a answer) ok() answer {
	a.t.Helper()
	require.Less(a.t, a.status, 300, a.text())
	return a
}

func (a answer) into(target any) {
	a.t.Helper()
	require.NoError(a.t, json.Unmarshal(a.body, target), a.text())
}

// problem reads the answer as a problem, which must have the status and the type of one.
func (a answer) problem() Problem {
	a.t.Helper()
	require.Equal(a.t, problemType, a.header.Get("Content-Type"), a.text())
	var p Problem
	a.into(&p)
	require.Equal(a.t, a.status, p.Status, a.text())
	return p
}

// withOperation adds an operation to the API.
func withOperation(add func(*Server)) func(*Setup) {
	return func(s *Setup) { s.Operations = append(s.Operations, add) }
}

// registerProbe adds an operation with nothing of its own.
func registerProbe(s *Server, who access) {
	register(s, huma.Operation{
		OperationID: "probe", Method: http.MethodGet, Path: "/api/probe", DefaultStatus: http.StatusNoContent,
	}, who, func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
}

// whoAmI is GET /api/me.
func whoAmI(b *browser) (found struct {
	Person       struct{ Name, Email string }
	Role         order.Role
	Party        *uuid.UUID
	PartyKind    string
	Consented    bool
	Next         nextPage
	Restrictions []Restriction
},
) {
	b.p.t.Helper()
	b.do(http.MethodGet, "/api/me", nil).ok().into(&found)
	return found
}

// withProbe adds an operation like almost all others: for people who have consented, in the roles given.
func withProbe(roles ...order.Role) func(*Setup) {
	return withOperation(func(s *Server) { registerProbe(s, consented(roles...)) })
}

// replay asks with cookies that somebody kept.
func replay(p *platform, cookies []*http.Cookie) answer {
	thief := p.browser()
	address, err := url.Parse(p.url)
	require.NoError(p.t, err)
	thief.client.Jar.SetCookies(address, cookies)
	return thief.do(http.MethodGet, "/api/auth/roles", nil)
}

func (b *browser) renew(returnTo string) string {
	b.p.t.Helper()
	a := b.do(http.MethodGet, "/api/auth/login?"+url.Values{"renew": {"true"}, "returnTo": {returnTo}}.Encode(), nil)
	require.Equal(b.p.t, http.StatusSeeOther, a.status, a.text())
	return a.header.Get("Location")
}

func fields(p Problem) (all []string) {
	for _, f := range p.Errors {
		all = append(all, f.Field)
	}
	return all
}
