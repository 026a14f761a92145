package esia

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Signer signs with the platform's private key. The signer determines the form of the signature
// (PKCS#7 in DER, or raw).
type Signer interface {
	Sign(ctx context.Context, data []byte) ([]byte, error)
}

// SignatureForm is the form of client_secret.
type SignatureForm string

const (
	// PKCS7 is a detached PKCS#7 (CMS SignedData) in DER.
	PKCS7 SignatureForm = "pkcs7"
	// CAdES is PKCS7 in which the signer names his certificate (CAdES-BES).
	CAdES SignatureForm = "cades"
	// Raw is the bare signature value: for ГОСТ 64 bytes, s then r, big-endian.
	Raw SignatureForm = "raw"
)

// KeyKind is the algorithm of a private key.
type KeyKind string

const (
	// GOST is ГОСТ Р 34.10-2012 with 256 bits.
	GOST KeyKind = "gost"
	// RSA with SHA-256, for systems registered before ГОСТ became obligatory.
	RSA KeyKind = "rsa"
)

// SignatureConfig configures how requests are signed: by openssl with a key file, or by an external
// command (КриптоПро, an HSM).
type SignatureConfig struct {
	Form SignatureForm
	// Command, if not empty, is a program and its arguments: data on stdin, the signature in the configured form on stdout.
	Command []string
	// KeyFile is the private key in PEM, used if Command is empty.
	KeyFile string
	// KeyPassphrase decrypts an encrypted KeyFile; empty for an unencrypted one.
	KeyPassphrase string
	KeyKind       KeyKind
	// Timeout bounds one signature.
	Timeout time.Duration
}

// Validate returns a joined error with everything that is wrong. It reads no files.
func (c SignatureConfig) Validate() error {
	var problems []error
	if c.Form != PKCS7 && c.Form != CAdES && c.Form != Raw {
		problems = append(problems, errors.New("esia: signature form must be pkcs7, cades or raw"))
	}
	if c.Timeout <= 0 {
		problems = append(problems, errors.New("esia: signature timeout must be positive"))
	}
	if len(c.Command) == 0 {
		if c.KeyFile == "" {
			problems = append(problems, errors.New("esia: neither a signing command nor a key file is named"))
		}
		if c.KeyKind != GOST && c.KeyKind != RSA {
			problems = append(problems, errors.New("esia: key kind must be gost or rsa"))
		}
	}
	return errors.Join(problems...)
}

// Signer returns the configured signer, for the certificate in certificateFile.
func (c SignatureConfig) Signer(certificateFile string) Signer {
	if len(c.Command) > 0 {
		return Command{Program: c.Command[0], Arguments: c.Command[1:], Timeout: c.Timeout}
	}
	return OpenSSL{Form: c.Form, Kind: c.KeyKind, KeyFile: c.KeyFile, Passphrase: c.KeyPassphrase, CertificateFile: certificateFile, Timeout: c.Timeout}
}

// OpenSSL signs with the openssl program; for ГОСТ it uses openssl's gost engine (Debian:
// libengine-gost-openssl).
type OpenSSL struct {
	Form SignatureForm
	Kind KeyKind
	// KeyFile is a PEM private key.
	KeyFile    string
	Passphrase string
	// CertificateFile is in PEM; only PKCS#7 and CAdES need it.
	CertificateFile string
	Timeout         time.Duration
}

// passphraseVariable passes the passphrase to openssl in the environment, because arguments are
// visible to every user of the machine.
const passphraseVariable = "OPENSSL_KEY_PASSPHRASE"

// Sign runs openssl once, without a shell, and passes the data on stdin.
func (s OpenSSL) Sign(ctx context.Context, data []byte) ([]byte, error) {
	var environment []string
	if s.Passphrase != "" {
		environment = append(os.Environ(), passphraseVariable+"="+s.Passphrase)
	}
	signature, err := run(ctx, s.Timeout, environment, data, "openssl", s.arguments()...)
	if err != nil {
		return nil, fmt.Errorf("signing by openssl: %w", err)
	}
	return signature, nil
}

func (s OpenSSL) arguments() []string {
	arguments := []string{"dgst"}
	if s.Form != Raw {
		arguments = []string{"cms", "-sign"}
	}
	if s.Form == CAdES {
		arguments = append(arguments, "-cades")
	}
	if s.Kind == GOST {
		arguments = append(arguments, "-engine", "gost")
	}
	if s.Passphrase != "" {
		arguments = append(arguments, "-passin", "env:"+passphraseVariable)
	}
	if s.Form != Raw {
		return append(arguments, "-md", s.digest(), "-binary", "-outform", "DER", "-signer", s.CertificateFile, "-inkey", s.KeyFile)
	}
	return append(arguments, "-"+s.digest(), "-sign", s.KeyFile)
}

func (s OpenSSL) digest() string {
	if s.Kind == GOST {
		return "md_gost12_256"
	}
	return "sha256"
}

// Command signs with an external program: data on stdin, signature on stdout.
type Command struct {
	Program   string
	Arguments []string
	Timeout   time.Duration
}

// Sign runs the program once.
func (s Command) Sign(ctx context.Context, data []byte) ([]byte, error) {
	signature, err := run(ctx, s.Timeout, nil, data, s.Program, s.Arguments...)
	if err != nil {
		return nil, fmt.Errorf("signing by the configured command: %w", err)
	}
	return signature, nil
}

// run runs a program and returns its stdout. A nil environment is the environment of this process.
func run(ctx context.Context, timeout time.Duration, environment []string, stdin []byte, program string, arguments ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	command := exec.CommandContext(ctx, program, arguments...)
	command.Env = environment
	command.Stdin = bytes.NewReader(stdin)
	// A grandchild that keeps the pipes open must not delay the sign-in beyond the timeout.
	command.WaitDelay = time.Second
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s did not finish within %s: %w", program, timeout, ctx.Err())
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", program, err, explain(stderr.String()))
	}
	if stdout.Len() == 0 {
		return nil, fmt.Errorf("%s gave an empty signature", program)
	}
	return stdout.Bytes(), nil
}

// explain replaces openssl's error about a missing engine by the package to install, and shortens
// other errors.
func explain(stderr string) string {
	lower := strings.ToLower(stderr)
	if strings.Contains(lower, "invalid engine") || strings.Contains(lower, "no such engine") || strings.Contains(lower, "could not load the shared library") {
		return "openssl has no ГОСТ engine: install the package libengine-gost-openssl"
	}
	const longest = 300
	text := strings.Join(strings.Fields(stderr), " ")
	if len(text) > longest {
		text = text[:longest]
	}
	return strings.ToValidUTF8(text, "")
}
