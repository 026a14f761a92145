package messages

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/events"
	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// MessageState is the state of a message.
type MessageState string

// A message is pending until the order has decided on it.
const (
	MessagePending MessageState = "pending"
	MessageApplied MessageState = "applied"
	MessageRefused MessageState = "refused"
)

// MessageStatus is the state of a message with its verdict.
type MessageStatus struct {
	ID    uuid.UUID    `json:"id" format:"uuid" doc:"Идентификатор сообщения"`
	Order uuid.UUID    `json:"order" format:"uuid" doc:"Заказ"`
	Kind  order.Kind   `json:"kind" doc:"Действие"`
	State MessageState `json:"state" enum:"pending,applied,refused" doc:"Ждёт решения, выполнено или отклонено"`
	// Code and Reason are set for a refusal.
	Code   order.Code `json:"code,omitempty" doc:"Код отказа"`
	Reason string     `json:"reason,omitempty" doc:"Причина отказа"`
	// ReceivedAt is when the platform accepted the message; DecidedAt is the time for which the
	// verdict was made.
	ReceivedAt time.Time  `json:"receivedAt" doc:"Когда принято платформой"`
	DecidedAt  *time.Time `json:"judgedAt,omitempty" doc:"Каким временем выполнено или отклонено"`
}

func pendingStatus(id, orderID uuid.UUID, kind order.Kind, receivedAt time.Time) MessageStatus {
	return MessageStatus{ID: id, Order: orderID, Kind: kind, State: MessagePending, ReceivedAt: receivedAt}
}

func decidedStatus(v sqlcgen.VerdictRow) MessageStatus {
	s := MessageStatus{
		ID: v.ID, Order: v.OrderID, Kind: order.Kind(v.Kind), State: MessageApplied, Code: order.Code(v.Code), Reason: v.Reason,
		ReceivedAt: v.ReceivedAt, DecidedAt: &v.HappenedAt,
	}
	if v.Verdict == string(order.WasRefused) {
		s.State = MessageRefused
	}
	return s
}

// verdict is the verdict on a message, with the order as its sender sees it then.
type verdict struct {
	verdict sqlcgen.VerdictRow
	// order is nil after a refusal, and if the sender no longer sees the order: a deleted draft, or
	// an order that its engineer has just left.
	order *orders.OrderCard
}

func (j *verdict) refused() bool { return j.verdict.Verdict == string(order.WasRefused) }

// loadVerdict returns the order's verdict on a message; found is false if there is none yet.
func (a *Service) loadVerdict(ctx context.Context, m messageRequest) (j verdict, found bool, err error) {
	card := a.Orders.NewCard(ctx, m.order)
	readVerdict := func(q *sqlcgen.Queries) (err error) {
		j.verdict, found, err = events.FindVerdict(ctx, q, m.id)
		return err
	}
	if err := a.Store.Batch(ctx, append([]db.BatchFunc{readVerdict}, card.Queries(ctx)...)...); err != nil || !found || j.refused() {
		return j, found, err
	}
	j.order, err = card.Finish(ctx)
	if lost := (*problems.Problem)(nil); errors.As(err, &lost) && lost.Code == problems.OrderNotFound {
		err = nil
	}
	return j, true, err
}

// awaitVerdict waits a few seconds for the verdict on a message.
func (a *Service) awaitVerdict(ctx context.Context, m messageRequest, notified <-chan struct{}) (j verdict, found bool, err error) {
	began := time.Now()
	err = events.WaitOrPoll(ctx, notified, func() (bool, error) {
		j, found, err = a.loadVerdict(ctx, m)
		return found, err
	})
	outcome := "pending"
	if found {
		outcome = j.verdict.Verdict
	}
	a.verdicts.WithLabelValues(outcome).Observe(time.Since(began).Seconds())
	return j, found, err
}

type messageStatusOutput struct {
	Body struct {
		Message MessageStatus `json:"message"`
	}
}

func (a *Service) registerVerdicts() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "get-message", Method: http.MethodGet, Path: "/api/orders/{order}/messages/{message}", Tags: []string{orders.Tag},
		Summary: "Что стало с отправленным действием", Errors: []int{http.StatusNotFound},
	}, httpapi.Consented(), a.getMessage)
}

// getMessage answers only the person who sent the message.
func (a *Service) getMessage(ctx context.Context, in *struct {
	orders.OrderPath
	Message uuid.UUID `path:"message" format:"uuid" doc:"Идентификатор сообщения"`
},
) (*messageStatusOutput, error) {
	out := &messageStatusOutput{}
	requested, err := a.Store.RequestByID(ctx, in.Message)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, problems.New(problems.NotFound)
	case err != nil:
		return nil, fmt.Errorf("reading a request: %w", err)
	case requested.PersonID != httpapi.SessionFrom(ctx).Person || requested.OrderID != in.Order:
		return nil, problems.New(problems.NotFound)
	}
	judged, found, err := events.FindVerdict(ctx, a.Store.Queries, in.Message)
	if err != nil {
		return nil, err
	}
	out.Body.Message = pendingStatus(requested.MessageID, requested.OrderID, order.Kind(requested.Kind), requested.CreatedAt)
	if found {
		out.Body.Message = decidedStatus(judged)
	}
	return out, nil
}
