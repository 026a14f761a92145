// Package openssl runs OpenSSL with the GOST engine: the reference by which tests of signatures
// judge.
package openssl

import (
	"bytes"
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

// OpenSSL works in a directory of its own.
type OpenSSL struct{ dir string }

// New returns an OpenSSL with more sections of its configuration. It fails the test if the engine is
// missing (Debian: libengine-gost-openssl).
func New(t *testing.T, more string) OpenSSL {
	t.Helper()
	o := OpenSSL{t.TempDir()}
	o.Write(t, "openssl.cnf", []byte(configuration+more))
	require.Contains(t, string(o.Must(t, "engine", "-t", "gost")), "[ available ]")
	return o
}

// Run returns the output, or the error with what was written to the standard error.
func (o OpenSSL) Run(args ...string) ([]byte, error) {
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

// Must returns the output, and fails the test on an error.
func (o OpenSSL) Must(t *testing.T, args ...string) []byte {
	t.Helper()
	out, err := o.Run(args...)
	require.NoError(t, err, "openssl %s\n%s", strings.Join(args, " "), out)
	return out
}

// Write writes a file of the directory.
func (o OpenSSL) Write(t *testing.T, name string, data []byte) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(o.dir, name), data, 0o600))
}

// Read reads a file of the directory.
func (o OpenSSL) Read(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(o.dir, name))
	require.NoError(t, err)
	return data
}
