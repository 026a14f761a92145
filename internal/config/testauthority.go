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

// The simulator of ЕСИА numbers its people from here on; the real ЕСИА gives longer numbers.
const (
	firstSimulated = 1_000_000
	lastSimulated  = 1_999_999
)

func isSimulated(oid string) bool {
	number, err := strconv.ParseUint(oid, 10, 64)
	return err == nil && number >= firstSimulated && number <= lastSimulated
}

// testWords are how simulators and test authorities call themselves: dev/ makes its certificates with OU=simulator.
var testWords = []string{
	"simulator", "симулятор", "имитатор", "test ca", "test-ca", "testca", "test root", "mkcert", "snakeoil", "тестовый уц", "тестовый удостоверяющий",
}

func mentionsTest(text string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(testWords, func(word string) bool { return strings.Contains(text, word) })
}

// anyTest knows a simulator's certificate, or one that a test CA issued, by the words in its subject or issuer.
func anyTest(certificates []*x509.Certificate) bool {
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
			if c, err := x509.ParseCertificate(der); err == nil && anyTest([]*x509.Certificate{c}) {
				return true
			}
		}
	}
	return false
}

// trustsTest looks for a test CA in a pool of roots; nil is the machine's, which has a rule of its own.
func trustsTest(pool *x509.CertPool) bool {
	if pool == nil {
		return false
	}
	return slices.ContainsFunc(pool.Subjects(), func(der []byte) bool { //nolint:staticcheck // only the names are wanted, on Linux they are all here
		var sequence pkix.RDNSequence
		if _, err := asn1.Unmarshal(der, &sequence); err != nil {
			return false
		}
		var name pkix.Name
		name.FillFromRDNSequence(&sequence)
		return isTestName(name)
	})
}

// trustStore is what the machine trusts, or the file that SSL_CERT_FILE puts in its place.
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
