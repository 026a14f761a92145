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
	// eventBuffer is how many events a slow client may fall behind before its stream is
	// resynchronised.
	eventBuffer = 64
	// queryTimeout limits one database query of a stream.
	queryTimeout = 5 * time.Second
)

// event is one event to be sent to a stream. Events contain ids only: the reader requests the
// content with his own rights.
type event struct {
	name string
	// id is the SSE id, which a reconnecting client sends as Last-Event-ID; 0 means none.
	id   int64
	data any
}

// OrderChanged reports that an event of an order was recorded.
type OrderChanged struct {
	Order uuid.UUID `json:"order" format:"uuid" doc:"Заказ"`
	Seq   int32     `json:"seq" doc:"Место в истории заказа"`
	ID    int64     `json:"id" doc:"Номер события"`
}

// MessageDecided reports the verdict on the caller's own message.
type MessageDecided struct {
	Order   uuid.UUID `json:"order" format:"uuid" doc:"Заказ"`
	Message uuid.UUID `json:"message" format:"uuid" doc:"Сообщение"`
	Verdict string    `json:"verdict" doc:"applied или refused"`
}

// OpenOrderChanged reports that an order was opened to engineers, was closed to them, or has other
// conditions.
type OpenOrderChanged struct {
	Order  uuid.UUID `json:"order" format:"uuid" doc:"Заказ"`
	Number string    `json:"number" doc:"Номер заказа"`
	Stage  string    `json:"stage" doc:"Код этапа: selection, пока на заказ можно откликнуться"`
	// Region and WorkKind let a search page skip the orders that its filters exclude.
	Region   string `json:"region" doc:"Код субъекта Российской Федерации"`
	WorkKind string `json:"workKind" doc:"Вид кадастровых работ"`
}

// Notified reports a new notification.
type Notified struct {
	ID    int64      `json:"id" doc:"Номер уведомления"`
	Order *uuid.UUID `json:"order,omitempty" format:"uuid" doc:"Заказ, если оно о заказе"`
}

// ChatChanged reports that a message of a chat is new or changed, or that somebody has read up to it.
type ChatChanged struct {
	Order    uuid.UUID `json:"order" format:"uuid" doc:"Заказ"`
	Engineer uuid.UUID `json:"engineer" format:"uuid" doc:"Кадастровый инженер, с которым идёт переписка"`
	Seq      int       `json:"seq" doc:"Номер сообщения"`
	Change   string    `json:"change" doc:"new, corrected, withdrawn или read"`
}

// stream is one open connection of a person who follows his orders.
type stream struct {
	id uuid.UUID
	by httpapi.Session
	// replaced receives a value when a newer stream has replaced this one.
	replaced chan struct{}
	// events is read by the writer of the connection. resync receives a value when an event did not
	// fit.
	events chan event
	resync chan struct{}
}

// Register adds the operation of the event stream and starts its background tasks.
func (a *Service) Register() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "follow-events", Method: http.MethodGet, Path: "/api/events", Tags: []string{"События"},
		Summary:     "Поток событий ваших заказов",
		Description: "text/event-stream: order {order, seq, id}, open-order {order, number, stage, region, workKind}, message {order, message, verdict}, notification {id, order?}, chat {order, engineer, seq, change}, ready, beat, resync, end.",
		Errors:      []int{http.StatusTooManyRequests},
		Responses: map[string]*huma.Response{"200": {
			Description: "Поток событий", Content: map[string]*huma.MediaType{"text/event-stream": {Schema: &huma.Schema{Type: huma.TypeString}}},
		}},
	}, httpapi.Consented(), a.followEvents, httpapi.Costs(limits.Stream))
	a.HTTP.InBackground(a.deliver)
	a.HTTP.InBackground(a.listen)
}

// followEvents answers with a stream that continues after the handler has returned.
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
		id: uuid.New(), by: httpapi.SessionFrom(ctx), events: make(chan event, eventBuffer), resync: make(chan struct{}, 1), replaced: make(chan struct{}, 1),
	}
	a.hub.addStream(st)
	if err := a.registerStream(ctx, st); err != nil {
		a.hub.removeStream(st)
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

func (h *hub) addStream(st *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.streams[st] = struct{}{}
}

func (h *hub) removeStream(st *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, st)
}

// openStreams returns the streams that are open now.
func (h *hub) openStreams() []*stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	open := make([]*stream, 0, len(h.streams))
	for st := range h.streams {
		open = append(open, st)
	}
	return open
}

func (h *hub) resyncStreams() {
	for _, st := range h.openStreams() {
		notify(st.resync)
	}
}

// enqueue never blocks: if the client is slow and the buffer is full, it requests a resync.
func (st *stream) enqueue(n event) {
	select {
	case st.events <- n:
	default:
		notify(st.resync)
	}
}

// deliver broadcasts each change to the streams that may see it, until ctx ends.
func (a *Service) deliver(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case c := <-a.hub.changes:
			streams := a.hub.openStreams()
			if len(streams) == 0 {
				continue
			}
			if err := a.broadcast(ctx, c, streams); err != nil && ctx.Err() == nil {
				a.Log.WarnContext(ctx, "an event could not be delivered", "order", c.Order, "error", err)
				a.hub.resyncStreams()
			}
		}
	}
}

func (a *Service) broadcast(ctx context.Context, c db.OrderChange, streams []*stream) error {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	loaded, err := a.loadChange(ctx, c)
	if err != nil {
		return err
	}
	for _, st := range streams {
		for _, n := range loaded.eventsFor(st.by) {
			st.enqueue(n)
		}
	}
	return nil
}

// change describes a recorded change and who may see it, as read from the database.
type change struct {
	order    uuid.UUID
	audience *sqlcgen.AudienceRow
	event    sqlcgen.EventAtRow
	seq      int32
	verdict  *sqlcgen.VerdictRow
	notices  []sqlcgen.NoticeRow
	// chat is a change of a chat, chatReaders who may hear of it.
	chat        *ChatChanged
	chatReaders func(httpapi.Session) bool
}

func (a *Service) loadChange(ctx context.Context, c db.OrderChange) (*change, error) {
	n := &change{seq: int32(c.Seq)}
	var err error
	if c.Notice > 0 {
		n.notices, err = a.announced(ctx, c.Notice)
		return n, err
	}
	if n.order, err = uuid.Parse(c.Order); err != nil {
		return nil, fmt.Errorf("reading a notification: %w", err)
	}
	if c.Chat != "" {
		return n, a.loadChatChange(ctx, n, c)
	}
	if c.Found {
		n.notices, err = a.foundNotices(ctx, n.order)
		return n, err
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
	last, err := a.Store.LastNotices(ctx, &n.order)
	if err != nil {
		return nil, fmt.Errorf("finding whom an event notified: %w", err)
	}
	for _, one := range last {
		n.notices = append(n.notices, sqlcgen.NoticeRow{Role: one.Role, PartyID: one.PartyID, OrderID: &n.order, ID: one.ID})
	}
	n.event, err = a.Store.EventAt(ctx, sqlcgen.EventAtParams{OrderID: n.order, Seq: n.seq})
	if errors.Is(err, db.ErrNotFound) { // a refusal is no event
		return n, nil
	}
	return n, err
}

// loadChatChange adds a change of a chat and who may read it.
func (a *Service) loadChatChange(ctx context.Context, n *change, c db.OrderChange) error {
	engineer, err := uuid.Parse(c.Chat)
	if err != nil {
		return fmt.Errorf("reading a notification: %w", err)
	}
	n.chat = &ChatChanged{Order: n.order, Engineer: engineer, Seq: c.Seq, Change: c.What}
	if c.Person != "" {
		n.chatReaders = func(by httpapi.Session) bool { return by.Person.String() == c.Person }
		return nil
	}
	n.chatReaders, err = a.ChatReaders(ctx, n.order, engineer)
	return err
}

// announced returns a notification that no message of an order recorded.
func (a *Service) announced(ctx context.Context, id int64) ([]sqlcgen.NoticeRow, error) {
	notice, err := a.Store.Notice(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading a notification: %w", err)
	}
	return []sqlcgen.NoticeRow{notice}, nil
}

// foundNotices returns the notices by which saved searches told the engineers who follow their
// events here of an order.
func (a *Service) foundNotices(ctx context.Context, found uuid.UUID) ([]sqlcgen.NoticeRow, error) {
	var engineers []uuid.UUID
	for _, st := range a.hub.openStreams() {
		if st.by.Role == order.RoleEngineer {
			engineers = append(engineers, st.by.Party)
		}
	}
	rows, err := a.Store.FoundNotices(ctx, sqlcgen.FoundNoticesParams{OrderID: &found, Parties: engineers})
	if err != nil {
		return nil, fmt.Errorf("finding whom saved searches notified: %w", err)
	}
	notices := make([]sqlcgen.NoticeRow, len(rows))
	for i, r := range rows {
		notices[i] = sqlcgen.NoticeRow{Role: r.Role, PartyID: r.PartyID, OrderID: &found, ID: r.ID}
	}
	return notices, nil
}

// eventsFor returns the events that the session may see.
func (c *change) eventsFor(by httpapi.Session) []event {
	if c.chat != nil {
		if c.chatReaders(by) {
			return []event{{name: "chat", data: *c.chat}}
		}
		return nil
	}
	var events []event
	if v := c.verdict; v != nil && v.ActorPerson != nil && *v.ActorPerson == by.Person && v.ActorRole == string(by.Role) {
		events = append(events, event{name: "message", data: MessageDecided{Order: c.order, Message: v.ID, Verdict: v.Verdict}})
	}
	events = append(events, c.orderEventsFor(by)...)
	for _, last := range c.notices {
		if last.Role == string(by.Role) && (last.PartyID == nil || *last.PartyID == by.Party) {
			events = append(events, event{name: "notification", data: Notified{ID: last.ID, Order: last.OrderID}})
		}
	}
	return events
}

// orderEventsFor returns the events of the order itself.
func (c *change) orderEventsFor(by httpapi.Session) []event {
	if c.audience == nil {
		return nil
	}
	var events []event
	if by.Role == order.RoleEngineer && c.changesOpenOrders() {
		events = append(events, event{name: "open-order", data: OpenOrderChanged{
			Order: c.order, Number: c.audience.Number, Stage: c.event.StageAfter, Region: c.audience.Region, WorkKind: c.audience.WorkKind,
		}})
	}
	if c.event.ID > 0 && isInAudience(c.audience, by) {
		events = append(events, event{name: "order", id: c.event.ID, data: OrderChanged{Order: c.order, Seq: c.seq, ID: c.event.ID}})
	}
	return events
}

// changesOpenOrders reports whether the event concerns engineers who search for orders. Responses
// do not.
func (c *change) changesOpenOrders() bool {
	before, after := c.event.StageBefore == string(order.Selection), c.event.StageAfter == string(order.Selection)
	return before != after || (after && c.event.Kind == string(order.Amend))
}

// isInAudience reports whether the session follows the order. It must agree with the SQL function
// orders_of.
func isInAudience(a *sqlcgen.AudienceRow, by httpapi.Session) bool {
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
