// Package testenv gives Go tests the real servers that `make test` starts: a
// fresh migrated database, the Temporal server, and a fresh bucket.
//
// It starts no server itself and is never imported by code that ships; a
// linter keeps it to _test files. Its inputs are the EPKR_TEST_ variables that
// `dev with-servers` sets, and the migrations of package db. A test that needs
// a server fails where the variable is missing instead of being skipped.
package testenv

import (
	"os"
	"testing"
)

// variable returns what `dev with-servers` set, or ends the test.
func variable(t testing.TB, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set: this test needs the real servers; run `make test` (with PKG=./one/package for one package)", name)
	}
	return value
}
