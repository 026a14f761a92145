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

// CountChoice keeps a message to an order as one process of many does, if the order's limits let it in.
func CountChoice(ctx context.Context, store *db.Store, by httpapi.Session, id uuid.UUID, now time.Time) error {
	m := outgoing{kind: order.Choose, order: id, key: uuid.NewString(), details: order.Pick{Engineer: uuid.NewString()}, by: by}
	if err := m.identify(by.Actor(), by.Person); err != nil {
		return err
	}
	if err := m.compose(by.Actor(), now); err != nil {
		return err
	}
	_ = store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.LockOrderRequests(ctx, id.String()); err != nil {
			return err
		}
		kept, err := q.InsertRequest(ctx, m.request(by.Person))
		if err != nil {
			return err
		}
		return limitsOf(false).allow(kept, m.signal.bytes)
	})
	return nil
}
