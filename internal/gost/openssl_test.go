package gost

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv/openssl"
)

// reference is OpenSSL with the GOST engine, for one test.
type reference struct {
	openssl.OpenSSL
	t *testing.T
}

func newOpenSSL(t *testing.T) *reference {
	t.Helper()
	const configuration = "[req]\ndistinguished_name = dn\nx509_extensions = ext\n[dn]\n[ext]\nbasicConstraints = critical, CA:TRUE\n"
	return &reference{openssl.New(t, configuration), t}
}

// in returns the same reference for a subtest, so that errors fail the subtest's t.
func (o *reference) in(t *testing.T) *reference { return &reference{o.OpenSSL, t} }

func (o *reference) run(args ...string) []byte {
	o.t.Helper()
	return o.Must(o.t, args...)
}

func (o *reference) write(name string, data []byte) {
	o.t.Helper()
	o.Write(o.t, name, data)
}

func (o *reference) readPEM(name string) []byte {
	o.t.Helper()
	decoded, _ := pem.Decode(o.Read(o.t, name))
	require.NotNil(o.t, decoded, "no PEM in %s", name)
	return decoded.Bytes
}

// keyKind is a kind of key that the engine can generate.
type keyKind struct {
	algorithm Algorithm
	paramset  string // as the engine names it
	name      string // as this package names it
}

func (k keyKind) String() string { return fmt.Sprintf("%s-%s", k.engine(), k.paramset) }

func (k keyKind) engine() string {
	return map[Algorithm]string{GOST2001: "gost2001", GOST2012_256: "gost2012_256", GOST2012_512: "gost2012_512"}[k.algorithm]
}

func (k keyKind) digest() string {
	return map[Algorithm]string{GOST2001: "md_gost94", GOST2012_256: "md_gost12_256", GOST2012_512: "md_gost12_512"}[k.algorithm]
}

var keyKinds = []keyKind{
	{GOST2001, "A", "CryptoPro-A"},
	{GOST2001, "B", "CryptoPro-B"},
	{GOST2001, "C", "CryptoPro-C"},
	{GOST2001, "XA", "CryptoPro-XchA"},
	{GOST2001, "XB", "CryptoPro-XchB"},
	{GOST2012_256, "A", "CryptoPro-A"},
	{GOST2012_256, "B", "CryptoPro-B"},
	{GOST2012_256, "C", "CryptoPro-C"},
	{GOST2012_256, "XA", "CryptoPro-XchA"},
	{GOST2012_256, "XB", "CryptoPro-XchB"},
	{GOST2012_256, "TCA", "TC26-256-A"},
	{GOST2012_256, "TCB", "TC26-256-B"},
	{GOST2012_256, "TCC", "TC26-256-C"},
	{GOST2012_256, "TCD", "TC26-256-D"},
	{GOST2012_512, "A", "TC26-512-A"},
	{GOST2012_512, "B", "TC26-512-B"},
	{GOST2012_512, "C", "TC26-512-C"},
}

// generate creates a private key in name.key and returns its public half.
func (o *reference) generate(name string, kind keyKind) *PublicKey {
	o.t.Helper()
	o.run("genpkey", "-algorithm", kind.engine(), "-pkeyopt", "paramset:"+kind.paramset, "-out", name+".key")
	o.run("pkey", "-in", name+".key", "-pubout", "-out", name+".pub")
	key, err := ParsePublicKey(o.readPEM(name + ".pub"))
	require.NoError(o.t, err)
	require.Equal(o.t, kind.algorithm, key.Algorithm())
	require.Equal(o.t, kind.name, key.ParameterSet())
	return key
}

// sign signs data with name.key and returns the raw signature.
func (o *reference) sign(name string, kind keyKind, data []byte) []byte {
	o.t.Helper()
	o.write(name+".data", data)
	return o.run("dgst", "-"+kind.digest(), "-sign", name+".key", name+".data")
}

// selfSigned creates a self-signed certificate of name.key.
func (o *reference) selfSigned(name string, kind keyKind) *x509.Certificate {
	o.t.Helper()
	o.run("req", "-x509", "-new", "-"+kind.digest(),
		"-key", name+".key", "-subj", "/CN="+name, "-days", "30", "-out", name+".crt")
	return o.certificate(name)
}

// issued creates a certificate of name.key, signed by the self-signed certificate of issuer.
func (o *reference) issued(name, issuer string, issuerKind keyKind) *x509.Certificate {
	o.t.Helper()
	o.run("req", "-new", "-key", name+".key", "-subj", "/CN="+name, "-out", name+".csr")
	o.run("x509", "-req", "-in", name+".csr", "-CA", issuer+".crt", "-CAkey", issuer+".key",
		"-set_serial", "2", "-"+issuerKind.digest(), "-days", "30", "-out", name+".crt")
	return o.certificate(name)
}

func (o *reference) certificate(name string) *x509.Certificate {
	o.t.Helper()
	cert, err := x509.ParseCertificate(o.readPEM(name + ".crt"))
	require.NoError(o.t, err)
	return cert
}
