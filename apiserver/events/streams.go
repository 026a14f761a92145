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
	// streamsOfSession is how many streams one session may have: one browser needs one, and a page that is loaded again leaves its own
	// behind for a while.
	streamsOfSession = 5
	// streamsOfPerson is how many a person has in all his browsers, unless the settings say otherwise.
	streamsOfPerson = 20
	// streamLost is after what silence the process of a stream is taken for dead.
	streamLost = 4 * heartbeat
)

// claimStream gives a new stream its place among those of all API servers. Those that are too many give way, the oldest first: who
// loads his page eight times has the newest one.
func (a *Service) claimStream(ctx context.Context, st *stream) error {
	var gone []uuid.UUID
	err := a.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if err := q.LockStreamsOf(ctx, st.by.Person.String()); err != nil { // those that open at once are counted one after the other
			return err
		}
		if err := q.OpenStream(ctx, sqlcgen.OpenStreamParams{ID: st.id, SessionID: st.by.ID, PersonID: st.by.Person}); err != nil {
			return err
		}
		var err error
		gone, err = q.ReplaceStreams(ctx, sqlcgen.ReplaceStreamsParams{
			PersonID: st.by.Person, SessionID: st.by.ID, Stale: time.Now().Add(-streamLost),
			OfPerson: int32(cmp.Or(a.MaxStreams, streamsOfPerson)), OfSession: streamsOfSession,
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("opening a stream of events: %w", err)
	}
	a.replaced.Add(float64(len(gone)))
	a.hub.replace(gone)
	return nil
}

// replace ends the streams of this process that have given way. Those of others find out at their next sign of life.
func (h *hub) replace(gone []uuid.UUID) {
	for _, st := range h.followers() {
		for _, id := range gone {
			if st.id == id {
				ring(st.replaced)
			}
		}
	}
}

// keepsPlace says whether the stream still has its place.
func (a *Service) keepsPlace(ctx context.Context, st *stream) (bool, error) {
	seen, err := a.Store.SeeStream(ctx, st.id)
	if err != nil {
		return false, fmt.Errorf("looking for the place of a stream: %w", err)
	}
	return seen > 0, nil
}

// giveUpPlace frees the place of a stream that has ended.
func (a *Service) giveUpPlace(st *stream) {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	if err := a.Store.CloseStream(ctx, st.id); err != nil {
		a.Log.Warn("the place of a stream could not be freed", "error", err)
	}
}
