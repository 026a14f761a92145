package storage

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

var (
	// ErrNotFound means that the object or upload does not exist. A retry does not help.
	ErrNotFound = errors.New("not found in storage")
	// ErrMismatch means that the content differs from its declaration, or that the listed parts are
	// not the uploaded ones. A retry does not help.
	ErrMismatch = errors.New("content differs from what was declared")
	// ErrUnavailable means that the storage did not respond or could not serve the request now. The
	// operation may or may not have happened; a retry is safe.
	ErrUnavailable = errors.New("storage unavailable")
)

// MismatchError describes how an uploaded object differs from its declaration. errors.Is(err,
// ErrMismatch) holds for it.
type MismatchError struct {
	Declared Declared
	Size     int64  // size of the object, in bytes
	SHA256   string // hex; empty if the size already differs
}

func (e *MismatchError) Error() string {
	if e.SHA256 == "" {
		return fmt.Sprintf("%v: %d bytes instead of %d", ErrMismatch, e.Size, e.Declared.Size)
	}
	return fmt.Sprintf("%v: SHA-256 %s instead of %s", ErrMismatch, e.SHA256, e.Declared.SHA256)
}

// Is reports whether target is [ErrMismatch].
func (e *MismatchError) Is(target error) bool { return target == ErrMismatch }

// classify wraps an error of the S3 client with the operation and with the matching one of the
// three errors above. A cancelled context and other errors (a refused signature, for example) are
// wrapped with the operation only.
func classify(operation string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", operation, err)
	}
	if kind := sentinelOf(err); kind != nil {
		return fmt.Errorf("%s: %w: %w", operation, kind, err)
	}
	return fmt.Errorf("%s: %w", operation, err)
}

func sentinelOf(err error) error {
	var api smithy.APIError
	if errors.As(err, &api) {
		switch api.ErrorCode() {
		case "NoSuchKey", "NoSuchUpload", "NotFound":
			return ErrNotFound
		case "InvalidPart", "InvalidPartOrder", "EntityTooSmall", "BadDigest", "PreconditionFailed":
			return ErrMismatch
		case "SlowDown", "RequestTimeout", "Throttling", "TooManyRequests":
			return ErrUnavailable
		}
	}
	var unsent *smithyhttp.RequestSendError
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &unsent) {
		return ErrUnavailable
	}
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) {
		if code := response.HTTPStatusCode(); code >= http.StatusInternalServerError || code == http.StatusTooManyRequests {
			return ErrUnavailable
		}
	}
	return nil
}
