package gost

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// openssl is the reference implementation: OpenSSL with the GOST engine, working in its own
// directory.
type openssl struct {
	t   *testing.T
	dir string
}

func newOpenSSL(t *testing.T) *openssl {
	t.Helper()
	o := &openssl{t, t.TempDir()}
	o.write("req.cnf", []byte("[req]\ndistinguished_name = dn\nx509_extensions = ext\n[dn]\n[ext]\nbasicConstraints = critical, CA:TRUE\n"))
	if out, err := o.command("engine", "-t", "gost").CombinedOutput(); err != nil || !bytes.Contains(out, []byte("[ available ]")) {
		t.Fatalf("openssl has no GOST engine to judge by: install the Debian packages openssl and "+
			"libengine-gost-openssl (apt-get install openssl libengine-gost-openssl): %v\n%s", err, out)
	}
	return o
}

// in returns the same openssl for a subtest, so that errors fail the subtest's t.
func (o *openssl) in(t *testing.T) *openssl { return &openssl{t, o.dir} }

func (o *openssl) command(args ...string) *exec.Cmd {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = o.dir
	return cmd
}

func (o *openssl) run(args ...string) []byte {
	o.t.Helper()
	cmd := o.command(args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(o.t, err, "openssl %s\n%s", strings.Join(args, " "), &stderr)
	return out
}

func (o *openssl) write(name string, data []byte) {
	o.t.Helper()
	require.NoError(o.t, os.WriteFile(filepath.Join(o.dir, name), data, 0o600))
}

func (o *openssl) readPEM(name string) []byte {
	o.t.Helper()
	data, err := os.ReadFile(filepath.Join(o.dir, name))
	require.NoError(o.t, err)
	decoded, _ := pem.Decode(data)
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
func (o *openssl) generate(name string, kind keyKind) *PublicKey {
	o.t.Helper()
	o.run("genpkey", "-engine", "gost", "-algorithm", kind.engine(), "-pkeyopt", "paramset:"+kind.paramset, "-out", name+".key")
	o.run("pkey", "-engine", "gost", "-in", name+".key", "-pubout", "-out", name+".pub")
	key, err := ParsePublicKey(o.readPEM(name + ".pub"))
	require.NoError(o.t, err)
	require.Equal(o.t, kind.algorithm, key.Algorithm())
	require.Equal(o.t, kind.name, key.ParameterSet())
	return key
}

// sign signs data with name.key and returns the raw signature.
func (o *openssl) sign(name string, kind keyKind, data []byte) []byte {
	o.t.Helper()
	o.write(name+".data", data)
	return o.run("dgst", "-engine", "gost", "-"+kind.digest(), "-sign", name+".key", name+".data")
}

// selfSigned creates a self-signed certificate of name.key.
func (o *openssl) selfSigned(name string, kind keyKind) *x509.Certificate {
	o.t.Helper()
	o.run("req", "-x509", "-new", "-engine", "gost", "-config", "req.cnf", "-"+kind.digest(),
		"-key", name+".key", "-subj", "/CN="+name, "-days", "30", "-out", name+".crt")
	return o.certificate(name)
}

// issued creates a certificate of name.key, signed by the self-signed certificate of issuer.
func (o *openssl) issued(name, issuer string, issuerKind keyKind) *x509.Certificate {
	o.t.Helper()
	o.run("req", "-new", "-engine", "gost", "-config", "req.cnf", "-key", name+".key", "-subj", "/CN="+name, "-out", name+".csr")
	o.run("x509", "-req", "-engine", "gost", "-in", name+".csr", "-CA", issuer+".crt", "-CAkey", issuer+".key",
		"-set_serial", "2", "-"+issuerKind.digest(), "-days", "30", "-out", name+".crt")
	return o.certificate(name)
}

func (o *openssl) certificate(name string) *x509.Certificate {
	o.t.Helper()
	cert, err := x509.ParseCertificate(o.readPEM(name + ".crt"))
	require.NoError(o.t, err)
	return cert
}
