package esia

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"epkr/internal/esia"
	"epkr/internal/gost"
)

// KeyPair is a private key and its self-signed certificate, as PEM files.
type KeyPair struct {
	KeyFile, CertificateFile string
	Certificate              *x509.Certificate
}

// Subject is the subject of the certificate for verifying tokens.
const Subject = "ЕСИА (имитатор)"

const opensslTimeout = 30 * time.Second

// EnsureKey returns <name>.key and <name>.crt of the directory, and makes both if they are missing
// or of another kind.
func EnsureKey(ctx context.Context, directory, name, subject string, kind esia.KeyKind) (KeyPair, error) {
	pair := KeyPair{KeyFile: filepath.Join(directory, name+".key"), CertificateFile: filepath.Join(directory, name+".crt")}
	var err error
	pair.Certificate, err = esia.ReadCertificate(pair.CertificateFile)
	if err == nil && kindOf(pair.Certificate) == kind {
		return pair, nil
	}
	if err := os.MkdirAll(directory, 0o700); err != nil {
		return KeyPair{}, fmt.Errorf("making the directory of keys: %w", err)
	}
	if err := makeKey(ctx, pair, subject, kind); err != nil {
		return KeyPair{}, fmt.Errorf("making a key: %w", err)
	}
	pair.Certificate, err = esia.ReadCertificate(pair.CertificateFile)
	return pair, err
}

// makeKey writes temporary files and renames them, the certificate last, so that a concurrent
// reader never sees half a file or a certificate without its key.
func makeKey(ctx context.Context, pair KeyPair, subject string, kind esia.KeyKind) error {
	arguments := []string{
		"req", "-x509", "-nodes", "-utf8", "-days", "3650", "-subj", "/C=RU/CN=" + subject,
		"-addext", "keyUsage=critical,digitalSignature", "-keyout", pair.KeyFile + ".new", "-out", pair.CertificateFile + ".new",
	}
	if kind == esia.GOST {
		arguments = append(arguments, "-newkey", "gost2012_256", "-pkeyopt", "paramset:A", "-engine", "gost")
	} else {
		arguments = append(arguments, "-newkey", "rsa:2048")
	}
	if err := openssl(ctx, nil, arguments...); err != nil {
		return err
	}
	return errors.Join(os.Rename(pair.KeyFile+".new", pair.KeyFile), os.Rename(pair.CertificateFile+".new", pair.CertificateFile))
}

// kindOf relies on the standard library supporting RSA and not ГОСТ.
func kindOf(certificate *x509.Certificate) esia.KeyKind {
	if certificate.PublicKeyAlgorithm == x509.RSA {
		return esia.RSA
	}
	return esia.GOST
}

// openssl runs the program with stdin.
func openssl(ctx context.Context, stdin []byte, arguments ...string) error {
	ctx, cancel := context.WithTimeout(ctx, opensslTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, "openssl", arguments...)
	command.Stdin = bytes.NewReader(stdin)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("openssl %s (needs the package libengine-gost-openssl): %w: %s", arguments[0], err, output)
	}
	return nil
}

// verifySecret verifies client_secret over the signed text. v1 accepts only PKCS#7, v2 also a raw
// signature.
func verifySecret(ctx context.Context, generation esia.Generation, client KeyPair, secret, text string) error {
	signature, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(secret, "="))
	if err != nil {
		return fmt.Errorf("client_secret is not base64url: %w", err)
	}
	if generation == esia.V2 && verifyRaw(client.Certificate, signature, text) == nil {
		return nil
	}
	return verifyPKCS7(ctx, client, signature, text)
}

func verifyRaw(certificate *x509.Certificate, signature []byte, text string) error {
	if kindOf(certificate) == esia.RSA {
		return certificate.CheckSignature(x509.SHA256WithRSA, []byte(text), signature)
	}
	key, err := gost.PublicKeyOf(certificate)
	if err != nil {
		return err
	}
	return gost.VerifyJWS(key, text, signature) // the same form as in a token
}

// verifyPKCS7 accepts only the registered certificate as the signer (-nointern), because a
// certificate inside the message proves nothing. The registered certificate is trusted as such, so
// no chain is built (-noverify).
func verifyPKCS7(ctx context.Context, client KeyPair, signature []byte, text string) error {
	file, err := os.CreateTemp("", "esia-secret-")
	if err != nil {
		return fmt.Errorf("making a file for openssl: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(signature)
	if err := errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("writing what openssl verifies: %w", err)
	}
	return openssl(
		ctx, []byte(text), "cms", "-verify", "-binary", "-engine", "gost", "-inform", "DER", "-in", file.Name(),
		"-content", "/dev/stdin", "-nointern", "-noverify", "-certfile", client.CertificateFile, "-out", os.DevNull,
	)
}
