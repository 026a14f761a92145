package messages

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// answerClosed answers a message to an order whose workflow is not running. If the order's record
// is not final, the workflow was lost: it alerts the moderators, and the message succeeds on
// repetition after an operator has restarted the order.
func (a *Service) answerClosed(ctx context.Context, m messageRequest) error {
	closed := problems.Refused(order.Refusal{Code: order.CodeClosed, Reason: order.ReasonOf(order.CodeClosed)})
	recorded, err := a.Store.OrderState(ctx, m.order)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return closed
	case err != nil:
		return fmt.Errorf("reading the state of an order: %w", err)
	}
	var state order.State
	if err := json.Unmarshal(recorded, &state); err != nil {
		return fmt.Errorf("reading the state of an order: %w", err)
	}
	switch {
	case state.Closed() && m.kind == order.Rate && state.RatingClosed:
		return problems.Refused(order.Refusal{Code: order.CodeRatingClosed, Reason: order.ReasonOf(order.CodeRatingClosed)})
	case state.Closed():
		return closed
	}
	a.Log.ErrorContext(ctx, "the workflow of an order is gone", "order", m.order, "stage", state.Stage)
	a.halted.Inc()
	now := a.Now().UTC()
	err = a.Store.RaiseAlarm(ctx, sqlcgen.RaiseAlarmParams{
		OrderID: m.order, Kind: string(order.AlarmHalted), At: now, Quiet: now.Add(-order.AlarmInterval),
	})
	if err != nil {
		return fmt.Errorf("calling the moderators: %w", err)
	}
	return problems.New(problems.OrderHalted).After(10 * time.Minute)
}

// markSignalFailed marks a message that Temporal did not take, so that it does not count as waiting
// until it is repeated.
func (a *Service) markSignalFailed(ctx context.Context, m messageRequest) {
	now := a.Now().UTC()
	if err := a.Store.MarkSignalFailed(ctx, sqlcgen.MarkSignalFailedParams{MessageID: m.id, At: &now}); err != nil {
		a.Log.WarnContext(ctx, "a message that was not delivered counts as waiting", "message", m.id, "error", err)
	}
}
