package config

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
)

// certificateFile writes a certificate with the given subject and issuer and returns its path.
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

// authorities returns a folder for EPKR_TRUST with root certificates.
func authorities(t *testing.T, roots ...string) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(folder, "roots"), 0o700))
	for i, root := range roots {
		data, err := os.ReadFile(root)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, "roots", fmt.Sprintf("%d.crt", i)), data, 0o600))
	}
	return folder
}

var (
	realCA    = pkix.Name{Organization: []string{"Удостоверяющий центр"}, CommonName: "CA"}
	realESIA  = pkix.Name{Organization: []string{"Минцифры"}, CommonName: "esia"}
	simulator = pkix.Name{OrganizationalUnit: []string{"simulator"}, CommonName: "esia"}
)

// production returns the settings of a valid production installation.
func production(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"EPKR_ENVIRONMENT":            "production",
		"EPKR_PUBLIC_URL":             "https://epkr.example",
		"DATABASE_URL":                "postgres://epkr_app:Vb7-long-and-own-q@db.example:5432/platform?sslmode=verify-full",
		"EPKR_MIGRATION_DATABASE_URL": "postgres://epkr_owner:Another-8q-secret-y@db.example:5432/platform?sslmode=verify-full",
		"S3_ENDPOINT":                 "https://s3.internal.example",
		"S3_PUBLIC_ENDPOINT":          "https://files.example",
		"S3_REGION":                   "ru-1",
		"S3_BUCKET":                   "files",
		"S3_ACCESS_KEY":               "AKOWNKEY",
		"S3_SECRET_KEY":               "nT4-long-and-own-z",
		"EPKR_ESIA_URL":               "https://esia.gosuslugi.ru",
		"EPKR_ESIA_CLIENT_ID":         "EPKR",
		"EPKR_ESIA_KEY":               "/etc/epkr/client.key",
		"EPKR_ESIA_CERTIFICATE":       certificateFile(t, pkix.Name{CommonName: "ЭПКР"}, realCA),
		"EPKR_ESIA_TOKEN_CERTIFICATE": certificateFile(t, realESIA, realCA),
		"EPKR_REGISTRY_URL":           "https://registry.example",
		"EPKR_GOSKEY_URL":             "https://www.gosuslugi.ru",
		"EPKR_GOSKEY_ESIA_URL":        "https://esia.gosuslugi.ru",
		"EPKR_GOSKEY_API_KEY":         "11111111-2222-3333-4444-555555555555",
		"EPKR_GOSKEY_REGION":          "45",
		"EPKR_GOSKEY_SENDER_NAME":     "Электронная платформа кадастровых работ",
		"EPKR_GOSKEY_SENDER_INN":      "7708410783",
		"EPKR_GOSKEY_CERTIFICATE":     "/etc/epkr/goskey.crt",
		"EPKR_GOSKEY_KEY":             "/etc/epkr/goskey.key",
		"EPKR_SMTP_ADDRESS":           "smtp.example:587",
		"EPKR_SMTP_USER":              "epkr@epkr.example",
		"EPKR_SMTP_PASSWORD":          "Kx9-long-and-own-m",
		"EPKR_SMTP_FROM":              "noreply@epkr.example",
		"EPKR_SMTP_LINK_KEY":          "Wq3-signs-the-links-z",
		"TEMPORAL_ADDRESS":            "temporal.internal.example:7233",
		"TEMPORAL_TLS":                "true",
		"TEMPORAL_API_KEY":            "eyJhbGciOiJFUzI1NiJ9.of-this-installation",
	}
}

func TestProductionStartsWithRealSettings(t *testing.T) {
	_, _, err := load(production(t))
	require.NoError(t, err)
}

// broken is a change of one variable of a valid installation that breaks exactly one rule.
type broken struct{ rule, name, value string }

func brokenSettings(t *testing.T) []broken {
	t.Helper()
	testCA := certificateFile(t, pkix.Name{CommonName: "ЭПКР Test CA"}, pkix.Name{CommonName: "ЭПКР Test CA"})
	simulated, issued := certificateFile(t, simulator, simulator), certificateFile(t, realESIA, simulator)
	russian := certificateFile(t, pkix.Name{CommonName: "ЕСИА (имитатор)"}, realCA)
	base := production(t)
	var cases []broken
	add := func(rule, name string, values ...string) {
		for _, value := range values {
			cases = append(cases, broken{rule, name, value})
		}
	}
	for _, a := range []struct{ prefix, name, path string }{
		{"public", "EPKR_PUBLIC_URL", ""},
		{"storage", "S3_ENDPOINT", ""},
		{"public-storage", "S3_PUBLIC_ENDPOINT", ""},
		{"esia", "EPKR_ESIA_URL", ""},
		{"goskey", "EPKR_GOSKEY_URL", ""},
		{"goskey-esia", "EPKR_GOSKEY_ESIA_URL", ""},
		{"esia-return", "EPKR_ESIA_REDIRECT", "/api/auth/callback"},
		{"temporal-ui", "EPKR_TEMPORAL_UI_URL", "/ui"},
		{"registry", "EPKR_REGISTRY_URL", "/out"},
	} {
		add(a.prefix+"-without-tls", a.name, "http://real.example"+a.path, "HTTP://real.example:8080"+a.path)
		for _, host := range []string{
			"localhost", "LocalHost.", "a.localhost", "127.0.0.1:8443", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "[::1]:443", "[::ffff:127.0.0.1]",
			"[::7f00:1]", "[64:ff9b::7f00:1]", "ip6-loopback", "[::1%25lo]", "１２７.0.0.1",
		} {
			add(a.prefix+"-on-this-machine", a.name, "https://"+host+a.path)
		}
	}
	for prefix, name := range map[string]string{"database": "DATABASE_URL", "listen": "EPKR_LISTEN_DATABASE_URL", "migration": "EPKR_MIGRATION_DATABASE_URL"} {
		role := map[string]string{"database": "epkr_app", "listen": "epkr_app", "migration": "epkr_owner"}[prefix]
		at := "postgres://" + role
		const own, host = "Vb7-long-and-own-q", "@db.example:5432/platform?"
		add(prefix+"-weak-password", name,
			at+":epkr-local"+host+"sslmode=verify-full", at+host+"sslmode=verify-full", at+":"+own+host+"sslmode=verify-full&password=epkr-local",
			at+host+"sslmode=verify-full&password=x", at+":aaaaaaaaaaaaaaaaaaaa"+host+"sslmode=verify-full", at+":"+role+role+role+host+"sslmode=verify-full",
			at+":abcabcabcabcabcabcabc"+host+"sslmode=verify-full", at+":1234567890123456"+host+"sslmode=verify-full",
			at+":Password-Password1"+host+"sslmode=verify-full", at+":%65pkr-local"+host+"sslmode=verify-full", at+"@/platform?host=/var/run/postgresql",
			"postgres:///platform?host=db.example&user="+role+"&password=postgres&sslmode=verify-full")
		at += ":" + own
		add(prefix+"-without-tls", name,
			at+host, at+host+"sslmode=disable", at+host+"sslmode=allow", at+host+"sslmode=prefer", at+host+"sslmode=require", at+host+"sslmode=verify-ca",
			at+"@127.0.0.1:5432/platform?sslmode=disable", at+"@/platform?host=/var/run/postgresql,db.example&sslmode=disable",
			at+"@db.example,other.example/platform?sslmode=prefer", at+"@/platform?host=db.example&sslmode=require")
		add(prefix+"-superuser", name, "postgres://postgres:"+own+host+"sslmode=verify-full", "postgres:///platform?host=db.example&user=postgres&password="+own+"&sslmode=verify-full")
		add(prefix+"-test-authority", name, at+host+"sslmode=verify-full&sslrootcert="+testCA)
	}
	add("migration-same-role", "EPKR_MIGRATION_DATABASE_URL", base["DATABASE_URL"], "postgres:///platform?host=db.example&sslmode=verify-full&user=epkr_app&password=Another-8q-secret-y")
	add("storage-known-key", "S3_ACCESS_KEY", "minioadmin", "MinioAdmin", "epkr", "test")
	add("storage-weak-secret", "S3_SECRET_KEY", "epkr-local-secret", "x", "short-one-7Z", "AKOWNKEYAKOWNKEYAKOWNKEY", "qwertyuiopqwerty", "files-files-files-files",
		"zaq12wsxcde34rfv", "ZAQ!2wsxCDE#4rfv", "1qaz2wsx3edc4rfv5tgb", "asdfghjkl;zxcvbn")
	add("temporal-on-this-machine", "TEMPORAL_ADDRESS", "localhost:7233", "127.0.0.1:7233", "", "[::1]:7233")
	add("temporal-without-tls", "TEMPORAL_TLS", "false")
	add("temporal-unverified", "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", "true")
	add("temporal-without-identity", "TEMPORAL_API_KEY", "")
	add("temporal-weak-key", "TEMPORAL_API_KEY", "k", "secret", "0000000000000000")
	add("temporal-test-authority", "TEMPORAL_TLS_SERVER_CA_CERT_PATH", testCA)
	add("temporal-test-identity", "TEMPORAL_TLS_CLIENT_CERT_DATA", "")
	add("system-test-authority", "SSL_CERT_FILE", testCA, simulated)
	add("esia-test-stand", "EPKR_ESIA_URL", "https://esia-portal1.test.gosuslugi.ru", "https://ESIA-portal1.TEST.gosuslugi.ru.")
	add("esia-test-issuer", "EPKR_ESIA_ISSUER", "http://esia.simulator/", "http://esia-portal1.test.gosuslugi.ru/", "http://localhost:8090/")
	add("esia-test-certificate", "EPKR_ESIA_CERTIFICATE", issued)
	add("esia-test-token-certificate", "EPKR_ESIA_TOKEN_CERTIFICATE", simulated, issued, russian, certificateFile(t, realESIA, realCA)+","+simulated)
	add("signers-test-authority", "EPKR_TRUST", authorities(t, testCA), authorities(t, certificateFile(t, realCA, realCA), russian))
	add("cryptopro-elsewhere", "EPKR_CRYPTOPRO_SCRIPTS", "https://scripts.example/plugin.js", "http://127.0.0.1:8093/nmcades_plugin_api.js")
	add("mail-without-tls", "EPKR_SMTP_TLS", "none")
	add("mail-on-this-machine", "EPKR_SMTP_ADDRESS", "localhost:25", "127.0.0.1:587")
	add("mail-weak-password", "EPKR_SMTP_PASSWORD", "short", "epkr@epkr.example")
	add("mail-weak-link-key", "EPKR_SMTP_LINK_KEY", "short", "epkr-local-secret")
	add("simulator-moderator", "EPKR_MODERATORS", "1044914", "1000299353,1000001")
	add("long-idle-session", "EPKR_SESSION_IDLE", "12h", "1s")
	add("long-session", "EPKR_SESSION_MAX", "8760h", "25h")
	add("old-authority", "EPKR_AUTHORITY_MAX_AGE", "8760h", "2h", "1s")
	add("old-membership", "EPKR_MEMBERSHIP_MAX_AGE", "8760h", "5h", "1s")
	add("no-loss-limit", "EPKR_REGISTRY_MAX_LOST_PERCENT", "100", "51")
	add("no-group-loss-limit", "EPKR_REGISTRY_MAX_LOST_GROUP_PERCENT", "100")
	add("no-loss-count", "EPKR_REGISTRY_MAX_LOST", "1000000", "10001")
	add("rare-registry", "EPKR_REGISTRY_CRON", "0 0 1 1 *", "0 3 * * 1-5", "0 3 */2 * *", "0 3 1-30 * *", "0 3 29 2 *")
	add("wide-proxies", "EPKR_TRUSTED_PROXIES", "0.0.0.0/1,128.0.0.0/1", "10.0.0.5,10.0.0.0/7", "::/1,8000::/1", "fd00::/31")
	add("esia-return-elsewhere", "EPKR_ESIA_REDIRECT",
		"https://evil.example/api/auth/callback", "https://epkr.example:8443/api/auth/callback", "https://epkr.example.evil.example/", "https://www.epkr.example/api/auth/callback")
	for _, l := range limits {
		name := "wide-" + strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(l.name, "EPKR_")), "_", "-")
		switch {
		case l.rate != nil:
			add(name, l.name, "1000000/1", "0.1/1000000")
		case l.count != nil:
			add(name, l.name, "1000000")
		default:
			add(name, l.name, "9223372036854775807")
		}
	}
	return cases
}

// clientIdentity returns variables with a client certificate for subject and its key. The
// certificate is self-signed, so a subject of a test CA makes it one of a test CA.
func clientIdentity(t *testing.T, subject pkix.Name) map[string]string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: subject, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return map[string]string{
		"TEMPORAL_API_KEY":              "",
		"TEMPORAL_TLS_CLIENT_CERT_DATA": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		"TEMPORAL_TLS_CLIENT_KEY_DATA":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})),
	}
}

// Each case breaks one rule of a valid installation, and only that rule is reported. The same
// change is accepted in development, so the refusal comes from the production rules.
func TestProductionRefuses(t *testing.T) {
	violated := map[string]bool{}
	settings := map[string]string{}
	for _, r := range productionRules {
		settings[r.name] = r.setting
	}
	for i, c := range brokenSettings(t) {
		violated[c.rule] = true
		t.Run(fmt.Sprintf("%s/%d", c.rule, i), func(t *testing.T) {
			env := with(production(t), map[string]string{c.name: c.value})
			if c.rule == "temporal-test-identity" {
				env = with(env, clientIdentity(t, simulator))
			}
			_, _, err := load(env)
			found := problems(err)
			require.NotEmpty(t, found, c.value)
			for _, problem := range found {
				require.Equal(t, c.rule, problem.Rule, problem)
				require.Equal(t, settings[c.rule], problem.Name)
			}
			_, _, err = load(with(env, map[string]string{"EPKR_ENVIRONMENT": "development"}))
			require.NoError(t, err)
		})
	}
	for _, r := range productionRules {
		require.True(t, violated[r.name], "no case breaks the rule %s", r.name)
	}
}

func TestProductionRulesAreDocumented(t *testing.T) {
	text, err := os.ReadFile("../../docs/configuration.md")
	require.NoError(t, err)
	documented := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| ([a-z-]+) \\| `([A-Z0-9_]+)` \\|").FindAllStringSubmatch(string(text), -1) {
		documented[row[1]] = row[2]
	}
	table := map[string]string{}
	for _, r := range productionRules {
		require.NotContains(t, table, r.name, "two rules have the same name")
		require.NotEmpty(t, r.problem)
		require.NotEmpty(t, r.expected)
		table[r.name] = r.setting
	}
	require.Equal(t, table, documented)
}

func TestProductionAccepts(t *testing.T) {
	for name, changes := range map[string]map[string]string{
		"a unix socket":                    {"DATABASE_URL": "postgres://epkr_app:Vb7-long-and-own-q@/platform?host=/var/run/postgresql"},
		"verified hosts":                   {"DATABASE_URL": "postgres://epkr_app:Vb7-long-and-own-q@a.example,b.example/platform?sslmode=verify-full"},
		"a client certificate":             clientIdentity(t, pkix.Name{CommonName: "epkr"}),
		"sessions within the bounds":       {"EPKR_SESSION_IDLE": "1h", "EPKR_SESSION_MAX": "24h", "EPKR_AUTHORITY_MAX_AGE": "5m"},
		"limits raised for a large office": {"EPKR_LIMIT_ADDRESS": "3000/30000", "EPKR_LIMIT_SIGNERS": "16", "EPKR_LIMIT_FILE_BYTES": "107374182400"},
		"a registry read twice a day":      {"EPKR_REGISTRY_CRON": "30 3,15 * * *", "EPKR_REGISTRY_MAX_LOST": "10000"},
		"networks of proxies":              {"EPKR_TRUSTED_PROXIES": "10.0.0.0/8,192.0.2.7,fd00:1::/32"},
		"the platform's own return":        {"EPKR_ESIA_REDIRECT": "https://EPKR.example:443/api/auth/callback"},
		"real moderators":                  {"EPKR_MODERATORS": "1000299353,240000111"},
		"another extension":                {"EPKR_CRYPTOPRO_SCRIPTS": "chrome-extension://abcdefghijklmnopabcdefghijklmnop/nmcades_plugin_api.js"},
		"an accredited authority":          {"EPKR_TRUST": authorities(t, certificateFile(t, realCA, realCA))},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := load(with(production(t), changes))
			require.NoError(t, err)
		})
	}
}

// isSimulated recognises the ids of all people that the simulator creates.
func TestSimulatedPeopleAreRecognised(t *testing.T) {
	for _, person := range synthetic.New(1).People {
		require.True(t, isSimulated(person.OID), person.OID)
	}
}

func TestProductionReportsUnreadableCertificates(t *testing.T) {
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

func TestAPIKeyTurnsOnTLSForTemporal(t *testing.T) {
	_, _, err := load(with(production(t), map[string]string{"TEMPORAL_TLS": ""}))
	require.NoError(t, err)
}

func TestEmptyTemporalVariableDoesNotTurnOnTLS(t *testing.T) {
	_, worker, err := load(with(minimal(), map[string]string{"TEMPORAL_TLS_SERVER_NAME": ""}))
	require.NoError(t, err)
	require.Nil(t, worker.Temporal.Options().ConnectionOptions.TLS)
}

func TestIsThisMachine(t *testing.T) {
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
