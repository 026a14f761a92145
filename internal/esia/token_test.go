package esia

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
)

const (
	testClient = "EPKR"
	testIssuer = "http://esia.test/"
)

// signWith returns the signature of a token's signing input.
type signWith func(t *testing.T, input string) []byte

// gostFiles creates a ГОСТ key with openssl. Without the engine it fails and names the package to
// install.
func gostFiles(t *testing.T) (keyFile, certificateFile string) {
	t.Helper()
	directory := t.TempDir()
	keyFile, certificateFile = filepath.Join(directory, "k.key"), filepath.Join(directory, "k.crt")
	output, err := exec.Command("openssl", "req", "-x509", "-nodes", "-newkey", "gost2012_256", "-pkeyopt", "paramset:A", "-engine", "gost",
		"-subj", "/CN=test", "-keyout", keyFile, "-out", certificateFile).CombinedOutput()
	require.NoError(t, err, "the tests need openssl with the package libengine-gost-openssl: %s", output)
	return keyFile, certificateFile
}

func gostToken(t *testing.T) (string, signWith) {
	keyFile, certificateFile := gostFiles(t)
	return certificateFile, func(t *testing.T, input string) []byte {
		signature, err := OpenSSL{Form: Raw, Kind: GOST, KeyFile: keyFile, Timeout: 10 * time.Second}.Sign(t.Context(), []byte(input))
		require.NoError(t, err)
		return signature
	}
}

func rsaToken(t *testing.T) (string, *rsa.PrivateKey, signWith) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "rsa.crt")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return file, key, func(t *testing.T, input string) []byte {
		digest := sha256.Sum256([]byte(input))
		signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
		require.NoError(t, err)
		return signature
	}
}

func testConfig(certificateFile string) Config {
	return Config{
		BaseURL: "http://127.0.0.1:1", Generation: V2, ClientID: testClient, ClientCertificateFile: certificateFile,
		TokenCertificateFiles: []string{certificateFile}, Issuer: testIssuer, PersonScopes: DefaultPersonScopes(),
		OrganisationScopes: DefaultOrganisationScopes(), Timeout: 5 * time.Second,
		Signature: SignatureConfig{Form: PKCS7, Command: []string{"cat"}, Timeout: 5 * time.Second},
	}
}

func newTestClient(t *testing.T, config Config) *Client {
	t.Helper()
	client, err := New(config, config.Signature.Signer(config.ClientCertificateFile))
	require.NoError(t, err)
	return client
}

func makeToken(t *testing.T, head, body map[string]any, sign signWith) string {
	t.Helper()
	encode := func(value any) string {
		data, err := json.Marshal(value)
		require.NoError(t, err)
		return base64.RawURLEncoding.EncodeToString(data)
	}
	input := encode(head) + "." + encode(body)
	return input + "." + base64.RawURLEncoding.EncodeToString(sign(t, input))
}

func goodClaims() map[string]any {
	now := time.Now()
	return map[string]any{"iss": testIssuer, "client_id": testClient, "nbf": now.Unix(), "exp": now.Add(time.Hour).Unix(), "urn:esia:sbj_id": 1000299654, "urn:esia:sid": "s"}
}

func with(body map[string]any, name string, value any) map[string]any {
	body[name] = value
	if value == nil {
		delete(body, name)
	}
	return body
}

func TestTokenIsAcceptedByTheConfiguredCertificate(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	gostFile, gostSign := gostToken(t)
	rsaFile, _, rsaSign := rsaToken(t)
	for _, test := range []struct {
		algorithm, file string
		sign            signWith
	}{{algorithmGOST, gostFile, gostSign}, {algorithmRSA, rsaFile, rsaSign}} {
		t.Run(test.algorithm, func(t *testing.T) {
			client := newTestClient(t, testConfig(test.file))
			require.Equal(t, []string{test.algorithm}, client.TokenAlgorithms())
			access := makeToken(t, map[string]any{"alg": test.algorithm, "sbt": "access"}, goodClaims(), test.sign)
			identity := with(with(goodClaims(), "sub", "1000299654"), "aud", []string{"other", testClient})
			token, err := client.verifyTokens(tokenResponse{AccessToken: text(access), IDToken: text(makeToken(t, map[string]any{"alg": test.algorithm, "sbt": "id"}, identity, test.sign))})
			require.NoError(t, err)
			require.Equal(t, "1000299654", token.Subject)
			require.Equal(t, "s", token.SessionID)
			require.WithinDuration(t, time.Now().Add(time.Hour), token.ExpiresAt, time.Minute)
			require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", token, token, token, slog.AnyValue(token).Resolve()), access)
		})
	}
}

func TestTokenOfNewKeyIsAcceptedWhileBothAreConfigured(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	oldFile, _ := gostToken(t)
	newFile, sign := gostToken(t)
	config := testConfig(oldFile)
	head := map[string]any{"alg": algorithmGOST}
	token := makeToken(t, head, goodClaims(), sign)
	_, err := newTestClient(t, config).verifyTokens(tokenResponse{AccessToken: text(token)})
	require.Equal(t, CodeTokenInvalid, CodeOf(err))
	config.TokenCertificateFiles = []string{oldFile, newFile}
	_, err = newTestClient(t, config).verifyTokens(tokenResponse{AccessToken: text(token)})
	require.NoError(t, err)
}

func TestTokenIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	gostFile, gostSign := gostToken(t)
	rsaFile, rsaKey, rsaSign := rsaToken(t)
	nothing := func(*testing.T, string) []byte { return nil }
	// The classic attack: the public key is used as the secret of a symmetric algorithm.
	symmetric := func(_ *testing.T, input string) []byte {
		mac := hmac.New(sha256.New, x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey))
		mac.Write([]byte(input))
		return mac.Sum(nil)
	}
	now := time.Now()
	for _, test := range []struct {
		name, file string
		head       map[string]any
		claims     map[string]any
		sign       signWith
	}{
		{"alg none", gostFile, map[string]any{"alg": "none"}, goodClaims(), nothing},
		{"без алгоритма", gostFile, map[string]any{}, goodClaims(), gostSign},
		{"пустая подпись", gostFile, map[string]any{"alg": algorithmGOST}, goodClaims(), nothing},
		{"RS256 при сертификате ГОСТ", gostFile, map[string]any{"alg": algorithmRSA}, goodClaims(), rsaSign},
		{"ГОСТ при сертификате RSA", rsaFile, map[string]any{"alg": algorithmGOST}, goodClaims(), gostSign},
		{"имя ГОСТ над подписью RSA", gostFile, map[string]any{"alg": algorithmGOST}, goodClaims(), rsaSign},
		{"HS256 открытым ключом", rsaFile, map[string]any{"alg": "HS256"}, goodClaims(), symmetric},
		{"маркер id вместо access", gostFile, map[string]any{"alg": algorithmGOST, "sbt": "id"}, goodClaims(), gostSign},
		{"неизвестное crit", gostFile, map[string]any{"alg": algorithmGOST, "crit": []string{"x"}}, goodClaims(), gostSign},
		{"истёк", gostFile, map[string]any{"alg": algorithmGOST}, with(goodClaims(), "exp", now.Add(-time.Minute).Unix()), gostSign},
		{"без срока", gostFile, map[string]any{"alg": algorithmGOST}, with(goodClaims(), "exp", nil), gostSign},
		{"ещё не действует", gostFile, map[string]any{"alg": algorithmGOST}, with(goodClaims(), "nbf", now.Add(time.Minute).Unix()), gostSign},
		{"другой издатель", gostFile, map[string]any{"alg": algorithmGOST}, with(goodClaims(), "iss", "http://other/"), gostSign},
		{"другой клиент", gostFile, map[string]any{"alg": algorithmGOST}, with(goodClaims(), "client_id", "OTHER"), gostSign},
		{"другая аудитория", gostFile, map[string]any{"alg": algorithmGOST}, with(goodClaims(), "aud", "OTHER"), gostSign},
		{"без клиента", gostFile, map[string]any{"alg": algorithmGOST}, with(goodClaims(), "client_id", nil), gostSign},
		{"без человека", gostFile, map[string]any{"alg": algorithmGOST}, with(goodClaims(), "urn:esia:sbj_id", nil), gostSign},
		{"человек не число", gostFile, map[string]any{"alg": algorithmGOST}, with(goodClaims(), "urn:esia:sbj_id", "../1"), gostSign},
	} {
		t.Run(test.name, func(t *testing.T) {
			token := makeToken(t, test.head, test.claims, test.sign)
			_, err := newTestClient(t, testConfig(test.file)).verifyTokens(tokenResponse{AccessToken: text(token)})
			require.Equal(t, CodeTokenInvalid, CodeOf(err))
			require.NotContains(t, err.Error(), token)
			require.NotContains(t, err.Error(), "1000299654")
		})
	}
}

func TestTokenWithChangedClaimsIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	file, sign := gostToken(t)
	client := newTestClient(t, testConfig(file))
	head := map[string]any{"alg": algorithmGOST}
	honest := strings.Split(makeToken(t, head, goodClaims(), sign), ".")
	forged := strings.Split(makeToken(t, head, with(goodClaims(), "urn:esia:sbj_id", 1), sign), ".")
	for name, token := range map[string]string{
		"чужое содержание": honest[0] + "." + forged[1] + "." + honest[2],
		"две части":        honest[0] + "." + honest[1],
		"четыре части":     strings.Join(honest, ".") + ".",
		"не base64":        honest[0] + "." + honest[1] + ".!",
		"пусто":            "",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client.verifyTokens(tokenResponse{AccessToken: text(token)})
			require.Equal(t, CodeTokenInvalid, CodeOf(err))
		})
	}
}

func TestIdentityTokenMustNameTheSamePerson(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	file, sign := gostToken(t)
	head := map[string]any{"alg": algorithmGOST}
	_, err := newTestClient(t, testConfig(file)).verifyTokens(tokenResponse{
		AccessToken: text(makeToken(t, head, goodClaims(), sign)),
		IDToken:     text(makeToken(t, head, with(goodClaims(), "sub", 2), sign)),
	})
	require.Equal(t, CodeTokenInvalid, CodeOf(err))
}

func TestSmallClockDifferenceIsTolerated(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	file, sign := gostToken(t)
	client := newTestClient(t, testConfig(file))
	token := tokenResponse{AccessToken: text(makeToken(t, map[string]any{"alg": algorithmGOST}, goodClaims(), sign))}
	for offset, accepted := range map[time.Duration]bool{
		-20 * time.Second: true, -2 * time.Minute: false, time.Hour + 20*time.Second: true, time.Hour + time.Minute: false,
	} {
		client.now = func() time.Time { return time.Now().Add(offset) }
		_, err := client.verifyTokens(token)
		require.Equal(t, accepted, err == nil, "clock off by %s: %v", offset, err)
	}
}

func TestTokenKeyOf512BitsIsRefused(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	directory := t.TempDir()
	file := filepath.Join(directory, "long.crt")
	output, err := exec.CommandContext(context.Background(), "openssl", "req", "-x509", "-nodes", "-newkey", "gost2012_512", "-pkeyopt", "paramset:A", "-engine", "gost",
		"-subj", "/CN=test", "-keyout", filepath.Join(directory, "long.key"), "-out", file).CombinedOutput()
	require.NoError(t, err, "the tests need openssl with the package libengine-gost-openssl: %s", output)
	config := testConfig(file)
	_, err = New(config, config.Signature.Signer(file))
	require.ErrorContains(t, err, "256")
}
