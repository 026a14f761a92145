package config

import (
	"bytes"
	"crypto/x509/pkix"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/esia"
	"epkr/internal/mchd"
	"epkr/internal/signature"
	"epkr/internal/testenv/pki"
	"epkr/internal/trust"
)

func lookupIn(env map[string]string) Lookup {
	return func(name string) (string, bool) {
		value, found := env[name]
		return value, found
	}
}

// minimal returns the settings that have no default.
func minimal() map[string]string {
	return map[string]string{
		"EPKR_ENVIRONMENT":            "development",
		"EPKR_PUBLIC_URL":             "http://127.0.0.1:8080/",
		"DATABASE_URL":                "postgres://epkr:epkr@127.0.0.1:5432/epkr",
		"S3_ENDPOINT":                 "http://127.0.0.1:7070",
		"S3_REGION":                   "us-east-1",
		"S3_BUCKET":                   "files",
		"S3_ACCESS_KEY":               "epkr-local",
		"S3_SECRET_KEY":               "epkr-local-secret",
		"EPKR_ESIA_URL":               "http://127.0.0.1:8090",
		"EPKR_ESIA_CLIENT_ID":         "EPKR",
		"EPKR_ESIA_KEY":               "keys/client.key",
		"EPKR_ESIA_CERTIFICATE":       "keys/client.crt",
		"EPKR_ESIA_TOKEN_CERTIFICATE": "keys/esia.crt",
		"EPKR_REGISTRY_URL":           "http://127.0.0.1:8091",
	}
}

func with(env map[string]string, changes map[string]string) map[string]string {
	changed := maps.Clone(env)
	maps.Copy(changed, changes)
	return changed
}

// load reads the settings of both processes.
func load(env map[string]string) (API, Worker, error) {
	api, apiErr := LoadAPI(lookupIn(env))
	worker, workerErr := LoadWorker(lookupIn(env))
	return api, worker, errors.Join(apiErr, workerErr)
}

// problems returns all variable errors inside a joined error.
func problems(err error) []*VariableError {
	if one, ok := err.(*VariableError); ok { //nolint:errorlint // the joined errors are walked one by one
		return []*VariableError{one}
	}
	var all []*VariableError
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, inner := range joined.Unwrap() {
			all = append(all, problems(inner)...)
		}
	}
	return all
}

func TestDefaults(t *testing.T) {
	api, worker, err := load(minimal())
	require.NoError(t, err)
	require.Equal(t, Development, api.Environment)
	require.Equal(t, "127.0.0.1:8080", api.Listen)
	require.Equal(t, "127.0.0.1:8081", worker.HealthListen)
	require.Equal(t, "http://127.0.0.1:8080", api.PublicURL)
	require.Equal(t, slog.LevelInfo, api.LogLevel)
	require.Equal(t, int64(524_288_000), api.MaxFileBytes)
	require.Equal(t, "http://127.0.0.1:7070", api.Storage.PublicEndpoint)
	require.True(t, api.Storage.PathStyle)
	require.NoError(t, api.Storage.Validate())
	require.Equal(t, "http://127.0.0.1:8080/api/auth/callback", api.ESIARedirect)
	require.Equal(t, esia.V2, api.ESIA.Generation)
	require.Equal(t, esia.Raw, api.ESIA.Signature.Form)
	require.NoError(t, api.ESIA.Validate())
	require.Empty(t, api.Moderators)
	require.Equal(t, "chrome-extension://pfhgbfnnjiafkhfdkmpiflachepdcjod/nmcades_plugin_api.js", api.CryptoProScripts[0])
	require.Equal(t, "orders", worker.TaskQueue)
	require.Equal(t, 30*time.Minute, api.SessionIdle)
	require.Equal(t, 12*time.Hour, api.SessionMax)
	require.Equal(t, "localhost:7233", worker.Temporal.Options().HostPort)
	require.Equal(t, "default", worker.Temporal.Options().Namespace)
}

func TestEverySettingIsRead(t *testing.T) {
	api, worker, err := load(with(minimal(), map[string]string{
		"EPKR_LISTEN":                 ":9000",
		"EPKR_HEALTH_LISTEN":          "[::1]:9001",
		"EPKR_LOG_LEVEL":              "debug",
		"EPKR_MAX_FILE_BYTES":         "1048576",
		"EPKR_MODERATORS":             "1002, 1001,1002,",
		"EPKR_TASK_QUEUE":             "orders-blue",
		"EPKR_TEMPORAL_UI_URL":        "http://127.0.0.1:8233",
		"EPKR_SESSION_IDLE":           "15m",
		"EPKR_SESSION_MAX":            "8h",
		"S3_PUBLIC_ENDPOINT":          "https://files.example",
		"S3_PATH_STYLE":               "false",
		"EPKR_ESIA_GENERATION":        "v1",
		"EPKR_ESIA_SIGNATURE":         "pkcs7",
		"EPKR_ESIA_SIGNER":            "command",
		"EPKR_ESIA_SIGNER_COMMAND":    "/opt/cprocsp/bin/sign --detached",
		"EPKR_ESIA_KEY_KIND":          "rsa",
		"EPKR_ESIA_TOKEN_CERTIFICATE": "old.crt, new.crt",
		"EPKR_ESIA_ISSUER":            "http://issuer.example/",
		"EPKR_ESIA_REDIRECT":          "https://epkr.example/back",
		"TEMPORAL_ADDRESS":            "temporal.internal:7233",
		"TEMPORAL_NAMESPACE":          "epkr",
		"TEMPORAL_TLS":                "true",
	}))
	require.NoError(t, err)
	require.Equal(t, ":9000", api.Listen)
	require.Equal(t, "[::1]:9001", worker.HealthListen)
	require.Equal(t, slog.LevelDebug, worker.LogLevel)
	require.Equal(t, int64(1<<20), api.MaxFileBytes)
	require.Equal(t, []string{"1001", "1002"}, api.Moderators)
	require.Equal(t, "orders-blue", api.TaskQueue)
	require.Equal(t, "http://127.0.0.1:8233", api.TemporalUIURL)
	require.Equal(t, 15*time.Minute, api.SessionIdle)
	require.Equal(t, 8*time.Hour, api.SessionMax)
	require.Equal(t, "https://files.example", worker.Storage.PublicEndpoint)
	require.False(t, api.Storage.PathStyle)
	require.Equal(t, esia.V1, api.ESIA.Generation)
	require.Equal(t, esia.PKCS7, api.ESIA.Signature.Form)
	require.Equal(t, []string{"/opt/cprocsp/bin/sign", "--detached"}, api.ESIA.Signature.Command)
	require.Empty(t, api.ESIA.Signature.KeyFile, "the command signs, not the file")
	require.Equal(t, esia.RSA, api.ESIA.Signature.KeyKind)
	require.Equal(t, []string{"old.crt", "new.crt"}, api.ESIA.TokenCertificateFiles)
	require.Equal(t, "http://issuer.example/", api.ESIA.Issuer)
	require.Equal(t, "https://epkr.example/back", api.ESIARedirect)
	require.Equal(t, "temporal.internal:7233", api.Temporal.Options().HostPort)
	require.Equal(t, "epkr", api.Temporal.Options().Namespace)
	require.NotNil(t, api.Temporal.Options().ConnectionOptions.TLS)
}

func TestAllMissingSettingsAreReported(t *testing.T) {
	_, _, err := load(map[string]string{})
	require.Error(t, err)
	named := map[string]bool{}
	for _, problem := range problems(err) {
		require.NotEmpty(t, problem.Problem)
		require.NotEmpty(t, problem.Expected)
		named[problem.Name] = true
	}
	for name := range minimal() {
		require.True(t, named[name], name)
	}
	require.Len(t, named, len(minimal()))
}

func TestInvalidSettingIsReported(t *testing.T) {
	for _, c := range []struct{ name, value string }{
		{"EPKR_ENVIRONMENT", "prod"},
		{"EPKR_LISTEN", "8080"},
		{"EPKR_LISTEN", "localhost:http-alt"},
		{"EPKR_INTERNAL_LISTEN", "8082"},
		{"EPKR_INTERNAL_LISTEN", "127.0.0.1:8080"},
		{"EPKR_HEALTH_LISTEN", "localhost:99999"},
		{"EPKR_LOG_LEVEL", "verbose"},
		{"EPKR_PUBLIC_URL", "epkr.example"},
		{"EPKR_PUBLIC_URL", "https://epkr.example/app"},
		{"DATABASE_URL", "host=db user=epkr"},
		{"S3_ENDPOINT", "s3.example"},
		{"S3_PUBLIC_ENDPOINT", "ftp://files.example"},
		{"S3_PATH_STYLE", "perhaps"},
		{"EPKR_MAX_FILE_BYTES", "500MB"},
		{"EPKR_MAX_FILE_BYTES", "0"},
		{"EPKR_MAX_FILE_BYTES", "5368709121"},
		{"EPKR_ESIA_URL", "https://user:pw@esia.example"},
		{"EPKR_ESIA_GENERATION", "v3"},
		{"EPKR_ESIA_SIGNATURE", "cades"},
		{"EPKR_ESIA_SIGNER", "cryptopro"},
		{"EPKR_ESIA_KEY_KIND", "ecdsa"},
		{"EPKR_ESIA_REDIRECT", "/api/auth/callback"},
		{"EPKR_CRYPTOPRO_SCRIPTS", "javascript:alert(1)"},
		{"EPKR_CRYPTOPRO_SCRIPTS", "chrome-extension://short/nmcades_plugin_api.js"},
		{"EPKR_REGISTRY_URL", "registry"},
		{"EPKR_MODERATORS", "1001,Иванов"},
		{"EPKR_TEMPORAL_UI_URL", "temporal"},
		{"EPKR_SMTP_TLS", "ssl"},
		{"EPKR_SESSION_IDLE", "30"},
		{"EPKR_SESSION_IDLE", "13h"}, // longer than the session at most
		{"EPKR_SESSION_MAX", "-1h"},
		{"TEMPORAL_TLS", "on"},
		{"TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", "no"},
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			_, _, err := load(with(minimal(), map[string]string{c.name: c.value}))
			found := problems(err)
			require.NotEmpty(t, found)
			for _, problem := range found {
				require.Equal(t, c.name, problem.Name)
				require.NotContains(t, problem.Error(), "pw")
			}
		})
	}
}

func TestSettingsThatDependOnEachOther(t *testing.T) {
	for name, c := range map[string]struct {
		changes map[string]string
		refused string
	}{
		"v1 с чистой подписью":     {map[string]string{"EPKR_ESIA_GENERATION": "v1"}, "EPKR_ESIA_SIGNATURE"},
		"openssl без ключа":        {map[string]string{"EPKR_ESIA_KEY": ""}, "EPKR_ESIA_KEY"},
		"команда не названа":       {map[string]string{"EPKR_ESIA_SIGNER": "command"}, "EPKR_ESIA_SIGNER_COMMAND"},
		"Госключ без ЕСИА":         {map[string]string{"EPKR_GOSKEY_URL": "https://www.gosuslugi.ru"}, "EPKR_GOSKEY_ESIA_URL"},
		"письма без ключа ссылок":  {map[string]string{"EPKR_SMTP_ADDRESS": "smtp.example:587", "EPKR_SMTP_FROM": "a@b.example"}, "EPKR_SMTP_LINK_KEY"},
		"письма без порта":         {map[string]string{"EPKR_SMTP_ADDRESS": "smtp.example", "EPKR_SMTP_FROM": "a@b.example", "EPKR_SMTP_LINK_KEY": "x"}, "EPKR_SMTP_ADDRESS"},
		"письма ни от кого":        {map[string]string{"EPKR_SMTP_ADDRESS": "smtp.example:587", "EPKR_SMTP_FROM": "нет", "EPKR_SMTP_LINK_KEY": "x"}, "EPKR_SMTP_FROM"},
		"клиентский ключ Temporal": {map[string]string{"TEMPORAL_TLS_CLIENT_CERT_PATH": "/nowhere.crt"}, "TEMPORAL_TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := load(with(minimal(), c.changes))
			require.NotEmpty(t, problems(err))
			for _, problem := range problems(err) {
				require.Equal(t, c.refused, problem.Name)
			}
		})
	}
}

// The authorities are those of the folder; a file that cannot be used is named.
func TestTrust(t *testing.T) {
	api, _, err := load(minimal())
	require.NoError(t, err)
	require.Nil(t, api.Trust)
	folder := t.TempDir()
	require.NoError(t, pki.Shared(t).Export(folder))
	set := with(minimal(), map[string]string{"EPKR_TRUST": folder})
	api, _, err = load(set)
	require.NoError(t, err)
	signer, err := pki.Shared(t).Ensure(pki.Certificate{Name: "signer", Subject: pki.Person("Межевой", "Пётр Ильич", "087654303")})
	require.NoError(t, err)
	certificate, err := pki.Shared(t).Certificate(signer)
	require.NoError(t, err)
	verdict, err := api.Trust.Store().Judge(certificate, nil, time.Now())
	require.NoError(t, err)
	require.True(t, verdict.Qualified)
	require.True(t, verdict.RevocationChecked)

	_, _, err = load(with(set, map[string]string{"EPKR_ENVIRONMENT": "production"}))
	require.ErrorContains(t, err, "trusts a test CA", "the authorities of the local platform")
	for _, file := range []string{"roots/broken.crt", "revocations/broken.crl"} {
		path := filepath.Join(folder, filepath.FromSlash(file))
		require.NoError(t, os.WriteFile(path, []byte("нет"), 0o600))
		_, _, err = load(set)
		found := problems(err)
		require.Len(t, found, 1)
		require.Equal(t, "EPKR_TRUST", found[0].Name)
		require.Contains(t, found[0].Problem, file)
		require.NoError(t, os.Remove(path))
	}
	_, _, err = load(with(set, map[string]string{"EPKR_TRUST": folder + "-absent"}))
	require.Len(t, problems(err), 1)
}

// A list that comes while the processes run revokes in the next check of a signature.
func TestTrustFollowsFiles(t *testing.T) {
	authority, err := pki.New(t.TempDir())
	require.NoError(t, err)
	folder, document := t.TempDir(), []byte("договор")
	require.NoError(t, authority.Export(folder))
	person := pki.Person("Межевой", "Пётр Ильич", "087654303")
	signed, err := authority.SignAs(person, document)
	require.NoError(t, err)
	set := with(minimal(), map[string]string{"EPKR_TRUST": folder})
	for name, value := range production(t) {
		if strings.HasPrefix(name, "EPKR_GOSKEY_") { // without «Госключ» the worker has no authorities
			set[name] = value
		}
	}
	api, worker, err := load(set)
	require.NoError(t, err)
	check := func(source *trust.Source) signature.Result {
		t.Helper()
		r, _, err := (&signature.Checker{Trust: source.Store(), Registry: mchd.NoRegistry{}}).Check(t.Context(), signature.Request{
			Document: signature.Bytes(document), Signature: signed, AcceptedAt: time.Now(),
			Signer: signature.Party{Kind: signature.Person, SNILS: person.SNILS},
		})
		require.NoError(t, err)
		return r
	}

	signer, err := authority.Ensure(pki.Certificate{Name: "signer", Subject: person})
	require.NoError(t, err)
	require.NoError(t, authority.Revoke(signer, pki.Issuer, time.Now().Add(-time.Hour)))
	require.NoError(t, authority.List(pki.Issuer, time.Now(), time.Now().AddDate(1, 0, 0)))
	require.NoError(t, authority.Export(folder))
	for _, source := range []*trust.Source{api.Trust, worker.Trust} {
		require.True(t, check(source).Valid, "there was no look yet")
		source.Look(t.Context(), slog.New(slog.DiscardHandler))
		r := check(source)
		require.False(t, r.Valid)
		require.Equal(t, signature.Revoked, r.Refusals[0].Code)
	}
}

// In production a test CA is refused also if it comes after the start.
func TestTrustRefusesLaterTestAuthority(t *testing.T) {
	folder := authorities(t, certificateFile(t, realCA, realCA))
	api, worker, err := load(with(production(t), map[string]string{"EPKR_TRUST": folder}))
	require.NoError(t, err)
	testCA := pkix.Name{CommonName: "ЭПКР Test CA"}
	later, err := os.ReadFile(certificateFile(t, testCA, testCA))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "roots", "later.crt"), later, 0o600))
	for _, source := range []*trust.Source{api.Trust, worker.Trust} {
		before := source.Store()
		source.Look(t.Context(), slog.New(slog.DiscardHandler))
		require.ErrorIs(t, source.Check(t.Context()), errTestAuthority)
		require.Same(t, before, source.Store())
	}
}

func TestSecretsAreNeverPrinted(t *testing.T) {
	env := with(minimal(), map[string]string{
		"DATABASE_URL":     "postgres://epkr:hidden-password@db.example/epkr",
		"S3_SECRET_KEY":    "hidden-s3",
		"TEMPORAL_API_KEY": "hidden-temporal",
	})
	api, worker, err := load(env)
	require.NoError(t, err)
	require.Equal(t, env["DATABASE_URL"], api.Database.Reveal())
	require.Equal(t, "hidden-s3", api.Storage.SecretKey)

	var printed bytes.Buffer
	for _, value := range []any{api, &api, worker, api.Database, api.Storage, api.Temporal, worker.Platform} {
		fmt.Fprintf(&printed, "%v %+v %#v %s %q %x\n", value, value, value, value, value, value)
		encoded, err := json.Marshal(value)
		require.NoError(t, err)
		printed.Write(encoded)
		slog.New(slog.NewJSONHandler(&printed, nil)).Info("start", "config", value)
		slog.New(slog.NewTextHandler(&printed, nil)).Info("start", "config", value)
	}
	require.NotContains(t, printed.String(), "hidden")
	require.NotContains(t, printed.String(), fmt.Sprintf("%x", "hidden"))
	require.Contains(t, printed.String(), "[redacted]")
}

func TestErrorsContainNoSecret(t *testing.T) {
	_, _, err := load(with(minimal(), map[string]string{
		"EPKR_ENVIRONMENT": "production",
		"DATABASE_URL":     "postgres://epkr:hidden%zz@db.example:port/epkr",
		"S3_ENDPOINT":      "https://hidden:hidden@s3.example",
		"S3_SECRET_KEY":    "minioadmin",
	}))
	require.Error(t, err)
	require.NotContains(t, err.Error(), "hidden")
	require.NotContains(t, err.Error(), "minioadmin")
}
