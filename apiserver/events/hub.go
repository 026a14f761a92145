// Package events tells people of what is recorded while they look, and wakes the requests that wait for it.
package events

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"epkr/apiserver/httpapi"
	"epkr/db"
	"epkr/db/sqlcgen"
)

// Dependencies are what the service needs; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Log   *slog.Logger
	// ListenURL is that of the database, for LISTEN.
	ListenURL string
	// MaxStreams is how many streams a person may have in all his browsers; 0 stands for the usual number.
	MaxStreams int
}

// Service tells people of what is recorded, and wakes requests that wait for it.
type Service struct {
	Dependencies
	hub      *hub
	listener *db.Listener
	// replaced are streams that a newer one of the same session or person has ended.
	replaced prometheus.Counter
}

// New makes the service; it connects to nothing before its server runs.
func New(d Dependencies) *Service {
	a := &Service{
		Dependencies: d, hub: newHub(),
		replaced: prometheus.NewCounter(prometheus.CounterOpts{Name: "epkr_streams_replaced_total", Help: "Event streams ended by newer ones."}),
	}
	a.listener = db.NewListener(a.hub.changed, a.hub.reconnected)
	d.HTTP.Metrics().MustRegister(a.replaced)
	return a
}

func (a *Service) listen(ctx context.Context) { a.listener.Run(ctx, a.ListenURL) }

// Heard tests whether the database's notifications arrive.
func (a *Service) Heard(ctx context.Context) error { return a.listener.Heard(ctx, a.Store) }

// Wait gives a channel that rings when something is recorded of the id, of a message or a file, until done is called. What it rings for
// is read anew, see [Until].
func (a *Service) Wait(id uuid.UUID) (rings <-chan struct{}, done func()) { return a.hub.wait(id) }

// hub wakes those who wait for something to be recorded: a request for its verdict or its file, a stream for events. What
// it wakes them for they read themselves; a wake-up that is lost costs them only time.
type hub struct {
	mu      sync.Mutex
	waiting map[uuid.UUID]map[chan struct{}]struct{}
	streams map[*stream]struct{}
	// changes wait for the reader who finds out which streams they concern.
	changes chan db.Changed
}

// changesAhead is how many notifications may wait before the streams are told to look for themselves.
const changesAhead = 1024

func newHub() *hub {
	return &hub{
		waiting: map[uuid.UUID]map[chan struct{}]struct{}{}, streams: map[*stream]struct{}{},
		changes: make(chan db.Changed, changesAhead),
	}
}

func (h *hub) changed(c db.Changed) {
	if id, err := uuid.Parse(c.Message); err == nil {
		h.wake(id)
	}
	select {
	case h.changes <- c:
	default:
		h.resyncStreams()
	}
}

// reconnected wakes everybody: what happened while nobody listened is lost.
func (h *hub) reconnected() {
	h.mu.Lock()
	for _, channels := range h.waiting {
		for c := range channels {
			ring(c)
		}
	}
	h.mu.Unlock()
	h.resyncStreams()
}

// wait gives a channel that rings when something is recorded of the id, until done is called.
func (h *hub) wait(id uuid.UUID) (rings <-chan struct{}, done func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.waiting[id] == nil {
		h.waiting[id] = map[chan struct{}]struct{}{}
	}
	h.waiting[id][c] = struct{}{}
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if delete(h.waiting[id], c); len(h.waiting[id]) == 0 {
			delete(h.waiting, id)
		}
	}
}

func (h *hub) wake(id uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.waiting[id] {
		ring(c)
	}
}

// ring never blocks: one unheard ring says as much as many.
func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// FindVerdict finds what the order said of a message; found is false while it has said nothing.
func FindVerdict(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (v sqlcgen.VerdictRow, found bool, err error) {
	v, err = q.Verdict(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return v, false, nil
	case err != nil:
		return v, false, fmt.Errorf("reading a verdict: %w", err)
	}
	return v, true, nil
}

// looks are when a waiting request reads for itself, in case that no notification comes.
var looks = []time.Duration{250 * time.Millisecond, 750 * time.Millisecond, time.Second, time.Second}

// Until asks ready at each ring and at the times of looks, and gives up after the last of them.
func Until(ctx context.Context, rings <-chan struct{}, ready func() (bool, error)) error {
	for _, pause := range looks {
		if done, err := untilPause(ctx, rings, pause, ready); done || err != nil {
			return err
		}
	}
	return nil
}

func untilPause(ctx context.Context, rings <-chan struct{}, pause time.Duration, ready func() (bool, error)) (bool, error) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-rings:
			if done, err := ready(); done || err != nil {
				return true, err
			}
		case <-timer.C:
			return ready()
		case <-ctx.Done():
			return true, ctx.Err()
		}
	}
}
