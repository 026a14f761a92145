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
	// ErrNotFound says that there is no such object or upload. Trying again does not help.
	ErrNotFound = errors.New("not found in storage")
	// ErrMismatch says that what was sent is not what was declared, or the parts listed
	// are not the parts that arrived. Trying again does not help.
	ErrMismatch = errors.New("content differs from what was declared")
	// ErrUnavailable says that the storage did not answer, or answered that it cannot
	// now. The operation may or may not have happened; trying again is safe.
	ErrUnavailable = errors.New("storage unavailable")
)

// MismatchError says how an uploaded object differs from its declaration.
// errors.Is(err, ErrMismatch) holds for it.
type MismatchError struct {
	Declared Declared
	Size     int64  // bytes that the object has
	SHA256   string // hex; empty if the size alone refused it
}

func (e *MismatchError) Error() string {
	if e.SHA256 == "" {
		return fmt.Sprintf("%v: %d bytes instead of %d", ErrMismatch, e.Size, e.Declared.Size)
	}
	return fmt.Sprintf("%v: SHA-256 %s instead of %s", ErrMismatch, e.SHA256, e.Declared.SHA256)
}

// Is makes the error one of the kind [ErrMismatch].
func (e *MismatchError) Is(target error) bool { return target == ErrMismatch }

// classified wraps an error of the S3 client with what was being done and with
// the one of the three kinds above that it belongs to. A cancelled context, and
// answers that fit no kind (a refused signature, say), stay what they are.
func classified(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", doing, err)
	}
	if kind := kindOf(err); kind != nil {
		return fmt.Errorf("%s: %w: %w", doing, kind, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func kindOf(err error) error {
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
