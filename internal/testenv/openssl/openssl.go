// Package openssl runs OpenSSL with the GOST engine: the reference by which tests of signatures
// judge, and what signs on a local platform.
package openssl

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// configuration loads the GOST engine, and names the ИНН of an organisation; more follows it.
const configuration = `openssl_conf = init
[init]
engines = engines
oid_section = identifiers
[identifiers]
INNLE = 1.2.643.100.4
[engines]
gost = gost
[gost]
engine_id = gost
default_algorithms = ALL
`

// Authorities are the sections of a configuration that issues certificates to authorities: a root,
// and an issuer below it that issues to no further authority.
const Authorities = `[req]
distinguished_name = names
[names]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[issuer]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`

// OpenSSL works in a directory of its own.
type OpenSSL struct{ dir string }

// In returns an OpenSSL in a directory, with more sections of its configuration. It fails if the
// engine is missing (Debian: libengine-gost-openssl).
func In(dir, more string) (OpenSSL, error) {
	o := OpenSSL{dir}
	// It is renamed because another program may be running OpenSSL in the same directory.
	err := os.WriteFile(o.Path("openssl.cnf.new"), []byte(configuration+more), 0o600)
	if err := errors.Join(err, os.Rename(o.Path("openssl.cnf.new"), o.Path("openssl.cnf"))); err != nil {
		return o, fmt.Errorf("configuring OpenSSL: %w", err)
	}
	out, err := o.Run("engine", "-t", "gost")
	if err != nil || !bytes.Contains(out, []byte("[ available ]")) {
		return o, fmt.Errorf("openssl needs the package libengine-gost-openssl: %w\n%s", err, out)
	}
	return o, nil
}

// New returns an OpenSSL in a directory of the test.
func New(t testing.TB, more string) OpenSSL {
	t.Helper()
	o, err := In(t.TempDir(), more)
	require.NoError(t, err)
	return o
}

// Path returns the path of a file of the directory.
func (o OpenSSL) Path(name string) string { return filepath.Join(o.dir, name) }

// Command returns a command that has not been started.
func (o OpenSSL) Command(args ...string) *exec.Cmd {
	cmd := exec.Command("openssl", args...)
	cmd.Dir = o.dir
	cmd.Env = append(os.Environ(), "OPENSSL_CONF="+o.Path("openssl.cnf"))
	return cmd
}

// Run returns the output, or the error with what was written to the standard error.
func (o OpenSSL) Run(args ...string) ([]byte, error) {
	cmd := o.Command(args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return stderr.Bytes(), err
	}
	return out, nil
}

// Must returns the output, and fails the test on an error.
func (o OpenSSL) Must(t testing.TB, args ...string) []byte {
	t.Helper()
	out, err := o.Run(args...)
	require.NoError(t, err, "openssl %s\n%s", strings.Join(args, " "), out)
	return out
}

// Write writes a file of the directory.
func (o OpenSSL) Write(t testing.TB, name string, data []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(o.Path(name), data, 0o600))
}

// Read reads a file of the directory.
func (o OpenSSL) Read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(o.Path(name))
	require.NoError(t, err)
	return data
}
