// Package notifications shows people their notifications.
//
// A notification is a row with a kind, which has a text and perhaps a page, and a subject: the name of
// whom or what it is about, which stands in the text at [Subject].
package notifications

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
)

// Subject is where the text of a kind of notification names whom or what it is about. Notifications of
// the time before subjects have none, and their texts leave it out.
const Subject = "{}"

// Page is a page of the web app on which a person acts on a notification that is not about an order.
type Page string

// The pages.
const (
	PageStaff            Page = "staff"
	PageEmployer         Page = "employer"
	PageRequisites       Page = "requisites"
	PageOwnReviews       Page = "own-reviews"
	PageModeratedReviews Page = "moderated-reviews"
	PageRegistry         Page = "registry"
	PageRoles            Page = "roles"
	PageProfile          Page = "profile"
)

// Schema lists the pages in the description of the API, for huma.
func (Page) Schema(huma.Registry) *huma.Schema {
	return wire.OneOf([]Page{PageStaff, PageEmployer, PageRequisites, PageOwnReviews, PageModeratedReviews, PageRegistry, PageRoles, PageProfile})
}

// pages are the pages by the beginnings of the kinds.
var pages = []struct {
	prefix string
	page   Page
}{
	{"staff-employer-", PageStaff},
	{"staff-engineer-", PageEmployer},
	{"account-changed", PageRequisites},
	{"reply-hidden", PageOwnReviews},
	{"reply-restored", PageOwnReviews},
	{"review-corrected", PageModeratedReviews},
	{"reply-corrected", PageModeratedReviews},
	{"registry-", PageRegistry},
	{"admission-", PageRoles},
	{"business-unconfirmed", PageProfile},
}

func pageOf(kind string) Page {
	i := slices.IndexFunc(pages, func(p struct {
		prefix string
		page   Page
	},
	) bool {
		return strings.HasPrefix(kind, p.prefix)
	})
	if i < 0 {
		return ""
	}
	return pages[i].page
}

// Notification reports to a party in one of its roles what happened to an order, or to a moderator
// what a run of the registry sync needs.
type Notification struct {
	ID        int64      `json:"id" doc:"Номер; более новые больше"`
	Kind      string     `json:"kind" doc:"Вид уведомления"`
	Text      string     `json:"text" doc:"Текст"`
	Order     *uuid.UUID `json:"order,omitempty" format:"uuid" doc:"Заказ"`
	Page      Page       `json:"page,omitempty" doc:"На какой странице с этим работают; нет, если только в карточке заказа"`
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

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Now   func() time.Time
	// Texts return the text of a kind of notification, or "" for kinds that they do not know; they
	// are asked in order.
	Texts []func(kind string) string
}

// Service shows people their notifications.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service {
	return &Service{d}
}

// Register adds the operations for notifications.
func (a *Service) Register() {
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "list-notifications", Method: http.MethodGet, Path: "/api/notifications", Tags: []string{"Уведомления"},
		Summary: "Уведомления о заказах",
	}, httpapi.Consented(), a.notifications)
	httpapi.Register(a.HTTP, huma.Operation{
		OperationID: "read-notifications", Method: http.MethodPost, Path: "/api/notifications/read", Tags: []string{"Уведомления"},
		Summary: "Отметить уведомления прочитанными",
	}, httpapi.Consented(), a.readNotifications)
}

func (a *Service) notifications(ctx context.Context, in *struct {
	Cursor string `query:"cursor" maxLength:"20" pattern:"^[0-9]+$" doc:"Откуда продолжить: next из прошлого ответа"`
	Limit  int32  `query:"limit" minimum:"1" maximum:"100" default:"20" doc:"Сколько строк"`
	Unread bool   `query:"unread" doc:"Только непрочитанные"`
},
) (*notificationsOutput, error) {
	before := int64(math.MaxInt64)
	if in.Cursor != "" {
		parsed, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil {
			return nil, httpapi.ForeignCursor()
		}
		before = parsed
	}
	by := httpapi.SessionFrom(ctx)
	rows, err := a.Store.Notifications(ctx, sqlcgen.NotificationsParams{
		Role: string(by.Role), PartyID: wire.Optional(by.Party), Before: before, Unread: in.Unread, Page: in.Limit + 1,
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
			ID: r.ID, Kind: r.Kind, Text: a.Text(r.Kind, r.Subject), Order: r.OrderID, Page: pageOf(r.Kind), Number: r.Number,
			CreatedAt: r.CreatedAt, Read: r.ReadAt != nil,
		}
	}
	out.Body.Unread, err = a.unread(ctx, by)
	return out, err
}

// Text returns the text of a kind of notification with its subject.
func (a *Service) Text(kind, subject string) string {
	for _, textOf := range a.Texts {
		if text := textOf(kind); text != "" {
			before, after, named := strings.Cut(text, Subject)
			if named && subject == "" {
				before, after = strings.TrimRight(before, " :"), strings.TrimPrefix(after, ":")
			}
			return before + subject + after
		}
	}
	return ""
}

func (a *Service) unread(ctx context.Context, by httpapi.Session) (int64, error) {
	n, err := a.Store.UnreadNotifications(ctx, sqlcgen.UnreadNotificationsParams{Role: string(by.Role), PartyID: wire.Optional(by.Party)})
	if err != nil {
		return 0, fmt.Errorf("counting unread notifications: %w", err)
	}
	return n, nil
}

// readNotifications marks notifications as read: one, or all up to it, of every order or of one.
func (a *Service) readNotifications(ctx context.Context, in *struct {
	Body struct {
		UpTo   int64      `json:"upTo" minimum:"1" maximum:"9007199254740991" doc:"До какого уведомления включительно"`
		Order  *uuid.UUID `json:"order,omitempty" format:"uuid" doc:"Только об этом заказе"`
		Single bool       `json:"single,omitempty" doc:"Только это уведомление, а не все до него"`
	}
},
) (*unreadOutput, error) {
	by, now := httpapi.SessionFrom(ctx), a.Now().UTC()
	_, err := a.Store.ReadNotifications(ctx, sqlcgen.ReadNotificationsParams{
		ReadAt: &now, Role: string(by.Role), PartyID: wire.Optional(by.Party), UpTo: in.Body.UpTo, OrderID: in.Body.Order, Single: in.Body.Single,
	})
	if err != nil {
		return nil, fmt.Errorf("marking notifications as read: %w", err)
	}
	out := &unreadOutput{}
	out.Body.Unread, err = a.unread(ctx, by)
	return out, err
}
