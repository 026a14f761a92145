package chats

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

type chatsOutput struct {
	Body struct {
		Items []Chat `json:"items" nullable:"false"`
		Next  string `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
	}
}

type chatsOfOrderOutput struct {
	Body struct {
		Items []Chat `json:"items" nullable:"false" doc:"Сначала с исполнителем"`
	}
}

type unreadMessagesOutput struct {
	Body struct {
		Messages int64 `json:"messages" doc:"Сколько сообщений других человек не читал"`
		Chats    int64 `json:"chats" doc:"В скольких переписках"`
	}
}

// list returns a page of the caller's chats, those with the newest messages first.
func (a *Service) list(ctx context.Context, in *httpapi.Page) (*chatsOutput, error) {
	from, err := in.Start("chats")
	if err != nil {
		return nil, err
	}
	by, now := httpapi.SessionFrom(ctx), a.Now().UTC()
	before := sqlcgen.ChatsParams{
		Role: string(by.Role), Party: wire.Optional(by.Party), Person: by.Person, EndedSince: now.Add(-writingTerm), Page: in.Limit + 1,
		Before: now.AddDate(1, 0, 0),
	}
	if from.Key1 != math.MinInt64 {
		before.Before, before.BeforeOrder = time.UnixMicro(from.Key1).UTC(), from.ID
		if before.BeforeEngineer, err = uuid.Parse(from.Text); err != nil {
			return nil, httpapi.ForeignCursor()
		}
	}
	rows, err := a.Store.Chats(ctx, before)
	if err != nil {
		return nil, fmt.Errorf("listing chats: %w", err)
	}
	out := &chatsOutput{}
	if len(rows) > int(in.Limit) {
		rows = rows[:in.Limit]
		last := rows[len(rows)-1].ShownChat
		out.Body.Next = httpapi.Cursor{Sort: from.Sort, Key1: last.TouchedAt.UnixMicro(), ID: last.OrderID, Text: last.EngineerID.String()}.Encode()
	}
	shown := make([]shownRow, len(rows))
	for i, r := range rows {
		shown[i] = shownRow{a.threadOf(r.ShownChat, by), r.Unread}
	}
	out.Body.Items, err = a.chatsOf(ctx, by, shown)
	return out, err
}

// listOfOrder returns the chats of an order that the caller may read.
func (a *Service) listOfOrder(ctx context.Context, in *orders.OrderPath) (*chatsOfOrderOutput, error) {
	if _, _, err := orders.RequireVisible(ctx, a.Store.Queries, in.Order); err != nil {
		return nil, err
	}
	by := httpapi.SessionFrom(ctx)
	rows, err := a.Store.ChatsOfOrder(ctx, sqlcgen.ChatsOfOrderParams{OrderID: in.Order, Role: string(by.Role), Person: by.Person})
	if err != nil {
		return nil, fmt.Errorf("listing the chats of an order: %w", err)
	}
	shown := []shownRow{}
	for _, r := range rows {
		if t := a.threadOf(r.ShownChat, by); mayRead(&r.ShownChat, by) && (t.Seq > 0 || t.closedReason() != longEnded) {
			shown = append(shown, shownRow{t, r.Unread})
		}
	}
	out := &chatsOfOrderOutput{}
	out.Body.Items, err = a.chatsOf(ctx, by, shown)
	return out, err
}

// shownRow is a chat of a list with the number of its unread messages.
type shownRow struct {
	*Thread
	unread int32
}

// chatsOf adds their last messages to chats.
func (a *Service) chatsOf(ctx context.Context, by httpapi.Session, rows []shownRow) ([]Chat, error) {
	last, err := a.lastMessages(ctx, by, rows)
	if err != nil {
		return nil, err
	}
	found := make([]Chat, len(rows))
	for i, r := range rows {
		found[i] = Chat{
			Order: r.OrderID, OrderName: "Заказ " + r.Number, Stage: orders.StageOf(r.ShownStage, r.Cause),
			Engineer: r.EngineerID, EngineerName: r.EngineerName, Counterpart: r.counterpart(), Unread: r.unread, Writing: r.writing(),
			LastMessage: last[chatKey{r.OrderID, r.EngineerID}],
		}
	}
	return found, nil
}

type chatKey struct{ order, engineer uuid.UUID }

// lastMessages returns the last messages of chats. A moderator gets none: he reads a chat by opening
// it, which the chat tells its parties.
func (a *Service) lastMessages(ctx context.Context, by httpapi.Session, rows []shownRow) (map[chatKey]*ChatMessage, error) {
	threads, about := map[chatKey]*Thread{}, sqlcgen.LastChatMessagesParams{Orders: []uuid.UUID{}, Engineers: []uuid.UUID{}}
	for _, r := range rows {
		if r.Seq > 0 {
			threads[chatKey{r.OrderID, r.EngineerID}] = r.Thread
			about.Orders, about.Engineers = append(about.Orders, r.OrderID), append(about.Engineers, r.EngineerID)
		}
	}
	if by.Role == order.RoleModerator || len(threads) == 0 {
		return nil, nil
	}
	found, err := a.Store.LastChatMessages(ctx, about)
	if err != nil {
		return nil, fmt.Errorf("reading the last messages of chats: %w", err)
	}
	ids := make([]uuid.UUID, len(found))
	for i, r := range found {
		ids[i] = r.ChatMessage.ID
	}
	files, err := a.filesOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	last := map[chatKey]*ChatMessage{}
	for _, r := range found {
		key := chatKey{r.ChatMessage.OrderID, r.ChatMessage.EngineerID}
		m := threads[key].message(sqlcgen.ChatMessagesRow(r), files)
		last[key] = &m
	}
	return last, nil
}

func (a *Service) countUnread(ctx context.Context, _ *struct{}) (*unreadMessagesOutput, error) {
	by, out := httpapi.SessionFrom(ctx), &unreadMessagesOutput{}
	n, err := a.Store.UnreadChats(ctx, sqlcgen.UnreadChatsParams{Role: string(by.Role), Party: wire.Optional(by.Party), Person: by.Person})
	if err != nil {
		return nil, fmt.Errorf("counting unread messages: %w", err)
	}
	out.Body.Messages, out.Body.Chats = n.Messages, n.Chats
	return out, nil
}

// markRead moves the caller's mark forward. A mark of the employer is known to him alone.
func (a *Service) markRead(ctx context.Context, in *struct {
	Path
	Body struct {
		Seq int32 `json:"seq" minimum:"1" maximum:"2147483647" doc:"Номер последнего прочитанного сообщения"`
	}
},
) (*unreadMessagesOutput, error) {
	t, err := a.load(ctx, in.Path)
	if err != nil {
		return nil, err
	}
	if in.Body.Seq > t.Seq {
		return nil, problems.Invalid(problems.FieldProblem{Field: "seq", Message: "Такого сообщения в переписке ещё нет."})
	}
	err = a.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		moved, err := q.MarkChatRead(ctx, sqlcgen.MarkChatReadParams{
			OrderID: t.OrderID, EngineerID: t.EngineerID, Role: string(t.By.Role), Person: t.By.Person, Seq: in.Body.Seq, At: t.Now,
		})
		if err != nil {
			return fmt.Errorf("marking messages as read: %w", err)
		}
		if moved == 0 {
			return nil
		}
		return t.announce(ctx, q, in.Body.Seq, changeRead)
	})
	if err != nil {
		return nil, err
	}
	return a.countUnread(ctx, nil)
}
