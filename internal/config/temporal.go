package config

import (
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
)

// Temporal is how to reach the Temporal server. Printed, it shows where that
// is and whether over TLS, and no key.
type Temporal struct {
	options client.Options
	apiKey  Secret
}

// Options are for client.Dial; the caller adds logger, metrics and interceptors.
func (t Temporal) Options() client.Options { return t.options }

func (t Temporal) String() string {
	return fmt.Sprintf("temporal %s, namespace %s, tls %t", t.options.HostPort, t.options.Namespace, t.encrypted())
}

// Format keeps the keys out of every fmt verb.
func (t Temporal) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, t.String()) }

// LogValue is what slog writes.
func (t Temporal) LogValue() slog.Value { return slog.StringValue(t.String()) }

func (t Temporal) encrypted() bool { return t.tls() != nil && !t.options.ConnectionOptions.TLSDisabled }

func (t Temporal) tls() *tls.Config { return t.options.ConnectionOptions.TLS }

// identified says that the platform shows Temporal who it is.
func (t Temporal) identified() bool {
	return t.apiKey != "" || len(t.tls().Certificates) > 0 || t.tls().GetClientCertificate != nil
}

// TemporalOptions reads the TEMPORAL_… variables as every Temporal tool does
// (go.temporal.io/sdk/contrib/envconfig). Temporal's own configuration file and
// profiles are not read, so that what is in a home folder changes nothing.
// Calls are not compressed: Temporal is in the same data centre, where packing
// takes longer than sending.
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
	// envconfig passes over a value that it does not know, which would leave
	// TLS off without a word.
	v.flag("TEMPORAL_TLS", false)
	v.flag("TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", false)
	options, err := TemporalOptions(v.lookup)
	if err != nil {
		v.fail("TEMPORAL_TLS", err.Error(), "certificates and keys that can be read and belong together")
	}
	return Temporal{options: options, apiKey: Secret(v.text("TEMPORAL_API_KEY", ""))}
}

// environ is a Lookup for envconfig, to which an empty variable is not set
// either. It lists nothing: TEMPORAL_GRPC_META_… variables, which are found by
// listing, are not read.
type environ struct{ lookup Lookup }

func (environ) Environ() []string { return nil }

func (e environ) LookupEnv(name string) (string, bool) {
	value, _ := e.lookup(name)
	return value, value != ""
}
