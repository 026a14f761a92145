package config

import (
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
)

// Temporal holds the connection settings of the Temporal server. When printed, it shows the address
// and whether TLS is on, but no key.
type Temporal struct {
	options client.Options
	apiKey  Secret
}

// Options returns the options for client.Dial; the caller adds logger, metrics and interceptors.
func (t Temporal) Options() client.Options { return t.options }

func (t Temporal) String() string {
	return fmt.Sprintf("temporal %s, namespace %s, tls %t", t.options.HostPort, t.options.Namespace, t.encrypted())
}

// Format redacts the keys for every fmt verb.
func (t Temporal) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// LogValue redacts the keys for slog.
func (t Temporal) LogValue() slog.Value { return slog.StringValue(t.String()) }

func (t Temporal) encrypted() bool { return t.tls() != nil && !t.options.ConnectionOptions.TLSDisabled }

func (t Temporal) tls() *tls.Config { return t.options.ConnectionOptions.TLS }

// hasCredentials reports whether the platform authenticates itself to Temporal.
func (t Temporal) hasCredentials() bool {
	return t.apiKey != "" || len(t.tls().Certificates) > 0 || t.tls().GetClientCertificate != nil
}

// TemporalOptions reads the TEMPORAL_… variables as every Temporal tool does
// (go.temporal.io/sdk/contrib/envconfig). It ignores Temporal's own configuration file and
// profiles, so that a file in a home folder changes nothing. Calls are not compressed: Temporal is
// in the same data centre, where compressing takes longer than sending.
func TemporalOptions(lookup Lookup) (client.Options, error) {
	profile, err := envconfig.LoadClientConfigProfile(envconfig.LoadClientConfigProfileOptions{
		DisableFile: true,
		EnvLookup:   environ{lookup},
	})
	if err != nil {
		return client.Options{}, fmt.Errorf("read the TEMPORAL_ variables: %w", err)
	}
	options, err := profile.ToClientOptions(envconfig.ToClientOptionsRequest{})
	if err != nil {
		return client.Options{}, fmt.Errorf("use the TEMPORAL_ variables: %w", err)
	}
	if options.HostPort == "" {
		options.HostPort = client.DefaultHostPort
	}
	if options.Namespace == "" {
		options.Namespace = client.DefaultNamespace
	}
	options.ConnectionOptions.GrpcCompression = &client.GrpcCompressionNone{}
	return options, nil
}

func loadTemporal(v *variables) Temporal {
	// envconfig ignores a value that it cannot parse, which would silently leave TLS off.
	v.flag("TEMPORAL_TLS", false)
	v.flag("TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", false)
	options, err := TemporalOptions(v.lookup)
	if err != nil {
		v.fail("TEMPORAL_TLS", err.Error(), "certificates and keys that can be read and belong together")
	}
	return Temporal{options: options, apiKey: Secret(v.text("TEMPORAL_API_KEY", ""))}
}

// environ adapts a Lookup to envconfig and treats an empty variable as not set. It lists no
// variables, so TEMPORAL_GRPC_META_… variables, which envconfig finds by listing, are not read.
type environ struct{ lookup Lookup }

func (environ) Environ() []string { return nil }

func (e environ) LookupEnv(name string) (string, bool) {
	value, _ := e.lookup(name)
	return value, value != ""
}
