package events

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
)

const (
	// streamsOfSession is the maximum number of streams of one session. A browser needs one, and a
	// reloaded page leaves its old stream open for a while.
	streamsOfSession = 5
	// streamsOfPerson is the default maximum number of streams of a person in all his browsers.
	streamsOfPerson = 20
	// streamTimeout is the time without heartbeats after which the process of a stream is
	// considered dead.
	streamTimeout = 4 * heartbeat
)

// registerStream registers a new stream among those of all API servers. Streams above the limits
// end, the oldest first, so that a page that is reloaded many times has the newest one.
func (a *Service) registerStream(ctx context.Context, st *stream) error {
	var ended []uuid.UUID
	err := a.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.LockStreamsOf(ctx, st.by.Person.String()); err != nil { // so that concurrent streams are counted one after the other
			return err
		}
		if err := q.OpenStream(ctx, sqlcgen.OpenStreamParams{ID: st.id, SessionID: st.by.ID, PersonID: st.by.Person}); err != nil {
			return err
		}
		var err error
		ended, err = q.ReplaceStreams(ctx, sqlcgen.ReplaceStreamsParams{
			PersonID: st.by.Person, SessionID: st.by.ID, Stale: time.Now().Add(-streamTimeout),
			OfPerson: int32(cmp.Or(a.MaxStreams, streamsOfPerson)), OfSession: streamsOfSession,
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("opening a stream of events: %w", err)
	}
	a.replaced.Add(float64(len(ended)))
	a.hub.replace(ended)
	return nil
}

// replace ends the replaced streams of this process. Streams of other processes end at their next
// heartbeat.
func (h *hub) replace(ended []uuid.UUID) {
	for _, st := range h.openStreams() {
		for _, id := range ended {
			if st.id == id {
				notify(st.replaced)
			}
		}
	}
}

// isRegistered reports whether the stream is still registered, and records its heartbeat.
func (a *Service) isRegistered(ctx context.Context, st *stream) (bool, error) {
	seen, err := a.Store.TouchStream(ctx, st.id)
	if err != nil {
		return false, fmt.Errorf("finding the place of a stream: %w", err)
	}
	return seen > 0, nil
}

// unregisterStream removes the registration of a stream that has ended.
func (a *Service) unregisterStream(st *stream) {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	if err := a.Store.CloseStream(ctx, st.id); err != nil {
		a.Log.Warn("the place of a stream could not be freed", "error", err)
	}
}
