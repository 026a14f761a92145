package config

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// rule is one thing that only a development machine may have. The rows of docs/configuration.md and the cases of the test are
// held against this table.
type rule struct {
	// name is stable and unique.
	name string
	// setting is the variable that a broken rule is reported at.
	setting string
	// problem and expected are what the operator reads; neither holds the value.
	problem, expected string
	breaks            func(judged) bool
}

// judged is what the rules look at: parsed settings, never their text. api and worker are nil for the other process.
type judged struct {
	platform Platform
	api      *API
	worker   *Worker
	// trusted are the roots that every TLS connection without a CA of its own trusts.
	trusted *x509.CertPool
}

const (
	expectedAddress = "an https:// URL of the real system"
	expectedSecret  = "a secret made for this installation: at least 16 random characters"
)

var productionRules = slices.Concat(
	addressRules(),
	databaseRules("database", "DATABASE_URL", func(j judged) Secret { return j.platform.Database }),
	databaseRules("listen", "EPKR_LISTEN_DATABASE_URL", func(j judged) Secret {
		if j.api == nil || j.api.ListenDatabase == j.platform.Database { // judged already
			return ""
		}
		return j.api.ListenDatabase
	}),
	databaseRules("migration", "EPKR_MIGRATION_DATABASE_URL", func(j judged) Secret {
		if j.worker == nil {
			return ""
		}
		return j.worker.Migration
	}),
	[]rule{{
		name: "migration-same-role", setting: "EPKR_MIGRATION_DATABASE_URL", problem: "names the same role as DATABASE_URL",
		expected: "the role that owns the tables, which DATABASE_URL must not be",
		breaks: func(j judged) bool {
			return j.worker != nil && j.worker.Migration != "" && sameRole(j.worker.Migration, j.platform.Database)
		},
	}},
	storageRules(), temporalRules(), esiaRules(), boundRules(),
)

func refuseInProduction(v *variables, j judged) {
	for _, r := range productionRules {
		if r.breaks(j) {
			v.failRule(r.name, r.setting, r.problem, r.expected)
		}
	}
}

// addressRules: everything outside is reached over TLS and is not this machine.
func addressRules() []rule {
	var rules []rule
	for _, a := range []struct {
		name, setting string
		of            func(judged) string
	}{
		{"public", "EPKR_PUBLIC_URL", func(j judged) string { return j.platform.PublicURL }},
		{"storage", "S3_ENDPOINT", func(j judged) string { return j.platform.Storage.Endpoint }},
		{"public-storage", "S3_PUBLIC_ENDPOINT", func(j judged) string {
			return unless(j.platform.Storage.PublicEndpoint, j.platform.Storage.Endpoint)
		}},
		{"esia", "EPKR_ESIA_URL", func(j judged) string { return ofAPI(j, func(a *API) string { return a.ESIA.BaseURL }) }},
		{"esia-return", "EPKR_ESIA_REDIRECT", func(j judged) string {
			return ofAPI(j, func(a *API) string { return unless(a.ESIARedirect, a.PublicURL+callbackPath) })
		}},
		{"temporal-ui", "EPKR_TEMPORAL_UI_URL", func(j judged) string { return ofAPI(j, func(a *API) string { return a.TemporalUIURL }) }},
		{"registry", "EPKR_REGISTRY_URL", func(j judged) string {
			if j.worker == nil || j.worker.Registry.inStorage() {
				return ""
			}
			return j.worker.Registry.URL
		}},
	} {
		rules = append(rules,
			rule{
				name: a.name + "-without-tls", setting: a.setting, problem: "production does not use http", expected: expectedAddress,
				breaks: func(j judged) bool { return isPlain(a.of(j)) },
			},
			rule{
				name: a.name + "-on-this-machine", setting: a.setting, problem: "is an address of this machine", expected: expectedAddress,
				breaks: func(j judged) bool { return isHere(a.of(j)) },
			})
	}
	return rules
}

// unless is value, or nothing where it is only the default, which is judged as the setting that it comes from.
func unless(value, fallback string) string {
	if value == fallback {
		return ""
	}
	return value
}

func ofAPI(j judged, read func(*API) string) string {
	if j.api == nil {
		return ""
	}
	return read(j.api)
}

func storageRules() []rule {
	return []rule{
		{
			name: "storage-known-key", setting: "S3_ACCESS_KEY", problem: "is a key of a local platform that everybody knows", expected: "a key of this installation",
			breaks: func(j judged) bool { return isKnown(j.platform.Storage.AccessKey) },
		},
		{
			name: "storage-weak-secret", setting: "S3_SECRET_KEY", problem: "is known, short or easily guessed", expected: expectedSecret,
			breaks: func(j judged) bool {
				return isWeak(j.platform.Storage.SecretKey, j.platform.Storage.AccessKey, j.platform.Storage.Bucket)
			},
		},
	}
}

func temporalRules() []rule {
	encrypted := func(j judged) bool { return j.platform.Temporal.encrypted() }
	return []rule{
		{
			name: "temporal-on-this-machine", setting: "TEMPORAL_ADDRESS", problem: "is an address of this machine", expected: "host:port of the real Temporal",
			breaks: func(j judged) bool { return isHere("https://" + j.platform.Temporal.options.HostPort) },
		},
		{
			name: "temporal-without-tls", setting: "TEMPORAL_TLS", problem: "production does not talk to Temporal without TLS",
			expected: "true, with the server's CA where needed", breaks: func(j judged) bool { return !encrypted(j) },
		},
		{
			name: "temporal-unverified", setting: "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", problem: "production must know whom it talks to", expected: "false",
			breaks: func(j judged) bool { return encrypted(j) && j.platform.Temporal.tls().InsecureSkipVerify },
		},
		{
			name: "temporal-without-identity", setting: "TEMPORAL_TLS_CLIENT_CERT_PATH", problem: "Temporal would take signals from anybody who reaches it",
			expected: "a client certificate with its key, or TEMPORAL_API_KEY",
			breaks:   func(j judged) bool { return encrypted(j) && !j.platform.Temporal.identified() },
		},
		{
			name: "temporal-weak-key", setting: "TEMPORAL_API_KEY", problem: "is known, short or easily guessed", expected: expectedSecret,
			breaks: func(j judged) bool {
				return j.platform.Temporal.apiKey != "" && isWeak(j.platform.Temporal.apiKey.Reveal())
			},
		},
		{
			name: "temporal-test-authority", setting: "TEMPORAL_TLS_SERVER_CA_CERT_PATH", problem: "trusts a test CA", expected: "the CA of the real system",
			breaks: func(j judged) bool { return encrypted(j) && trustsTest(j.platform.Temporal.tls().RootCAs) },
		},
		{
			name: "temporal-test-identity", setting: "TEMPORAL_TLS_CLIENT_CERT_DATA", problem: "is a certificate of a test CA", expected: "a certificate of the real system",
			breaks: func(j judged) bool { return encrypted(j) && isTestChain(j.platform.Temporal.tls().Certificates) },
		},
		{
			name: "system-test-authority", setting: "SSL_CERT_FILE", problem: "the machine's trust store holds a test CA", expected: "a trust store without it",
			breaks: func(j judged) bool { return trustsTest(j.trusted) },
		},
	}
}

// testStand is the domain of ЕСИА's test environment, where anybody may have any account.
const testStand = ".test.gosuslugi.ru"

func esiaRules() []rule {
	return []rule{
		{
			name: "esia-test-stand", setting: "EPKR_ESIA_URL", problem: "is ЕСИА's test environment, where accounts are nobody's", expected: "https://esia.gosuslugi.ru",
			breaks: func(j judged) bool { return j.api != nil && strings.HasSuffix(hostOf(j.api.ESIA.BaseURL), testStand) },
		},
		{
			name: "esia-return-elsewhere", setting: "EPKR_ESIA_REDIRECT", problem: "leads people from ЕСИА to another host than the platform's", expected: "an address under EPKR_PUBLIC_URL",
			breaks: func(j judged) bool {
				back := ofAPI(j, func(a *API) string { return a.ESIARedirect })
				return back != "" && !isPlain(back) && !isHere(back) && !sameOrigin(back, j.platform.PublicURL)
			},
		},
		{
			name: "esia-test-issuer", setting: "EPKR_ESIA_ISSUER", problem: "is the issuer of a simulator or of ЕСИА's test environment", expected: "the issuer of the real ЕСИА",
			breaks: func(j judged) bool {
				issuer := ofAPI(j, func(a *API) string { return a.ESIA.Issuer })
				return mentionsTest(issuer) || strings.HasSuffix(hostOf(issuer), testStand) || isHere(issuer)
			},
		},
		{
			name: "esia-test-certificate", setting: "EPKR_ESIA_CERTIFICATE", problem: "is a simulator's certificate or of a test CA", expected: "a certificate of the real system",
			breaks: func(j judged) bool { return j.api != nil && anyTest(j.api.ownCertificates) },
		},
		{
			name: "esia-test-token-certificate", setting: "EPKR_ESIA_TOKEN_CERTIFICATE", problem: "is a simulator's certificate or of a test CA", expected: "certificates of the real ЕСИА",
			breaks: func(j judged) bool { return j.api != nil && anyTest(j.api.tokenCertificates) },
		},
		{
			name: "simulator-moderator", setting: "EPKR_MODERATORS", problem: "names a person of the simulator", expected: "ЕСИА oids of real people",
			breaks: func(j judged) bool { return j.api != nil && slices.ContainsFunc(j.api.Moderators, isSimulated) },
		},
	}
}

// The bounds of what may be set: sessions are left open, and guards are widened until they guard nothing.
const (
	longestIdle      = 2 * time.Hour
	longestSession   = 24 * time.Hour
	longestAuthority = time.Hour
	// longestMembership is for who acts for an organisation at all.
	longestMembership = 4 * time.Hour
	shortest          = time.Minute
	widestLoss        = 50     // per cent
	mostLost          = 10_000 // engineers
	// longestPause is between two readings of the registry: a day, and time to move the hour.
	longestPause = 26 * time.Hour
	// widestLimit is how many times its default a limit may be.
	widestLimit = 100
	// widestProxies and widestProxies6 are the least bits of a network whose X-Forwarded-For is believed, of IPv4 and IPv6.
	widestProxies, widestProxies6 = 8, 32
)

func boundRules() []rule {
	duration := func(name, setting string, longest time.Duration, read func(*API) time.Duration) rule {
		return rule{
			name: name, setting: setting, problem: "is beyond what production allows", expected: "from " + shortest.String() + " to " + longest.String(),
			breaks: func(j judged) bool { return j.api != nil && (read(j.api) < shortest || read(j.api) > longest) },
		}
	}
	percent := func(name, setting string, read func(*Worker) int) rule {
		return rule{
			name: name, setting: setting, problem: "is so much that no loss would ever wait for a person", expected: "at most 50",
			breaks: func(j judged) bool { return j.worker != nil && read(j.worker) > widestLoss },
		}
	}
	rules := []rule{
		duration("long-idle-session", "EPKR_SESSION_IDLE", longestIdle, func(a *API) time.Duration { return a.SessionIdle }),
		duration("long-session", "EPKR_SESSION_MAX", longestSession, func(a *API) time.Duration { return a.SessionMax }),
		duration("old-membership", "EPKR_MEMBERSHIP_MAX_AGE", longestMembership, func(a *API) time.Duration { return a.MembershipMaxAge }),
		duration("old-authority", "EPKR_AUTHORITY_MAX_AGE", longestAuthority, func(a *API) time.Duration { return a.AuthorityMaxAge }),
		percent("no-loss-limit", "EPKR_REGISTRY_MAX_LOST_PERCENT", func(w *Worker) int { return w.Registry.Fuse.Percent }),
		percent("no-group-loss-limit", "EPKR_REGISTRY_MAX_LOST_GROUP_PERCENT", func(w *Worker) int { return w.Registry.Fuse.GroupPercent }),
		{
			name: "no-loss-count", setting: "EPKR_REGISTRY_MAX_LOST", problem: "is so many that no loss would ever wait for a person", expected: "at most 10000",
			breaks: func(j judged) bool { return j.worker != nil && j.worker.Registry.Fuse.Count > mostLost },
		},
		{
			name: "rare-registry", setting: "EPKR_REGISTRY_CRON", problem: "leaves engineers who lost their status at work for too long", expected: "every day: at most 26 hours between two readings",
			breaks: func(j judged) bool {
				return j.worker != nil && j.worker.Registry.Schedule.PausesLongerThan(longestPause)
			},
		},
		{
			name: "wide-proxies", setting: "EPKR_TRUSTED_PROXIES", problem: "holds so many addresses that anybody may write his own X-Forwarded-For", expected: "networks of the proxies alone: /8 or narrower, of IPv6 /32 or narrower",
			breaks: func(j judged) bool { return j.api != nil && slices.ContainsFunc(j.api.Limits.Proxies, isWide) },
		},
	}
	for _, l := range limits {
		rules = append(rules, rule{
			name:    "wide-" + strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(l.name, "EPKR_")), "_", "-"),
			setting: l.name, problem: "is so much that nobody would ever be limited", expected: "at most 100 times the default",
			breaks: func(j judged) bool { return j.api != nil && l.exceeds(j.api.Limits, widestLimit) },
		})
	}
	return rules
}

func isWide(network netip.Prefix) bool {
	bits := widestProxies6
	if network.Addr().Is4() {
		bits = widestProxies
	}
	return network.Bits() < bits
}
