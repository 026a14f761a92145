package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// certificateFile writes a certificate with this subject, issued by that issuer.
func certificateFile(t *testing.T, subject, issuer pkix.Name) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: subject,
		NotBefore: time.Now(), NotAfter: time.Now().Add(time.Hour),
	}
	parent := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: issuer}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), key)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "certificate.crt")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	return file
}

var (
	realCA    = pkix.Name{Organization: []string{"Удостоверяющий центр"}, CommonName: "CA"}
	realESIA  = pkix.Name{Organization: []string{"Минцифры"}, CommonName: "esia"}
	simulator = pkix.Name{OrganizationalUnit: []string{"simulator"}, CommonName: "esia"}
)

// production is what a real installation would set.
func production(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"EPKR_ENVIRONMENT":            "production",
		"EPKR_PUBLIC_URL":             "https://epkr.example",
		"DATABASE_URL":                "postgres://epkr:Vb7-long-and-own@127.0.0.1:5432/epkr",
		"S3_ENDPOINT":                 "https://s3.internal.example",
		"S3_PUBLIC_ENDPOINT":          "https://files.example",
		"S3_REGION":                   "ru-1",
		"S3_BUCKET":                   "files",
		"S3_ACCESS_KEY":               "AKOWNKEY",
		"S3_SECRET_KEY":               "nT4-long-and-own",
		"EPKR_ESIA_URL":               "https://esia.gosuslugi.ru",
		"EPKR_ESIA_CLIENT_ID":         "EPKR",
		"EPKR_ESIA_KEY":               "/etc/epkr/client.key",
		"EPKR_ESIA_CERTIFICATE":       certificateFile(t, pkix.Name{CommonName: "ЭПКР"}, realCA),
		"EPKR_ESIA_TOKEN_CERTIFICATE": certificateFile(t, realESIA, realCA),
		"EPKR_REGISTRY_URL":           "https://registry.example",
		"TEMPORAL_ADDRESS":            "temporal.internal.example:7233",
		"TEMPORAL_TLS":                "true",
	}
}

func TestProductionStartsWithRealSettings(t *testing.T) {
	_, _, err := load(production(t))
	require.NoError(t, err)
}

// Each case changes one setting of a good installation, and that setting alone
// is refused. The same change on a development machine is accepted, so it is
// production that refuses it.
func TestProductionRefuses(t *testing.T) {
	cases := []struct {
		name, variable, value string
	}{
		{name: "публичный адрес по http", variable: "EPKR_PUBLIC_URL", value: "http://epkr.example"},
		{name: "публичный адрес этой машины", variable: "EPKR_PUBLIC_URL", value: "https://localhost"},
		{name: "S3 по http", variable: "S3_ENDPOINT", value: "http://s3.internal.example"},
		{name: "S3 на этой машине", variable: "S3_ENDPOINT", value: "https://127.0.0.1:7070"},
		{name: "S3 для браузера по http", variable: "S3_PUBLIC_ENDPOINT", value: "http://files.example"},
		{name: "S3 для браузера на этой машине", variable: "S3_PUBLIC_ENDPOINT", value: "https://[::1]:7070"},
		{name: "ЕСИА по http", variable: "EPKR_ESIA_URL", value: "http://esia.gosuslugi.ru"},
		{name: "ЕСИА на этой машине", variable: "EPKR_ESIA_URL", value: "https://esia.localhost"},
		{name: "возврат из ЕСИА по http", variable: "EPKR_ESIA_REDIRECT", value: "http://epkr.example/api/auth/callback"},
		{name: "возврат из ЕСИА на эту машину", variable: "EPKR_ESIA_REDIRECT", value: "https://127.0.0.1/api/auth/callback"},
		{name: "реестр по http", variable: "EPKR_REGISTRY_URL", value: "http://registry.example"},
		{name: "реестр на этой машине", variable: "EPKR_REGISTRY_URL", value: "https://0.0.0.0"},
		{name: "сертификат имитатора ЕСИА", variable: "EPKR_ESIA_TOKEN_CERTIFICATE", value: certificateFile(t, simulator, simulator)},
		{name: "сертификат тестового УЦ", variable: "EPKR_ESIA_TOKEN_CERTIFICATE", value: certificateFile(t, realESIA, simulator)},
		{name: "имитатор назван по-русски", variable: "EPKR_ESIA_TOKEN_CERTIFICATE", value: certificateFile(t, pkix.Name{Organization: []string{"ЭПКР симулятор"}}, realCA)},
		{name: "имитатор назван иначе", variable: "EPKR_ESIA_TOKEN_CERTIFICATE", value: certificateFile(t, pkix.Name{CommonName: "ЕСИА (имитатор)"}, realCA)},
		{name: "второй из сертификатов тестовый", variable: "EPKR_ESIA_TOKEN_CERTIFICATE", value: certificateFile(t, realESIA, realCA) + "," + certificateFile(t, simulator, simulator)},
		{name: "свой сертификат от тестового УЦ", variable: "EPKR_ESIA_CERTIFICATE", value: certificateFile(t, realESIA, simulator)},
		{name: "издатель токенов имитатора", variable: "EPKR_ESIA_ISSUER", value: "http://esia.simulator/"},
		{name: "известный ключ S3", variable: "S3_ACCESS_KEY", value: "minioadmin"},
		{name: "известный секрет S3", variable: "S3_SECRET_KEY", value: "epkr-local-secret"},
		{name: "известный пароль базы", variable: "DATABASE_URL", value: "postgres://epkr:epkr@db.example/epkr"},
		{name: "Temporal без TLS", variable: "TEMPORAL_TLS", value: "false"},
		{name: "Temporal без настройки TLS", variable: "TEMPORAL_TLS", value: ""},
		{name: "Temporal без проверки сервера", variable: "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", value: "true"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			env := with(production(t), map[string]string{c.variable: c.value})
			_, _, err := load(env)
			found := problems(err)
			require.NotEmpty(t, found)
			for _, problem := range found {
				require.Equal(t, c.variable, problem.Name)
			}
			_, _, err = load(with(env, map[string]string{"EPKR_ENVIRONMENT": "development"}))
			require.NoError(t, err)
		})
	}
}

func TestProductionReadsTheCertificatesItJudges(t *testing.T) {
	broken := filepath.Join(t.TempDir(), "broken.crt")
	require.NoError(t, os.WriteFile(broken, []byte("no certificate"), 0o600))
	for _, variable := range []string{"EPKR_ESIA_CERTIFICATE", "EPKR_ESIA_TOKEN_CERTIFICATE"} {
		for _, file := range []string{broken, broken + ".absent"} {
			_, _, err := load(with(production(t), map[string]string{variable: file}))
			found := problems(err)
			require.Len(t, found, 1)
			require.Equal(t, variable, found[0].Name)
		}
	}
}

func TestTemporalByAPIKeyIsEncrypted(t *testing.T) {
	_, _, err := load(with(production(t), map[string]string{"TEMPORAL_TLS": "", "TEMPORAL_API_KEY": "key"}))
	require.NoError(t, err)
}

func TestEmptyTemporalVariableTurnsNothingOn(t *testing.T) {
	_, worker, err := load(with(minimal(), map[string]string{"TEMPORAL_TLS_SERVER_NAME": ""}))
	require.NoError(t, err)
	require.Nil(t, worker.Temporal.Options().ConnectionOptions.TLS)
}

func TestThisMachineInEverySpelling(t *testing.T) {
	for _, host := range []string{
		"localhost", "LOCALHOST", "localhost.", "esia.localhost", "localhost.localdomain", "127.0.0.1", "127.8.8.8",
		"127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0.0.0.0", "::1", "::", "::ffff:127.0.0.1",
	} {
		require.True(t, isThisMachine(host), host)
	}
	for _, host := range []string{"esia.gosuslugi.ru", "localhost.example", "10.0.0.5", "s3", "fd00::1", "1c.ru"} {
		require.False(t, isThisMachine(host), host)
	}
}
