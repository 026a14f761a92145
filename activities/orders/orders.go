// Package orders are the activities of an order: they judge and record its messages, write its read
// model and start it anew from its record. The rules are in internal/order.
package orders

import (
	"time"

	"epkr/db"
	"epkr/internal/storage"
)

// Activities are the activities of an order.
type Activities struct {
	store *db.Store
	files *storage.Store
	now   func() time.Time
}

// New needs the database, the file store and a clock.
func New(store *db.Store, files *storage.Store, now func() time.Time) *Activities {
	return &Activities{store: store, files: files, now: now}
}
