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

// MessageState is what has become of a message so far.
type MessageState string

// A message is pending until the order has judged it.
const (
	MessagePending MessageState = "pending"
	MessageApplied MessageState = "applied"
	MessageRefused MessageState = "refused"
)

// MessageStatus tells what became of a message.
type MessageStatus struct {
	ID    uuid.UUID    `json:"id" format:"uuid" doc:"Идентификатор сообщения"`
	Order uuid.UUID    `json:"order" format:"uuid" doc:"Заказ"`
	Kind  string       `json:"kind" doc:"Действие"`
	State MessageState `json:"state" enum:"pending,applied,refused" doc:"Ждёт решения, выполнено или отклонено"`
	// Code and Reason are those of a refusal.
	Code   string `json:"code,omitempty" doc:"Код отказа"`
	Reason string `json:"reason,omitempty" doc:"Причина отказа"`
	// ReceivedAt is when the platform took the message over; JudgedAt when it is held to have happened.
	ReceivedAt time.Time  `json:"receivedAt" doc:"Когда принято платформой"`
	JudgedAt   *time.Time `json:"judgedAt,omitempty" doc:"Каким временем выполнено или отклонено"`
}

func pendingStatus(id, orderID uuid.UUID, kind string, receivedAt time.Time) MessageStatus {
	return MessageStatus{ID: id, Order: orderID, Kind: kind, State: MessagePending, ReceivedAt: receivedAt}
}

func judgedStatus(v sqlcgen.VerdictRow) MessageStatus {
	s := MessageStatus{
		ID: v.ID, Order: v.OrderID, Kind: v.Kind, State: MessageApplied, Code: v.Code, Reason: v.Reason,
		ReceivedAt: v.ReceivedAt, JudgedAt: &v.HappenedAt,
	}
	if v.Verdict == string(order.WasRefused) {
		s.State = MessageRefused
	}
	return s
}

// judgement is the verdict on a message, with the order as its sender sees it then.
type judgement struct {
	verdict sqlcgen.VerdictRow
	// order is nil after a refusal, and where he sees none any more: a deleted draft, or an order that its engineer has just left.
	order *orders.OrderCard
}

func (j *judgement) refused() bool { return j.verdict.Verdict == string(order.WasRefused) }

// judgement finds what the order said of a message; found is false while it has said nothing.
func (a *Service) judgement(ctx context.Context, m outgoing) (j judgement, found bool, err error) {
	card := a.Orders.NewCard(ctx, m.order)
	said := func(q *sqlcgen.Queries) (err error) {
		j.verdict, found, err = events.FindVerdict(ctx, q, m.id)
		return err
	}
	if err := a.Store.Batch(ctx, append([]db.BatchFunc{said}, card.Questions(ctx)...)...); err != nil || !found || j.refused() {
		return j, found, err
	}
	j.order, err = card.Finish(ctx)
	if lost := (*problems.Problem)(nil); errors.As(err, &lost) && lost.Code == problems.OrderNotFound {
		err = nil
	}
	return j, true, err
}

// awaitJudgement waits a few seconds for the verdict on a message.
func (a *Service) awaitJudgement(ctx context.Context, m outgoing, rings <-chan struct{}) (j judgement, found bool, err error) {
	began := time.Now()
	err = events.Until(ctx, rings, func() (bool, error) {
		j, found, err = a.judgement(ctx, m)
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

// getMessage answers to the person who sent the message and to nobody else.
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
	out.Body.Message = pendingStatus(requested.MessageID, requested.OrderID, requested.Kind, requested.CreatedAt)
	if found {
		out.Body.Message = judgedStatus(judged)
	}
	return out, nil
}
