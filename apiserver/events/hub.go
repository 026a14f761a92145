// Package events sends people what is recorded about their orders while they are connected, and
// wakes the requests that wait for it.
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

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Log   *slog.Logger
	// ListenURL is the address of the database for LISTEN.
	ListenURL string
	// ChatReaders returns who may read the chat of an order with an engineer.
	ChatReaders func(ctx context.Context, order, engineer uuid.UUID) (func(httpapi.Session) bool, error)
	// MaxStreams is the maximum number of streams of a person in all his browsers; 0 means the
	// default.
	MaxStreams int
}

// Service sends people what is recorded and wakes requests that wait for it.
type Service struct {
	Dependencies
	hub      *hub
	listener *db.Listener
	// replaced counts the streams that a newer stream of the same session or person has ended.
	replaced prometheus.Counter
}

// New returns the service. It connects to nothing before its server runs.
func New(d Dependencies) *Service {
	a := &Service{
		Dependencies: d, hub: newHub(),
		replaced: prometheus.NewCounter(prometheus.CounterOpts{Name: "epkr_streams_replaced_total", Help: "Event streams ended by newer ones."}),
	}
	a.listener = db.NewListener(a.hub.onChange, a.hub.onReconnect)
	d.HTTP.Metrics().MustRegister(a.replaced)
	return a
}

func (a *Service) listen(ctx context.Context) { a.listener.Run(ctx, a.ListenURL) }

// CheckListener checks that notifications of the database arrive.
func (a *Service) CheckListener(ctx context.Context) error { return a.listener.CheckEcho(ctx, a.Store) }

// Subscribe returns a channel that receives a value when something is recorded for the id of a
// message or a file, until cancel is called. The receiver then reads from the database, see
// [WaitOrPoll].
func (a *Service) Subscribe(id uuid.UUID) (notified <-chan struct{}, cancel func()) {
	return a.hub.subscribe(id)
}

// hub notifies the requests that wait for a verdict or a file, and the streams of events. Receivers
// read the data themselves, so a lost notification costs only time.
type hub struct {
	mu          sync.Mutex
	subscribers map[uuid.UUID]map[chan struct{}]struct{}
	streams     map[*stream]struct{}
	// changes is read by the task that finds the streams of each change.
	changes chan db.OrderChange
}

// changeBuffer is how many changes may be queued before all streams are resynchronised.
const changeBuffer = 1024

func newHub() *hub {
	return &hub{
		subscribers: map[uuid.UUID]map[chan struct{}]struct{}{}, streams: map[*stream]struct{}{},
		changes: make(chan db.OrderChange, changeBuffer),
	}
}

func (h *hub) onChange(c db.OrderChange) {
	if c.Person != "" && c.Order == "" {
		h.recheckStreams(c.Person)
		return
	}
	if id, err := uuid.Parse(c.Message); err == nil {
		h.notifySubscribers(id)
	}
	select {
	case h.changes <- c:
	default:
		h.resyncStreams()
	}
}

// recheckStreams makes the streams of a person check their sessions, which have ended.
func (h *hub) recheckStreams(person string) {
	for _, st := range h.openStreams() {
		if st.by.Person.String() == person {
			notify(st.resync)
		}
	}
}

// onReconnect notifies all subscribers and resynchronises all streams, because notifications were
// lost while the connection was down.
func (h *hub) onReconnect() {
	h.mu.Lock()
	for _, channels := range h.subscribers {
		for c := range channels {
			notify(c)
		}
	}
	h.mu.Unlock()
	h.resyncStreams()
}

// subscribe returns a channel that receives a value when something is recorded for the id, until
// cancel is called.
func (h *hub) subscribe(id uuid.UUID) (notified <-chan struct{}, cancel func()) {
	c := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.subscribers[id] == nil {
		h.subscribers[id] = map[chan struct{}]struct{}{}
	}
	h.subscribers[id][c] = struct{}{}
	return c, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if delete(h.subscribers[id], c); len(h.subscribers[id]) == 0 {
			delete(h.subscribers, id)
		}
	}
}

func (h *hub) notifySubscribers(id uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for c := range h.subscribers[id] {
		notify(c)
	}
}

// notify never blocks: a pending notification already covers this one.
func notify(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// FindVerdict returns the order's verdict on a message; found is false if there is none yet.
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

// pollIntervals are the intervals at which a waiting request polls in case no notification arrives.
var pollIntervals = []time.Duration{250 * time.Millisecond, 750 * time.Millisecond, time.Second, time.Second}

// WaitOrPoll calls ready at each notification and after each of pollIntervals, and returns after
// the last one.
func WaitOrPoll(ctx context.Context, notified <-chan struct{}, ready func() (bool, error)) error {
	for _, pause := range pollIntervals {
		if done, err := waitInterval(ctx, notified, pause, ready); done || err != nil {
			return err
		}
	}
	return nil
}

func waitInterval(ctx context.Context, notified <-chan struct{}, pause time.Duration, ready func() (bool, error)) (bool, error) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	for {
		select {
		case <-notified:
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
