package httpapi

import (
	"context"
	"errors"

	"epkr/apiserver/httpapi/problems"
	"epkr/internal/storage"
)

// FromStorage converts an outage of the storage into a problem and returns other errors unchanged.
func FromStorage(ctx context.Context, err error) error {
	if errors.Is(err, storage.ErrUnavailable) {
		RequestFrom(ctx).Failure = err
		return problems.New(problems.NoStorage)
	}
	return err
}
