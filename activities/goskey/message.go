package goskey

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/converter"

	"epkr/activities/failure"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

const (
	// signalTimeout bounds one signal. A signal that timed out may have arrived; the retry sends it
	// under the same id.
	signalTimeout = 10 * time.Second
	// verdictTimeout is how long a run of the activity waits for the order's verdict, verdictPause the
	// pause between two looks.
	verdictTimeout = 20 * time.Second
	verdictPause   = 200 * time.Millisecond
)

// gone is the reason if the order has ended before the signature came.
const gone = "Заказ завершён."

var errNoVerdict = errors.New("the order has not decided the message of a signature yet")

// message is the person's message with its signal.
type message struct {
	order.Message
	id      uuid.UUID
	payload converter.RawValue
	digest  string
	request sqlcgen.InsertRequestParams
}

// messageOf returns the message that an attempt sends. It is always the same, so that a repeated
// attempt is recognised.
func messageOf(row *sqlcgen.GoskeyRequestRow, by order.Actor, file order.FileRef, attempt int) (*message, error) {
	m := &message{id: workflowapi.GoskeyMessageID(row.ID, attempt), Message: order.Message{
		Kind: order.Kind(row.Action), Actor: by, ReceivedAt: row.ReceivedAt.UTC(),
	}}
	m.ID = m.id.String()
	var details any = order.ActSignature{Act: row.DocumentSha256, Signature: &file}
	if m.Kind == order.SignContract {
		details = order.ContractSignature{Contract: row.DocumentSha256, Signature: file}
	}
	encoded, err := workflowapi.PlainJSON(details)
	if err != nil {
		return nil, err
	}
	m.Details = encoded.Payload().GetData()
	if m.payload, err = workflowapi.PlainJSON(m.Message); err != nil {
		return nil, err
	}
	if m.digest, err = m.Digest(row.OrderID.String()); err != nil {
		return nil, fmt.Errorf("hashing a message: %w", err)
	}
	content := sha256.Sum256(m.Details)
	m.request = sqlcgen.InsertRequestParams{
		MessageID: m.id, OrderID: row.OrderID, PersonID: row.PersonID, Kind: string(m.Kind), RequestSha256: hex.EncodeToString(content[:]),
		CreatedAt: m.ReceivedAt, SignalSha256: &m.digest, Bytes: int32(len(m.payload.Payload().GetData())), Since: m.ReceivedAt, Lately: m.ReceivedAt,
	}
	return m, nil
}

// bring sends the message unless it has been decided, and ends the request by the verdict.
func (a *Activities) bring(ctx context.Context, row *sqlcgen.GoskeyRequestRow, m *message) (Progress, error) {
	verdict, err := a.verdict(ctx, m)
	switch {
	case err != nil:
		return Progress{}, err
	case verdict == nil && order.Stage(row.ShownStage) == order.Suspended:
		return Progress{}, nil
	case verdict == nil:
		closed, err := a.signal(ctx, row, m)
		if err != nil {
			return Progress{}, err
		}
		if verdict, err = a.awaitVerdict(ctx, m, closed); err != nil {
			return Progress{}, err
		}
	}
	switch {
	case verdict == nil && order.Stage(row.ShownStage).Final():
		return a.keep(ctx, row, m, gone)
	case verdict == nil: // the verdict is late, or an operator has to start the order's workflow again
		return Progress{}, errNoVerdict
	case verdict.Verdict == string(order.Applied):
		return a.end(ctx, row, sqlcgen.EndGoskeyRequestParams{State: applied, MessageID: &m.id})
	case verdict.Code == string(order.CodeSuspended):
		return Progress{}, nil
	}
	return a.keep(ctx, row, m, verdict.Reason)
}

// keep ends a request whose signature the order has not taken. Its file is kept.
func (a *Activities) keep(ctx context.Context, row *sqlcgen.GoskeyRequestRow, m *message, reason string) (Progress, error) {
	return a.end(ctx, row, sqlcgen.EndGoskeyRequestParams{
		State: late, MessageID: &m.id, Reason: "Подпись из Госключа сохранена, но не применена: она пришла, когда заказ её уже не ждал. " + reason,
	})
}

// signal stores the request of the message, which the order requires, and sends it. closed reports that
// the order's workflow does not run.
func (a *Activities) signal(ctx context.Context, row *sqlcgen.GoskeyRequestRow, m *message) (closed bool, err error) {
	if _, err := a.Store.InsertRequest(ctx, m.request); err != nil {
		return false, failure.ToTemporal(fmt.Errorf("writing a request down: %w", err))
	}
	ctx, cancel := context.WithTimeout(ctx, signalTimeout)
	defer cancel()
	err = workflowapi.Send(ctx, a.Workflows, workflowapi.OrderMessage(a.TaskQueue, row.OrderID, m.Kind, m.payload))
	if workflowapi.IsClosed(err) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("sending a signature to its order: %w", err)
	}
	return false, nil
}

// awaitVerdict returns the verdict on a message; nil if there is none in time.
func (a *Activities) awaitVerdict(ctx context.Context, m *message, closed bool) (*sqlcgen.VerdictRow, error) {
	ctx, cancel := context.WithTimeout(ctx, verdictTimeout)
	defer cancel()
	tick := time.NewTicker(verdictPause)
	defer tick.Stop()
	for {
		verdict, err := a.verdict(ctx, m)
		if err != nil || verdict != nil || closed {
			return verdict, err
		}
		select {
		case <-ctx.Done():
			return nil, nil //nolint:nilnil // there is no verdict
		case <-tick.C:
		}
	}
}

// verdict returns the verdict on a message; nil if there is none.
func (a *Activities) verdict(ctx context.Context, m *message) (*sqlcgen.VerdictRow, error) {
	row, err := a.Store.Verdict(ctx, m.id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, nil //nolint:nilnil // there is no verdict
	case err != nil:
		return nil, fmt.Errorf("reading the verdict on a signature: %w", err)
	}
	return &row, nil
}
