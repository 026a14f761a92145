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
	// clients send at once.
	clients = 32
	// verdictLimit is how long a message may wait for its verdict, all outages of a round included.
	verdictLimit = 4 * time.Minute
	retryPause   = 200 * time.Millisecond
)

// message is one that somebody sends until he has its verdict.
type message struct {
	by      person
	order   uuid.UUID
	kind    order.Kind
	key     string
	path    string
	details any
	text    any
	// signalled ones go to Temporal directly, as other programs of the platform send them.
	signalled bool

	id uuid.UUID
	// verdict is applied, the code of a refusal, or turnedAway.
	verdict string
}

const (
	applied = "applied"
	// turnedAway says that the API refused to send the message: its sender has no right to the order.
	turnedAway = "turned away"
	// roleLost says that its sender is no engineer any more, since the registry lost him, and is told nothing.
	roleLost = "role lost"
	// roleUnavailable is how the API tells him.
	roleUnavailable = "role_unavailable"
)

func terms(days int) order.Terms {
	price := order.Kopecks(5_000_000)
	return order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: days, Price: &price}
}

func form() order.Form {
	return order.Form{Address: "Московская область, Химки, улица Заречная, 1", City: "Химки", Street: "улица Заречная"}
}

func (p *platform) compose(by person, i int, kind order.Kind, details, text any) *message {
	id := p.people.orders[i]
	return &message{
		by: by, order: id, kind: kind, details: details, text: text, key: uuid.NewString(),
		path: "/api/orders/" + id.String() + "/" + string(kind),
	}
}

// draw is what somebody concerned may think of to tell the order.
func (p *platform) draw(r *rand.Rand, i int) *message {
	customer, rivals := p.people.customers[i], p.people.rivals(i)
	rival := rivals[r.IntN(2)]
	pick := order.Pick{Engineer: rival.actor.Party}
	note := order.Note{Note: "Так решено"}
	var m *message
	switch r.IntN(12) {
	case 0, 1:
		return p.compose(customer, i, order.Amend, terms(20+r.IntN(40)), form())
	case 2, 3:
		return p.compose(rival, i, order.Respond, order.Bid{Price: 100_000, TermDays: 10 + r.IntN(20)}, note)
	case 4:
		return p.compose(rival, i, order.LeaveOrder, nil, note)
	case 5:
		m = p.compose(customer, i, order.OfferOrder, pick, nil)
	case 6:
		m = p.compose(customer, i, order.WithdrawOffer, nil, nil)
	case 7:
		m = p.compose(rival, i, order.WithdrawResponse, nil, nil)
	case 8:
		m = p.compose(rival, i, order.AcceptChanges, order.Revised{Revision: 1 + r.IntN(6)}, nil)
	case 9:
		m = p.compose(rival, i, order.DeclineOffer, nil, nil)
	case 10:
		m = p.compose(customer, i, order.Choose, pick, nil)
	default:
		m = p.compose(customer, i, order.DismissEngineer, nil, nil)
	}
	m.signalled = r.IntN(3) == 0
	return m
}

// book keeps every message that was sent, and how the API answered.
type book struct {
	mu       sync.Mutex
	messages map[uuid.UUID]*message
	answers  map[string]int
	uploads  int
}

func newBook() *book { return &book{messages: map[uuid.UUID]*message{}, answers: map[string]int{}} }

func (b *book) enter(m *message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages[m.id] = m
}

func (b *book) count(answer string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answers[answer]++
}

func (b *book) all() []*message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Collect(maps.Values(b.messages))
}

func (b *book) summary() string {
	verdicts, signalled := map[string]int{}, 0
	for _, m := range b.all() {
		switch {
		case m.verdict == applied, m.verdict == turnedAway, m.verdict == roleLost:
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

// send sends a message until it has a verdict, with the same key however often.
func (p *platform) send(t *testing.T, m *message) {
	m.id = workflowapi.HTTPMessageID(m.by.actor, m.order, m.kind, m.key)
	p.book.enter(m)
	ctx, cancel := context.WithTimeout(t.Context(), verdictLimit)
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
	status, err := m.by.Ask(ctx, http.MethodPost, m.path, m.key, m.body(), nil)
	if status == http.StatusAccepted {
		return p.awaitVerdict(ctx, m)
	}
	return verdictOf(err)
}

// verdictOf takes a verdict out of an answer. An answer that no honest sender should get is an error.
func verdictOf(err error) (string, error) {
	refusal := browser.AsProblem(err)
	switch {
	case err == nil:
		return applied, nil
	case refusal.Status == http.StatusConflict:
		return refusal.Code, nil
	case refusal.Status == http.StatusNotFound:
		return turnedAway, nil
	case refusal.Code == roleUnavailable:
		return roleLost, nil
	}
	return "", err
}

// acceptOnly sends a message that nobody can judge yet, until it is taken over.
func (p *platform) acceptOnly(t *testing.T, m *message) {
	m.id = workflowapi.HTTPMessageID(m.by.actor, m.order, m.kind, m.key)
	p.book.enter(m)
	ctx, cancel := context.WithTimeout(t.Context(), verdictLimit)
	defer cancel()
	if status, err := m.by.Ask(ctx, http.MethodPost, m.path, m.key, m.body(), nil); status != http.StatusAccepted {
		t.Errorf("%s is not taken over: %d %v", m.id, status, err)
	}
}

func (m *message) body() any { return browser.Message(m.details, m.text) }

// awaitVerdict asks what became of a message that was accepted.
func (p *platform) awaitVerdict(ctx context.Context, m *message) (string, error) {
	for {
		var status struct{ Message struct{ State, Code string } }
		err := m.by.Get(ctx, "/api/orders/"+m.order.String()+"/messages/"+m.id.String(), &status)
		switch {
		case browser.AsProblem(err).Code == roleUnavailable:
			return p.recorded(ctx, m) // he may not ask any more; it is judged all the same
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

// deliverSignal signals until that is acknowledged, and looks for the verdict in the record.
func (p *platform) deliverSignal(ctx context.Context, m *message) (string, error) {
	details, err := json.Marshal(m.details)
	if err != nil {
		return "", err
	}
	signal := order.Message{ID: m.id.String(), Actor: m.by.actor, ReceivedAt: time.Now().UTC()}
	if m.details != nil {
		signal.Details = details
	}
	for order.NeedsKeeping(signal) { // until the database, too, has taken it
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		_, err := p.database.ExecContext(attempt, `insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
			values ($1, $2, $3, $4, repeat('0', 64), $5) on conflict do nothing`, m.id, m.order, m.by.actor.Person, string(m.kind), signal.ReceivedAt)
		cancel()
		if err == nil {
			break
		}
		if browser.Pause(ctx, retryPause) != nil {
			return "", fmt.Errorf("keeping a message: %w", err)
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
