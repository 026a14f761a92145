package cms_test

import (
	"encoding/pem"
	"os"
	"testing"

	"epkr/internal/testenv/openssl"
)

// judge is OpenSSL with a document that it signs and judges.
type judge struct{ openssl.OpenSSL }

// configuration is that of self-signed certificates.
const configuration = `[req]
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
func signer(t *testing.T, keys ...key) judge {
	t.Helper()
	o := judge{openssl.New(t, configuration)}
	o.Write(t, "document", document)
	for _, k := range keys {
		kind := []string{"-newkey", k.algorithm, "-pkeyopt", "paramset:" + k.paramset}
		if k.paramset == "" {
			kind = []string{"-newkey", "rsa:2048"}
		}
		o.Must(t, append([]string{
			"req", "-x509", "-nodes", "-utf8", "-subj", "/CN=Подписант " + k.name, "-days", "30",
			"-" + k.digest, "-keyout", k.name + ".key", "-out", k.name + ".crt",
		}, kind...)...)
	}
	return o
}

// sign returns a detached signature in DER.
func (o judge) sign(t *testing.T, k key, more ...string) []byte {
	t.Helper()
	return o.Must(t, append([]string{
		"cms", "-sign", "-binary", "-in", "document", "-outform", "DER", "-md", k.digest, "-signer", k.name + ".crt", "-inkey", k.name + ".key",
	}, more...)...)
}

// accepts reports whether OpenSSL accepts a signature of a document, whoever signed.
func (o judge) accepts(t *testing.T, signature, of []byte, more ...string) bool {
	t.Helper()
	o.Write(t, "judged.sig", signature)
	o.Write(t, "judged", of)
	_, err := o.Run(append([]string{"cms", "-verify", "-binary", "-noverify", "-inform", "DER", "-in", "judged.sig", "-content", "judged", "-out", os.DevNull}, more...)...)
	return err == nil
}

// toPEM returns a signature as OpenSSL writes it in base64.
func toPEM(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: der}) }
