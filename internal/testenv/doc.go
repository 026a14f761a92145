// Package testenv gives Go tests the real servers that `make test` starts: a fresh migrated
// database, the Temporal server, and a fresh bucket.
//
// It starts no server itself, and a linter allows its import only in _test files. Its inputs are
// the EPKR_TEST_ variables that `dev with-servers` sets, and the migrations of package db. A test
// that needs a server fails if the variable is missing; it is not skipped.
package testenv

import (
	"os"
	"testing"
)

// variable returns a variable that `dev with-servers` sets, or fails the test.
func variable(t testing.TB, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: this test needs the real servers; run `make test` (with PKG=./one/package for one package)", name)
	}
	return value
}
