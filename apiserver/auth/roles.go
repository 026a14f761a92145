package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/registry"
)

// Choice is one role that a person may take, on behalf of one account.
type Choice struct {
	Role  order.Role `json:"role" enum:"customer,engineer,employer,moderator" doc:"Роль"`
	Party *uuid.UUID `json:"party,omitempty" format:"uuid" doc:"От чьего имени; нет у модератора"`
	Kind  string     `json:"kind" enum:"person,entrepreneur,organisation,engineer,moderator" doc:"Чей это кабинет"`
	Name  string     `json:"name" doc:"Имя или наименование"`
	Title string     `json:"title" doc:"Как назвать выбор на экране"`
}

// The titles of the choices are the terms of the manuals.
const (
	titlePerson       = "Заказчик (физическое лицо)"
	titleEntrepreneur = "Заказчик (индивидуальный предприниматель)"
	titleOrganisation = "Правообладатель (Заказчик)"
	titleEmployer     = "Работодатель"
	titleEngineer     = "Исполнитель (кадастровый инженер)"
	titleModerator    = "Модератор системы"
)

// same reports whether both are the same role on behalf of the same account.
func (c Choice) same(other Choice) bool {
	return c.Role == other.Role && (c.Party == nil) == (other.Party == nil) && (c.Party == nil || *c.Party == *other.Party)
}

// ChoicesOf returns the roles in which a person may sign in, his own account first.
func (s *Service) ChoicesOf(ctx context.Context, person uuid.UUID) ([]Choice, error) {
	return s.choicesOf(ctx, s.Store.Queries, person)
}

// choicesOf returns the roles of a person, his own account first; none of a person who has no
// account.
func (s *Service) choicesOf(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID) ([]Choice, error) {
	parties, err := q.PartiesOfPerson(ctx, person)
	if err != nil {
		return nil, fmt.Errorf("reading whom a person may act for: %w", err)
	}
	if len(parties) == 0 {
		return nil, nil
	}
	var choices []Choice
	for _, p := range parties {
		choices = append(choices, choicesAs(p)...)
	}
	engineer, err := q.EngineerOfPerson(ctx, &person)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return nil, fmt.Errorf("reading whether a person is an engineer: %w", err)
	}
	if err == nil && mayEnter(engineer) {
		choices = append(choices, Choice{
			Role: order.RoleEngineer, Party: &engineer.ID, Kind: "engineer", Name: choices[0].Name, Title: titleEngineer,
		})
	}
	numbers, err := q.ESIANumbers(ctx, person)
	if err != nil {
		return nil, fmt.Errorf("reading the ЕСИА numbers of a person: %w", err)
	}
	if s.HTTP.IsModerator(numbers) {
		choices = append(choices, Choice{Role: order.RoleModerator, Kind: "moderator", Name: choices[0].Name, Title: titleModerator})
	}
	return choices, nil
}

func choicesAs(p sqlcgen.PartiesOfPersonRow) []Choice {
	var choices []Choice
	as := Choice{Role: order.RoleCustomer, Party: &p.ID, Kind: p.Kind, Name: p.Name}
	switch order.CustomerKind(p.Kind) {
	case order.NaturalPerson:
		as.Title = titlePerson
	case order.SoleProprietor:
		as.Title = titleEntrepreneur
	case order.OrganisationKind:
		as.Title = titleOrganisation
	}
	if p.MayOrder {
		choices = append(choices, as)
	}
	if p.MayEmploy {
		as.Role, as.Title = order.RoleEmployer, titleEmployer
		choices = append(choices, as)
	}
	return choices
}

// NotAdmitted is a role that a person could expect and does not get: of an organisation for which
// he may not act, or of an engineer who left the registry and has no orders.
type NotAdmitted struct {
	Name   string `json:"name" doc:"Наименование организации или роли"`
	Reason string `json:"reason" doc:"Почему роль не предлагается и что сделать"`
}

const notAdmittedReason = "Действовать от имени организации может её руководитель и те, кого он допустил. " +
	"Попросите руководителя войти на платформу через Госуслуги и допустить вас на странице «Допуск сотрудников»."

const withdrawnReason = "Руководитель организации отозвал ваш допуск, поэтому действовать от её имени вы не можете. " +
	"Если допуск нужен, попросите руководителя допустить вас на странице «Допуск сотрудников»."

// mayEnter reports whether the engineer may use the engineer's role. Engineers in the registry may,
// blocked or not. Engineers who left it may if they took part in orders: they are suspended, but
// keep access to their chat and documents, and each order refuses what they may not do.
func mayEnter(e sqlcgen.EngineerOfPersonRow) bool {
	return e.InRegistry || e.HasTakenPart
}

type rolesPage struct {
	Body struct {
		Roles       []Choice      `json:"roles" doc:"Роли, из которых можно выбрать"`
		NotAdmitted []NotAdmitted `json:"notAdmitted,omitempty" doc:"Организации, сотрудником которых вас знают Госуслуги, но действовать за которые вы не допущены, и роль инженера без действующего статуса"`
	}
}

func (s *Service) listRoles(ctx context.Context, _ *struct{}) (*rolesPage, error) {
	choices, err := s.ownChoices(ctx)
	if err != nil {
		return nil, err
	}
	page := &rolesPage{}
	page.Body.Roles = choices
	waiting, err := s.Store.OrganisationsWithoutAdmission(ctx, httpapi.SessionFrom(ctx).Person)
	if err != nil {
		return nil, fmt.Errorf("reading for whom a person may not act: %w", err)
	}
	for _, one := range waiting {
		reason := notAdmittedReason
		if one.Withdrawn {
			reason = withdrawnReason
		}
		page.Body.NotAdmitted = append(page.Body.NotAdmitted, NotAdmitted{Name: one.Name, Reason: reason})
	}
	excluded, err := s.excludedEngineer(ctx, httpapi.SessionFrom(ctx).Person)
	page.Body.NotAdmitted = append(page.Body.NotAdmitted, excluded...)
	return page, err
}

// excludedEngineer returns why an engineer has no engineer's role and since when.
func (s *Service) excludedEngineer(ctx context.Context, person uuid.UUID) ([]NotAdmitted, error) {
	engineer, err := s.Store.EngineerOfPerson(ctx, &person)
	if errors.Is(err, db.ErrNotFound) || err == nil && mayEnter(engineer) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading whether a person is an engineer: %w", err)
	}
	e, err := s.Store.EngineerRestrictions(ctx, engineer.ID)
	if err != nil {
		return nil, fmt.Errorf("reading why an engineer is restricted: %w", err)
	}
	reason := "По сведениям АИС «Реестр СРО» на " + e.RegistryAsOf.In(order.Moscow).Format("02.01.2006") + " у вас нет действующего статуса кадастрового инженера. "
	if why := restrictionReason(registry.Status(e.Status), e.Ground); why != "" {
		reason += "Причина: " + strings.TrimRight(why, ". ") + ". "
	}
	return []NotAdmitted{{Name: titleEngineer, Reason: reason + "Когда реестр снова покажет действующий статус, роль появится здесь сама. Остальные роли вам доступны."}}, nil
}

func (s *Service) ownChoices(ctx context.Context) ([]Choice, error) {
	return s.choicesOf(ctx, s.Store.Queries, httpapi.SessionFrom(ctx).Person)
}

type roleChosen struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      ChosenRole
}

// ChosenRole is the chosen role, and whether the platform should now read the organisation.
type ChosenRole struct {
	Choice
	ReadOrganisation bool `json:"readOrganisation" doc:"Пора прочитать сведения об организации на Госуслугах: откройте /api/auth/login?organisation=true"`
}

func (s *Service) chooseRole(ctx context.Context, in *struct {
	Body struct {
		Role  order.Role `json:"role" enum:"customer,engineer,employer,moderator" doc:"Роль"`
		Party *uuid.UUID `json:"party,omitempty" format:"uuid" doc:"От чьего имени, из списка ролей"`
	}
},
) (*roleChosen, error) {
	choices, err := s.ownChoices(ctx)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(choices, Choice{Role: in.Body.Role, Party: in.Body.Party}.same)
	if at < 0 {
		return nil, problems.New(problems.RoleUnavailable)
	}
	chosen, current := choices[at], httpapi.SessionFrom(ctx)
	due, err := s.organisationIsDue(ctx, chosen)
	if err != nil {
		return nil, err
	}
	token, hash := httpapi.NewToken()
	err = s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		rotated, err := q.RotateSession(ctx, sqlcgen.RotateSessionParams{
			OldHash: current.TokenHash, NewHash: hash, Role: string(chosen.Role), PartyID: chosen.Party, UsedAt: s.Now().UTC(),
		})
		if err != nil {
			return fmt.Errorf("changing the role of a session: %w", err)
		}
		if rotated == 0 { // another window changed the role first
			return problems.New(problems.SessionExpired)
		}
		e := httpapi.SecurityEvent{Kind: httpapi.EventRoleChosen, Role: string(chosen.Role), Details: map[string]any{"before": current.Role}}
		if chosen.Party != nil {
			e.Party = *chosen.Party
		}
		return s.HTTP.RecordSecurityEvent(ctx, q, e)
	})
	if err != nil {
		return nil, err
	}
	return &roleChosen{SetCookie: []http.Cookie{s.HTTP.Cookie(httpapi.SessionCookie, token)}, Body: ChosenRole{chosen, due}}, nil
}
