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

	// by is the sender as the order knows him.
	by   session
	id   uuid.UUID
	hash string
	// body is the row of the text, which never travels in the signal; nil without one.
	body *sqlcgen.InsertBodyParams
}

// dated are details that hold the time when the platform took them over, which their sender must not choose.
type dated interface{ at(received time.Time) any }

// send carries a message to its order and waits for the verdict. The same key with the same content is the same message:
// it gets the first verdict, however often and from however many connections it comes.
func (a *orderAPI) send(ctx context.Context, m outgoing) (*messageOutput, error) {
	m.by = sessionFrom(ctx)
	if err := m.identify(m.by.actor(), m.by.Person); err != nil {
		return nil, err
	}
	r := requestFrom(ctx)
	r.order, r.message = m.order, m.id
	kept, err := a.keepRequest(ctx, &m)
	if err != nil {
		return nil, err
	}
	if !kept.Fresh {
		if j, found, err := a.judgement(ctx, m); err != nil || found {
			return m.answer(j, err)
		}
		if err := keepText(ctx, a.Store.Queries, m); err != nil { // it may have expired
			return nil, err
		}
	}
	return a.deliverMessage(ctx, m, kept.CreatedAt.UTC())
}

// identify gives the message its id, which nobody else's key can meet, the hash of its content and the row of its text.
func (m *outgoing) identify(actor order.Actor, person uuid.UUID) error {
	details, err := canonical(m.details)
	if err != nil {
		return err
	}
	text, err := canonical(m.text)
	if err != nil {
		return err
	}
	content, err := canonical(struct {
		Details json.RawMessage `json:"details,omitempty"`
		Text    json.RawMessage `json:"text,omitempty"`
	}{details, text})
	if err != nil {
		return err
	}
	m.id, m.hash = contract.HTTPMessageID(actor, m.order, m.kind, m.key), hexHash(content)
	if text != nil {
		hash := hexHash(text)
		m.body = &sqlcgen.InsertBodyParams{ID: contract.BodyID(m.id, hash), OrderID: m.order, AuthorID: person, Body: text, Sha256: hash}
	}
	return nil
}

func hexHash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// keepRequest writes down what was asked, with its text, before it is sent. Of those that come at once under one key, one is fresh:
// only it counts against its sender, and only it must see the order, for the others it may be gone. Nothing is kept of a message to an
// order that does not exist for its sender, and nothing of another content under a known key.
func (a *orderAPI) keepRequest(ctx context.Context, m *outgoing) (kept sqlcgen.KeepRequestRow, err error) {
	by, now := m.by, a.Now().UTC().Truncate(time.Millisecond)
	err = a.Store.InPipeline(ctx, func(p *db.Pipeline) error {
		var unseen error
		err := p.Together(ctx, func(q *sqlcgen.Queries) error {
			if m.kind != order.Create {
				m.by, unseen = mustSee(ctx, q, m.order)
			}
			return nil
		}, func(q *sqlcgen.Queries) (err error) {
			kept, err = q.KeepRequest(ctx, sqlcgen.KeepRequestParams{
				MessageID: m.id, OrderID: m.order, PersonID: by.Person, Kind: string(m.kind), RequestSha256: m.hash, CreatedAt: now,
				Since: now.Add(-unansweredSince),
			})
			return err
		})
		switch {
		case err != nil:
			return fmt.Errorf("writing a request down: %w", err)
		case kept.RequestSha256 != m.hash:
			return problem(codeKeyReused)
		case !kept.Fresh:
			return nil
		case unseen != nil:
			return unseen
		}
		if err := a.freshAuthority(m.details, by); err != nil {
			return err
		}
		if err := a.slowDown(*m, by, kept.Unanswered); err != nil {
			return err
		}
		return keepText(ctx, p.Later, *m)
	})
	return kept, err
}

// keepText writes the text of a message down, once.
func keepText(ctx context.Context, q *sqlcgen.Queries, m outgoing) error {
	if m.body == nil {
		return nil
	}
	if err := q.InsertBody(ctx, *m.body); err != nil {
		return fmt.Errorf("writing a text down: %w", err)
	}
	return nil
}

// slowDown lets a new message through no faster than the order can judge.
func (a *orderAPI) slowDown(m outgoing, by session, unanswered int64) error {
	if m.kind == order.Create { // every order is a new one: they are counted together
		return a.limits.allowMessage(a.Now().UTC(), by.Person, uuid.Nil, 0)
	}
	return a.limits.allowMessage(a.Now().UTC(), by.Person, m.order, int(unanswered))
}

// deliverMessage signals the workflow and waits for what it says.
func (a *orderAPI) deliverMessage(ctx context.Context, m outgoing, receivedAt time.Time) (*messageOutput, error) {
	signal, err := m.compose(m.by.actor(), receivedAt)
	if err != nil {
		return nil, err
	}
	rings, done := a.hub.wait(m.id)
	defer done()
	if err := a.signal(ctx, m, signal); err != nil {
		return a.undelivered(ctx, m, err)
	}
	j, found, err := a.awaitJudgement(ctx, m, rings)
	if err != nil || found {
		return m.answer(j, err)
	}
	return a.accepted(m, receivedAt), nil
}

// compose makes the signal. A repetition is received when its first one was.
func (m *outgoing) compose(actor order.Actor, receivedAt time.Time) (order.Message, error) {
	details := m.details
	if d, ok := details.(dated); ok {
		details = d.at(receivedAt)
	}
	signal := order.Message{ID: m.id.String(), Kind: m.kind, Actor: actor, ReceivedAt: receivedAt}
	if m.body != nil {
		signal.Body = &order.BodyRef{ID: m.body.ID.String(), SHA256: m.body.Sha256}
	}
	var err error
	signal.Details, err = canonical(details)
	return signal, err
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
	if j, found, err := a.judgement(ctx, m); err != nil || found {
		return m.answer(j, err)
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
func (m *outgoing) answer(j judgement, err error) (*messageOutput, error) {
	if err != nil {
		return nil, err
	}
	if j.refused() {
		return nil, refused(order.Refusal{Code: order.Code(j.verdict.Code), Reason: j.verdict.Reason})
	}
	out := &messageOutput{Status: http.StatusOK, Location: messageAddress(m.order, m.id)}
	if m.kind == order.Create {
		out.Status, out.Location = http.StatusCreated, "/api/orders/"+m.order.String()
	}
	out.Body.Message, out.Body.Order = judgedStatus(j.verdict), j.order
	return out, nil
}
