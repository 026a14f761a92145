// Package activities is all that touches the world on behalf of a workflow: the record of an order and its read model, the
// files in S3. An activity decides nothing by itself: what the rules are stands in internal/order, what comes next in
// workflows.
//
// Every activity may run twice, after a crash or a time-out; each says what makes the second run harmless.
package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"

	"epkr/db"
	"epkr/internal/order"
	"epkr/internal/storage"
)

// The types of errors that no retry mends.
const (
	// ErrTypeInvariant is a fault of the program: the workflow task fails, and a mended build goes on from there.
	ErrTypeInvariant = "Invariant"
)

// Orders are the activities of an order.
type Orders struct {
	store *db.Store
	files *storage.Store
	now   func() time.Time
}

// NewOrders needs the database, the file store and a clock.
func NewOrders(store *db.Store, files *storage.Store, now func() time.Time) *Orders {
	return &Orders{store: store, files: files, now: now}
}

// taxonomy sorts errors: what the database or the rules call impossible is not retried, all else is.
func taxonomy(err error) error {
	var already *temporal.ApplicationError
	if err == nil || errors.As(err, &already) || errors.Is(err, context.Canceled) {
		return err
	}
	err = db.WithoutValues(err)
	switch {
	case db.IsTaken(err, ""): // another run of the same activity was first; the next attempt finds what it wrote
		return err
	case db.IsConstraint(err), errors.Is(err, order.ErrInvariant):
		return temporal.NewNonRetryableApplicationError(err.Error(), ErrTypeInvariant, err)
	}
	return err
}
