package cms_test

import (
	"bytes"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// openssl is the reference: OpenSSL with the GOST engine, working in its own directory.
type openssl struct{ dir string }

func (o openssl) run(args ...string) ([]byte, error) {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = o.dir
	cmd.Env = append(os.Environ(), "OPENSSL_CONF="+filepath.Join(o.dir, "openssl.cnf"))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return stderr.Bytes(), err
	}
	return out, nil
}

func (o openssl) must(t *testing.T, args ...string) []byte {
	t.Helper()
	out, err := o.run(args...)
	require.NoError(t, err, "openssl %s\n%s", strings.Join(args, " "), out)
	return out
}

func (o openssl) write(t *testing.T, name string, data []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(o.dir, name), data, 0o600))
}

// configuration loads the GOST engine.
const configuration = `openssl_conf = init
[init]
engines = engines
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
[req]
distinguished_name = names
x509_extensions = extensions
[names]
[extensions]
subjectKeyIdentifier = hash
`

// key is a kind of key, as the engine names it, with the digest that it signs.
type key struct{ name, algorithm, paramset, digest string }

var keys = []key{
	{"2012-256-A", "gost2012_256", "A", "md_gost12_256"},
	{"2012-256-B", "gost2012_256", "B", "md_gost12_256"},
	{"2012-256-C", "gost2012_256", "C", "md_gost12_256"},
	{"2012-256-TCA", "gost2012_256", "TCA", "md_gost12_256"},
	{"2012-256-TCB", "gost2012_256", "TCB", "md_gost12_256"},
	{"2012-256-TCC", "gost2012_256", "TCC", "md_gost12_256"},
	{"2012-256-TCD", "gost2012_256", "TCD", "md_gost12_256"},
	{"2012-512-A", "gost2012_512", "A", "md_gost12_512"},
	{"2012-512-B", "gost2012_512", "B", "md_gost12_512"},
	{"2012-512-C", "gost2012_512", "C", "md_gost12_512"},
	{"2001-A", "gost2001", "A", "md_gost94"},
	{"2001-B", "gost2001", "B", "md_gost94"},
	{"rsa", "rsa", "", "sha256"},
}

// document is what the tests sign.
var document = []byte("Договор подряда № 2026-000001\r\nна выполнение кадастровых работ\n\x00\x01\x02")

// signer makes a directory with a document, and a certificate with its key for a kind of key.
func signer(t *testing.T, keys ...key) openssl {
	t.Helper()
	o := openssl{t.TempDir()}
	o.write(t, "document", document)
	o.write(t, "openssl.cnf", []byte(configuration))
	for _, k := range keys {
		kind := []string{"-newkey", k.algorithm, "-pkeyopt", "paramset:" + k.paramset}
		if k.paramset == "" {
			kind = []string{"-newkey", "rsa:2048"}
		}
		o.must(t, append([]string{
			"req", "-x509", "-nodes", "-utf8", "-subj", "/CN=Подписант " + k.name, "-days", "30",
			"-" + k.digest, "-keyout", k.name + ".key", "-out", k.name + ".crt",
		}, kind...)...)
	}
	return o
}

// sign returns a detached signature in DER.
func (o openssl) sign(t *testing.T, k key, more ...string) []byte {
	t.Helper()
	return o.must(t, append([]string{
		"cms", "-sign", "-binary", "-in", "document", "-outform", "DER", "-md", k.digest, "-signer", k.name + ".crt", "-inkey", k.name + ".key",
	}, more...)...)
}

// accepts reports whether OpenSSL accepts a signature of a document, whoever signed.
func (o openssl) accepts(t *testing.T, signature, of []byte, more ...string) bool {
	t.Helper()
	o.write(t, "judged.sig", signature)
	o.write(t, "judged", of)
	_, err := o.run(append([]string{"cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", "judged.sig", "-content", "judged", "-out", os.DevNull}, more...)...)
	return err == nil
}

// toPEM returns a signature as OpenSSL writes it in base64.
func toPEM(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der}) }
