package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// NextPage is the page that a person should see next.
type NextPage string

const (
	nextRole     NextPage = "role"
	nextConsent  NextPage = "consent"
	nextSettings NextPage = "settings" // «Настройки учетной записи», after the first consent
	nextProfile  NextPage = "profile"
)

func (s *Service) registerMe() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-me", Method: http.MethodGet, Path: "/api/me", Tags: []string{tagSignIn},
		Summary:   "Кто вошёл и в какой роли; 204, если никто",
		Responses: map[string]*huma.Response{"204": {Description: "Никто не вошёл, или сеанс завершён"}},
	}, httpapi.Public, s.showMe)
}

type meOutput struct {
	Status int
	Body   *Me
}

// Me describes the person of the session.
type Me struct {
	Person struct {
		ID    uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор на платформе"`
		Name  string    `json:"name" doc:"Фамилия, имя, отчество"`
		Email string    `json:"email" doc:"Почта, подтверждённая на Госуслугах"`
		Phone string    `json:"phone" doc:"Телефон, подтверждённый на Госуслугах"`
	} `json:"person"`
	Role      order.Role         `json:"role" enum:",customer,engineer,employer,moderator" doc:"Роль; пусто, пока не выбрана или больше не доступна"`
	Party     *uuid.UUID         `json:"party,omitempty" format:"uuid" doc:"От чьего имени действует"`
	PartyName string             `json:"partyName,omitempty" doc:"Наименование"`
	PartyKind order.CustomerKind `json:"partyKind,omitempty" doc:"От чьего имени"`
	Head      bool               `json:"head,omitempty" doc:"Руководитель организации, от имени которой действует"`
	// Restrictions are the reasons why an engineer may not take new orders. His current orders,
	// documents and payments stay available to him.
	Restrictions []Restriction `json:"restrictions,omitempty" doc:"Почему кадастровый инженер не может брать новые заказы"`
	Renew        bool          `json:"renew,omitempty" doc:"Пора подтвердить полномочия на Госуслугах: до этого действия от имени организации отклоняются"`
	Consented    bool          `json:"consented" doc:"Согласие с действующей редакцией дано"`
	Next         NextPage      `json:"next" enum:"role,consent,settings,profile" doc:"Какую страницу открыть"`
}

// showMe answers every caller: without a valid session it returns 204, which is not an error.
func (s *Service) showMe(ctx context.Context, _ *struct{}) (*meOutput, error) {
	current, err := s.HTTP.OpenSession(ctx, s.HTTP.CookieValue(ctx, httpapi.SessionCookie))
	if problem := (*problems.Problem)(nil); errors.As(err, &problem) && problem.Status == http.StatusUnauthorized {
		return &meOutput{Status: http.StatusNoContent}, nil
	}
	if err != nil {
		return nil, err
	}
	httpapi.RequestFrom(ctx).Person = current.Person
	person, err := s.Store.PersonByID(ctx, current.Person)
	if err != nil {
		return nil, fmt.Errorf("reading a person: %w", err)
	}
	found := &Me{Consented: current.Consented}
	found.Person.ID, found.Person.Name = current.Person, current.Name
	found.Person.Email, found.Person.Phone = person.Email, person.Phone
	if current.RoleProblem == "" {
		found.Role, found.PartyName, found.PartyKind = current.Role, current.PartyName, order.CustomerKind(current.PartyKind)
		found.Head = current.Head
		found.Party = wire.Optional(current.Party)
		found.Renew = s.HTTP.MembershipIsStale(current)
	}
	if found.Restrictions, err = s.restrictionsOf(ctx, current); err != nil {
		return nil, err
	}
	found.Next, err = s.nextPage(ctx, current)
	return &meOutput{Status: http.StatusOK, Body: found}, err
}

// nextPage follows the order of a sign-in: role, consent, then the settings once, then the profile.
func (s *Service) nextPage(ctx context.Context, current httpapi.Session) (NextPage, error) {
	switch {
	case current.Role == "" || current.RoleProblem != "":
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
