package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Changed is what a notification says: ids only. Seq is 0 when nothing was applied.
type Changed struct {
	Order   string `json:"o"`
	Message string `json:"m,omitempty"`
	Seq     int    `json:"s,omitempty"`
}

// Listener hears what the database notifies, on a connection of its own that leads straight to Postgres: a pooler that gives a
// connection to each transaction takes LISTEN without a word and passes nothing on.
type Listener struct {
	changed     func(Changed)
	reconnected func()

	mu     sync.Mutex
	echoes map[string]chan struct{} // of the questions on their way, by token
	up     chan struct{}            // closed while there is a connection that listens
	giveUp context.CancelFunc       // ends that connection
}

// NewListener makes a listener that calls changed for every notification, and reconnected after each (re)connection: what happened
// while nobody listened is lost, so whoever waits has to look again.
func NewListener(changed func(Changed), reconnected func()) *Listener {
	return &Listener{changed: changed, reconnected: reconnected, echoes: map[string]chan struct{}{}, up: make(chan struct{})}
}

// Run listens to the database at url until ctx ends.
func (l *Listener) Run(ctx context.Context, url string) {
	for ctx.Err() == nil {
		if err := l.listen(ctx, url); err != nil && ctx.Err() == nil {
			slog.WarnContext(ctx, "listening to the database was interrupted", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(time.Second):
			}
		}
	}
}

func (l *Listener) listen(ctx context.Context, url string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return fmt.Errorf("connecting to listen: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if _, err := conn.Exec(ctx, "listen epkr; listen epkr_echo"); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	l.connected(cancel)
	defer l.disconnected()
	l.reconnected()
	for {
		n, err := conn.WaitForNotification(ctx)
		if err != nil {
			return fmt.Errorf("waiting for a notification: %w", err)
		}
		l.take(ctx, n.Channel, n.Payload)
	}
}

func (l *Listener) connected(giveUp context.CancelFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.giveUp = giveUp
	close(l.up)
}

func (l *Listener) disconnected() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.up = make(chan struct{})
}

func (l *Listener) take(ctx context.Context, channel, payload string) {
	if channel == "epkr_echo" {
		l.mu.Lock()
		defer l.mu.Unlock()
		if heard := l.echoes[payload]; heard != nil { // otherwise another process asks
			close(heard)
			delete(l.echoes, payload) // it may come again
		}
		return
	}
	var c Changed
	if err := json.Unmarshal([]byte(payload), &c); err != nil {
		slog.WarnContext(ctx, "an unreadable notification", "error", err)
		return
	}
	l.changed(c)
}

var (
	errNotListening = errors.New("no connection listens to the database")
	errNotHeard     = errors.New("no notification has come back in time; if that stays so, EPKR_LISTEN_DATABASE_URL does not lead past a pooler")
)

// echoTime is how long a notification may take to come back.
const echoTime = 2 * time.Second

// Heard asks whether a notification that store sends comes back to the listener. A connection to which none comes in [echoTime] is dead, however
// alive it looks: it is given up and made anew.
func (l *Listener) Heard(ctx context.Context, store *Store) error {
	l.mu.Lock()
	up := l.up
	l.mu.Unlock()
	select {
	case <-up:
	case <-ctx.Done():
		return errNotListening
	}
	token, heard := uuid.NewString(), make(chan struct{})
	l.mu.Lock()
	l.echoes[token] = heard
	giveUp := l.giveUp
	l.mu.Unlock()
	defer l.forget(token)
	if err := store.Echo(ctx, token); err != nil {
		return fmt.Errorf("notifying: %w", err)
	}
	select {
	case <-heard:
		return nil
	case <-time.After(echoTime):
		giveUp()
		return errNotHeard
	case <-ctx.Done(): // nobody waits any more: that says nothing of the connection
		return errNotHeard
	}
}

func (l *Listener) forget(token string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.echoes, token)
}
