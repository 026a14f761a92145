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
	// heartbeat is the interval of heartbeats. A lost client is detected only by writing to it, and
	// a client treats a stream that is silent for longer as broken.
	heartbeat = 15 * time.Second
	// replayPage, replayMax and replaySpan limit the replay for a reconnecting client: events per
	// query, events sent, and ids scanned. Beyond them the client has to reload everything.
	replayPage = 200
	replayMax  = 2000
	replaySpan = 10_000
	// replayOverlap limits how many ids before the last sent event are read again.
	replayOverlap = 10_000
)

// streamWriter writes one stream until its client, its session or the server ends.
type streamWriter struct {
	a      *Service
	stream *stream
	// last is the id of the newest event sent; -1 at the beginning for a client that sent no
	// Last-Event-ID.
	last int64
	// restricted are the restrictions of an engineer that were last reported to the client.
	restricted httpapi.Restricted
	out        *bufio.Writer
}

// errStreamEnded ends a stream without a fault.
var errStreamEnded = errors.New("the stream is over")

// write runs after the handler has returned, where only its own recover catches panics.
func (w *streamWriter) write(out *bufio.Writer) {
	closing, ended := w.a.HTTP.OpenStream()
	defer ended()
	defer w.a.unregisterStream(w.stream)
	defer w.a.hub.removeStream(w.stream)
	defer func() {
		if cause := recover(); cause != nil {
			w.a.Log.Error("a stream of events panicked", "error", fmt.Sprint(cause), "stack", string(debug.Stack()))
		}
	}()
	w.out = out
	if err := w.run(closing); err != nil && !errors.Is(err, errStreamEnded) {
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
		case n := <-w.stream.events:
			if err := w.withSession(func() error { return w.send(n) }); err != nil {
				return err
			}
		case <-w.stream.resync:
			if err := w.withSession(w.replay); err != nil {
				return err
			}
		case <-beat.C:
			if err := w.withSession(w.sendHeartbeat); err != nil {
				return err
			}
		}
	}
}

// sendHeartbeat records a heartbeat for the other API servers and sends it to the client. While no
// notifications arrive from the database it sends none: the client then shows that its data may be
// outdated, and connects again, which replays what it missed.
func (w *streamWriter) sendHeartbeat() error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	keeps, err := w.a.isRegistered(ctx, w.stream)
	switch {
	case err != nil:
		return err
	case !keeps:
		return w.end(problems.StreamReplaced)
	}
	if !w.a.listener.Connected() {
		return nil
	}
	return w.send(event{name: "beat", data: struct{}{}})
}

// begin sends the start position of the stream. The stream is already subscribed, so events
// recorded meanwhile are sent too.
func (w *streamWriter) begin() error {
	if err := w.writeRaw("retry: 2000\n\n"); err != nil {
		return err
	}
	if w.last >= 0 {
		return w.withSession(w.replay)
	}
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	last, err := w.a.Store.LastEvent(ctx)
	if err != nil {
		return fmt.Errorf("reading where events stand: %w", err)
	}
	w.last = last
	return w.withSession(func() error { return w.send(event{name: "ready", id: last, data: struct{}{}}) })
}

// withSession calls do after checking that the session is still valid. It runs before everything
// that is sent.
func (w *streamWriter) withSession(do func() error) error {
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
		if err := w.sendResync(); err != nil {
			return err
		}
	}
	return do()
}

// replay sends the events recorded after the last sent event, and again those of the minute before
// it, because events commit in another order than their ids.
func (w *streamWriter) replay() error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	newest, err := w.a.Store.LastEvent(ctx)
	if err != nil {
		return fmt.Errorf("reading where events stand: %w", err)
	}
	if newest-w.last > replaySpan {
		return w.sendResync()
	}
	after, err := w.a.Store.ReplayFrom(ctx, sqlcgen.ReplayFromParams{After: w.last, Floor: w.last - replayOverlap})
	if err != nil {
		return fmt.Errorf("finding missed events: %w", err)
	}
	by := w.stream.by
	for sent := 0; ; {
		rows, err := w.a.Store.EventsFrom(ctx, sqlcgen.EventsFromParams{
			After: after, Role: string(by.Role), Party: wire.Optional(by.Party), Page: replayPage,
		})
		if err != nil {
			return fmt.Errorf("reading missed events: %w", err)
		}
		for _, r := range rows {
			after = r.ID
			if err := w.send(event{name: "order", id: r.ID, data: OrderChanged{Order: r.OrderID, Seq: r.Seq, ID: r.ID}}); err != nil {
				return err
			}
		}
		if sent += len(rows); len(rows) < replayPage || sent >= replayMax {
			return w.sendResync()
		}
	}
}

// sendResync asks the client to reload lists, notifications and pending messages, because not
// everything that was missed is an event.
func (w *streamWriter) sendResync() error {
	ctx, cancel := context.WithTimeout(context.Background(), queryTimeout)
	defer cancel()
	last, err := w.a.Store.LastEvent(ctx)
	if err != nil {
		return fmt.Errorf("reading where events stand: %w", err)
	}
	return w.send(event{name: "resync", id: max(last, w.last), data: struct{}{}})
}

// end sends the reason, by which the client decides whether to reconnect.
func (w *streamWriter) end(code string) error {
	if err := w.send(event{name: "end", data: map[string]string{"code": code}}); err != nil {
		return err
	}
	return errStreamEnded
}

func (w *streamWriter) send(n event) error {
	data, err := json.Marshal(n.data)
	if err != nil {
		return fmt.Errorf("encoding an event: %w", err)
	}
	text := ""
	if n.id > 0 {
		w.last = max(w.last, n.id)
		text = fmt.Sprintf("id: %d\n", w.last)
	}
	return w.writeRaw(text + "event: " + n.name + "\ndata: " + string(data) + "\n\n")
}

func (w *streamWriter) writeRaw(text string) error {
	if _, err := w.out.WriteString(text); err != nil {
		return fmt.Errorf("writing to a stream: %w", err)
	}
	if err := w.out.Flush(); err != nil {
		return fmt.Errorf("writing to a stream: %w", err)
	}
	return nil
}
