package config

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"os"
	"slices"
	"strconv"
	"strings"
)

// The range of ids that the ЕСИА simulator gives to its people; ids of the real ЕСИА are longer.
const (
	firstSimulated = 1_000_000
	lastSimulated  = 1_999_999
)

func isSimulated(oid string) bool {
	number, err := strconv.ParseUint(oid, 10, 64)
	return err == nil && number >= firstSimulated && number <= lastSimulated
}

// testMarkers occur in the names of simulators and test CAs: dev/ creates its certificates with
// OU=simulator.
var testMarkers = []string{
	"simulator", "симулятор", "имитатор", "test ca", "test-ca", "testca", "test root", "test center", "mkcert", "snakeoil", "тестовый уц", "тестовый удостоверяющий",
}

func mentionsTest(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(testMarkers, func(marker string) bool { return strings.Contains(text, marker) })
}

// anyTestCertificate reports whether one of the certificates belongs to a simulator or was issued
// by a test CA, judging by its subject and issuer.
func anyTestCertificate(certificates []*x509.Certificate) bool {
	return slices.ContainsFunc(certificates, func(c *x509.Certificate) bool { return isTestName(c.Subject) || isTestName(c.Issuer) })
}

func isTestName(name pkix.Name) bool {
	return slices.ContainsFunc(name.Names, func(attribute pkix.AttributeTypeAndValue) bool {
		text, ok := attribute.Value.(string)
		return ok && mentionsTest(text)
	})
}

func isTestChain(chains []tls.Certificate) bool {
	for _, chain := range chains {
		for _, der := range chain.Certificate {
			if c, err := x509.ParseCertificate(der); err == nil && anyTestCertificate([]*x509.Certificate{c}) {
				return true
			}
		}
	}
	return false
}

// trustsTestCA reports whether a pool of roots contains a test CA. A nil pool is the machine's
// trust store, which has its own rule.
func trustsTestCA(pool *x509.CertPool) bool {
	if pool == nil {
		return false
	}
	return slices.ContainsFunc(pool.Subjects(), func(der []byte) bool { //nolint:staticcheck // only the names are needed; on Linux Subjects returns all of them
		var sequence pkix.RDNSequence
		if _, err := asn1.Unmarshal(der, &sequence); err != nil {
			return false
		}
		var name pkix.Name
		name.FillFromRDNSequence(&sequence)
		return isTestName(name)
	})
}

// trustStore returns the machine's trust store, or the certificates of SSL_CERT_FILE, which
// replaces it.
func trustStore(v *variables) *x509.CertPool {
	if file := v.text("SSL_CERT_FILE", ""); file != "" {
		data, err := os.ReadFile(file)
		if err != nil {
			v.fail("SSL_CERT_FILE", "cannot be read", "a file of certificates in PEM")
			return nil
		}
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(data)
		return pool
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		return nil
	}
	return pool
}
