package stack

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"epkr/dev/servers"
	esiasim "epkr/dev/simulators/esia"
	"epkr/internal/esia"
	"epkr/internal/testenv/pki"
)

// ClientID is the platform's mnemonic at the simulator of ЕСИА.
const ClientID = "EPKR"

// GoskeyAPIKey is the platform's key at the simulator of «Госключ».
const GoskeyAPIKey = "11111111-2222-3333-4444-555555555555"

// Goskey is a simulator of «Госключ» with the certificate and the key by which the platform signs for it.
type Goskey struct{ URL, CertificateFile, KeyFile string }

// nowhere is an address on which nothing listens.
const nowhere = "http://127.0.0.1:1"

// Environment describes where worker and apiserver find everything. An empty field leaves the
// variable to the caller's environment, unless documented otherwise.
type Environment struct {
	// PublicURL, RegistryURL and ESIAURL default to nowhere.
	PublicURL, RegistryURL, ESIAURL string
	// Database is the address for the processes, Owner that for the role that migrates.
	Database, Owner string
	// Temporal is host:port of the frontend.
	Temporal, Namespace, TaskQueue string
	S3Endpoint                     string
	Keys                           Keys
	// Trust is the folder of the authorities of signatures, CryptoPro the script of the stand-in of
	// the plug-in that signs.
	Trust, CryptoPro string
	// Goskey is the simulator of «Госключ»; without it «Госключ» is not used.
	Goskey Goskey
	// Mail is host:port of the mail server; without it no letters are sent.
	Mail string
	// Worker is the port of the worker's health check, API the port of apiserver for people,
	// Internal that for operators.
	Worker, API, Internal int
	// More overrides all other fields: NAME=value.
	More []string
}

// Variables returns the environment of both programs: the caller's and these variables.
func (e Environment) Variables() []string {
	all := append(os.Environ(), "EPKR_ENVIRONMENT=development")
	add := func(name, value string) {
		if value != "" {
			all = append(all, name+"="+value)
		}
	}
	add("EPKR_PUBLIC_URL", cmp.Or(e.PublicURL, nowhere))
	add("EPKR_REGISTRY_URL", cmp.Or(e.RegistryURL, nowhere))
	add("DATABASE_URL", e.Database)
	add("EPKR_MIGRATION_DATABASE_URL", e.Owner)
	add("TEMPORAL_ADDRESS", e.Temporal)
	add("TEMPORAL_NAMESPACE", e.Namespace)
	add("EPKR_TASK_QUEUE", e.TaskQueue)
	if e.S3Endpoint != "" {
		add("S3_ENDPOINT", e.S3Endpoint)
		add("S3_REGION", servers.S3Region)
		add("S3_BUCKET", servers.S3Bucket)
		add("S3_ACCESS_KEY", servers.S3AccessKey)
		add("S3_SECRET_KEY", servers.S3SecretKey)
	}
	add("EPKR_ESIA_URL", cmp.Or(e.ESIAURL, nowhere))
	add("EPKR_ESIA_ISSUER", esiasim.Issuer)
	add("EPKR_ESIA_AUTOMATIC", string(esia.PromptNone))
	add("EPKR_ESIA_CLIENT_ID", ClientID)
	add("EPKR_ESIA_CERTIFICATE", e.Keys.Platform.CertificateFile)
	add("EPKR_ESIA_KEY", e.Keys.Platform.KeyFile)
	add("EPKR_ESIA_TOKEN_CERTIFICATE", e.Keys.ESIA.CertificateFile)
	add("EPKR_TRUST", e.Trust)
	add("EPKR_CRYPTOPRO_SCRIPTS", e.CryptoPro)
	if e.Goskey.URL != "" {
		add("EPKR_GOSKEY_URL", e.Goskey.URL)
		add("EPKR_GOSKEY_ESIA_URL", e.Goskey.URL)
		add("EPKR_GOSKEY_API_KEY", GoskeyAPIKey)
		add("EPKR_GOSKEY_REGION", "45")
		add("EPKR_GOSKEY_SENDER_NAME", "Электронная платформа кадастровых работ")
		add("EPKR_GOSKEY_SENDER_INN", "7708410783")
		add("EPKR_GOSKEY_CERTIFICATE", e.Goskey.CertificateFile)
		add("EPKR_GOSKEY_KEY", e.Goskey.KeyFile)
		add("EPKR_GOSKEY_POLL", "2s")
	}
	if e.Mail != "" {
		add("EPKR_SMTP_ADDRESS", e.Mail)
		add("EPKR_SMTP_TLS", "none")
		add("EPKR_SMTP_FROM", "noreply@epkr.example.com")
		add("EPKR_SMTP_LINK_KEY", "signs the links of a local platform")
	}
	add("EPKR_HEALTH_LISTEN", address(e.Worker))
	add("EPKR_LISTEN", address(e.API))
	add("EPKR_INTERNAL_LISTEN", address(e.Internal))
	return append(all, e.More...)
}

// Limit sets the same rate for each of the named limits.
func Limit(rate string, names ...string) []string {
	variables := make([]string, len(names))
	for i, name := range names {
		variables[i] = "EPKR_LIMIT_" + strings.ToUpper(name) + "=" + rate
	}
	return variables
}

// URL returns the address of a port of this machine.
func URL(port int) string { return "http://" + address(port) }

func address(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// Keys are the keys with which the platform and the simulator of ЕСИА authenticate each other. The
// simulator finds its own in the directory by name.
type Keys struct {
	Directory      string
	Platform, ESIA esiasim.KeyPair
}

// ExportAuthorities writes the authorities of the certificates with which people sign, for
// [Environment.Trust].
func ExportAuthorities(folder string) error {
	authorities, err := pki.OfMachine()
	if err != nil {
		return fmt.Errorf("make the authorities of signatures: %w", err)
	}
	return authorities.Export(folder)
}

// MakeKeys makes missing keys in dir/keys.
func MakeKeys(ctx context.Context, dir string) (Keys, error) {
	k := Keys{Directory: filepath.Join(dir, "keys")}
	var err error
	if k.Platform, err = esiasim.EnsureKey(ctx, k.Directory, "client", "Платформа (местный запуск)", esia.GOST); err != nil {
		return k, fmt.Errorf("make the platform's key: %w", err)
	}
	if k.ESIA, err = esiasim.EnsureKey(ctx, k.Directory, "esia", esiasim.Subject, esia.GOST); err != nil {
		return k, fmt.Errorf("make the simulator's key: %w", err)
	}
	return k, nil
}
