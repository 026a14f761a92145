// Package config reads the settings of apiserver and worker from environment variables.
//
// It reports all problems together, each with the variable's name and the expected value. In
// production it refuses settings that are only acceptable on a development machine. It never prints
// a secret and keeps no global state. It reads only the variables of docs/configuration.md and the
// certificates and lists of revoked ones that they name.
package config

import (
	"crypto/x509"
	"log/slog"
	"time"

	"epkr/internal/esia"
	"epkr/internal/storage"
	"epkr/internal/trust"
)

// Environment selects how strictly the settings are checked.
type Environment string

// Development uses simulators on this machine; Production has real people and systems.
const (
	Development Environment = "development"
	Production  Environment = "production"
)

// Platform holds the settings of both processes.
type Platform struct {
	Environment Environment
	LogLevel    slog.Level
	PublicURL   string // origin of the web app in the browser, without a trailing slash
	Database    Secret // postgres:// URL, password included
	Storage     storage.Config
	TaskQueue   string // Temporal task queue of the orders
	Temporal    Temporal
}

// API holds the settings of apiserver.
type API struct {
	Platform
	Listen string // host:port of the HTTP API
	// ListenDatabase is the postgres:// URL for LISTEN, which does not work through a pooler. It
	// defaults to Database.
	ListenDatabase Secret
	MaxFileBytes   int64 // largest file that a person may upload
	ESIA           esia.Config
	ESIARedirect   string   // absolute URL to which ЕСИА redirects a person after sign-in
	Moderators     []string // ЕСИА oids of the platform's moderators
	SessionIdle    time.Duration
	SessionMax     time.Duration
	Limits         Limits
	InternalListen string // host:port of readiness and metrics, for operators
	// AuthorityMaxAge is the greatest age of ЕСИА's data about a head's authority when he signs for
	// his organisation.
	AuthorityMaxAge time.Duration
	// MembershipMaxAge is the greatest age of ЕСИА's data about a membership when somebody acts for
	// the organisation at all.
	MembershipMaxAge time.Duration
	TemporalUIURL    string // for links from the moderators' pages; empty: no links
	// CryptoProScripts are the addresses of the scripts of КриптоПро's browser extension. Only a local
	// platform has others.
	CryptoProScripts []string
	// Trust has the authorities that issue the certificates of people who sign documents. It is nil if
	// none are configured; then no signature can be checked.
	Trust *trust.Source
	// Goskey tells whether people can sign in «Госключ», see [Worker].
	Goskey bool
	// LandRegistry has the addresses of the services of Rosreestr.
	LandRegistry LandRegistry
	// Mail has the mail server for letters to people.
	Mail Mail

	// The certificates of the files that ESIA and Trust name, for the production rules.
	ownCertificates, tokenCertificates, authorities []*x509.Certificate
}

// Worker holds the settings of worker.
type Worker struct {
	Platform
	HealthListen string // host:port of the health check
	Registry     Registry
	Migration    Secret // postgres:// URL of the role that owns the tables; empty: see docs/configuration.md
	// Goskey has the settings of «Госключ», Trust the authorities of its signatures, see [API]; both are
	// empty without it.
	Goskey  Goskey
	Trust   *trust.Source
	BuildID string // names this build for Worker Deployment Versioning; empty runs unversioned

	authorities []*x509.Certificate // of Trust, for the production rules
}

const (
	defaultMaxFileBytes = 500 << 20 // 500 Мб, the manuals' limit of a file
	maxFileBytesLimit   = 5 << 30   // the largest object that S3 copies in one server-side copy
)

// callbackPath is the path of the API to which ЕСИА redirects a person.
const callbackPath = "/api/auth/callback"

// Lookup is os.LookupEnv, or a lookup in a map in tests.
type Lookup func(name string) (value string, found bool)

// LoadAPI reads the settings of apiserver. The error joins one *VariableError
// for each problem.
func LoadAPI(lookup Lookup) (API, error) {
	v := &variables{lookup: lookup}
	api := API{
		Platform:         loadPlatform(v),
		Listen:           v.listen("EPKR_LISTEN", "127.0.0.1:8080"),
		MaxFileBytes:     v.size("EPKR_MAX_FILE_BYTES", defaultMaxFileBytes, maxFileBytesLimit),
		ESIA:             loadESIA(v),
		Moderators:       v.oids("EPKR_MODERATORS"),
		SessionIdle:      v.duration("EPKR_SESSION_IDLE", 30*time.Minute),
		SessionMax:       v.duration("EPKR_SESSION_MAX", 12*time.Hour),
		Limits:           loadLimits(v),
		AuthorityMaxAge:  v.duration("EPKR_AUTHORITY_MAX_AGE", 15*time.Minute),
		MembershipMaxAge: v.duration("EPKR_MEMBERSHIP_MAX_AGE", time.Hour),
		TemporalUIURL:    v.optionalURL("EPKR_TEMPORAL_UI_URL", ""),
		LandRegistry:     loadLandRegistry(v),
		Mail:             loadMail(v),
		Goskey:           goskeyURL(v) != "",
		InternalListen:   v.listen("EPKR_INTERNAL_LISTEN", "127.0.0.1:8082"),
		CryptoProScripts: loadCryptoPro(v),
	}
	if api.ListenDatabase = v.optionalDatabase("EPKR_LISTEN_DATABASE_URL"); api.ListenDatabase == "" {
		api.ListenDatabase = api.Database
	}
	api.ESIARedirect = v.optionalURL("EPKR_ESIA_REDIRECT", api.PublicURL+callbackPath)
	api.Trust, api.authorities = loadTrust(v, api.Environment)
	if api.InternalListen == api.Listen {
		v.fail("EPKR_INTERNAL_LISTEN", "is the address that people use", "another host:port than EPKR_LISTEN")
	}
	if api.SessionIdle > api.SessionMax {
		v.fail("EPKR_SESSION_IDLE", "longer than EPKR_SESSION_MAX", "at most EPKR_SESSION_MAX")
	}
	if api.Environment == Production {
		api.ownCertificates = certificatesOf(v, "EPKR_ESIA_CERTIFICATE", api.ESIA.ClientCertificateFile)
		api.tokenCertificates = certificatesOf(v, "EPKR_ESIA_TOKEN_CERTIFICATE", api.ESIA.TokenCertificateFiles...)
		refuseInProduction(v, ruleInput{platform: api.Platform, api: &api, trusted: trustStore(v)})
	}
	return api, v.err()
}

// LoadWorker reads the settings of worker. The error joins one *VariableError
// for each problem.
func LoadWorker(lookup Lookup) (Worker, error) {
	v := &variables{lookup: lookup}
	worker := Worker{
		Platform:     loadPlatform(v),
		HealthListen: v.listen("EPKR_HEALTH_LISTEN", "127.0.0.1:8081"),
		Registry:     loadRegistry(v),
		Migration:    v.optionalDatabase("EPKR_MIGRATION_DATABASE_URL"),
		Goskey:       loadGoskey(v),
		BuildID:      v.text("EPKR_BUILD_ID", ""),
	}
	if worker.Goskey.IsEnabled() {
		worker.Trust, worker.authorities = loadTrust(v, worker.Environment)
	}
	if worker.Environment == Production {
		refuseInProduction(v, ruleInput{platform: worker.Platform, worker: &worker, trusted: trustStore(v)})
	}
	return worker, v.err()
}

// DefaultTaskQueue is the task queue of workflows and activities if EPKR_TASK_QUEUE is not set.
const DefaultTaskQueue = "orders"

func loadPlatform(v *variables) Platform {
	return Platform{
		Environment: Environment(v.oneOf("EPKR_ENVIRONMENT", "", string(Development), string(Production))),
		LogLevel:    v.logLevel("EPKR_LOG_LEVEL"),
		PublicURL:   v.origin("EPKR_PUBLIC_URL"),
		Database:    v.database("DATABASE_URL"),
		Storage:     loadStorage(v),
		TaskQueue:   v.text("EPKR_TASK_QUEUE", DefaultTaskQueue),
		Temporal:    loadTemporal(v),
	}
}

func loadStorage(v *variables) storage.Config {
	cfg := storage.Config{
		Endpoint:  v.url("S3_ENDPOINT"),
		Region:    v.required("S3_REGION", "the region that requests are signed for"),
		Bucket:    v.required("S3_BUCKET", "the name of an existing bucket"),
		AccessKey: v.required("S3_ACCESS_KEY", "an access key"),
		SecretKey: v.required("S3_SECRET_KEY", "the access key's secret"),
		PathStyle: v.flag("S3_PATH_STYLE", true),
	}
	cfg.PublicEndpoint = v.optionalURL("S3_PUBLIC_ENDPOINT", cfg.Endpoint)
	return cfg
}
