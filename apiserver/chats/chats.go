// Package chats lets the customer of an order and its engineers write to each other.
//
// A chat is the correspondence of an order's customer with one engineer. Its messages are rows and
// files, no messages of the order: they move nothing.
package chats

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/internal/order"
)

const (
	tag = "Чат"
	// correctionTerm is how long an author may correct or withdraw his message.
	correctionTerm = 15 * time.Minute
	// writingTerm is how long an order's chat stays open for writing after the order has ended.
	writingTerm = 30 * 24 * time.Hour
)

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP   *httpapi.Server
	Store  *db.Store
	Now    func() time.Time
	Orders *orders.Service
}

// Service lets the parties of orders write to each other.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Path are the path parameters that identify a chat.
type Path struct {
	orders.OrderPath
	Engineer uuid.UUID `path:"engineer" format:"uuid" doc:"Кадастровый инженер, с которым идёт переписка"`
}

// MessagePath are the path parameters that identify a message.
type MessagePath struct {
	Path
	Seq int32 `path:"seq" minimum:"1" maximum:"2147483647" doc:"Номер сообщения в переписке"`
}

// Chat is a correspondence in a list.
type Chat struct {
	Order        uuid.UUID    `json:"order" format:"uuid" doc:"Заказ"`
	OrderName    string       `json:"orderName" doc:"Название заказа"`
	Stage        orders.Stage `json:"stage"`
	Engineer     uuid.UUID    `json:"engineer" format:"uuid" doc:"Кадастровый инженер"`
	EngineerName string       `json:"engineerName" doc:"Имя кадастрового инженера"`
	Counterpart  string       `json:"counterpart" doc:"С кем переписка"`
	LastMessage  *ChatMessage `json:"lastMessage,omitempty" doc:"Последнее сообщение; модератору не показывается, пока он не открыл переписку"`
	Unread       int32        `json:"unread" doc:"Сколько сообщений других человек ещё не читал"`
	Writing
}

// Writing says whether the viewer may write to a chat.
type Writing struct {
	Writable     bool       `json:"writable" doc:"Человек может писать"`
	ClosedReason string     `json:"closedReason,omitempty" doc:"Почему писать нельзя, для показа"`
	ClosesAt     *time.Time `json:"closesAt,omitempty" doc:"До какого времени можно писать; есть, когда заказ окончен"`
}

// ChatMessage is a message of a chat, or a line of the platform in it.
type ChatMessage struct {
	Seq    int32      `json:"seq" doc:"Номер в переписке, без пропусков"`
	ID     uuid.UUID  `json:"id" format:"uuid" doc:"Идентификатор"`
	Side   string     `json:"side" enum:"customer,engineer,platform" doc:"Чья сторона написала"`
	Author ChatAuthor `json:"author"`
	Text   string     `json:"text" doc:"Текст; пуст у отозванного и у сообщения из одних файлов"`
	Files  []ChatFile `json:"files" nullable:"false"`
	SentAt time.Time  `json:"sentAt" doc:"Когда отправлено"`
	// A withdrawn message keeps its place without its text and files.
	CorrectedAt *time.Time `json:"correctedAt,omitempty" doc:"Когда исправлено в последний раз"`
	WithdrawnAt *time.Time `json:"withdrawnAt,omitempty" doc:"Когда отозвано"`
	// EarlierTexts counts what getting the texts would show; others than the author and a moderator
	// get none.
	EarlierTexts     int32      `json:"earlierTexts" doc:"Сколько прежних текстов может посмотреть человек"`
	CorrectableUntil *time.Time `json:"correctableUntil,omitempty" doc:"До какого времени человек может исправить или отозвать сообщение"`
}

// ChatAuthor is who wrote a message.
type ChatAuthor struct {
	Name string `json:"name" doc:"Имя; до выбора исполнителя инженер видит «Заказчик»"`
	Mine bool   `json:"mine" doc:"Это сам человек"`
}

// ChatFile is a file of a message. Its content is at /api/orders/{order}/chats/{engineer}/files/{id}/content.
type ChatFile struct {
	ID   uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Name string    `json:"name" doc:"Имя"`
	Size int64     `json:"size" doc:"Размер в байтах"`
	Type string    `json:"type" doc:"Тип содержимого, как его определила платформа"`
}

// readers are the roles that have marks of what they have read. Moderators have none.
var readers = httpapi.Consented(order.RoleCustomer, order.RoleEngineer, order.RoleEmployer)

const (
	all      = "/api/chats"
	ofOrder  = "/api/orders/{order}/chats"
	messages = ofOrder + "/{engineer}/messages"
)

// Register adds the operations on chats.
func (a *Service) Register() {
	op := func(id, method, path, summary string, errs ...int) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: []string{tag}, Summary: summary, Errors: errs}
	}
	httpapi.Register(a.HTTP, op("list-chats", http.MethodGet, all, "Все переписки, сначала с новыми сообщениями"), httpapi.Consented(), a.list)
	httpapi.Register(a.HTTP, op("count-unread-messages", http.MethodGet, all+"/unread", "Сколько сообщений человек не читал"), httpapi.Consented(), a.countUnread)
	httpapi.Register(a.HTTP, op("list-chats-of-order", http.MethodGet, ofOrder, "Переписки заказа", http.StatusNotFound), httpapi.Consented(), a.listOfOrder)
	httpapi.Register(a.HTTP, op("list-chat-messages", http.MethodGet, messages, "Сообщения переписки, по порядку", http.StatusNotFound), httpapi.Consented(), a.page)
	send := op("send-chat-message", http.MethodPost, messages, "Написать", http.StatusNotFound, http.StatusConflict)
	send.DefaultStatus = http.StatusCreated
	httpapi.Register(a.HTTP, send, httpapi.BothSides, a.send)
	httpapi.Register(a.HTTP, op("correct-chat-message", http.MethodPut, messages+"/{seq}", "Исправить своё сообщение, 15 минут", http.StatusNotFound, http.StatusConflict),
		httpapi.BothSides, a.correct)
	withdraw := op("withdraw-chat-message", http.MethodDelete, messages+"/{seq}", "Отозвать своё сообщение, 15 минут", http.StatusNotFound, http.StatusConflict)
	withdraw.DefaultStatus = http.StatusNoContent
	httpapi.Register(a.HTTP, withdraw, httpapi.BothSides, a.withdraw)
	httpapi.Register(a.HTTP, op("list-chat-message-texts", http.MethodGet, messages+"/{seq}/texts", "Прежние тексты сообщения: автору, а при споре модератору", http.StatusNotFound),
		httpapi.Consented(), a.earlierTexts)
	httpapi.Register(a.HTTP, op("mark-chat-read", http.MethodPut, ofOrder+"/{engineer}/read", "Отметить сообщения до этого прочитанными", http.StatusNotFound),
		readers, a.markRead)
}

// Readers returns who may read a chat, for the event streams; nobody if there is none.
func (a *Service) Readers(ctx context.Context, orderID, engineer uuid.UUID) (func(httpapi.Session) bool, error) {
	c, found, err := a.find(ctx, a.Store.Queries, Path{OrderPath: orders.OrderPath{Order: orderID}, Engineer: engineer})
	if err != nil || !found {
		return func(httpapi.Session) bool { return false }, err
	}
	return func(by httpapi.Session) bool { return mayRead(&c, by) }, nil
}
