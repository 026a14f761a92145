package config

import (
	"crypto/x509"
	"net/netip"
	"slices"
	"strings"
	"time"

	"epkr/internal/mail"
)

// rule forbids in production one thing that is acceptable on a development machine. Tests compare
// this table with the rows of docs/configuration.md and with the cases of the tests.
type rule struct {
	// name is stable and unique.
	name string
	// setting is the variable at which a broken rule is reported.
	setting string
	// problem and expected are shown to the operator; neither contains the value.
	problem, expected string
	isBroken          func(ruleInput) bool
}

// ruleInput is what the rules check: parsed settings, never their text. Of api and worker, the one
// of the other process is nil.
type ruleInput struct {
	platform Platform
	api      *API
	worker   *Worker
	// trusted holds the roots that every TLS connection without its own CA trusts.
	trusted *x509.CertPool
}

const (
	expectedAddress = "an https:// URL of the real system"
	expectedSecret  = "a secret made for this installation: at least 16 random characters"
)

var productionRules = slices.Concat(
	addressRules(),
	databaseRules("database", "DATABASE_URL", func(j ruleInput) Secret { return j.platform.Database }),
	databaseRules("listen", "EPKR_LISTEN_DATABASE_URL", func(j ruleInput) Secret {
		if j.api == nil || j.api.ListenDatabase == j.platform.Database { // checked as DATABASE_URL
			return ""
		}
		return j.api.ListenDatabase
	}),
	databaseRules("migration", "EPKR_MIGRATION_DATABASE_URL", func(j ruleInput) Secret {
		if j.worker == nil {
			return ""
		}
		return j.worker.Migration
	}),
	[]rule{{
		name: "migration-same-role", setting: "EPKR_MIGRATION_DATABASE_URL", problem: "names the same role as DATABASE_URL",
		expected: "the role that owns the tables, which DATABASE_URL must not be",
		isBroken: func(j ruleInput) bool {
			return j.worker != nil && j.worker.Migration != "" && sameRole(j.worker.Migration, j.platform.Database)
		},
	}},
	storageRules(), temporalRules(), esiaRules(), mailRules(), boundRules(),
)

func refuseInProduction(v *variables, j ruleInput) {
	for _, r := range productionRules {
		if r.isBroken(j) {
			v.failRule(r.name, r.setting, r.problem, r.expected)
		}
	}
}

// addressRules returns the rules for addresses: all outside systems are reached over TLS and run on
// other machines.
func addressRules() []rule {
	var rules []rule
	for _, a := range []struct {
		name, setting string
		of            func(ruleInput) string
	}{
		{"public", "EPKR_PUBLIC_URL", func(j ruleInput) string { return j.platform.PublicURL }},
		{"storage", "S3_ENDPOINT", func(j ruleInput) string { return j.platform.Storage.Endpoint }},
		{"public-storage", "S3_PUBLIC_ENDPOINT", func(j ruleInput) string {
			return emptyIfDefault(j.platform.Storage.PublicEndpoint, j.platform.Storage.Endpoint)
		}},
		{"esia", "EPKR_ESIA_URL", func(j ruleInput) string { return fromAPI(j, func(a *API) string { return a.ESIA.BaseURL }) }},
		{"esia-return", "EPKR_ESIA_REDIRECT", func(j ruleInput) string {
			return fromAPI(j, func(a *API) string { return emptyIfDefault(a.ESIARedirect, a.PublicURL+callbackPath) })
		}},
		{"temporal-ui", "EPKR_TEMPORAL_UI_URL", func(j ruleInput) string { return fromAPI(j, func(a *API) string { return a.TemporalUIURL }) }},
		{"goskey", "EPKR_GOSKEY_URL", func(j ruleInput) string { return fromWorker(j, func(w *Worker) string { return w.Goskey.URL }) }},
		{"goskey-esia", "EPKR_GOSKEY_ESIA_URL", func(j ruleInput) string { return fromWorker(j, func(w *Worker) string { return w.Goskey.ESIA }) }},
		{"registry", "EPKR_REGISTRY_URL", func(j ruleInput) string {
			if j.worker == nil || j.worker.Registry.inStorage() {
				return ""
			}
			return j.worker.Registry.URL
		}},
	} {
		rules = append(rules,
			rule{
				name: a.name + "-without-tls", setting: a.setting, problem: "production does not use http", expected: expectedAddress,
				isBroken: func(j ruleInput) bool { return isUnencrypted(a.of(j)) },
			},
			rule{
				name: a.name + "-on-this-machine", setting: a.setting, problem: "is an address of this machine", expected: expectedAddress,
				isBroken: func(j ruleInput) bool { return isLocalURL(a.of(j)) },
			})
	}
	return rules
}

// emptyIfDefault returns value, or "" if value is only the default, which is checked under the
// setting that it comes from.
func emptyIfDefault(value, fallback string) string {
	if value == fallback {
		return ""
	}
	return value
}

func fromAPI(j ruleInput, read func(*API) string) string {
	if j.api == nil {
		return ""
	}
	return read(j.api)
}

func fromWorker(j ruleInput, read func(*Worker) string) string {
	if j.worker == nil {
		return ""
	}
	return read(j.worker)
}

func storageRules() []rule {
	return []rule{
		{
			name: "storage-known-key", setting: "S3_ACCESS_KEY", problem: "is a key of a local platform that everybody knows", expected: "a key of this installation",
			isBroken: func(j ruleInput) bool { return isKnown(j.platform.Storage.AccessKey) },
		},
		{
			name: "storage-weak-secret", setting: "S3_SECRET_KEY", problem: "is known, short or easily guessed", expected: expectedSecret,
			isBroken: func(j ruleInput) bool {
				return isWeak(j.platform.Storage.SecretKey, j.platform.Storage.AccessKey, j.platform.Storage.Bucket)
			},
		},
	}
}

func temporalRules() []rule {
	encrypted := func(j ruleInput) bool { return j.platform.Temporal.encrypted() }
	return []rule{
		{
			name: "temporal-on-this-machine", setting: "TEMPORAL_ADDRESS", problem: "is an address of this machine", expected: "host:port of the real Temporal",
			isBroken: func(j ruleInput) bool { return isLocalURL("https://" + j.platform.Temporal.options.HostPort) },
		},
		{
			name: "temporal-without-tls", setting: "TEMPORAL_TLS", problem: "production does not talk to Temporal without TLS",
			expected: "true, with the server's CA where needed", isBroken: func(j ruleInput) bool { return !encrypted(j) },
		},
		{
			name: "temporal-unverified", setting: "TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", problem: "production must know whom it talks to", expected: "false",
			isBroken: func(j ruleInput) bool { return encrypted(j) && j.platform.Temporal.tls().InsecureSkipVerify },
		},
		{
			name: "temporal-without-identity", setting: "TEMPORAL_TLS_CLIENT_CERT_PATH", problem: "Temporal would take signals from anybody who reaches it",
			expected: "a client certificate with its key, or TEMPORAL_API_KEY",
			isBroken: func(j ruleInput) bool { return encrypted(j) && !j.platform.Temporal.hasCredentials() },
		},
		{
			name: "temporal-weak-key", setting: "TEMPORAL_API_KEY", problem: "is known, short or easily guessed", expected: expectedSecret,
			isBroken: func(j ruleInput) bool {
				return j.platform.Temporal.apiKey != "" && isWeak(j.platform.Temporal.apiKey.Reveal())
			},
		},
		{
			name: "temporal-test-authority", setting: "TEMPORAL_TLS_SERVER_CA_CERT_PATH", problem: "trusts a test CA", expected: "the CA of the real system",
			isBroken: func(j ruleInput) bool { return encrypted(j) && trustsTestCA(j.platform.Temporal.tls().RootCAs) },
		},
		{
			name: "temporal-test-identity", setting: "TEMPORAL_TLS_CLIENT_CERT_DATA", problem: "is a certificate of a test CA", expected: "a certificate of the real system",
			isBroken: func(j ruleInput) bool { return encrypted(j) && isTestChain(j.platform.Temporal.tls().Certificates) },
		},
		{
			name: "system-test-authority", setting: "SSL_CERT_FILE", problem: "the machine's trust store holds a test CA", expected: "a trust store without it",
			isBroken: func(j ruleInput) bool { return trustsTestCA(j.trusted) },
		},
	}
}

// testEnvironmentDomain is the domain of ЕСИА's test environment, where anybody can get any
// account.
const testEnvironmentDomain = ".test.gosuslugi.ru"

func esiaRules() []rule {
	return []rule{
		{
			name: "esia-test-stand", setting: "EPKR_ESIA_URL", problem: "is ЕСИА's test environment, where accounts are nobody's", expected: "https://esia.gosuslugi.ru",
			isBroken: func(j ruleInput) bool {
				return j.api != nil && strings.HasSuffix(hostOf(j.api.ESIA.BaseURL), testEnvironmentDomain)
			},
		},
		{
			name: "esia-return-elsewhere", setting: "EPKR_ESIA_REDIRECT", problem: "leads people from ЕСИА to another host than the platform's", expected: "an address under EPKR_PUBLIC_URL",
			isBroken: func(j ruleInput) bool {
				back := fromAPI(j, func(a *API) string { return a.ESIARedirect })
				return back != "" && !isUnencrypted(back) && !isLocalURL(back) && !sameOrigin(back, j.platform.PublicURL)
			},
		},
		{
			name: "esia-test-issuer", setting: "EPKR_ESIA_ISSUER", problem: "is the issuer of a simulator or of ЕСИА's test environment", expected: "the issuer of the real ЕСИА",
			isBroken: func(j ruleInput) bool {
				issuer := fromAPI(j, func(a *API) string { return a.ESIA.Issuer })
				return mentionsTest(issuer) || strings.HasSuffix(hostOf(issuer), testEnvironmentDomain) || isLocalURL(issuer)
			},
		},
		{
			name: "esia-test-certificate", setting: "EPKR_ESIA_CERTIFICATE", problem: "is a simulator's certificate or of a test CA", expected: "a certificate of the real system",
			isBroken: func(j ruleInput) bool { return j.api != nil && anyTestCertificate(j.api.ownCertificates) },
		},
		{
			name: "esia-test-token-certificate", setting: "EPKR_ESIA_TOKEN_CERTIFICATE", problem: "is a simulator's certificate or of a test CA", expected: "certificates of the real ЕСИА",
			isBroken: func(j ruleInput) bool { return j.api != nil && anyTestCertificate(j.api.tokenCertificates) },
		},
		{
			name: "signers-test-authority", setting: "EPKR_TRUST", problem: "trusts a test CA, whose signatures are nobody's", expected: "certificates of accredited authorities",
			isBroken: func(j ruleInput) bool {
				return j.api != nil && anyTestCertificate(j.api.authorities) || j.worker != nil && anyTestCertificate(j.worker.authorities)
			},
		},
		{
			name: "cryptopro-elsewhere", setting: "EPKR_CRYPTOPRO_SCRIPTS", problem: "names a script that is not of a browser extension", expected: expectedScript,
			isBroken: func(j ruleInput) bool {
				return j.api != nil && slices.ContainsFunc(j.api.CryptoProScripts, func(s string) bool { return !isExtension(s) })
			},
		},
		{
			name: "simulator-moderator", setting: "EPKR_MODERATORS", problem: "names a person of the simulator", expected: "ЕСИА oids of real people",
			isBroken: func(j ruleInput) bool { return j.api != nil && slices.ContainsFunc(j.api.Moderators, isSimulated) },
		},
	}
}

// mailRules returns the rules for letters to people.
func mailRules() []rule {
	of := func(j ruleInput) Mail {
		if j.api == nil {
			return Mail{}
		}
		return j.api.Mail
	}
	return []rule{
		{
			name: "mail-without-tls", setting: "EPKR_SMTP_TLS", problem: "production sends no letter in the clear", expected: "starttls or implicit",
			isBroken: func(j ruleInput) bool { return of(j).Encryption == mail.Plain },
		},
		{
			name: "mail-on-this-machine", setting: "EPKR_SMTP_ADDRESS", problem: "is an address of this machine", expected: "host:port of the real mail server",
			isBroken: func(j ruleInput) bool { return of(j).IsEnabled() && isLocalURL("https://"+of(j).Address) },
		},
		{
			name: "mail-weak-password", setting: "EPKR_SMTP_PASSWORD", problem: "is known, short or easily guessed", expected: expectedSecret,
			isBroken: func(j ruleInput) bool { return of(j).Password != "" && isWeak(of(j).Password.Reveal(), of(j).User) },
		},
		{
			name: "mail-weak-link-key", setting: "EPKR_SMTP_LINK_KEY", problem: "is known, short or easily guessed", expected: expectedSecret,
			isBroken: func(j ruleInput) bool { return of(j).IsEnabled() && isWeak(of(j).LinkKey.Reveal()) },
		},
	}
}

// The largest and smallest values that production allows. Beyond them, sessions would stay open too
// long and limits would no longer protect anything.
const (
	maxIdle         = 2 * time.Hour
	maxSession      = 24 * time.Hour
	maxAuthorityAge = time.Hour
	// maxMembershipAge bounds MembershipMaxAge, which covers all actions for an organisation.
	maxMembershipAge = 4 * time.Hour
	minDuration      = time.Minute
	maxLossPercent   = 50     // per cent
	maxLossCount     = 10_000 // engineers
	// maxRegistryPause is the longest time between two registry syncs: a day and a margin for
	// changing the hour.
	maxRegistryPause = 26 * time.Hour
	// maxLimitFactor is how many times its default a limit may be.
	maxLimitFactor = 100
	// minProxyBits4 and minProxyBits6 are the shortest prefixes of trusted proxy networks, of IPv4
	// and IPv6.
	minProxyBits4, minProxyBits6 = 8, 32
)

func boundRules() []rule {
	duration := func(name, setting string, longest time.Duration, read func(*API) time.Duration) rule {
		return rule{
			name: name, setting: setting, problem: "is beyond what production allows", expected: "from " + minDuration.String() + " to " + longest.String(),
			isBroken: func(j ruleInput) bool { return j.api != nil && (read(j.api) < minDuration || read(j.api) > longest) },
		}
	}
	percent := func(name, setting string, read func(*Worker) int) rule {
		return rule{
			name: name, setting: setting, problem: "is so much that no loss would ever wait for a person", expected: "at most 50",
			isBroken: func(j ruleInput) bool { return j.worker != nil && read(j.worker) > maxLossPercent },
		}
	}
	rules := []rule{
		duration("long-idle-session", "EPKR_SESSION_IDLE", maxIdle, func(a *API) time.Duration { return a.SessionIdle }),
		duration("long-session", "EPKR_SESSION_MAX", maxSession, func(a *API) time.Duration { return a.SessionMax }),
		duration("old-membership", "EPKR_MEMBERSHIP_MAX_AGE", maxMembershipAge, func(a *API) time.Duration { return a.MembershipMaxAge }),
		duration("old-authority", "EPKR_AUTHORITY_MAX_AGE", maxAuthorityAge, func(a *API) time.Duration { return a.AuthorityMaxAge }),
		percent("no-loss-limit", "EPKR_REGISTRY_MAX_LOST_PERCENT", func(w *Worker) int { return w.Registry.LossLimit.Percent }),
		percent("no-group-loss-limit", "EPKR_REGISTRY_MAX_LOST_GROUP_PERCENT", func(w *Worker) int { return w.Registry.LossLimit.GroupPercent }),
		{
			name: "no-loss-count", setting: "EPKR_REGISTRY_MAX_LOST", problem: "is so many that no loss would ever wait for a person", expected: "at most 10000",
			isBroken: func(j ruleInput) bool { return j.worker != nil && j.worker.Registry.LossLimit.Count > maxLossCount },
		},
		{
			name: "rare-registry", setting: "EPKR_REGISTRY_CRON", problem: "leaves engineers who lost their status at work for too long", expected: "every day: at most 26 hours between two readings",
			isBroken: func(j ruleInput) bool {
				return j.worker != nil && j.worker.Registry.Schedule.PausesLongerThan(maxRegistryPause)
			},
		},
		{
			name: "wide-proxies", setting: "EPKR_TRUSTED_PROXIES", problem: "holds so many addresses that anybody may write his own X-Forwarded-For", expected: "networks of the proxies alone: /8 or narrower, of IPv6 /32 or narrower",
			isBroken: func(j ruleInput) bool { return j.api != nil && slices.ContainsFunc(j.api.Limits.Proxies, isTooWide) },
		},
	}
	for _, l := range limits {
		rules = append(rules, rule{
			name:    "wide-" + strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(l.name, "EPKR_")), "_", "-"),
			setting: l.name, problem: "is so much that nobody would ever be limited", expected: "at most 100 times the default",
			isBroken: func(j ruleInput) bool { return j.api != nil && l.exceeds(j.api.Limits, maxLimitFactor) },
		})
	}
	return rules
}

func isTooWide(network netip.Prefix) bool {
	bits := minProxyBits6
	if network.Addr().Is4() {
		bits = minProxyBits4
	}
	return network.Bits() < bits
}
