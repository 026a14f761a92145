package events

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
)

const (
	// heartbeat is how often a stream says that it lives: a lost client is noticed only by writing to him, and he takes a stream
	// that is silent for longer for a broken one.
	heartbeat = 15 * time.Second
	// replayPage, replayMost and replaySpan bound what a client that comes back is told, and of how many
	// events it is chosen; beyond that he is better off reading anew.
	replayPage = 200
	replayMost = 2000
	replaySpan = 10_000
	// replayBack bounds how many events before the one told last are looked at again.
	replayBack = 10_000
)

// streamWriter writes one stream until its client, its session or the server ends.
type streamWriter struct {
	a      *Service
	stream *stream
	// last is the id of the newest event told, -1 before the first one of a client that gave none.
	last int64
	// restricted is what the client knows of an engineer's restrictions.
	restricted httpapi.Restricted
	out        *bufio.Writer
}

// errStreamOver ends a stream without a fault.
var errStreamOver = errors.New("the stream is over")

// write runs after the handler, outside of every recover but its own.
func (w *streamWriter) write(out *bufio.Writer) {
	closing, ended := w.a.HTTP.OpenStream()
	defer ended()
	defer w.a.giveUpPlace(w.stream)
	defer w.a.hub.unfollow(w.stream)
	defer func() {
		if cause := recover(); cause != nil {
			w.a.Log.Error("a stream of events panicked", "error", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	w.out = out
	if err := w.run(closing); err != nil && !errors.Is(err, errStreamOver) {
		w.a.Log.Info("a stream of events ended", "session", w.stream.by.ID, "error", err)
	}
}

func (w *streamWriter) run(closing <-chan struct{}) error {
	if err := w.begin(); err != nil {
		return err
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-closing:
			return w.end(problems.Closing)
		case <-w.stream.replaced:
			return w.end(problems.StreamReplaced)
		case n := <-w.stream.notes:
			if err := w.checked(func() error { return w.send(n) }); err != nil {
				return err
			}
		case <-w.stream.resync:
			if err := w.checked(w.replay); err != nil {
				return err
			}
		case <-beat.C:
			if err := w.checked(w.beat); err != nil {
				return err
			}
		}
	}
}

// beat says that the stream lives, to its client and to the other API servers.
func (w *streamWriter) beat() error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	keeps, err := w.a.keepsPlace(ctx, w.stream)
	switch {
	case err != nil:
		return err
	case !keeps:
		return w.end(problems.StreamReplaced)
	}
	return w.send(note{event: "beat", data: struct{}{}})
}

// begin tells where the stream stands. The stream is followed already, so that what is recorded meanwhile comes as well.
func (w *streamWriter) begin() error {
	if err := w.raw("retry: 2000\n\n"); err != nil {
		return err
	}
	if w.last >= 0 {
		return w.checked(w.replay)
	}
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	last, err := w.a.Store.LastEvent(ctx)
	if err != nil {
		return fmt.Errorf("reading where events stand: %w", err)
	}
	w.last = last
	return w.checked(func() error { return w.send(note{event: "ready", id: last, data: struct{}{}}) })
}

// checked asks before everything that is told whether the session still stands.
func (w *streamWriter) checked(do func() error) error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	current, err := w.a.HTTP.RecheckSession(ctx, w.stream.by, httpapi.Consented())
	var lost *problems.Problem
	switch {
	case errors.As(err, &lost):
		return w.end(lost.Code)
	case err != nil:
		return fmt.Errorf("checking the session of a stream: %w", err)
	}
	if w.restricted != current.Restricted {
		w.restricted = current.Restricted
		if err := w.reread(); err != nil {
			return err
		}
	}
	return do()
}

// replay tells what was recorded after the newest event told, and a minute before it once more: events commit in another
// order than their ids.
func (w *streamWriter) replay() error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	newest, err := w.a.Store.LastEvent(ctx)
	if err != nil {
		return fmt.Errorf("reading where events stand: %w", err)
	}
	if newest-w.last > replaySpan {
		return w.reread()
	}
	after, err := w.a.Store.ReplayFrom(ctx, sqlcgen.ReplayFromParams{After: w.last, Floor: w.last - replayBack})
	if err != nil {
		return fmt.Errorf("looking for missed events: %w", err)
	}
	by := w.stream.by
	for told := 0; ; {
		rows, err := w.a.Store.EventsFrom(ctx, sqlcgen.EventsFromParams{
			After: after, Role: string(by.Role), Party: wire.Optional(by.Party), Page: replayPage,
		})
		if err != nil {
			return fmt.Errorf("reading missed events: %w", err)
		}
		for _, r := range rows {
			after = r.ID
			if err := w.send(note{event: "order", id: r.ID, data: OrderChanged{Order: r.OrderID, Seq: r.Seq, ID: r.ID}}); err != nil {
				return err
			}
		}
		if told += len(rows); len(rows) < replayPage || told >= replayMost {
			return w.reread()
		}
	}
}

// reread tells the client to read his lists, notifications and pending messages anew: not all that was missed is an event.
func (w *streamWriter) reread() error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	last, err := w.a.Store.LastEvent(ctx)
	if err != nil {
		return fmt.Errorf("reading where events stand: %w", err)
	}
	return w.send(note{event: "resync", id: max(last, w.last), data: struct{}{}})
}

// end says why, so that the client knows whether to come back.
func (w *streamWriter) end(code string) error {
	if err := w.send(note{event: "end", data: map[string]string{"code": code}}); err != nil {
		return err
	}
	return errStreamOver
}

func (w *streamWriter) send(n note) error {
	data, err := json.Marshal(n.data)
	if err != nil {
		return fmt.Errorf("encoding an event: %w", err)
	}
	text := ""
	if n.id > 0 {
		w.last = max(w.last, n.id)
		text = fmt.Sprintf("id: %d\n", w.last)
	}
	return w.raw(text + "event: " + n.event + "\ndata: " + string(data) + "\n\n")
}

func (w *streamWriter) raw(text string) error {
	if _, err := w.out.WriteString(text); err != nil {
		return fmt.Errorf("writing to a stream: %w", err)
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("writing to a stream: %w", err)
	}
	return nil
}
