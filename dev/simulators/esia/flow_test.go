package esia_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	esiasim "epkr/dev/simulators/esia"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/esia"
	"epkr/internal/gost"
)

const (
	clientID    = "EPKR"
	redirectURI = "http://epkr.test/api/auth/callback"
	state       = "1b0d2c1e-0000-4000-8000-000000000001"
)

var (
	head = synthetic.Person{
		OID: "1000000001", SNILS: "112-233-445 95", LastName: "Иванова", FirstName: "Мария", MiddleName: "Петровна",
		BirthDate: time.Date(1980, 5, 17, 0, 0, 0, 0, time.UTC), Gender: synthetic.Female, INN: "500100732259",
		Email: "ivanova@example.com", Phone: "+7 900 000-12-34", Trusted: true,
		Passport: synthetic.Passport{Series: "4510", Number: "123456", IssueDate: time.Date(2010, 6, 1, 0, 0, 0, 0, time.UTC), IssueID: "770-001", IssuedBy: "ОВД «Тверской»"},
		Address:  "г. Москва, ул. Лесная, д. 1", Organisations: []synthetic.Membership{{OrganisationOID: "2000000001", Chief: true}},
	}
	outsider = synthetic.Person{OID: "1000000002", SNILS: "000-000-600 15", LastName: "Петров", FirstName: "Пётр", Trusted: true}
	doubtful = synthetic.Person{OID: "1000000003", SNILS: "222-333-444 05", LastName: "Сидоров", FirstName: "Иван"}
	firm     = synthetic.Organisation{
		OID: "2000000001", FullName: "Общество с ограниченной ответственностью «Межа»", ShortName: "ООО «Межа»", OGRN: "1027700132195",
		INN: "7707083893", KPP: "770701001", Type: "LEGAL", Address: "г. Москва, ул. Лесная, д. 2",
	}
	testUsers = []synthetic.TestUser{{Name: "Иванова Мария Петровна", SNILS: head.SNILS, Login: "customer", What: "Заказчик"}}
)

// setup describes how one run differs from the usual one.
type setup struct {
	generation esia.Generation
	form       esia.SignatureForm
	clientKey  esia.KeyKind
	tokenKey   esia.KeyKind
}

var usual = setup{generation: esia.V2, form: esia.Raw, clientKey: esia.GOST, tokenKey: esia.GOST}

// fixture is the simulator behind an HTTP server and a client registered with it.
type fixture struct {
	url       string
	server    *esiasim.Server
	config    esia.Config
	client    *esia.Client
	visitor   *esiasim.Visitor
	directory string
	// ahead is the offset of the simulator's clock.
	ahead atomic.Int64
	// authorization is the last Authorization header that the simulator received.
	mu            sync.Mutex
	authorization string
}

func newFixture(t *testing.T, s setup) *fixture {
	t.Helper()
	b := &fixture{directory: t.TempDir()}
	key, err := esiasim.EnsureKey(t.Context(), b.directory, "client", "EPKR", s.clientKey)
	require.NoError(t, err, "the tests need openssl with the package libengine-gost-openssl")
	b.server, err = esiasim.New(t.Context(), esiasim.Config{
		Directory: b.directory, TokenKey: s.tokenKey, World: &synthetic.World{
			People: []synthetic.Person{head, outsider, doubtful}, Organisations: []synthetic.Organisation{firm}, TestUsers: testUsers,
		},
		Clients: []esiasim.Client{{ID: clientID, Key: key, Redirects: []string{redirectURI, redirectURI + "/other"}}},
		Now:     func() time.Time { return time.Now().Add(time.Duration(b.ahead.Load())) },
	})
	require.NoError(t, err)
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		b.authorization = r.Header.Get("Authorization")
		b.mu.Unlock()
		b.server.ServeHTTP(w, r)
	}))
	t.Cleanup(listener.Close)
	b.url = listener.URL
	b.config = esia.Config{
		BaseURL: b.url, Generation: s.generation, ClientID: clientID, ClientCertificateFile: key.CertificateFile,
		TokenCertificateFiles: []string{filepath.Join(b.directory, "esia.crt")}, Issuer: esiasim.Issuer,
		PersonScopes: esia.DefaultPersonScopes(), OrganisationScopes: esia.DefaultOrganisationScopes(), Timeout: 20 * time.Second,
		Signature: esia.SignatureConfig{Form: s.form, KeyFile: key.KeyFile, KeyKind: s.clientKey, Timeout: 20 * time.Second},
	}
	b.client = b.with(t, b.config)
	b.visitor = esiasim.NewVisitor()
	return b
}

func (b *fixture) with(t *testing.T, config esia.Config) *esia.Client {
	t.Helper()
	client, err := esia.New(config, config.Signature.Signer(config.ClientCertificateFile))
	require.NoError(t, err)
	return client
}

// code signs in on the login page and returns the code of the callback.
func (b *fixture) code(t *testing.T, request esia.Request, login string) (string, error) {
	t.Helper()
	address, err := b.client.AuthorizeURL(t.Context(), request)
	require.NoError(t, err)
	callback, err := b.visitor.SignIn(t.Context(), address, login)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(callback.String(), request.RedirectURI+"?"), callback)
	return esia.ParseCallback(callback.Query(), state)
}

func (b *fixture) token(t *testing.T, login string) esia.Token {
	t.Helper()
	request := b.client.PersonRequest(state, redirectURI)
	code, err := b.code(t, request, login)
	require.NoError(t, err)
	token, err := b.client.Exchange(t.Context(), request, code)
	require.NoError(t, err)
	return token
}

// control changes a person by the control request.
func (b *fixture) control(t *testing.T, body string) {
	t.Helper()
	response, err := http.Post(b.url+"/control/person", "application/json", strings.NewReader(body))
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusNoContent, response.StatusCode)
}

func TestSignInByBothGenerationsAndAllSignatures(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2", "R-AUTH-5")
	for name, s := range map[string]setup{
		"v1, PKCS#7, ГОСТ":              {esia.V1, esia.PKCS7, esia.GOST, esia.GOST},
		"v1, PKCS#7, RSA, токен RS256":  {esia.V1, esia.PKCS7, esia.RSA, esia.RSA},
		"v2, PKCS#7, ГОСТ":              {esia.V2, esia.PKCS7, esia.GOST, esia.GOST},
		"v2, без конверта, ГОСТ":        {esia.V2, esia.Raw, esia.GOST, esia.GOST},
		"v2, без конверта, токен RS256": {esia.V2, esia.Raw, esia.GOST, esia.RSA},
		"v2, без конверта, RSA":         {esia.V2, esia.Raw, esia.RSA, esia.GOST},
	} {
		t.Run(name, func(t *testing.T) {
			b := newFixture(t, s)
			token := b.token(t, "customer")
			require.Equal(t, head.OID, token.Subject)
			person, err := b.client.Person(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, esia.Person{
				OID: head.OID, LastName: "Иванова", FirstName: "Мария", MiddleName: "Петровна", BirthDate: head.BirthDate, Gender: "F",
				SNILS: "11223344595", INN: head.INN, Citizenship: "RUS", Email: head.Email, Phone: head.Phone, Address: head.Address,
				Passport: &esia.Passport{Series: "4510", Number: "123456", IssueDate: head.Passport.IssueDate, IssueID: "770001", IssuedBy: head.Passport.IssuedBy},
			}, person)
			roles, err := b.client.Roles(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, []esia.Role{{
				OrganisationOID: firm.OID, FullName: firm.FullName, ShortName: firm.ShortName, OGRN: firm.OGRN, Type: "LEGAL", Chief: true, Admin: true, Active: true,
			}}, roles)
			require.True(t, roles[0].MayAct())
			b.readOrganisation(t, token)
		})
	}
}

// readOrganisation makes the second authorisation; the first token must not give access to the
// organisation.
func (b *fixture) readOrganisation(t *testing.T, first esia.Token) {
	t.Helper()
	_, err := b.client.Organisation(t.Context(), first, firm.OID)
	require.Equal(t, esia.CodeNotPermitted, esia.CodeOf(err))
	request := b.client.OrganisationRequest(state, redirectURI, firm.OID)
	code, err := b.code(t, request, "nobody, the session signs in")
	require.NoError(t, err)
	second, err := b.client.Exchange(t.Context(), request, code)
	require.NoError(t, err)
	organisation, err := b.client.Organisation(t.Context(), second, firm.OID)
	require.NoError(t, err)
	require.Equal(t, esia.Organisation{
		OID: firm.OID, FullName: firm.FullName, ShortName: firm.ShortName, Type: "LEGAL", OGRN: firm.OGRN, INN: firm.INN, KPP: firm.KPP,
		LegalForm: "12300", Address: firm.Address, Email: "info@" + firm.OGRN + ".example.com", Phone: "+7 900 000-00-99",
	}, organisation)
}

func TestActiveSessionSignsInWithoutLoginPage(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-3")
	b := newFixture(t, usual)
	b.token(t, head.SNILS)
	address, err := b.client.AuthorizeURL(t.Context(), b.client.PersonRequest(state, redirectURI))
	require.NoError(t, err)
	callback, err := b.visitor.Open(t.Context(), address)
	require.NoError(t, err)
	require.NotEmpty(t, callback.Query().Get("code"), "no login page is shown")

	stranger, err := esiasim.NewVisitor().Open(t.Context(), address)
	require.NoError(t, err)
	require.Equal(t, "/login", stranger.Path, "another browser has no session")

	after, err := b.visitor.Open(t.Context(), b.client.LogoutURL("http://epkr.test/"))
	require.NoError(t, err)
	require.Equal(t, "http://epkr.test/", after.String())
	again, err := b.visitor.Open(t.Context(), address)
	require.NoError(t, err)
	require.Equal(t, "/login", again.Path, "the session has ended")
}

func TestLogoutDoesNotRedirectToUnregisteredSites(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	_, err := b.visitor.Open(t.Context(), b.client.LogoutURL("http://evil.test/"))
	require.ErrorContains(t, err, "Вы вышли")
}

func TestSignInRefusedWithoutConfirmedAccount(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	_, err := b.code(t, b.client.PersonRequest(state, redirectURI), doubtful.OID)
	require.Equal(t, esia.CodeUnconfirmed, esia.CodeOf(err))
	require.ErrorContains(t, err, "ESIA-007055")
}

func TestSignInRefusedByTheUser(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	address, err := b.client.AuthorizeURL(t.Context(), b.client.PersonRequest(state, redirectURI))
	require.NoError(t, err)
	callback, err := b.visitor.Refuse(t.Context(), address)
	require.NoError(t, err)
	_, err = esia.ParseCallback(callback.Query(), state)
	require.Equal(t, esia.CodeRefusedByUser, esia.CodeOf(err))
	require.ErrorContains(t, err, "ESIA-007004")
}

func TestOrganisationIsRefusedToOutsiders(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	_, err := b.code(t, b.client.OrganisationRequest(state, redirectURI, firm.OID), outsider.OID)
	require.Equal(t, esia.CodeNotEmployee, esia.CodeOf(err))
	require.ErrorContains(t, err, "ESIA-007194")
}

func TestEndedMembershipIsVisibleOnRereading(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	token := b.token(t, "customer")
	request := b.client.OrganisationRequest(state, redirectURI, firm.OID)
	code, err := b.code(t, request, "customer")
	require.NoError(t, err)
	second, err := b.client.Exchange(t.Context(), request, code)
	require.NoError(t, err)

	b.control(t, `{"login":"customer","removeOrganisation":"2000000001"}`)
	roles, err := b.client.Roles(t.Context(), token)
	require.NoError(t, err)
	require.Empty(t, roles)
	_, err = b.client.Organisation(t.Context(), second, firm.OID)
	require.Equal(t, esia.CodeNotPermitted, esia.CodeOf(err))
	_, err = b.code(t, request, "customer")
	require.Equal(t, esia.CodeNotEmployee, esia.CodeOf(err))

	b.control(t, `{"login":"customer","reset":true}`)
	roles, err = b.client.Roles(t.Context(), token)
	require.NoError(t, err)
	require.Len(t, roles, 1)
}

func TestAccountClosedOrUnconfirmedAfterSignIn(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	token := b.token(t, "customer")
	b.control(t, `{"login":"customer","trusted":false}`)
	_, err := b.client.Person(t.Context(), token)
	require.Equal(t, esia.CodeUnconfirmed, esia.CodeOf(err))
	b.control(t, `{"login":"customer","trusted":true,"active":false}`)
	_, err = b.client.Person(t.Context(), token)
	require.Equal(t, esia.CodeInactive, esia.CodeOf(err))
	address, err := b.client.AuthorizeURL(t.Context(), b.client.PersonRequest(state, redirectURI))
	require.NoError(t, err)
	_, err = b.visitor.SignIn(t.Context(), address, "customer")
	require.ErrorContains(t, err, "закрыта")
}

func TestCodeWorksOnceAndForItsOwnAddress(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	request := b.client.PersonRequest(state, redirectURI)
	for name, redeem := range map[string]func(code string) error{
		"повтор": func(code string) error {
			_, err := b.client.Exchange(t.Context(), request, code)
			require.NoError(t, err)
			_, err = b.client.Exchange(t.Context(), request, code)
			return err
		},
		"другой адрес возврата": func(code string) error {
			other := request
			other.RedirectURI += "/other"
			_, err := b.client.Exchange(t.Context(), other, code)
			return err
		},
		"выдуманный код": func(code string) error {
			_, err := b.client.Exchange(t.Context(), request, code+"x")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			code, err := b.code(t, request, "customer")
			require.NoError(t, err)
			require.Equal(t, esia.CodeCodeInvalid, esia.CodeOf(redeem(code)))
		})
	}
	t.Run("истёк", func(t *testing.T) {
		code, err := b.code(t, request, "customer")
		require.NoError(t, err)
		b.ahead.Store(int64(90 * time.Second))
		defer b.ahead.Store(0)
		_, err = b.client.Exchange(t.Context(), request, code)
		require.Equal(t, esia.CodeCodeInvalid, esia.CodeOf(err))
	})
}

func TestExpiredAccessTokenIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	token := b.token(t, "customer")
	b.ahead.Store(int64(2 * time.Hour))
	_, err := b.client.Person(t.Context(), token)
	require.Equal(t, esia.CodeNotPermitted, esia.CodeOf(err))
}

// distorting signs other text than it is given.
type distorting struct{ esia.Signer }

func (d distorting) Sign(ctx context.Context, data []byte) ([]byte, error) {
	return d.Signer.Sign(ctx, append(bytes.Clone(data), '!'))
}

func TestTamperedClientSecretIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	for _, s := range []setup{
		{esia.V1, esia.PKCS7, esia.GOST, esia.GOST}, {esia.V2, esia.PKCS7, esia.GOST, esia.GOST}, usual, {esia.V2, esia.Raw, esia.RSA, esia.GOST},
	} {
		t.Run(fmt.Sprint(s.generation, " ", s.form, " ", s.clientKey), func(t *testing.T) {
			b := newFixture(t, s)
			honest := b.client
			request := honest.PersonRequest(state, redirectURI)
			code, err := b.code(t, request, "customer")
			require.NoError(t, err)

			stranger, err := esiasim.EnsureKey(t.Context(), t.TempDir(), "stranger", "EPKR", s.clientKey)
			require.NoError(t, err)
			otherKey := b.config.Signature
			otherKey.KeyFile = stranger.KeyFile
			for name, signer := range map[string]esia.Signer{
				"другие данные": distorting{b.config.Signature.Signer(b.config.ClientCertificateFile)},
				"чужой ключ":    otherKey.Signer(stranger.CertificateFile),
				"мусор":         esia.Command{Program: "cat", Timeout: 10 * time.Second},
			} {
				client, err := esia.New(b.config, signer)
				require.NoError(t, err)
				address, err := client.AuthorizeURL(t.Context(), request)
				require.NoError(t, err)
				callback, err := esiasim.NewVisitor().Open(t.Context(), address)
				require.NoError(t, err)
				_, err = esia.ParseCallback(callback.Query(), state)
				require.Equal(t, esia.CodeClientSecret, esia.CodeOf(err), name)
				_, err = client.Exchange(t.Context(), request, code)
				require.Equal(t, esia.CodeClientSecret, esia.CodeOf(err), name)
			}
			_, err = honest.Exchange(t.Context(), request, code)
			require.NoError(t, err, "another client's attempt does not use up the code")
		})
	}
}

func TestWrongRequestsAreRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	address, err := b.client.AuthorizeURL(t.Context(), b.client.PersonRequest(state, redirectURI))
	require.NoError(t, err)
	certificate, err := os.ReadFile(b.config.ClientCertificateFile)
	require.NoError(t, err)
	hashOfText := hex.EncodeToString(gost.CertificateHash(certificate))
	for name, test := range map[string]struct {
		name, value string
		code        esia.Code
	}{
		"другой state под подписью": {"state", "2b0d2c1e-0000-4000-8000-000000000001", esia.CodeClientSecret},
		"другие права под подписью": {"scope", "openid", esia.CodeClientSecret},
		"неизвестное право":         {"scope", "openid everything", esia.CodeScope},
		"без openid":                {"scope", "fullname", esia.CodeScope},
		"время не того вида":        {"timestamp", "2024-12-29T12:30:45Z", esia.CodeClock},
		"старое время":              {"timestamp", "2024.12.29 12:30:45 +0000", esia.CodeClock},
		"без хэша сертификата":      {"client_certificate_hash", "", esia.CodeMissingParameter},
		"хэш от PEM":                {"client_certificate_hash", hashOfText, esia.CodeClientSecret},
		"без подписи":               {"client_secret", "", esia.CodeMissingParameter},
		"другой вид ответа":         {"response_type", "token", esia.CodeBadParameter},
	} {
		t.Run(name, func(t *testing.T) {
			wrong, err := url.Parse(address)
			require.NoError(t, err)
			parameters := wrong.Query()
			parameters.Set(test.name, test.value)
			wrong.RawQuery = parameters.Encode()
			callback, err := b.visitor.Open(t.Context(), wrong.String())
			require.NoError(t, err)
			_, err = esia.ParseCallback(callback.Query(), parameters.Get("state"))
			require.Equal(t, test.code, esia.CodeOf(err))
		})
	}
}

func TestUnregisteredSystemsAreNeverRedirectedTo(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	address, err := b.client.AuthorizeURL(t.Context(), b.client.PersonRequest(state, redirectURI+"/unregistered"))
	require.NoError(t, err)
	_, err = b.visitor.Open(t.Context(), address)
	require.ErrorContains(t, err, "ESIA-007023")
	config := b.config
	config.ClientID = "OTHER"
	address, err = b.with(t, config).AuthorizeURL(t.Context(), b.client.PersonRequest(state, redirectURI))
	require.NoError(t, err)
	_, err = b.visitor.Open(t.Context(), address)
	require.ErrorContains(t, err, "ESIA-007002")
}

func TestV1RefusesRawSignature(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, setup{esia.V1, esia.PKCS7, esia.GOST, esia.GOST})
	raw := b.config.Signature
	raw.Form = esia.Raw
	client, err := esia.New(b.config, raw.Signer(b.config.ClientCertificateFile))
	require.NoError(t, err)
	address, err := client.AuthorizeURL(t.Context(), client.PersonRequest(state, redirectURI))
	require.NoError(t, err)
	callback, err := b.visitor.Open(t.Context(), address)
	require.NoError(t, err)
	_, err = esia.ParseCallback(callback.Query(), state)
	require.Equal(t, esia.CodeClientSecret, esia.CodeOf(err))
}

func TestClocksFarApartAreReported(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	b.ahead.Store(int64(10 * time.Minute))
	address, err := b.client.AuthorizeURL(t.Context(), b.client.PersonRequest(state, redirectURI))
	require.NoError(t, err)
	callback, err := b.visitor.Open(t.Context(), address)
	require.NoError(t, err)
	_, err = esia.ParseCallback(callback.Query(), state)
	require.Equal(t, esia.CodeClock, esia.CodeOf(err))
}

func TestTokensOfAnotherESIAAreRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	other := newFixture(t, usual)
	config := b.config
	config.TokenCertificateFiles = other.config.TokenCertificateFiles
	request := b.client.PersonRequest(state, redirectURI)
	code, err := b.code(t, request, "customer")
	require.NoError(t, err)
	_, err = b.with(t, config).Exchange(t.Context(), request, code)
	require.Equal(t, esia.CodeTokenInvalid, esia.CodeOf(err))
}

func TestScopesLimitReturnedData(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	config := b.config
	config.PersonScopes = []string{"openid", "fullname"}
	b.client = b.with(t, config)
	token := b.token(t, "customer")
	person, err := b.client.Person(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, esia.Person{OID: head.OID, LastName: "Иванова", FirstName: "Мария", MiddleName: "Петровна"}, person)
	_, err = b.client.Roles(t.Context(), token)
	require.Equal(t, esia.CodeNotPermitted, esia.CodeOf(err))
}

func TestTokenGivesAccessOnlyToItsPerson(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	b := newFixture(t, usual)
	_, err := b.client.Person(t.Context(), b.token(t, "customer"))
	require.NoError(t, err)
	b.mu.Lock()
	bearer := b.authorization
	b.mu.Unlock()
	for path, status := range map[string]int{
		"/rs/prns/" + head.OID:            http.StatusOK,
		"/rs/prns/" + head.OID + "/roles": http.StatusOK,
		"/rs/prns/" + outsider.OID:        http.StatusForbidden,
		"/rs/orgs/" + firm.OID:            http.StatusForbidden,
	} {
		require.Equal(t, status, get(t, b.url+path, bearer), path)
		require.Equal(t, http.StatusUnauthorized, get(t, b.url+path, ""), path)
		require.Equal(t, http.StatusUnauthorized, get(t, b.url+path, bearer+"x"), path)
	}
}

func get(t *testing.T, address, bearer string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", bearer)
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	return response.StatusCode
}

func TestControlIsLocalOnly(t *testing.T) {
	b := newFixture(t, usual)
	send := func(remote, origin, kind, body string) int {
		request := httptest.NewRequest(http.MethodPost, "/control/person", strings.NewReader(body))
		request.RemoteAddr = remote
		request.Header.Set("Content-Type", kind)
		if origin != "" {
			request.Header.Set("Origin", origin)
		}
		answer := httptest.NewRecorder()
		b.server.ServeHTTP(answer, request)
		return answer.Code
	}
	const good = `{"login":"customer","trusted":true}`
	require.Equal(t, http.StatusNoContent, send("127.0.0.1:1", "", "application/json", good))
	require.Equal(t, http.StatusForbidden, send("10.0.0.1:1", "", "application/json", good))
	require.Equal(t, http.StatusForbidden, send("127.0.0.1:1", "http://evil.test", "application/json", good))
	require.Equal(t, http.StatusUnsupportedMediaType, send("127.0.0.1:1", "", "text/plain", good))
	require.Equal(t, http.StatusBadRequest, send("127.0.0.1:1", "", "application/json", `{"unknown":1}`))
	require.Equal(t, http.StatusNotFound, send("127.0.0.1:1", "", "application/json", `{"login":"nobody"}`))
}

func TestLoginPageFindsPeople(t *testing.T) {
	b := newFixture(t, usual)
	address, err := b.client.AuthorizeURL(t.Context(), b.client.PersonRequest(state, redirectURI))
	require.NoError(t, err)
	page, err := b.visitor.Open(t.Context(), address)
	require.NoError(t, err)
	read := func(query string) string {
		response, err := http.Get(page.String() + query)
		require.NoError(t, err)
		defer response.Body.Close()
		var body bytes.Buffer
		_, err = body.ReadFrom(response.Body)
		require.NoError(t, err)
		return body.String()
	}
	all := read("")
	for _, text := range []string{"Иванова Мария Петровна", "customer", "Петров", "учётная запись не подтверждена", "Отказаться", "Войти"} {
		require.Contains(t, all, text)
	}
	found := read("&q=" + url.QueryEscape("петров пётр"))
	require.Contains(t, found, "Петров Пётр")
	require.NotContains(t, found, "Сидоров")
	require.Contains(t, read("&q=nobody"), "Никого не найдено")
	_, err = b.visitor.SignIn(t.Context(), address, "nobody")
	require.ErrorContains(t, err, "не найдена")
}

func TestKeysSurviveARestart(t *testing.T) {
	directory := t.TempDir()
	first, err := esiasim.EnsureKey(t.Context(), directory, "esia", "ЕСИА", esia.GOST)
	require.NoError(t, err)
	again, err := esiasim.EnsureKey(t.Context(), directory, "esia", "ЕСИА", esia.GOST)
	require.NoError(t, err)
	require.Equal(t, first.Certificate.Raw, again.Certificate.Raw)
	other, err := esiasim.EnsureKey(t.Context(), directory, "esia", "ЕСИА", esia.RSA)
	require.NoError(t, err)
	require.NotEqual(t, first.Certificate.Raw, other.Certificate.Raw, "a key of another kind is made")
}
