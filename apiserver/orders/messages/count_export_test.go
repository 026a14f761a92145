package messages

import (
	"context"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// StoreChoice stores a message to an order, as one of several processes does, if the order's limits
// allow it.
func StoreChoice(ctx context.Context, store *db.Store, by httpapi.Session, id uuid.UUID, now time.Time) error {
	m := messageRequest{kind: order.Choose, order: id, key: uuid.NewString(), details: order.EngineerChoice{Engineer: uuid.NewString()}, by: by}
	if err := m.assignID(by.Actor(), by.Person); err != nil {
		return err
	}
	if err := m.buildSignal(by.Actor(), now); err != nil {
		return err
	}
	_ = store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.LockOrderRequests(ctx, id.String()); err != nil {
			return err
		}
		stored, err := q.InsertRequest(ctx, m.request(by.Person))
		if err != nil {
			return err
		}
		return limitsOf(false).check(stored, m.signal.bytes)
	})
	return nil
}
