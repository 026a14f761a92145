// Package failure sorts the errors of activities into those that a retry mends and those that it
// does not, and keeps quoted values out of workflow histories.
package failure

import (
	"context"
	"errors"

	"go.temporal.io/sdk/temporal"

	"epkr/db"
	"epkr/internal/order"
)

// TypeInvariant is the type of an error that is a fault of the program. No retry mends it: the
// workflow task fails, and a mended build continues from there.
const TypeInvariant = "Invariant"

// ToTemporal makes an error non-retryable if the database or the rules call what it reports
// impossible. It returns any other error as one that is retried.
func ToTemporal(err error) error {
	var already *temporal.ApplicationError
	if err == nil || errors.As(err, &already) || errors.Is(err, context.Canceled) {
		return err
	}
	err = db.WithoutValues(err)
	switch {
	case db.IsUniqueViolation(err, ""): // another run of the same activity was first; the next attempt finds what it wrote
		return err
	case db.IsIntegrityViolation(err), errors.Is(err, order.ErrInvariant):
		return temporal.NewNonRetryableApplicationError(err.Error(), TypeInvariant, err)
	}
	return err
}
