package engineers

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
)

// ErrEmployerChanged reports that an engineer moved to another employer while the locks were taken.
// The caller retries.
var ErrEmployerChanged = errors.New("an engineer changed his employer meanwhile")

// Lock locks the employers of the engineers and then the engineers, and returns the employers' ids.
// Every decision that needs both locks them in this order.
func Lock(ctx context.Context, q *sqlcgen.Queries, engineers []uuid.UUID) ([]uuid.UUID, error) {
	employers, err := q.LockEmployersOf(ctx, engineers)
	if err != nil {
		return nil, fmt.Errorf("locking employers: %w", err)
	}
	locked, err := q.LockEngineers(ctx, engineers)
	if err != nil {
		return nil, fmt.Errorf("locking engineers: %w", err)
	}
	for _, e := range locked {
		if e.EmployerID != nil && !slices.Contains(employers, *e.EmployerID) {
			return nil, ErrEmployerChanged
		}
	}
	return employers, nil
}
