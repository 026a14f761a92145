package storage

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
)

// Config holds the bucket of the files and how to connect to it.
type Config struct {
	Endpoint       string // absolute http(s) URL that the platform's own processes use
	PublicEndpoint string // absolute http(s) URL in presigned URLs for browsers; empty: Endpoint
	Region         string // signing region, e.g. "ru-1"
	Bucket         string // must exist already
	AccessKey      string
	SecretKey      string `json:"-"` // never printed
	PathStyle      bool   // bucket in the path instead of in the host name
}

// Validate returns a joined error with everything that is missing or malformed. It never contains a
// key or a secret.
func (c Config) Validate() error {
	var errs []error
	if err := validateEndpoint(c.Endpoint); err != nil {
		errs = append(errs, fmt.Errorf("endpoint: %w", err))
	}
	if c.PublicEndpoint != "" {
		if err := validateEndpoint(c.PublicEndpoint); err != nil {
			errs = append(errs, fmt.Errorf("public endpoint: %w", err))
		}
	}
	for _, required := range []struct{ name, value string }{
		{"region", c.Region},
		{"bucket", c.Bucket},
		{"access key", c.AccessKey},
		{"secret key", c.SecretKey},
	} {
		if required.value == "" {
			errs = append(errs, fmt.Errorf("%s: empty", required.name))
		}
	}
	return errors.Join(errs...)
}

func validateEndpoint(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return errors.New("not an absolute http or https URL")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("must carry no user, query or fragment")
	}
	return nil
}

// String returns the configuration without the secret key.
func (c Config) String() string {
	return fmt.Sprintf("s3 bucket %s at %s (public %s), region %s, access key %s, secret key redacted",
		c.Bucket, c.Endpoint, c.public(), c.Region, c.AccessKey)
}

// Format redacts the secret key for every fmt verb, %+v and %#v included.
func (c Config) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, c.String()) }

// LogValue returns the configuration without the secret key.
func (c Config) LogValue() slog.Value { return slog.StringValue(c.String()) }

func (c Config) public() string {
	if c.PublicEndpoint == "" {
		return c.Endpoint
	}
	return c.PublicEndpoint
}
