// Package orders contains the activities of an order. They decide and record its messages, update
// its read model and restart its workflow from its record. The rules are in internal/order.
package orders

import (
	"time"

	"epkr/db"
	"epkr/internal/storage"
)

// Activities implements the activities of an order.
type Activities struct {
	store *db.Store
	files *storage.Store
	now   func() time.Time
}

// New returns the activities. now is the clock.
func New(store *db.Store, files *storage.Store, now func() time.Time) *Activities {
	return &Activities{store: store, files: files, now: now}
}
