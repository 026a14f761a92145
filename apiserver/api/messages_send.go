package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/workflows/contract"
)

const (
	// signalTimeout bounds the call that hands a message to Temporal; after it, whether it was taken is unknown.
	signalTimeout = 5 * time.Second
	// unansweredSince is how far back messages without a verdict count against their sender.
	unansweredSince = 24 * time.Hour
)

// outgoing is a message on its way to the order.
type outgoing struct {
	kind  order.Kind
	order uuid.UUID
	key   string
	// details and text are what the person sent, checked; nil where there is none.
	details, text any

	id   uuid.UUID
	hash string
}

// dated are details that hold the time when the platform took them over, which their sender must not choose.
type dated interface{ at(received time.Time) any }

// send carries a message to its order and waits for the verdict. The same key with the same content is the same message:
// it gets the first verdict, however often and from however many connections it comes.
func (a *orderAPI) send(ctx context.Context, m outgoing) (*messageOutput, error) {
	if err := m.identify(sessionFrom(ctx).actor()); err != nil {
		return nil, err
	}
	r := requestFrom(ctx)
	r.order, r.message = m.order, m.id
	known, err := a.knownRequest(ctx, m)
	if err != nil {
		return nil, err
	}
	switch {
	case known:
		if v, found, err := a.verdict(ctx, m.id); err != nil || found {
			return a.answer(ctx, m, v, err)
		}
	case m.kind != order.Create:
		if _, err := a.look(ctx, m.order); err != nil {
			return nil, err
		}
	}
	return a.deliverMessage(ctx, m)
}

// identify gives the message its id, which nobody else's key can meet, and the hash of its content.
func (m *outgoing) identify(actor order.Actor) error {
	details, err := canonical(m.details)
	if err != nil {
		return err
	}
	content, err := canonical(struct {
		Details json.RawMessage `json:"details,omitempty"`
		Text    any             `json:"text,omitempty"`
	}{details, m.text})
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	m.id, m.hash = contract.HTTPMessageID(actor, m.order, m.kind, m.key), hex.EncodeToString(sum[:])
	return nil
}

// knownRequest says whether this very message came before. Another content under its key is refused.
func (a *orderAPI) knownRequest(ctx context.Context, m outgoing) (bool, error) {
	before, err := a.Store.RequestByID(ctx, m.id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return false, nil
	case err != nil:
		return false, fmt.Errorf("looking for an earlier request: %w", err)
	case before.RequestSha256 != m.hash:
		return false, problem(codeKeyReused)
	}
	return true, nil
}

// keepRequest writes down what was asked, with its text, before it is sent. Of those that come at once under one key, one is new:
// only it counts against its sender.
func (a *orderAPI) keepRequest(ctx context.Context, m outgoing, by session, text *sqlcgen.InsertBodyParams) (kept sqlcgen.KeepRequestRow, err error) {
	now := a.Now().UTC().Truncate(time.Millisecond)
	err = a.Store.InPipeline(ctx, func(q, later *sqlcgen.Queries) error {
		kept, err = q.KeepRequest(ctx, sqlcgen.KeepRequestParams{
			MessageID: m.id, OrderID: m.order, PersonID: by.Person, Kind: string(m.kind), RequestSha256: m.hash, CreatedAt: now,
			Since: now.Add(-unansweredSince),
		})
		switch {
		case err != nil:
			return fmt.Errorf("writing a request down: %w", err)
		case kept.RequestSha256 != m.hash: // two different ones raced under one key
			return problem(codeKeyReused)
		case kept.Fresh:
			if err := a.slowDown(m, by, kept.Unanswered); err != nil {
				return err
			}
		}
		if text == nil {
			return nil
		}
		return later.InsertBody(ctx, *text)
	})
	return kept, err
}

// slowDown lets a new message through no faster than the order can judge.
func (a *orderAPI) slowDown(m outgoing, by session, unanswered int64) error {
	if m.kind == order.Create { // every order is a new one: they are counted together
		return a.limits.allowMessage(a.Now().UTC(), by.Person, uuid.Nil, 0)
	}
	return a.limits.allowMessage(a.Now().UTC(), by.Person, m.order, int(unanswered))
}

// deliverMessage stores what was asked, signals the workflow and waits for what it says.
func (a *orderAPI) deliverMessage(ctx context.Context, m outgoing) (*messageOutput, error) {
	signal, err := a.compose(ctx, m)
	if err != nil {
		return nil, err
	}
	rings, done := a.hub.wait(m.id)
	defer done()
	if err := a.signal(ctx, m, signal); err != nil {
		return a.undelivered(ctx, m, err)
	}
	v, found, err := a.awaitVerdict(ctx, m.id, rings)
	if err != nil || found {
		return a.answer(ctx, m, v, err)
	}
	return a.accepted(m, signal.ReceivedAt), nil
}

// compose stores the request and its text, and makes the signal. A repetition is received when its first one was.
func (a *orderAPI) compose(ctx context.Context, m outgoing) (order.Message, error) {
	by := sessionFrom(ctx)
	text, err := m.body(by.Person)
	if err != nil {
		return order.Message{}, err
	}
	kept, err := a.keepRequest(ctx, m, by, text)
	if err != nil {
		return order.Message{}, err
	}
	details := m.details
	if d, ok := details.(dated); ok {
		details = d.at(kept.CreatedAt.UTC())
	}
	signal := order.Message{ID: m.id.String(), Kind: m.kind, Actor: by.actor(), ReceivedAt: kept.CreatedAt.UTC()}
	if text != nil {
		signal.Body = &order.BodyRef{ID: text.ID.String(), SHA256: text.Sha256}
	}
	signal.Details, err = canonical(details)
	return signal, err
}

// body is the row of the text, which never travels in the signal; nil without one.
func (m *outgoing) body(author uuid.UUID) (*sqlcgen.InsertBodyParams, error) {
	if m.text == nil {
		return nil, nil
	}
	body, err := canonical(m.text)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	hash := hex.EncodeToString(sum[:])
	return &sqlcgen.InsertBodyParams{ID: contract.BodyID(m.id, hash), OrderID: m.order, AuthorID: author, Body: body, Sha256: hash}, nil
}

// signal hands the message to the order's workflow; the message that creates an order starts it.
func (a *orderAPI) signal(ctx context.Context, m outgoing, signal order.Message) error {
	ctx, cancel := context.WithTimeout(ctx, signalTimeout)
	defer cancel()
	workflow := contract.OrderWorkflowID(m.order)
	if m.kind != order.Create {
		return a.Temporal.SignalWorkflow(ctx, workflow, "", string(m.kind), signal)
	}
	options := contract.StartOptions(m.order, a.Config.TaskQueue)
	input := contract.OrderInput{State: order.State{ID: m.order.String()}}
	_, err := a.Temporal.SignalWithStartWorkflow(ctx, workflow, string(m.kind), signal, options, contract.OrderWorkflow, input)
	return err
}

// undelivered answers when Temporal did not take the message, or did not say so: that may still have happened.
func (a *orderAPI) undelivered(ctx context.Context, m outgoing, cause error) (*messageOutput, error) {
	if v, found, err := a.verdict(ctx, m.id); err != nil || found {
		return a.answer(ctx, m, v, err)
	}
	if over(cause) {
		return nil, refused(order.Refusal{Code: order.CodeClosed, Reason: order.ReasonOf(order.CodeClosed)})
	}
	a.Log.WarnContext(ctx, "whether Temporal took a message is unknown", "message", m.id, "order", m.order, "error", cause)
	return nil, retryLater(problem(codeUnknownOutcome))
}

// over says that the workflow of the order has ended, or never was.
func over(err error) bool {
	var gone *serviceerror.NotFound
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	return errors.As(err, &gone) || errors.As(err, &started)
}

// accepted says that the message will be judged, later.
func (a *orderAPI) accepted(m outgoing, receivedAt time.Time) *messageOutput {
	out := &messageOutput{Status: http.StatusAccepted, Location: messageAddress(m.order, m.id)}
	out.Body.Message = pendingStatus(m.id, m.order, string(m.kind), receivedAt)
	return out
}

func messageAddress(orderID, id uuid.UUID) string {
	return "/api/orders/" + orderID.String() + "/messages/" + id.String()
}

// answer tells a verdict: the order after it, or the refusal.
func (a *orderAPI) answer(ctx context.Context, m outgoing, v sqlcgen.VerdictRow, err error) (*messageOutput, error) {
	if err != nil {
		return nil, err
	}
	if v.Verdict == string(order.WasRefused) {
		return nil, refused(order.Refusal{Code: order.Code(v.Code), Reason: v.Reason})
	}
	out := &messageOutput{Status: http.StatusOK, Location: messageAddress(m.order, m.id)}
	if m.kind == order.Create {
		out.Status, out.Location = http.StatusCreated, "/api/orders/"+m.order.String()
	}
	out.Body.Message = judgedStatus(v)
	card, err := a.card(ctx, m.order)
	if lost := (*Problem)(nil); errors.As(err, &lost) && lost.Code == codeOrderNotFound {
		return out, nil // a deleted draft, or an order that its engineer has just left
	}
	out.Body.Order = card
	return out, err
}
