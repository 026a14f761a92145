package auth

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// OwnSession is one session of the person.
type OwnSession struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Current   bool       `json:"current" doc:"Этот сеанс"`
	CreatedAt time.Time  `json:"createdAt" doc:"Когда выполнен вход"`
	UsedAt    time.Time  `json:"usedAt" doc:"Когда сеанс использован в последний раз, с точностью до минуты"`
	Address   string     `json:"address" doc:"С какого адреса выполнен вход; пусто, если неизвестно"`
	Device    string     `json:"device" doc:"Чем выполнен вход, как назвал себя браузер; пусто, если неизвестно"`
	Role      order.Role `json:"role" enum:",customer,engineer,employer,moderator" doc:"Роль; пусто, пока не выбрана"`
	PartyName string     `json:"partyName,omitempty" doc:"От чьего имени"`
}

type ownSessions struct {
	Body struct {
		Items []OwnSession `json:"items" nullable:"false" doc:"Сеансы, этот первым"`
	}
}

func (s *Service) registerSessions() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-sessions", Method: http.MethodGet, Path: "/api/auth/sessions", Tags: []string{tagSignIn},
		Summary: "Ваши сеансы: где выполнен вход",
	}, httpapi.SignedIn, s.listSessions)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "end-session", Method: http.MethodDelete, Path: "/api/auth/sessions/{session}", Tags: []string{tagSignIn},
		DefaultStatus: http.StatusNoContent, Errors: []int{http.StatusNotFound},
		Summary: "Завершить один свой сеанс", Description: "Открытые в нём страницы теряют доступ при следующем обращении.",
	}, httpapi.SignedIn, s.endSession)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "end-all-sessions", Method: http.MethodPost, Path: "/api/auth/sessions/end", Tags: []string{tagSignIn},
		Summary: "Выйти везде", Description: "Завершает все ваши сеансы, этот тоже. Возвращает адрес, по которому завершается и вход на Госуслугах.",
	}, httpapi.SignedIn, s.endAllSessions)
}

func (s *Service) listSessions(ctx context.Context, _ *struct{}) (*ownSessions, error) {
	current, now := httpapi.SessionFrom(ctx), s.Now().UTC()
	rows, err := s.Store.SessionsOf(ctx, sqlcgen.SessionsOfParams{
		PersonID: current.Person, CurrentID: current.ID, Now: now, IdleSince: now.Add(-s.SessionIdle),
	})
	if err != nil {
		return nil, fmt.Errorf("listing the sessions of a person: %w", err)
	}
	out := &ownSessions{}
	out.Body.Items = make([]OwnSession, len(rows))
	for i, row := range rows {
		out.Body.Items[i] = OwnSession{
			ID: row.ID, Current: row.ID == current.ID, CreatedAt: row.CreatedAt, UsedAt: row.UsedAt, Address: row.Address,
			Device: row.UserAgent, Role: order.Role(row.Role), PartyName: row.PartyName,
		}
	}
	return out, nil
}

// endSession ends a session of the caller. A session of another person is reported as not found.
func (s *Service) endSession(ctx context.Context, in *struct {
	Session uuid.UUID `path:"session" format:"uuid" doc:"Сеанс"`
},
) (*struct{}, error) {
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		ended, err := q.EndSession(ctx, sqlcgen.EndSessionParams{ID: in.Session, PersonID: httpapi.SessionFrom(ctx).Person})
		if err != nil {
			return fmt.Errorf("ending a session: %w", err)
		}
		if ended == 0 {
			return problems.New(problems.NotFound)
		}
		return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{Kind: httpapi.EventSessionEnded, Subject: httpapi.SecuritySubject{Kind: "session", ID: in.Session}})
	})
	return nil, err
}

func (s *Service) endAllSessions(ctx context.Context, _ *struct{}) (*loggedOut, error) {
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		ended, err := q.EndSessionsOf(ctx, httpapi.SessionFrom(ctx).Person)
		if err != nil {
			return fmt.Errorf("ending a person's sessions: %w", err)
		}
		return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{Kind: httpapi.EventSessionEnded, Details: map[string]any{"all": true, "sessions": ended}})
	})
	if err != nil {
		return nil, err
	}
	return s.signedOutHere(ctx), nil
}

// signedOutHere removes the cookie, makes the browser clear its cache, and returns the logout
// address of ЕСИА.
func (s *Service) signedOutHere(ctx context.Context) *loggedOut {
	s.markAttempted(ctx)
	out := &loggedOut{SetCookie: []http.Cookie{s.HTTP.Cookie(httpapi.SessionCookie, "")}, ClearSiteData: clearSiteData}
	out.Body.Location = s.ESIA.LogoutURL(s.PublicURL + "/")
	return out
}

// clearSiteData also clears the back/forward cache, which stores whole pages. Drafts in the
// browser's storage stay: they belong to the person who typed them.
const clearSiteData = `"cache"`

// Sweep deletes expired logins and sessions.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Now().UTC()
	if err := s.Store.SweepLogins(ctx, now); err != nil {
		return fmt.Errorf("deleting expired logins: %w", err)
	}
	params := sqlcgen.SweepSessionsParams{Now: now, IdleSince: now.Add(-s.SessionIdle)}
	if err := s.Store.SweepSessions(ctx, params); err != nil {
		return fmt.Errorf("deleting expired sessions: %w", err)
	}
	return nil
}
