package api

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/registry"
)

// Notification tells a party, in one of its roles, what happened to an order, or a moderator what the registry's night needs.
type Notification struct {
	ID        int64      `json:"id" doc:"Номер; более новые больше"`
	Kind      string     `json:"kind" doc:"Вид уведомления"`
	Text      string     `json:"text" doc:"Текст"`
	Order     *uuid.UUID `json:"order,omitempty" format:"uuid" doc:"Заказ"`
	Number    string     `json:"number,omitempty" doc:"Номер заказа"`
	CreatedAt time.Time  `json:"createdAt" doc:"Когда"`
	Read      bool       `json:"read" doc:"Прочитано"`
}

type notificationsOutput struct {
	Body struct {
		Items  []Notification `json:"items" nullable:"false"`
		Next   string         `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
		Unread int64          `json:"unread" doc:"Сколько непрочитанных всего"`
	}
}

type unreadOutput struct {
	Body struct {
		Unread int64 `json:"unread" doc:"Сколько непрочитанных осталось"`
	}
}

func (a *orderAPI) registerNotifications() {
	register(a.Server, huma.Operation{
		OperationID: "list-notifications", Method: http.MethodGet, Path: "/api/notifications", Tags: []string{"Уведомления"},
		Summary: "Уведомления о заказах",
	}, consented(), a.notifications)
	register(a.Server, huma.Operation{
		OperationID: "read-notifications", Method: http.MethodPost, Path: "/api/notifications/read", Tags: []string{"Уведомления"},
		Summary: "Отметить уведомления прочитанными",
	}, consented(), a.readNotifications)
}

func (a *orderAPI) notifications(ctx context.Context, in *struct {
	Cursor string `query:"cursor" maxLength:"20" pattern:"^[0-9]+$" doc:"Откуда продолжить: next из прошлого ответа"`
	Limit  int32  `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Сколько строк"`
	Unread bool   `query:"unread" doc:"Только непрочитанные"`
},
) (*notificationsOutput, error) {
	before := int64(math.MaxInt64)
	if in.Cursor != "" {
		parsed, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil {
			return nil, foreignCursor()
		}
		before = parsed
	}
	by := sessionFrom(ctx)
	rows, err := a.Store.Notifications(ctx, sqlcgen.NotificationsParams{
		Role: string(by.Role), PartyID: optional(by.Party), Before: before, Unread: in.Unread, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing notifications: %w", err)
	}
	out := &notificationsOutput{}
	if len(rows) > int(in.Limit) {
		rows = rows[:in.Limit]
		out.Body.Next = strconv.FormatInt(rows[len(rows)-1].ID, 10)
	}
	out.Body.Items = make([]Notification, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = Notification{
			ID: r.ID, Kind: r.Kind, Text: noticeText(r.Kind), Order: r.OrderID, Number: r.Number,
			CreatedAt: r.CreatedAt, Read: r.ReadAt != nil,
		}
	}
	out.Body.Unread, err = a.unread(ctx, by)
	return out, err
}

// noticeText is what the addressee reads: of an order, of an admission, or of the registry's nightly reading.
func noticeText(kind string) string {
	if text := order.NoticeKind(kind).Text(); text != "" {
		return text
	}
	if text := admissionTexts[kind]; text != "" {
		return text
	}
	return registry.Alarm(kind).Text()
}

func (a *orderAPI) unread(ctx context.Context, by session) (int64, error) {
	n, err := a.Store.UnreadNotifications(ctx, sqlcgen.UnreadNotificationsParams{Role: string(by.Role), PartyID: optional(by.Party)})
	if err != nil {
		return 0, fmt.Errorf("counting unread notifications: %w", err)
	}
	return n, nil
}

// readNotifications marks what its reader has seen: all up to one, of every order or of one.
func (a *orderAPI) readNotifications(ctx context.Context, in *struct {
	Body struct {
		UpTo  int64      `json:"upTo" minimum:"1" maximum:"9007199254740991" doc:"До какого уведомления включительно"`
		Order *uuid.UUID `json:"order,omitempty" format:"uuid" doc:"Только об этом заказе"`
	}
},
) (*unreadOutput, error) {
	by, now := sessionFrom(ctx), a.Now().UTC()
	_, err := a.Store.ReadNotifications(ctx, sqlcgen.ReadNotificationsParams{
		ReadAt: &now, Role: string(by.Role), PartyID: optional(by.Party), UpTo: in.Body.UpTo, OrderID: in.Body.Order,
	})
	if err != nil {
		return nil, fmt.Errorf("marking notifications as read: %w", err)
	}
	out := &unreadOutput{}
	out.Body.Unread, err = a.unread(ctx, by)
	return out, err
}
