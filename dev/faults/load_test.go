package faults

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"epkr/dev/browser"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

const (
	// clients is how many clients send concurrently.
	clients = 32
	// verdictTimeout is how long a message may wait for its verdict, including all outages of a
	// round.
	verdictTimeout = 4 * time.Minute
	retryPause     = 200 * time.Millisecond
)

// message is a message that is sent until it has a verdict.
type message struct {
	by      person
	order   uuid.UUID
	kind    order.Kind
	key     string
	path    string
	details any
	text    any
	// signalled messages are sent directly to Temporal, as other programs of the platform do.
	signalled bool

	id uuid.UUID
	// verdict is applied, a refusal code, or rejected.
	verdict string
}

const (
	applied = "applied"
	// rejected means that the API refused to send the message: its sender has no right to the
	// order.
	rejected = "turned away"
	// roleLost means that the sender has lost the engineer's role, because the registry excluded
	// him, and gets no verdict.
	roleLost = "role lost"
	// roleUnavailable is the API's code for roleLost.
	roleUnavailable = "role_unavailable"
)

func terms(days int) order.Terms {
	price := order.Kopecks(5_000_000)
	return order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: days, Price: &price}
}

func form() order.Form {
	return order.Form{Address: "Московская область, Химки, улица Заречная, 1", City: "Химки", Street: "улица Заречная"}
}

func (p *platform) newMessage(by person, i int, kind order.Kind, details, text any) *message {
	id := p.people.orders[i]
	return &message{
		by: by, order: id, kind: kind, details: details, text: text, key: uuid.NewString(),
		path: "/api/orders/" + id.String() + "/" + string(kind),
	}
}

// draw returns a random message that a person involved in the order might send.
func (p *platform) draw(r *rand.Rand, i int) *message {
	customer, rivals := p.people.customers[i], p.people.rivals(i)
	engineer := rivals[r.IntN(2)]
	pick := order.EngineerChoice{Engineer: engineer.actor.Party}
	note := order.Note{Note: "Так решено"}
	var m *message
	switch r.IntN(12) {
	case 0, 1:
		return p.newMessage(customer, i, order.Amend, terms(20+r.IntN(40)), form())
	case 2, 3:
		return p.newMessage(engineer, i, order.Respond, order.Bid{Price: 100_000, TermDays: 10 + r.IntN(20)}, note)
	case 4:
		return p.newMessage(engineer, i, order.LeaveOrder, nil, note)
	case 5:
		m = p.newMessage(customer, i, order.OfferOrder, pick, nil)
	case 6:
		m = p.newMessage(customer, i, order.WithdrawOffer, nil, nil)
	case 7:
		m = p.newMessage(engineer, i, order.WithdrawResponse, nil, nil)
	case 8:
		m = p.newMessage(engineer, i, order.AcceptChanges, order.Revised{Revision: 1 + r.IntN(6)}, nil)
	case 9:
		m = p.newMessage(engineer, i, order.DeclineOffer, nil, nil)
	case 10:
		m = p.newMessage(customer, i, order.Choose, pick, nil)
	default:
		m = p.newMessage(customer, i, order.DismissEngineer, nil, nil)
	}
	m.signalled = r.IntN(3) == 0
	return m
}

// ledger records every message that was sent, and the API's answers.
type ledger struct {
	mu       sync.Mutex
	messages map[uuid.UUID]*message
	answers  map[string]int
	uploads  int
}

func newLedger() *ledger {
	return &ledger{messages: map[uuid.UUID]*message{}, answers: map[string]int{}}
}

func (b *ledger) add(m *message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages[m.id] = m
}

func (b *ledger) count(answer string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answers[answer]++
}

func (b *ledger) all() []*message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Collect(maps.Values(b.messages))
}

func (b *ledger) summary() string {
	verdicts, signalled := map[string]int{}, 0
	for _, m := range b.all() {
		switch {
		case m.verdict == applied, m.verdict == rejected, m.verdict == roleLost:
			verdicts[m.verdict]++
		default:
			verdicts["refused"]++
		}
		if m.signalled {
			signalled++
		}
	}
	return fmt.Sprintf("%d messages (%d by signal): %v; %d uploads; answers of the API: %v", len(b.messages), signalled, verdicts, b.uploads, b.answers)
}

// send sends a message until it has a verdict, repeating it with the same key.
func (p *platform) send(t *testing.T, m *message) {
	m.id = workflowapi.HTTPMessageID(m.by.actor, m.order, m.kind, m.key)
	p.ledger.add(m)
	ctx, cancel := context.WithTimeout(t.Context(), verdictTimeout)
	defer cancel()
	verdict, err := p.deliver(ctx, m)
	if err != nil {
		t.Errorf("order %s, %s, message %s: no verdict: %v", m.order, m.kind, m.id, err)
		return
	}
	m.verdict = verdict
}

func (p *platform) deliver(ctx context.Context, m *message) (verdict string, err error) {
	if m.signalled {
		return p.deliverSignal(ctx, m)
	}
	status, err := m.by.Do(ctx, http.MethodPost, m.path, m.key, m.body(), nil)
	if status == http.StatusAccepted {
		return p.awaitVerdict(ctx, m)
	}
	return verdictOf(err)
}

// verdictOf returns the verdict in an answer. An answer that an honest sender must not get is an
// error.
func verdictOf(err error) (string, error) {
	refusal := browser.AsProblem(err)
	switch {
	case err == nil:
		return applied, nil
	case refusal.Status == http.StatusConflict:
		return refusal.Code, nil
	case refusal.Status == http.StatusNotFound:
		return rejected, nil
	case refusal.Code == roleUnavailable:
		return roleLost, nil
	}
	return "", err
}

// acceptOnly sends a message that cannot be decided yet until the API accepts it.
func (p *platform) acceptOnly(t *testing.T, m *message) {
	m.id = workflowapi.HTTPMessageID(m.by.actor, m.order, m.kind, m.key)
	p.ledger.add(m)
	ctx, cancel := context.WithTimeout(t.Context(), verdictTimeout)
	defer cancel()
	if status, err := m.by.Do(ctx, http.MethodPost, m.path, m.key, m.body(), nil); status != http.StatusAccepted {
		t.Errorf("%s is not accepted: %d %v", m.id, status, err)
	}
}

func (m *message) body() any { return browser.Message(m.details, m.text) }

// awaitVerdict polls for the verdict of an accepted message.
func (p *platform) awaitVerdict(ctx context.Context, m *message) (string, error) {
	for {
		var status struct{ Message struct{ State, Code string } }
		err := m.by.Get(ctx, "/api/orders/"+m.order.String()+"/messages/"+m.id.String(), &status)
		switch {
		case browser.AsProblem(err).Code == roleUnavailable:
			return p.recorded(ctx, m) // he may no longer ask; the message is decided all the same
		case err != nil:
			return "", fmt.Errorf("accepted, and then: %w", err)
		case status.Message.State == applied:
			return applied, nil
		case status.Message.State == "refused":
			return status.Message.Code, nil
		}
		if err := browser.Pause(ctx, retryPause); err != nil {
			return "", fmt.Errorf("accepted, and still %q: %w", status.Message.State, err)
		}
	}
}

// deliverSignal signals until Temporal acknowledges, and reads the verdict from the record.
func (p *platform) deliverSignal(ctx context.Context, m *message) (string, error) {
	details, err := json.Marshal(m.details)
	if err != nil {
		return "", err
	}
	signal := order.Message{ID: m.id.String(), Actor: m.by.actor, ReceivedAt: time.Now().UTC()}
	if m.details != nil {
		signal.Details = details
	}
	for order.MustBeStored(signal) { // until the database has stored it too
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		_, err := p.database.ExecContext(attempt, `insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
			values ($1, $2, $3, $4, repeat('0', 64), $5) on conflict do nothing`, m.id, m.order, m.by.actor.Person, string(m.kind), signal.ReceivedAt)
		cancel()
		if err == nil {
			break
		}
		if browser.Pause(ctx, retryPause) != nil {
			return "", fmt.Errorf("storing a message: %w", err)
		}
	}
	for {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := workflowapi.Send(attempt, p.client, workflowapi.OrderSignal(m.order, string(m.kind), signal))
		cancel()
		if err == nil {
			return p.recorded(ctx, m)
		}
		if workflowapi.IsNotFound(err) {
			return "", err
		}
		if browser.Pause(ctx, retryPause) != nil {
			return "", err
		}
	}
}

func (p *platform) recorded(ctx context.Context, m *message) (string, error) {
	for {
		var verdict, code string
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		err := p.database.QueryRowContext(attempt, `select verdict, code from order_messages where id = $1`, m.id).Scan(&verdict, &code)
		cancel()
		if err == nil && verdict == applied {
			return applied, nil
		}
		if err == nil {
			return code, nil
		}
		if browser.Pause(ctx, retryPause) != nil {
			return "", fmt.Errorf("the signal was acknowledged: %w", err)
		}
	}
}
