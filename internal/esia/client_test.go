package esia

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
)

// recorder is a signer that records the signed texts.
type recorder struct{ texts []string }

func (r *recorder) Sign(_ context.Context, data []byte) ([]byte, error) {
	r.texts = append(r.texts, string(data))
	return fmt.Appendf(nil, "signature %d", len(r.texts)), nil
}

const (
	testState    = "1b0d2c1e-0000-4000-8000-000000000001"
	testRedirect = "https://epkr.test/callback"
)

// serve returns a client of a server that answers with handler.
func serve(t *testing.T, handler http.HandlerFunc) *Client {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	_, file := gostFiles(t)
	config := testConfig(file)
	config.BaseURL = server.URL
	return newTestClient(t, config)
}

func TestSignedTextOfBothGenerations(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	_, file := gostFiles(t)
	moment := time.Date(2024, 12, 29, 12, 30, 45, 0, time.UTC)
	const stamp = "2024.12.29 12:30:45 +0000"
	const org = "http://esia.gosuslugi.ru/org_ogrn?org_oid=77"
	for _, test := range []struct {
		name         string
		generation   Generation
		organisation string
		code         string
		text, scope  string
		scopeOrg     string
	}{
		{"v1", V1, "", "", "openid" + stamp + testClient + testState, "openid", ""},
		{"v1, токен", V1, "", "c0de", "openid" + stamp + testClient + testState, "openid", ""},
		{"v1, организация", V1, "77", "", "openid " + org + stamp + testClient + testState, "openid " + org, ""},
		{"v2", V2, "", "", testClient + "openid" + stamp + testState + testRedirect, "openid", ""},
		{"v2, токен", V2, "", "c0de", testClient + "openid" + stamp + testState + testRedirect + "c0de", "openid", ""},
		{"v2, организация, токен", V2, "77", "c0de", testClient + "openid" + org + stamp + testState + testRedirect + "c0de", "openid", org},
	} {
		t.Run(test.name, func(t *testing.T) {
			config := testConfig(file)
			config.Generation, config.PersonScopes, config.OrganisationScopes = test.generation, []string{"openid"}, []string{"org_ogrn"}
			signer := &recorder{}
			client, err := New(config, signer)
			require.NoError(t, err)
			client.now = func() time.Time { return moment }
			request := client.PersonRequest(testState, testRedirect)
			if test.organisation != "" {
				request = client.OrganisationRequest(testState, testRedirect, test.organisation)
			}
			parameters, err := client.signedParameters(t.Context(), request, test.code)
			require.NoError(t, err)
			require.Equal(t, []string{test.text}, signer.texts)
			require.Equal(t, test.scope, parameters.Get("scope"))
			require.Equal(t, test.scopeOrg, parameters.Get("scope_org"))
			require.Equal(t, stamp, parameters.Get("timestamp"))
			secret, err := base64.URLEncoding.DecodeString(parameters.Get("client_secret"))
			require.NoError(t, err)
			require.Equal(t, "signature 1", string(secret))
		})
	}
}

func TestTokenCallHasAFreshSignature(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	var sent url.Values
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		sent = r.PostForm
		w.WriteHeader(http.StatusBadRequest)
	}))
	defer server.Close()
	_, file := gostFiles(t)
	config := testConfig(file)
	config.BaseURL, config.Generation = server.URL, V1
	signer := &recorder{}
	client, err := New(config, signer)
	require.NoError(t, err)
	request := client.PersonRequest(testState, testRedirect)
	address, err := client.AuthorizeURL(t.Context(), request)
	require.NoError(t, err)
	first, err := url.Parse(address)
	require.NoError(t, err)
	_, err = client.Exchange(t.Context(), request, "c0de")
	require.Error(t, err)
	require.Len(t, signer.texts, 2)
	require.NotEqual(t, first.Query().Get("client_secret"), sent.Get("client_secret"))
	require.Equal(t, "authorization_code", sent.Get("grant_type"))
}

func TestCallbackNeedsStateOfItsSignIn(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	code, err := ParseCallback(url.Values{"code": {"c0de"}, "state": {testState}}, testState)
	require.NoError(t, err)
	require.Equal(t, "c0de", code)
	for name, parameters := range map[string]url.Values{
		"чужой state": {"code": {"c0de"}, "state": {"other"}},
		"без state":   {"code": {"c0de"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ParseCallback(parameters, testState)
			require.Equal(t, CodeStateMismatch, CodeOf(err))
		})
	}
	_, err = ParseCallback(url.Values{"code": {"c0de"}}, "")
	require.Equal(t, CodeStateMismatch, CodeOf(err), "no pre-login cookie means no sign-in")
	_, err = ParseCallback(url.Values{"state": {testState}}, testState)
	require.Equal(t, CodeAnswerInvalid, CodeOf(err))
}

func TestRefusalsOfESIAHaveStableCodesAndRussianTexts(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	for number, code := range numbers {
		_, err := ParseCallback(url.Values{"state": {testState}, "error": {"x"}, "error_description": {"ESIA-" + number + ": secret words"}}, testState)
		var own *Error
		require.ErrorAs(t, err, &own)
		require.Equal(t, code, own.Code)
		require.Equal(t, "ESIA-"+number, own.ESIA)
		require.NotContains(t, err.Error(), "secret words")
		require.NotEqual(t, messages[CodeUnknown], own.Message(), number)
	}
	for text, code := range map[string]Code{"access_denied": CodeRefusedByUser, "server_error": CodeUnavailable, "invalid_grant": CodeCodeInvalid, "odd": CodeUnknown} {
		require.Equal(t, code, refusal(text, "").Code)
	}
	require.Equal(t, CodeUnknown, refusal("access_denied", "ESIA-999999: new").Code)
}

func TestTokenAnswerWithAnotherStateIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"access_token":"a.b.c","state":"other","token_type":"Bearer"}`))
	})
	_, err := client.Exchange(t.Context(), client.PersonRequest(testState, testRedirect), "c0de")
	require.Equal(t, CodeStateMismatch, CodeOf(err))
}

func TestErrorsHoldNoPersonalData(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	token := Token{access: "the-access-token", Subject: "1000299654"}
	secrets := []string{"the-access-token", "1000299654", "Иванова", "c0de"}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		code    Code
	}{
		"не JSON": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("Иванова 1000299654")) }, CodeAnswerInvalid},
		"другой тип поля": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"lastName":{"Иванова":1}}`))
		}, CodeAnswerInvalid},
		"отказ": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = w.Write([]byte(`{"code":"ESIA-005001","message":"Иванова"}`))
		}, CodeNotPermitted},
		"сбой": {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "Иванова", http.StatusBadGateway) }, CodeUnavailable},
		"переадресация": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/rs/Иванова", http.StatusFound)
		}, CodeAnswerInvalid},
		"слишком длинно": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, maxResponse+1)) }, CodeAnswerInvalid},
		"обрыв связи":    {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, CodeUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			client := serve(t, test.handler)
			_, err := client.Person(t.Context(), token)
			require.Equal(t, test.code, CodeOf(err), "%v", err)
			_, exchange := client.Exchange(t.Context(), client.PersonRequest(testState, testRedirect), "c0de")
			require.Error(t, exchange)
			for _, secret := range secrets {
				require.NotContains(t, err.Error(), secret)
				require.NotContains(t, exchange.Error(), secret)
			}
		})
	}
}

func TestUnresponsiveESIAIsTemporaryError(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	release := make(chan struct{})
	client := serve(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	client.http.Timeout = 50 * time.Millisecond
	_, err := client.Person(t.Context(), Token{access: "a", Subject: "1"})
	var own *Error
	require.ErrorAs(t, err, &own)
	require.Equal(t, CodeUnavailable, own.Code)
	require.True(t, own.Temporary())
}

const embeddedPerson = `{"firstName":"Мария","lastName":"Иванова","trusted":true,"status":"REGISTERED","snils":"000-000-600 15","rIdDoc":7,
"contacts":{"size":1,"elements":["%[1]s/rs/prns/1/ctts/3"]},
"documents":{"size":2,"elements":[{"id":6,"type":"RF_PASSPORT","vrfStu":"VERIFIED","series":"1111","number":"1"},
{"id":7,"type":"RF_PASSPORT","vrfStu":"VERIFIED","series":"2222","number":"2","issueDate":"03.02.2001"}]}}`

func TestPersonReadsCollectionsGivenAsAddresses(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	var client *Client
	client = serve(t, func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "Bearer a", r.Header.Get("Authorization"))
		if strings.HasSuffix(r.URL.Path, "/ctts/3") {
			_, _ = w.Write([]byte(`{"type":"EML","vrfStu":"VERIFIED","value":"m@example.com"}`))
			return
		}
		_, _ = fmt.Fprintf(w, embeddedPerson, client.base)
	})
	person, err := client.Person(t.Context(), Token{access: "a", Subject: "1"})
	require.NoError(t, err)
	require.Equal(t, "m@example.com", person.Email)
	require.Equal(t, "2222", person.Passport.Series, "the main document is preferred")
	require.Equal(t, time.Date(2001, 2, 3, 0, 0, 0, 0, time.UTC), person.Passport.IssueDate)
}

func TestTestSNILSOfESIAIsNotRejected(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"firstName":"Мария","lastName":"Иванова","trusted":true,"status":"REGISTERED","snils":"000-000-600 15"}`))
	})
	person, err := client.Person(t.Context(), Token{access: "a", Subject: "1"})
	require.NoError(t, err)
	require.Equal(t, "00000060015", person.SNILS)
}

func TestForeignURLInCollectionGetsNoToken(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	asked := false
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer stranger.Close()
	elsewhere := strings.Replace(stranger.URL, "127.0.0.1", "localhost", 1)
	for _, address := range []string{elsewhere + "/rs/x", "http://127.0.0.1/aas/oauth2/te", "http://127.0.0.1/rs/../aas", "%zz"} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, `{"trusted":true,"status":"REGISTERED","contacts":{"elements":[%q]}}`, address)
		})
		_, err := client.Person(t.Context(), Token{access: "a", Subject: "1"})
		require.Equal(t, CodeAnswerInvalid, CodeOf(err), address)
	}
	require.False(t, asked)
}

func TestConfigReportsAllErrors(t *testing.T) {
	err := Config{BaseURL: "https://user@esia.test/path", Generation: "v9"}.Validate()
	for _, part := range []string{"base URL", "generation", "client id", "client certificate", "verify tokens", "issuer", "openid", "organisation scopes", "timeout", "signature form", "signing command", "key kind"} {
		require.ErrorContains(t, err, part)
	}
	_, file := gostFiles(t)
	config := testConfig(file)
	require.NoError(t, config.Validate())
	require.Equal(t, []string{config.BaseURL}, config.Endpoints())
	config.Generation, config.Signature.Form = V1, Raw
	require.ErrorContains(t, config.Validate(), "PKCS#7")
}

func TestExternalCommandSigns(t *testing.T) {
	signature, err := Command{Program: "cat", Timeout: 5 * time.Second}.Sign(t.Context(), []byte("a; echo b"))
	require.NoError(t, err)
	require.Equal(t, "a; echo b", string(signature))
	_, err = Command{Program: "true", Timeout: 5 * time.Second}.Sign(t.Context(), nil)
	require.ErrorContains(t, err, "empty signature")
	_, err = Command{Program: "false", Timeout: 5 * time.Second}.Sign(t.Context(), nil)
	require.Error(t, err)
}

func TestHangingSignerIsStopped(t *testing.T) {
	begun := time.Now()
	_, err := Command{Program: "sleep", Arguments: []string{"60"}, Timeout: 50 * time.Millisecond}.Sign(t.Context(), nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Less(t, time.Since(begun), 10*time.Second)
}

func TestMissingEngineIsNamedByItsPackage(t *testing.T) {
	keyFile, _ := gostFiles(t)
	t.Setenv("OPENSSL_ENGINES", t.TempDir())
	_, err := OpenSSL{Form: Raw, Kind: GOST, KeyFile: keyFile, Timeout: 10 * time.Second}.Sign(t.Context(), []byte("x"))
	require.ErrorContains(t, err, "libengine-gost-openssl")
}

func TestEncryptedKeyIsOpenedByItsPassphrase(t *testing.T) {
	keyFile, _ := gostFiles(t)
	locked := filepath.Join(t.TempDir(), "locked.key")
	output, err := exec.Command("openssl", "pkcs8", "-topk8", "-engine", "gost", "-in", keyFile, "-out", locked, "-passout", "pass:слово").CombinedOutput()
	require.NoError(t, err, string(output))
	signer := OpenSSL{Form: Raw, Kind: GOST, KeyFile: locked, Passphrase: "слово", Timeout: 10 * time.Second}
	signature, err := signer.Sign(t.Context(), []byte("x"))
	require.NoError(t, err)
	require.Len(t, signature, 64)
	signer.Passphrase = "другое"
	_, err = signer.Sign(t.Context(), []byte("x"))
	require.Error(t, err)
	require.NotContains(t, err.Error(), "другое")
}

func TestFailedSignatureIsASigningError(t *testing.T) {
	_, file := gostFiles(t)
	client, err := New(testConfig(file), failing{})
	require.NoError(t, err)
	_, err = client.AuthorizeURL(t.Context(), client.PersonRequest(testState, testRedirect))
	require.Equal(t, CodeSigning, CodeOf(err))
	require.ErrorIs(t, err, errToken)
}

var errToken = errors.New("no token in the slot")

type failing struct{}

func (failing) Sign(context.Context, []byte) ([]byte, error) { return nil, errToken }
