package esia

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
)

func parse(t *testing.T, query string) url.Values {
	t.Helper()
	values, err := url.ParseQuery(query)
	require.NoError(t, err)
	return values
}

// madeKey creates a key and a certificate of it with openssl; arguments choose the algorithm.
func madeKey(t *testing.T, arguments ...string) (key, certificate string) {
	t.Helper()
	folder := t.TempDir()
	key, certificate = filepath.Join(folder, "k.key"), filepath.Join(folder, "k.crt")
	all := append([]string{"req", "-x509", "-nodes", "-subj", "/CN=test", "-keyout", key, "-out", certificate}, arguments...)
	out, err := exec.CommandContext(t.Context(), "openssl", all...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return key, certificate
}

func gostKeyOf(t *testing.T, algorithm string) (key, certificate string) {
	t.Helper()
	return madeKey(t, "-newkey", algorithm, "-pkeyopt", "paramset:A", "-engine", "gost")
}

func TestCheckSigning(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	key, certificate := gostFiles(t)
	otherKey, otherCertificate := gostFiles(t)
	longKey, longCertificate := gostKeyOf(t, "gost2012_512")
	oldKey, oldCertificate := gostKeyOf(t, "gost2001")
	rsaKey, rsaCertificate := madeKey(t, "-newkey", "rsa:2048")
	_, weakCertificate := madeKey(t, "-newkey", "rsa:1024")
	_, curveCertificate := madeKey(t, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1")
	_ = otherCertificate
	for _, c := range []struct {
		name             string
		key, certificate string
		kind             KeyKind
		form             SignatureForm
		wrong            string // part of the message; empty for a good configuration
	}{
		{"good, raw", key, certificate, GOST, Raw, ""},
		{"good, PKCS#7", key, certificate, GOST, PKCS7, ""},
		{"good RSA, raw", rsaKey, rsaCertificate, RSA, Raw, ""},
		{"good RSA, PKCS#7", rsaKey, rsaCertificate, RSA, PKCS7, ""},
		{"another's key", otherKey, certificate, GOST, Raw, "does not belong to"},
		{"another's key, PKCS#7", otherKey, certificate, GOST, PKCS7, "does not belong to"},
		{"512 bits", longKey, longCertificate, GOST, Raw, "512"},
		{"512 bits, PKCS#7", longKey, longCertificate, GOST, PKCS7, "512"},
		{"of 2001", oldKey, oldCertificate, GOST, Raw, "2001"},
		{"a 512-bit key with a 256-bit certificate", longKey, certificate, GOST, Raw, ""},
		{"RSA called ГОСТ", rsaKey, rsaCertificate, GOST, Raw, "RSA"},
		{"ГОСТ called RSA", key, certificate, RSA, Raw, "ГОСТ"},
		{"weak RSA", rsaKey, weakCertificate, RSA, Raw, "1024"},
		{"a curve", key, curveCertificate, GOST, Raw, "ECDSA"},
		{"no key", filepath.Join(t.TempDir(), "none.key"), certificate, GOST, Raw, "none.key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := testConfig(certificate)
			config.ClientCertificateFile = c.certificate
			config.Signature = SignatureConfig{Form: c.form, KeyFile: c.key, KeyKind: c.kind, Timeout: 10 * time.Second}
			client, err := New(config, config.Signature.Signer(c.certificate))
			require.NoError(t, err)
			err = client.CheckSigning(t.Context())
			if c.wrong == "" && c.name[0] == 'g' {
				require.NoError(t, err)
				return
			}
			require.Error(t, err)
			require.ErrorContains(t, err, c.wrong)
		})
	}
}

func TestCheckSigningWithCommand(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	key, certificate := gostFiles(t)
	_, stranger := gostFiles(t)
	for _, c := range []struct {
		name, certificate string
		form              SignatureForm
		command           []string
		wrong             string
	}{
		{"raw", certificate, Raw, []string{"openssl", "dgst", "-engine", "gost", "-md_gost12_256", "-sign", key}, ""},
		{"PKCS#7", certificate, PKCS7, []string{"openssl", "cms", "-sign", "-engine", "gost", "-md", "md_gost12_256", "-binary", "-outform", "DER", "-signer", certificate, "-inkey", key}, ""},
		{"another certificate", stranger, Raw, []string{"openssl", "dgst", "-engine", "gost", "-md_gost12_256", "-sign", key}, "does not belong to"},
		{"another certificate, PKCS#7", stranger, PKCS7, []string{"openssl", "cms", "-sign", "-engine", "gost", "-md", "md_gost12_256", "-binary", "-outform", "DER", "-signer", certificate, "-inkey", key}, "another certificate"},
		{"no signature", certificate, PKCS7, []string{"cat"}, "PKCS#7"},
		{"not there", certificate, Raw, []string{"/nowhere/signer"}, "/nowhere/signer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			config := testConfig(certificate)
			config.ClientCertificateFile = c.certificate
			config.Signature = SignatureConfig{Form: c.form, Command: c.command, Timeout: 10 * time.Second}
			client, err := New(config, config.Signature.Signer(c.certificate))
			require.NoError(t, err)
			err = client.CheckSigning(t.Context())
			if c.wrong == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.wrong)
		})
	}
}

func TestNewRefusesUnusableTokenCertificate(t *testing.T) {
	acceptance.Covers(t, "R-AUTH-2")
	_, certificate := gostFiles(t)
	_, old := gostKeyOf(t, "gost2001")
	_, weak := madeKey(t, "-newkey", "rsa:1024")
	for file, wrong := range map[string]string{old: "2001", weak: "1024"} {
		config := testConfig(certificate)
		config.TokenCertificateFiles = []string{file}
		_, err := New(config, nil)
		require.ErrorContains(t, err, wrong)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	bare := filepath.Join(t.TempDir(), "bare.pem")
	require.NoError(t, os.WriteFile(bare, pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}), 0o600))
	config := testConfig(certificate)
	config.TokenCertificateFiles = []string{bare}
	_, err = New(config, nil)
	require.ErrorContains(t, err, "RSA PRIVATE KEY")
}
