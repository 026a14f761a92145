package api

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// nextPage is what a person who has come so far should see.
type nextPage string

const (
	nextRole     nextPage = "role"
	nextConsent  nextPage = "consent"
	nextSettings nextPage = "settings" // «Настройки учетной записи», after the first consent
	nextProfile  nextPage = "profile"
)

func (s *Server) registerMe() {
	register(s, huma.Operation{
		OperationID: "get-me", Method: http.MethodGet, Path: "/api/me", Tags: []string{tagSignIn},
		Summary: "Кто вошёл и в какой роли",
	}, signedIn, s.showMe)
}

type me struct {
	Body struct {
		Person struct {
			ID    uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор на платформе"`
			Name  string    `json:"name" doc:"Фамилия, имя, отчество"`
			Email string    `json:"email" doc:"Почта, подтверждённая на Госуслугах"`
			Phone string    `json:"phone" doc:"Телефон, подтверждённый на Госуслугах"`
		} `json:"person"`
		Role      order.Role `json:"role" enum:",customer,engineer,employer,moderator" doc:"Роль; пусто, пока не выбрана или больше не доступна"`
		Party     *uuid.UUID `json:"party,omitempty" format:"uuid" doc:"От чьего имени действует"`
		PartyName string     `json:"partyName,omitempty" doc:"Наименование"`
		PartyKind string     `json:"partyKind,omitempty" doc:"person, entrepreneur или organisation"`
		Consented bool       `json:"consented" doc:"Согласие с действующей редакцией дано"`
		Next      nextPage   `json:"next" enum:"role,consent,settings,profile" doc:"Какую страницу открыть"`
	}
}

func (s *Server) showMe(ctx context.Context, _ *struct{}) (*me, error) {
	current := sessionFrom(ctx)
	person, err := s.Store.PersonByID(ctx, current.Person)
	if err != nil {
		return nil, fmt.Errorf("reading a person: %w", err)
	}
	out := &me{}
	out.Body.Person.ID, out.Body.Person.Name = current.Person, current.Name
	out.Body.Person.Email, out.Body.Person.Phone = person.Email, person.Phone
	out.Body.Consented = current.Consented
	if current.Lost == "" {
		out.Body.Role, out.Body.PartyName, out.Body.PartyKind = current.Role, current.PartyName, current.PartyKind
		if current.Party != uuid.Nil {
			out.Body.Party = &current.Party
		}
	}
	out.Body.Next, err = s.nextPage(ctx, current)
	return out, err
}

// nextPage follows the order of a sign-in: role, consent, then the settings once, then the profile.
func (s *Server) nextPage(ctx context.Context, current session) (nextPage, error) {
	switch {
	case current.Role == "" || current.Lost != "":
		return nextRole, nil
	case !current.Consented:
		return nextConsent, nil
	}
	first, err := s.Store.FirstConsentIsSince(ctx, sqlcgen.FirstConsentIsSinceParams{PersonID: current.Person, Since: current.CreatedAt})
	if err != nil {
		return "", fmt.Errorf("reading whether a consent is the first: %w", err)
	}
	if first {
		return nextSettings, nil
	}
	return nextProfile, nil
}
