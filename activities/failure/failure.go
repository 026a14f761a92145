// Package failure classifies the errors of activities as retryable or not, and removes quoted
// values from them, so that they do not enter workflow histories.
package failure

import (
	"context"
	"errors"

	"go.temporal.io/sdk/temporal"

	"epkr/db"
	"epkr/internal/order"
)

// TypeInvariant is the type of an error that a bug in the program causes. A retry does not help:
// the workflow task fails, and continues once a fixed build is deployed.
const TypeInvariant = "Invariant"

// ToTemporal makes an error non-retryable if it is a violated constraint of the database or a
// violated invariant of the rules. It returns any other error as retryable.
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
