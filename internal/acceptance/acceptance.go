// Package acceptance declares which rows of docs/requirements.md a test proves. `make trace` reads
// the declarations from the source.
package acceptance

import "testing"

// Covers declares that the test proves the rows with these ids. The ids must be string literals,
// because dev/trace parses them. The output of go test -json lists them as attributes of the test.
func Covers(t testing.TB, ids ...string) {
	t.Helper()
	for _, id := range ids {
		t.Attr("covers", id)
	}
}
