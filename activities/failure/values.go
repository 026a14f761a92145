package failure

import (
	"context"
	"errors"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"

	"epkr/db"
)

// HideValues is a worker interceptor that removes the values quoted in database errors. Workflow
// histories store the text of a failed activity.
type HideValues struct {
	interceptor.WorkerInterceptorBase
}

// InterceptActivity implements the interceptor.
func (*HideValues) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	hiding := &hidingValues{}
	hiding.Next = next
	return hiding
}

type hidingValues struct {
	interceptor.ActivityInboundInterceptorBase
}

func (h *hidingValues) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	result, err := h.Next.ExecuteActivity(ctx, in)
	return result, withoutValues(err)
}

// withoutValues returns a [temporal.ApplicationError] unchanged, because Temporal itself reads it.
func withoutValues(err error) error {
	var typed *temporal.ApplicationError
	if errors.As(err, &typed) {
		return err // [ToTemporal] has hidden its values
	}
	return db.WithoutValues(err)
}
