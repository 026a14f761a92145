package esia

import (
	"bytes"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"epkr/internal/esia"
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
	if pair.Certificate, err = esia.ReadCertificate(pair.CertificateFile); err == nil && kindOf(pair.Certificate) == kind {
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
