package config

import (
	"crypto/x509/pkix"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// Keys of a local platform. They are in the repository, so they are no secrets
// and production refuses them.
var localSecrets = []string{
	"epkr", "epkr-dev", "epkr-dev-secret", "epkr-local", "epkr-local-secret",
	"epkrtest", "epkrtestsecret", "test", "secret", "password", "postgres",
	"minioadmin", "changeme",
}

const realSecret = "a secret made for this installation"

func refusePlatform(v *variables, p Platform) {
	refuseAddress(v, "EPKR_PUBLIC_URL", p.PublicURL)
	refuseAddress(v, "S3_ENDPOINT", p.Storage.Endpoint)
	if p.Storage.PublicEndpoint != p.Storage.Endpoint {
		refuseAddress(v, "S3_PUBLIC_ENDPOINT", p.Storage.PublicEndpoint)
	}
	refuseSecret(v, "S3_ACCESS_KEY", p.Storage.AccessKey)
	refuseSecret(v, "S3_SECRET_KEY", p.Storage.SecretKey)
	if u, err := url.Parse(p.Database.Reveal()); err == nil && u.User != nil {
		password, _ := u.User.Password()
		refuseSecret(v, "DATABASE_URL", password)
	}
	refuseTemporal(v, p.Temporal)
}

func refuseTemporal(v *variables, t Temporal) {
	switch {
	case !t.encrypted():
		v.fail("TEMPORAL_TLS", "production does not talk to Temporal without TLS", "true, with the server's CA or client certificates where needed")
	case t.options.ConnectionOptions.TLS.InsecureSkipVerify:
		v.fail("TEMPORAL_TLS_DISABLE_HOST_VERIFICATION", "production must know whom it talks to", "false")
	}
}

func refuseESIA(v *variables, api API) {
	refuseAddress(v, "EPKR_ESIA_URL", api.ESIA.BaseURL)
	if api.ESIARedirect != api.PublicURL+callbackPath {
		refuseAddress(v, "EPKR_ESIA_REDIRECT", api.ESIARedirect)
	}
	if mentionsSimulator(api.ESIA.Issuer) {
		v.fail("EPKR_ESIA_ISSUER", "is the simulator's", "the issuer of the real ЕСИА")
	}
	if api.ESIA.ClientCertificateFile != "" {
		refuseSimulator(v, "EPKR_ESIA_CERTIFICATE", api.ESIA.ClientCertificateFile)
	}
	for _, file := range api.ESIA.TokenCertificateFiles {
		refuseSimulator(v, "EPKR_ESIA_TOKEN_CERTIFICATE", file)
	}
}

// refuseAddress wants an outside system reached over TLS and not on this machine.
func refuseAddress(v *variables, name, address string) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return // noted when it was read
	}
	if u.Scheme != "https" {
		v.fail(name, "production does not use http", "an https:// URL")
	}
	if isThisMachine(u.Hostname()) {
		v.fail(name, "is an address of this machine", "the address of the real system")
	}
}

// isThisMachine is for loopback and unspecified addresses, in the short and
// numeric spellings too that resolvers take ("127.1", "2130706433", "0x7f.1").
func isThisMachine(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if address, err := netip.ParseAddr(host); err == nil {
		address = address.Unmap()
		return address.IsLoopback() || address.IsUnspecified()
	}
	last := host[strings.LastIndex(host, ".")+1:]
	numeric := last != "" && last[0] >= '0' && last[0] <= '9' // no top-level domain begins so
	return numeric || host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "localhost.localdomain"
}

func refuseSecret(v *variables, name, secret string) {
	if slices.Contains(localSecrets, strings.ToLower(secret)) {
		v.fail(name, "is a key of a local platform that everybody knows", realSecret)
	}
}

// refuseSimulator knows a simulator's certificate, or one that its test CA
// issued, by the word in the subject or the issuer: dev/ makes them with
// OU=simulator.
func refuseSimulator(v *variables, name, file string) {
	certificate := certificateOf(v, name, file)
	if certificate == nil {
		return
	}
	for _, attribute := range slices.Concat(attributes(certificate.Subject), attributes(certificate.Issuer)) {
		if mentionsSimulator(attribute) {
			v.fail(name, "is a simulator's certificate or of its test CA", "a certificate of the real system")
			return
		}
	}
}

func attributes(name pkix.Name) []string {
	var values []string
	for _, attribute := range name.Names {
		if text, ok := attribute.Value.(string); ok {
			values = append(values, text)
		}
	}
	return values
}

func mentionsSimulator(text string) bool {
	text = strings.ToLower(text)
	return strings.Contains(text, "simulator") || strings.Contains(text, "симулятор") || strings.Contains(text, "имитатор")
}
