package events

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

const (
	// notesAhead is how many events a slow client may fall behind before it has to look for itself.
	notesAhead = 64
	// queryTimeout bounds one look into the database for a stream.
	queryTimeout = 5 * time.Second
)

// note is one event on its way to a stream. Notes carry ids only; what they are about their reader asks for, with his rights.
type note struct {
	event string
	// id is the SSE id, which a client that comes back gives as Last-Event-ID; 0 for none.
	id   int64
	data any
}

// OrderChanged says that something was recorded of an order.
type OrderChanged struct {
	Order uuid.UUID `json:"order" format:"uuid" doc:"Заказ"`
	Seq   int32     `json:"seq" doc:"Место в истории заказа"`
	ID    int64     `json:"id" doc:"Номер события"`
}

// MessageJudged says that the caller's own message has its verdict.
type MessageJudged struct {
	Order   uuid.UUID `json:"order" format:"uuid" doc:"Заказ"`
	Message uuid.UUID `json:"message" format:"uuid" doc:"Сообщение"`
	Verdict string    `json:"verdict" doc:"applied или refused"`
}

// OpenChanged says that an order has been opened to engineers or is not open any more, or has other conditions.
type OpenChanged struct {
	Order  uuid.UUID `json:"order" format:"uuid" doc:"Заказ"`
	Number string    `json:"number" doc:"Номер заказа"`
	Stage  string    `json:"stage" doc:"Код этапа: selection, пока на заказ можно откликнуться"`
}

// Notified says that there is a new notification.
type Notified struct {
	ID    int64     `json:"id" doc:"Номер уведомления"`
	Order uuid.UUID `json:"order" format:"uuid" doc:"Заказ"`
}

// stream is one open connection of somebody who follows his orders.
type stream struct {
	id uuid.UUID
	by httpapi.Session
	// replaced rings when a newer stream has taken its place.
	replaced chan struct{}
	// notes is for the writer of the connection; resync rings when some did not fit.
	notes  chan note
	resync chan struct{}
}

// Register adds the stream of events, and what feeds it.
func (a *Service) Register() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "follow-events", Method: http.MethodGet, Path: "/api/events", Tags: []string{"События"},
		Summary:     "Поток событий ваших заказов",
		Description: "text/event-stream: order {order, seq, id}, open-order {order, number, stage}, message {order, message, verdict}, notification {id, order}, ready, beat, resync, end.",
		Errors:      []int{http.StatusTooManyRequests},
		Responses: map[string]*huma.Response{"200": {
			Description: "Поток событий", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}, httpapi.Consented(), a.followEvents, httpapi.Costs(limits.Stream))
	a.HTTP.InBackground(a.deliver)
	a.HTTP.InBackground(a.listen)
}

// followEvents answers with a stream that outlives the handler.
func (a *Service) followEvents(ctx context.Context, in *struct {
	For         string `query:"for" maxLength:"150" doc:"Для кого открыт поток: человек.роль.учётная запись, как заголовок Epkr-Acting-For других запросов"`
	LastEventID string `header:"Last-Event-ID" maxLength:"20" pattern:"^[0-9]+$" doc:"Номер последнего полученного события"`
},
) (*huma.StreamResponse, error) {
	if a.HTTP.IsClosing() {
		return nil, problems.New(problems.Closing)
	}
	last := int64(-1)
	if in.LastEventID != "" {
		parsed, err := strconv.ParseInt(in.LastEventID, 10, 64)
		if err != nil {
			return nil, problems.Invalid(problems.FieldProblem{Field: "Last-Event-ID", Message: "Ожидается номер события."})
		}
		last = parsed
	}
	st := &stream{
		id: uuid.New(), by: httpapi.SessionFrom(ctx), notes: make(chan note, notesAhead), resync: make(chan struct{}, 1), replaced: make(chan struct{}, 1),
	}
	a.hub.follow(st)
	if err := a.claimStream(ctx, st); err != nil {
		a.hub.unfollow(st)
		return nil, err
	}
	httpapi.RequestFrom(ctx).Streamed = true
	w := &streamWriter{a: a, stream: st, last: last, restricted: st.by.Restricted}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		ctx.SetHeader("Content-Type", "text/event-stream; charset=utf-8")
		ctx.SetHeader("Cache-Control", "no-store")
		ctx.SetHeader("X-Accel-Buffering", "no")
		humafiber.UnwrapV2(ctx).Context().SetBodyStreamWriter(w.write)
	}}, nil
}

func (h *hub) follow(st *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams[st] = struct{}{}
}

func (h *hub) unfollow(st *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, st)
}

// followers are the streams open now.
func (h *hub) followers() []*stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	open := make([]*stream, 0, len(h.streams))
	for st := range h.streams {
		open = append(open, st)
	}
	return open
}

func (h *hub) resyncStreams() {
	for _, st := range h.followers() {
		ring(st.resync)
	}
}

// tell never waits for a slow client: he looks for himself later.
func (st *stream) tell(n note) {
	select {
	case st.notes <- n:
	default:
		ring(st.resync)
	}
}

// deliver finds out for each change, once, whom it concerns, and tells them, until ctx ends.
func (a *Service) deliver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-a.hub.changes:
			streams := a.hub.followers()
			if len(streams) == 0 {
				continue
			}
			if err := a.tellConcerned(ctx, c, streams); err != nil && ctx.Err() == nil {
				a.Log.WarnContext(ctx, "an event could not be delivered", "order", c.Order, "error", err)
				a.hub.resyncStreams()
			}
		}
	}
}

func (a *Service) tellConcerned(ctx context.Context, c db.Changed, streams []*stream) error {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	news, err := a.newsOf(ctx, c)
	if err != nil {
		return err
	}
	for _, st := range streams {
		for _, n := range news.notesFor(st.by) {
			st.tell(n)
		}
	}
	return nil
}

// news is what a change means, and whom it concerns, as the database knows it now.
type news struct {
	order    uuid.UUID
	audience *sqlcgen.AudienceRow
	event    sqlcgen.EventAtRow
	seq      int32
	verdict  *sqlcgen.VerdictRow
	notices  []sqlcgen.LastNoticesRow
}

func (a *Service) newsOf(ctx context.Context, c db.Changed) (*news, error) {
	n := &news{seq: int32(c.Seq)}
	var err error
	if n.order, err = uuid.Parse(c.Order); err != nil {
		return nil, fmt.Errorf("reading a notification: %w", err)
	}
	if id, err := uuid.Parse(c.Message); err == nil && c.Seq > 0 {
		v, found, err := FindVerdict(ctx, a.Store.Queries, id)
		if err != nil {
			return nil, err
		}
		if found {
			n.verdict = &v
		}
	}
	audience, err := a.Store.Audience(ctx, n.order)
	switch {
	case errors.Is(err, db.ErrNotFound): // a deleted draft
		return n, nil
	case err != nil:
		return nil, fmt.Errorf("finding whom an event concerns: %w", err)
	}
	n.audience = &audience
	if n.notices, err = a.Store.LastNotices(ctx, &n.order); err != nil {
		return nil, fmt.Errorf("finding whom an event notified: %w", err)
	}
	n.event, err = a.Store.EventAt(ctx, sqlcgen.EventAtParams{OrderID: n.order, Seq: n.seq})
	if errors.Is(err, db.ErrNotFound) { // a refusal is no event
		return n, nil
	}
	return n, err
}

// notesFor are those that the session has a right to.
func (n *news) notesFor(by httpapi.Session) []note {
	var notes []note
	if v := n.verdict; v != nil && v.ActorPerson != nil && *v.ActorPerson == by.Person && v.ActorRole == string(by.Role) {
		notes = append(notes, note{event: "message", data: MessageJudged{Order: n.order, Message: v.ID, Verdict: v.Verdict}})
	}
	if n.audience == nil {
		return notes
	}
	if by.Role == order.RoleEngineer && n.opensOrCloses() {
		notes = append(notes, note{event: "open-order", data: OpenChanged{Order: n.order, Number: n.audience.Number, Stage: n.event.StageAfter}})
	}
	if n.event.ID > 0 && includes(n.audience, by) {
		notes = append(notes, note{event: "order", id: n.event.ID, data: OrderChanged{Order: n.order, Seq: n.seq, ID: n.event.ID}})
	}
	for _, last := range n.notices {
		if last.Role == string(by.Role) && (last.PartyID == nil || *last.PartyID == by.Party) {
			notes = append(notes, note{event: "notification", data: Notified{ID: last.ID, Order: n.order}})
		}
	}
	return notes
}

// opensOrCloses reports whether the event is news to engineers who look for orders: responses are not.
func (n *news) opensOrCloses() bool {
	before, after := n.event.StageBefore == string(order.Selection), n.event.StageAfter == string(order.Selection)
	return before != after || (after && n.event.Kind == string(order.Amend))
}

// includes says whether a session belongs to those who follow an order; it says the same as the function orders_of.
func includes(a *sqlcgen.AudienceRow, by httpapi.Session) bool {
	switch by.Role {
	case order.RoleCustomer:
		return a.CustomerID == by.Party
	case order.RoleEngineer:
		return (a.EngineerID != nil && *a.EngineerID == by.Party) || slices.Contains(a.Candidates, by.Party)
	case order.RoleEmployer:
		return (a.EmployerID != nil && *a.EmployerID == by.Party) || slices.Contains(a.Employers, by.Party)
	case order.RoleModerator:
		return a.Stage != string(order.Draft)
	}
	return false
}
