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

	"epkr/db/sqlcgen"
)

// OrderChange is the payload of a notification. It carries ids only. Seq is 0 when no message was
// applied.
type OrderChange struct {
	Order   string `json:"o"`
	Message string `json:"m,omitempty"`
	Seq     int    `json:"s,omitempty"`
	// Found reports that saved searches found the order and notified engineers.
	Found bool `json:"f,omitempty"`
	// Notice, without an order, is a notification that no message of an order recorded; the database
	// announces it, see the trigger notifications_announced.
	Notice int64 `json:"n,omitempty"`
	// Chat is the engineer of a chat of the order, whose message Seq was changed; What says how.
	Chat string `json:"c,omitempty"`
	What string `json:"w,omitempty"`
	// Person, without an order, is a person whose sessions have ended; with a chat, the only one to
	// be told.
	Person string `json:"p,omitempty"`
}

// Notify sends the change to all listeners when the transaction of q commits.
func (c OrderChange) Notify(ctx context.Context, q *sqlcgen.Queries) error {
	payload, err := json.Marshal(c)
	if err != nil { // texts and numbers always encode
		panic(err)
	}
	if err := q.Notify(ctx, string(payload)); err != nil {
		return fmt.Errorf("notifying the listeners: %w", err)
	}
	return nil
}

// Listener receives the database's notifications. It needs a connection of its own directly to
// Postgres: a transaction pooler accepts LISTEN without an error but forwards no notifications.
type Listener struct {
	changed     func(OrderChange)
	reconnected func()

	mu         sync.Mutex
	echoes     map[string]chan struct{} // pending echo checks, by token
	up         chan struct{}            // closed while a connection listens
	disconnect context.CancelFunc       // closes that connection
}

// NewListener returns a listener that calls changed for every notification, and reconnected after
// each (re)connection. Notifications sent while the listener was disconnected are lost, so
// reconnected must make waiting callers check again.
func NewListener(changed func(OrderChange), reconnected func()) *Listener {
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
		l.dispatch(ctx, n.Channel, n.Payload)
	}
}

// Connected reports whether notifications arrive at present.
func (l *Listener) Connected() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-l.up:
		return true
	default:
		return false
	}
}

func (l *Listener) connected(giveUp context.CancelFunc) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.disconnect = giveUp
	close(l.up)
}

func (l *Listener) disconnected() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.up = make(chan struct{})
}

func (l *Listener) dispatch(ctx context.Context, channel, payload string) {
	if channel == "epkr_echo" {
		l.mu.Lock()
		defer l.mu.Unlock()
		if echoed := l.echoes[payload]; echoed != nil { // otherwise another process sent it
			close(echoed)
			delete(l.echoes, payload) // a second delivery must not close it again
		}
		return
	}
	var c OrderChange
	if err := json.Unmarshal([]byte(payload), &c); err != nil {
		slog.WarnContext(ctx, "an unreadable notification", "error", err)
		return
	}
	l.changed(c)
}

var (
	errNotListening = errors.New("no connection listens to the database")
	errNoEcho       = errors.New("no notification has come back in time; if that stays so, EPKR_LISTEN_DATABASE_URL does not lead past a pooler")
)

// echoTimeout is how long a notification may take to come back.
const echoTimeout = 2 * time.Second

// CheckEcho sends a notification through store and waits until the listener receives it. A
// connection that does not receive it within [echoTimeout] is dead, even if it seems open: it is
// replaced.
func (l *Listener) CheckEcho(ctx context.Context, store *Store) error {
	l.mu.Lock()
	up := l.up
	l.mu.Unlock()
	select {
	case <-up:
	case <-ctx.Done():
		return errNotListening
	}
	token, echoed := uuid.NewString(), make(chan struct{})
	l.mu.Lock()
	l.echoes[token] = echoed
	giveUp := l.disconnect
	l.mu.Unlock()
	defer l.forget(token)
	if err := store.Echo(ctx, token); err != nil {
		return fmt.Errorf("notifying: %w", err)
	}
	select {
	case <-echoed:
		return nil
	case <-time.After(echoTimeout):
		giveUp()
		return errNoEcho
	case <-ctx.Done(): // the caller gave up: this proves nothing about the connection
		return errNoEcho
	}
}

func (l *Listener) forget(token string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.echoes, token)
}
