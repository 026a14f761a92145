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
	// signalTimeout limits the call that sends a message to Temporal. After it, it is unknown
	// whether Temporal took the message.
	signalTimeout = 5 * time.Second
	// unansweredWindow is how long messages without a verdict count against their sender.
	unansweredWindow = 24 * time.Hour
)

// messageRequest is a message to be sent to an order.
type messageRequest struct {
	kind  order.Kind
	order uuid.UUID
	key   string
	// details and text are the validated content from the person; nil if there is none.
	details, text any

	// by is the sender as the order identifies him.
	by   httpapi.Session
	id   uuid.UUID
	hash string
	// body is the row of the text, which is never part of the signal; nil without a text.
	body   *sqlcgen.InsertBodyParams
	signal signal
	// receivedAt is when the platform accepted the message.
	receivedAt time.Time
}

// timestamped are details that contain the time at which the platform accepted them, which the
// sender must not choose.
type timestamped interface{ at(received time.Time) any }

// send sends a message to its order and waits for the verdict. The same key with the same content
// is the same message: every repetition gets the first verdict, also over concurrent connections.
func (a *Service) send(ctx context.Context, m messageRequest) (*messageOutput, error) {
	m.by = httpapi.SessionFrom(ctx)
	if err := m.assignID(m.by.Actor(), m.by.Person); err != nil {
		return nil, err
	}
	if err := m.buildSignal(m.by.Actor(), a.Now().UTC().Truncate(time.Millisecond)); err != nil {
		return nil, err
	}
	r := httpapi.RequestFrom(ctx)
	r.Order, r.Message = m.order, m.id
	if err := a.checkSignatures(ctx, m); err != nil {
		return nil, err
	}
	stored, err := a.saveRequest(ctx, &m)
	if err != nil {
		return nil, err
	}
	if !stored.Fresh {
		if j, found, err := a.loadVerdict(ctx, m); err != nil || found {
			return m.answer(j, err)
		}
		if err := insertText(ctx, a.Store.Queries, m); err != nil { // the stored text may have expired
			return nil, err
		}
		if err := m.buildSignal(m.by.Actor(), stored.CreatedAt.UTC()); err != nil {
			return nil, err
		}
	}
	return a.deliverMessage(ctx, m, stored.CreatedAt.UTC())
}

// WithdrawContract withdraws the contract that the caller has sent, as the operation withdraw-contract
// does, and returns once the order has applied that.
func (a *Service) WithdrawContract(ctx context.Context, orderID uuid.UUID, key string) error {
	out, err := a.send(ctx, messageRequest{kind: order.WithdrawContract, order: orderID, key: key})
	if err == nil && out.Status == http.StatusAccepted {
		err = problems.New(problems.UnknownOutcome).After(2 * time.Second)
	}
	return err
}

// assignID sets the id of the message, which another person's key cannot reproduce, the hash of its
// content and the row of its text.
func (m *messageRequest) assignID(actor order.Actor, person uuid.UUID) error {
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

// saveRequest stores the request and its text before the message is sent. Of concurrent requests
// with one key, one is fresh: only that one counts against its sender, and only that one requires
// that the order is visible, because for the others it may already be deleted. Nothing is stored of
// a message to an order that does not exist for its sender, or of different content under a known
// key.
func (a *Service) saveRequest(ctx context.Context, m *messageRequest) (stored sqlcgen.InsertRequestRow, err error) {
	by := m.by
	if m.kind != order.Create {
		unlock, err := a.locks.lock(ctx, m.order)
		if err != nil {
			return stored, err
		}
		defer unlock()
	}
	err = a.Store.InPipeline(ctx, func(p *db.Pipeline) error {
		var parties order.Parties
		var accessErr error
		if m.kind != order.Create {
			if err := p.Deferred.LockOrderRequests(ctx, m.order.String()); err != nil {
				return fmt.Errorf("waiting for the order's other requests: %w", err)
			}
		}
		err := p.Batch(ctx, func(q *sqlcgen.Queries) error {
			if m.kind != order.Create {
				m.by, parties, accessErr = orders.RequireVisible(ctx, q, m.order)
			}
			return nil
		}, func(q *sqlcgen.Queries) (err error) {
			stored, err = q.InsertRequest(ctx, m.request(by.Person))
			return err
		})
		switch {
		case err != nil:
			return fmt.Errorf("writing a request down: %w", err)
		case stored.RequestSha256 != m.hash:
			return problems.New(problems.KeyReused)
		case !stored.Fresh:
			return nil
		case accessErr != nil:
			return accessErr
		}
		if err := a.rateLimit(*m, by, stored); err != nil {
			return err
		}
		if err := checkParty(*m, m.by.Actor(), parties, stored); err != nil {
			return err
		}
		if m.kind == order.Create {
			if err := a.checkDraftLimit(ctx, p, by, m.receivedAt); err != nil {
				return err
			}
		}
		if err := a.checkAuthority(m.details, by); err != nil {
			return err
		}
		if m.by.Actor() != by.Actor() { // the order identifies the sender by another account, so the message is sent under that one
			if err := m.buildSignal(m.by.Actor(), m.receivedAt); err != nil {
				return err
			}
			if err := p.Deferred.ResignRequest(ctx, sqlcgen.ResignRequestParams{MessageID: m.id, SignalSha256: &m.signal.digest}); err != nil {
				return fmt.Errorf("writing a request down: %w", err)
			}
		}
		return insertText(ctx, p.Deferred, *m)
	})
	return stored, err
}

// request returns the row of a message and the counting windows for the other messages of its
// order. It was received when its signal was built.
func (m *messageRequest) request(person uuid.UUID) sqlcgen.InsertRequestParams {
	return sqlcgen.InsertRequestParams{
		MessageID: m.id, OrderID: m.order, PersonID: person, Kind: string(m.kind), RequestSha256: m.hash, CreatedAt: m.receivedAt,
		SignalSha256: &m.signal.digest, Bytes: int32(m.signal.bytes), ByStrangers: openToStrangers(m.kind),
		Since: m.receivedAt.Add(-unansweredWindow), Lately: m.receivedAt.Add(-time.Minute),
	}
}

// checkParty refuses a sender whom the order would certainly refuse, before anything is stored or
// sent. While the sender has other messages without a verdict, they may still change his part in
// the order, so only the refusal CodeNotParty counts.
func checkParty(m messageRequest, by order.Actor, parties order.Parties, stored sqlcgen.InsertRequestRow) error {
	if m.kind == order.Create {
		return nil
	}
	refusal := parties.Admit(m.kind, by)
	if refusal == nil || refusal.Code != order.CodeNotParty && stored.OwnWaiting > 0 {
		return nil
	}
	return problems.Refused(*refusal)
}

// insertText stores the text of a message once.
func insertText(ctx context.Context, q *sqlcgen.Queries, m messageRequest) error {
	if m.body == nil {
		return nil
	}
	if err := q.InsertBody(ctx, *m.body); err != nil {
		return fmt.Errorf("writing a text down: %w", err)
	}
	return nil
}

// rateLimit refuses a new message if the order cannot process messages that fast.
func (a *Service) rateLimit(m messageRequest, by httpapi.Session, stored sqlcgen.InsertRequestRow) error {
	if m.kind == order.Create { // each message creates another order, so they are counted together
		return a.limits.allowMessage(a.Now().UTC(), by.Person, uuid.Nil, 0)
	}
	if err := limitsOf(openToStrangers(m.kind)).check(stored, m.signal.bytes); err != nil {
		return err
	}
	return a.limits.allowMessage(a.Now().UTC(), by.Person, m.order, int(stored.OwnWaiting))
}

// deliverMessage signals the workflow and waits for the verdict.
func (a *Service) deliverMessage(ctx context.Context, m messageRequest, receivedAt time.Time) (*messageOutput, error) {
	notified, cancel := a.Events.Subscribe(m.id)
	defer cancel()
	if err := a.signal(ctx, m); err != nil {
		return a.signalFailed(ctx, m, err)
	}
	j, found, err := a.awaitVerdict(ctx, m, notified)
	if err != nil || found {
		return m.answer(j, err)
	}
	return a.pending(m, receivedAt), nil
}

// signal sends the message to the order's workflow; the message that creates an order starts it.
func (a *Service) signal(ctx context.Context, m messageRequest) error {
	ctx, cancel := context.WithTimeout(ctx, signalTimeout)
	defer cancel()
	return workflowapi.Send(ctx, a.Temporal, workflowapi.OrderMessage(a.TaskQueue, m.order, m.kind, m.signal.payload))
}

// signalFailed answers when Temporal did not take the message or did not confirm it, in which case
// it may still have taken it.
func (a *Service) signalFailed(ctx context.Context, m messageRequest, cause error) (*messageOutput, error) {
	if j, found, err := a.loadVerdict(ctx, m); err != nil || found {
		return m.answer(j, err)
	}
	a.markSignalFailed(ctx, m)
	if workflowapi.IsClosed(cause) {
		return nil, a.answerClosed(ctx, m)
	}
	a.Log.WarnContext(ctx, "whether Temporal took a message is unknown", "message", m.id, "order", m.order, "error", cause)
	return nil, problems.New(problems.UnknownOutcome).After(2 * time.Second)
}

// pending answers that the verdict will follow.
func (a *Service) pending(m messageRequest, receivedAt time.Time) *messageOutput {
	out := &messageOutput{Status: http.StatusAccepted, Location: messageAddress(m.order, m.id)}
	out.Body.Message = pendingStatus(m.id, m.order, m.kind, receivedAt)
	return out
}

func messageAddress(orderID, id uuid.UUID) string {
	return "/api/orders/" + orderID.String() + "/messages/" + id.String()
}

// answer returns the verdict: the order after it, or the refusal.
func (m *messageRequest) answer(j verdict, err error) (*messageOutput, error) {
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
	out.Body.Message, out.Body.Order = decidedStatus(j.verdict), j.order
	return out, nil
}
