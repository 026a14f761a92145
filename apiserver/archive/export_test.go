package archive

import "testing"

// SetMaxOpen changes how many archives a service sends at once that is made afterwards.
func SetMaxOpen(t *testing.T, n int) {
	before := maxOpen
	maxOpen = n
	t.Cleanup(func() { maxOpen = before })
}
