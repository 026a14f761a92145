package messages

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
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
	by   httpapi.Session
	id   uuid.UUID
	hash string
	// body is the row of the text, which never travels in the signal; nil without one.
	body   *sqlcgen.InsertBodyParams
	signal signal
	// receivedAt is when the platform took the message over.
	receivedAt time.Time
}

// dated are details that hold the time when the platform took them over, which their sender must not choose.
type dated interface{ at(received time.Time) any }

// send carries a message to its order and waits for the verdict. The same key with the same content is the same message:
// it gets the first verdict, however often and from however many connections it comes.
func (a *Service) send(ctx context.Context, m outgoing) (*messageOutput, error) {
	m.by = httpapi.SessionFrom(ctx)
	if err := m.identify(m.by.Actor(), m.by.Person); err != nil {
		return nil, err
	}
	if err := m.compose(m.by.Actor(), a.Now().UTC().Truncate(time.Millisecond)); err != nil {
		return nil, err
	}
	r := httpapi.RequestFrom(ctx)
	r.Order, r.Message = m.order, m.id
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
		if err := m.compose(m.by.Actor(), kept.CreatedAt.UTC()); err != nil {
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
	m.id, m.hash = workflowapi.HTTPMessageID(actor, m.order, m.kind, m.key), hexHash(content)
	if text != nil {
		hash := hexHash(text)
		m.body = &sqlcgen.InsertBodyParams{ID: workflowapi.BodyID(m.id, hash), OrderID: m.order, AuthorID: person, Body: text, Sha256: hash}
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
func (a *Service) keepRequest(ctx context.Context, m *outgoing) (kept sqlcgen.InsertRequestRow, err error) {
	by := m.by
	if m.kind != order.Create {
		done, err := a.turns.take(ctx, m.order)
		if err != nil {
			return kept, err
		}
		defer done()
	}
	err = a.Store.InPipeline(ctx, func(p *db.Pipeline) error {
		var parties order.Parties
		var unseen error
		if m.kind != order.Create {
			if err := p.Deferred.LockOrderRequests(ctx, m.order.String()); err != nil {
				return fmt.Errorf("waiting for the order's other requests: %w", err)
			}
		}
		err := p.Batch(ctx, func(q *sqlcgen.Queries) error {
			if m.kind != order.Create {
				m.by, parties, unseen = orders.RequireVisible(ctx, q, m.order)
			}
			return nil
		}, func(q *sqlcgen.Queries) (err error) {
			kept, err = q.InsertRequest(ctx, m.request(by.Person))
			return err
		})
		switch {
		case err != nil:
			return fmt.Errorf("writing a request down: %w", err)
		case kept.RequestSha256 != m.hash:
			return problems.New(problems.KeyReused)
		case !kept.Fresh:
			return nil
		case unseen != nil:
			return unseen
		}
		if err := a.slowDown(*m, by, kept); err != nil {
			return err
		}
		if err := admitted(*m, m.by.Actor(), parties, kept); err != nil {
			return err
		}
		if m.kind == order.Create {
			if err := a.draftsLeft(ctx, p, by, m.receivedAt); err != nil {
				return err
			}
		}
		if err := a.freshAuthority(m.details, by); err != nil {
			return err
		}
		if m.by.Actor() != by.Actor() { // the order knows him by another account, under which the message goes to it
			if err := m.compose(m.by.Actor(), m.receivedAt); err != nil {
				return err
			}
			if err := p.Deferred.ResignRequest(ctx, sqlcgen.ResignRequestParams{MessageID: m.id, SignalSha256: &m.signal.digest}); err != nil {
				return fmt.Errorf("writing a request down: %w", err)
			}
		}
		return keepText(ctx, p.Deferred, *m)
	})
	return kept, err
}

// request is the row of a message, with what is asked of the others of its order. It was received when it was composed.
func (m *outgoing) request(person uuid.UUID) sqlcgen.InsertRequestParams {
	return sqlcgen.InsertRequestParams{
		MessageID: m.id, OrderID: m.order, PersonID: person, Kind: string(m.kind), RequestSha256: m.hash, CreatedAt: m.receivedAt,
		SignalSha256: &m.signal.digest, Bytes: int32(m.signal.bytes), ByStrangers: openToStrangers(m.kind),
		Since: m.receivedAt.Add(-unansweredSince), Lately: m.receivedAt.Add(-time.Minute),
	}
}

// admitted refuses whom the order could only refuse, before anything is kept or sent. What the sender's own messages on their way may
// bring him, an answer to them does not know yet.
func admitted(m outgoing, by order.Actor, parties order.Parties, kept sqlcgen.InsertRequestRow) error {
	if m.kind == order.Create {
		return nil
	}
	refusal := parties.Admit(m.kind, by)
	if refusal == nil || refusal.Code != order.CodeNotParty && kept.OwnWaiting > 0 {
		return nil
	}
	return problems.Refused(*refusal)
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
func (a *Service) slowDown(m outgoing, by httpapi.Session, kept sqlcgen.InsertRequestRow) error {
	if m.kind == order.Create { // every order is a new one: they are counted together
		return a.limits.allowMessage(a.Now().UTC(), by.Person, uuid.Nil, 0)
	}
	if err := limitsOf(openToStrangers(m.kind)).allow(kept, m.signal.bytes); err != nil {
		return err
	}
	return a.limits.allowMessage(a.Now().UTC(), by.Person, m.order, int(kept.OwnWaiting))
}

// deliverMessage signals the workflow and waits for what it says.
func (a *Service) deliverMessage(ctx context.Context, m outgoing, receivedAt time.Time) (*messageOutput, error) {
	rings, done := a.Events.Wait(m.id)
	defer done()
	if err := a.signal(ctx, m); err != nil {
		return a.undelivered(ctx, m, err)
	}
	j, found, err := a.awaitJudgement(ctx, m, rings)
	if err != nil || found {
		return m.answer(j, err)
	}
	return a.accepted(m, receivedAt), nil
}

// signal hands the message to the order's workflow; the message that creates an order starts it.
func (a *Service) signal(ctx context.Context, m outgoing) error {
	ctx, cancel := context.WithTimeout(ctx, signalTimeout)
	defer cancel()
	return workflowapi.Send(ctx, a.Temporal, workflowapi.OrderMessage(a.TaskQueue, m.order, m.kind, m.signal.payload))
}

// undelivered answers when Temporal did not take the message, or did not say so: that may still have happened.
func (a *Service) undelivered(ctx context.Context, m outgoing, cause error) (*messageOutput, error) {
	if j, found, err := a.judgement(ctx, m); err != nil || found {
		return m.answer(j, err)
	}
	a.markUndelivered(ctx, m)
	if workflowapi.IsClosed(cause) {
		return nil, a.gone(ctx, m)
	}
	a.Log.WarnContext(ctx, "whether Temporal took a message is unknown", "message", m.id, "order", m.order, "error", cause)
	return nil, problems.New(problems.UnknownOutcome).After(2 * time.Second)
}

// accepted says that the message will be judged, later.
func (a *Service) accepted(m outgoing, receivedAt time.Time) *messageOutput {
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
		return nil, problems.Refused(order.Refusal{Code: order.Code(j.verdict.Code), Reason: j.verdict.Reason})
	}
	out := &messageOutput{Status: http.StatusOK, Location: messageAddress(m.order, m.id)}
	if m.kind == order.Create {
		out.Status, out.Location = http.StatusCreated, "/api/orders/"+m.order.String()
	}
	out.Body.Message, out.Body.Order = judgedStatus(j.verdict), j.order
	return out, nil
}
