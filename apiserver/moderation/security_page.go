package moderation

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/searchtext"
)

// SecurityEvent is one entry of the security trail as moderators read it.
type SecurityEvent struct {
	ID          int64                `json:"id"`
	Kind        httpapi.SecurityKind `json:"kind" doc:"Что произошло"`
	HappenedAt  time.Time            `json:"happenedAt" doc:"Когда"`
	Person      *wire.Named          `json:"person,omitempty" doc:"Кто; нет, если неизвестно"`
	Role        order.Role           `json:"role,omitempty" doc:"В какой роли"`
	PartyName   string               `json:"partyName,omitempty" doc:"От чьего имени"`
	SubjectKind string               `json:"subjectKind,omitempty" enum:"person,party,engineer,order,session,registry-run" doc:"О чём или о ком"`
	Subject     *uuid.UUID           `json:"subject,omitempty" format:"uuid"`
	SubjectName string               `json:"subjectName,omitempty" doc:"Имя, наименование или номер заказа"`
	Code        string               `json:"code,omitempty" doc:"Почему отказано"`
	Address     string               `json:"address,omitempty" doc:"С какого адреса"`
	Device      string               `json:"device,omitempty" doc:"Как назвал себя браузер"`
	RequestID   string               `json:"requestId,omitempty" doc:"Номер запроса"`
	Details     json.RawMessage      `json:"details,omitempty" doc:"Подробности"`
}

type securityEventsOutput struct {
	Body struct {
		Items []SecurityEvent `json:"items" nullable:"false"`
		Next  string          `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
	}
}

type securityEventsInput struct {
	Cursor string    `query:"cursor" maxLength:"20" pattern:"^[0-9]+$" doc:"Откуда продолжить: next из прошлого ответа"`
	Limit  int32     `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"Сколько строк"`
	Kinds  []string  `query:"kind,explode" maxItems:"30" maxLength:"64" doc:"Что произошло"`
	Person uuid.UUID `query:"person" format:"uuid" doc:"Кто действовал или кого касалось"`
	Name   string    `query:"name" maxLength:"200" doc:"Имя действовавшего, часть"`
	From   time.Time `query:"from" maxLength:"40" doc:"Не раньше"`
	To     time.Time `query:"to" maxLength:"40" doc:"Раньше чем"`
}

func (s *Service) registerSecurityEvents() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-security-events", Method: http.MethodGet, Path: "/api/moderation/security-events", Tags: []string{moderationTag},
		Summary:     "Журнал безопасности, новые записи первыми",
		Description: "Записи только добавляются и хранятся три года. Открытие журнала тоже записывается.",
	}, httpapi.Moderators, s.securityEvents)
}

func (s *Service) securityEvents(ctx context.Context, in *securityEventsInput) (*securityEventsOutput, error) {
	before := int64(math.MaxInt64)
	if in.Cursor != "" {
		parsed, err := strconv.ParseInt(in.Cursor, 10, 64)
		if err != nil {
			return nil, httpapi.ForeignCursor()
		}
		before = parsed
	}
	name := searchtext.Names(in.Name)
	rows, err := s.Store.SecurityEvents(ctx, sqlcgen.SecurityEventsParams{
		Before: before, Kinds: wire.NonNil(in.Kinds), Person: wire.Optional(in.Person), Search: name.Index, Words: name.All,
		FromTime: givenTime(in.From), ToTime: givenTime(in.To), Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing security events: %w", err)
	}
	out := &securityEventsOutput{}
	if len(rows) > int(in.Limit) {
		rows = rows[:in.Limit]
		out.Body.Next = strconv.FormatInt(rows[len(rows)-1].ID, 10)
	}
	out.Body.Items = make([]SecurityEvent, len(rows))
	for i, row := range rows {
		out.Body.Items[i] = securityEventOf(row)
	}
	return out, nil
}

func securityEventOf(row sqlcgen.SecurityEventsRow) SecurityEvent {
	e := SecurityEvent{
		ID: row.ID, Kind: httpapi.SecurityKind(row.Kind), HappenedAt: row.HappenedAt, Role: order.Role(row.Role), PartyName: row.PartyName,
		SubjectKind: row.SubjectKind, Subject: row.SubjectID, SubjectName: row.SubjectName, Code: row.Code, Address: row.Address,
		Device: row.UserAgent, RequestID: row.RequestID, Details: row.Details,
	}
	if row.PersonID != nil {
		e.Person = &wire.Named{ID: *row.PersonID, Name: row.PersonName}
	}
	return e
}

func givenTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
