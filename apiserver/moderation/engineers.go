package moderation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/profiles"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/requisites"
	"epkr/internal/searchtext"
)

// ModeratedEngineer is an engineer of the registry in the moderators' list.
type ModeratedEngineer struct {
	ID             uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Name           string    `json:"name" doc:"Фамилия, имя, отчество"`
	RegistryName   *string   `json:"registryName,omitempty" doc:"Как назван в АИС «Реестр СРО», если иначе"`
	RegistryNumber string    `json:"registryNumber" doc:"Номер в реестре"`
	SRO            string    `json:"sro" doc:"СРО"`
	Employer       string    `json:"employer,omitempty" doc:"Работодатель"`
	InRegistry     bool      `json:"inRegistry" doc:"Действующий по АИС «Реестр СРО»"`
	Blocked        bool      `json:"blocked" doc:"Заблокирован модератором"`
	SignedIn       bool      `json:"signedIn" doc:"Входил на платформу"`
}

// ModeratedEngineerCard is an engineer with what a moderator needs for a decision.
type ModeratedEngineerCard struct {
	ModeratedEngineer
	SNILS        string    `json:"snils" doc:"СНИЛС"`
	RegistryAsOf time.Time `json:"registryAsOf" doc:"Дата снимка реестра, который изменил эти сведения последним"`
	Form         string    `json:"form,omitempty" enum:"entrepreneur,employee" doc:"Форма работы; нет, пока не указана"`
	OGRNIP       string    `json:"ogrnip,omitempty" doc:"ОГРНИП, который назвал предприниматель"`
	// UnconfirmedBusiness reports that ЕСИА does not name the ИП that the engineer has named.
	UnconfirmedBusiness bool                   `json:"unconfirmedBusiness,omitempty" doc:"ИП назван самим инженером и не подтверждён Госуслугами"`
	Employment          string                 `json:"employment,omitempty" enum:"pending,confirmed,rejected,suspended,removed" doc:"Что с работой у работодателя; нет, если он не указан"`
	Document            *profiles.WorkDocument `json:"document,omitempty" doc:"Документ, который подтверждает форму работы; нет, пока не указан"`
	AccountOn           bool                   `json:"accountOn" doc:"Пользуется платформой: учётная запись включена и согласие на обработку данных не отозвано"`
	Regions             []wire.Coded           `json:"regions" nullable:"false" doc:"Регионы деятельности"`
	ReceivesOrders      bool                   `json:"receivesOrders" doc:"Получает заказы"`
	ProfileComplete     bool                   `json:"profileComplete" doc:"Обязательные поля профиля заполнены"`
	Decisions           []PastDecision         `json:"decisions" nullable:"false" doc:"Последние решения модераторов, новые сначала; все — отдельным списком"`
}

// PastDecision is a moderator's decision with its reason.
type PastDecision struct {
	EngineerDecision
	Reason    string `json:"reason" doc:"Причина"`
	Moderator string `json:"moderator" doc:"Кто решил"`
}

type moderatedEngineersInput struct {
	httpapi.Page
	Name   string `query:"name" maxLength:"200" doc:"Часть фамилии, имени, отчества"`
	Number string `query:"number" maxLength:"50" doc:"Часть номера в реестре"`
	SNILS  string `query:"snils" maxLength:"20" doc:"СНИЛС целиком"`
	Status string `query:"status" enum:"active,unlisted,blocked" doc:"Действующие, без действующего статуса в реестре, заблокированные"`
}

func (s *Service) registerModeratedEngineers() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-moderated-engineers", Method: http.MethodGet, Path: "/api/moderation/engineers", Tags: []string{moderationTag},
		Summary: "Кадастровые инженеры реестра, по фамилии",
	}, httpapi.Moderators, s.moderatedEngineers, httpapi.Costs(limits.Search))
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-moderated-engineer", Method: http.MethodGet, Path: "/api/moderation/engineers/{engineer}", Tags: []string{moderationTag},
		Summary: "Кадастровый инженер и решения модераторов о нём", Errors: []int{http.StatusNotFound},
	}, httpapi.Moderators, s.moderatedEngineer)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-engineer-decisions", Method: http.MethodGet, Path: "/api/moderation/engineers/{engineer}/decisions", Tags: []string{moderationTag},
		Summary: "Решения модераторов о кадастровом инженере, новые сначала", Errors: []int{http.StatusNotFound},
	}, httpapi.Moderators, s.engineerDecisions)
}

const byName = "name"

// cardDecisions is how many of the newest decisions the card of an engineer contains. A separate
// list has all of them.
const cardDecisions = 20

// fewFound is the maximum number of found engineers that the security trail records one by one: a
// search with so few results looks for these people.
const fewFound = 5

func (s *Service) moderatedEngineers(ctx context.Context, in *moderatedEngineersInput) (*httpapi.PageOutput[ModeratedEngineer], error) {
	from, err := in.Start(byName)
	if err != nil {
		return nil, err
	}
	snils := ""
	if in.SNILS != "" {
		if snils, err = requisites.SNILSWellFormed(in.SNILS); err != nil {
			return nil, problems.Invalid(problems.FieldProblem{Field: "snils", Message: err.Error()})
		}
	}
	search := searchtext.Names(in.Name).And(searchtext.Number(in.Number))
	rows, err := s.Store.EngineersPage(ctx, sqlcgen.EngineersPageParams{
		Search: search.Index, Words: search.All, Snils: snils, Status: in.Status,
		AfterName: from.Text, AfterID: from.ID, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing engineers: %w", err)
	}
	if len(rows) <= fewFound {
		for _, r := range rows {
			if err := s.HTTP.RecordOpened(ctx, "list-moderated-engineers", httpapi.SecuritySubject{Kind: "engineer", ID: r.ID}, nil); err != nil {
				return nil, err
			}
		}
	}
	return httpapi.PageOf(rows, in.Limit, from, func(r sqlcgen.EngineersPageRow) ModeratedEngineer {
		return ModeratedEngineer{
			ID: r.ID, Name: r.Name, RegistryName: r.RegistryName, RegistryNumber: r.RegistryNumber, SRO: r.Sro, Employer: r.Employer,
			InRegistry: r.InRegistry, Blocked: r.Blocked, SignedIn: r.SignedIn,
		}
	}, func(r sqlcgen.EngineersPageRow) httpapi.Cursor {
		return httpapi.Cursor{Text: r.NameOrder, ID: r.ID, Total: r.Total}
	}), nil
}

type moderatedEngineerOutput struct{ Body ModeratedEngineerCard }

func (s *Service) moderatedEngineer(ctx context.Context, in *struct {
	Engineer uuid.UUID `path:"engineer" format:"uuid" doc:"Кадастровый инженер"`
},
) (*moderatedEngineerOutput, error) {
	e, err := s.Store.EngineerOverview(ctx, in.Engineer)
	if errors.Is(err, db.ErrNotFound) {
		return nil, problems.New(problems.NotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("reading an engineer: %w", err)
	}
	decisions, err := s.decisionsOn(ctx, in.Engineer, httpapi.Page{Limit: cardDecisions})
	if err != nil {
		return nil, err
	}
	document, err := s.Profiles.WorkDocumentOf(ctx, in.Engineer)
	if err != nil {
		return nil, err
	}
	card := ModeratedEngineerCard{
		ModeratedEngineer: ModeratedEngineer{
			ID: e.ID, Name: e.Name, RegistryName: e.RegistryName, RegistryNumber: e.RegistryNumber, SRO: e.Sro,
			Employer: e.Employer, InRegistry: e.InRegistry, Blocked: e.Blocked, SignedIn: e.SignedIn,
		},
		SNILS: e.Snils, RegistryAsOf: e.RegistryAsOf, Form: e.Form, Employment: e.Employment, ReceivesOrders: e.ReceivesOrders,
		ProfileComplete: e.ProfileComplete, AccountOn: e.AccountOn, Document: document, Regions: []wire.Coded{}, Decisions: decisions.Body.Items,
	}
	if e.Form == "entrepreneur" {
		card.OGRNIP, card.UnconfirmedBusiness = e.Ogrnip, !e.BusinessConfirmed
	}
	for _, code := range e.Regions {
		card.Regions = append(card.Regions, *wire.RegionOf(code))
	}
	return &moderatedEngineerOutput{Body: card}, nil
}

func (s *Service) engineerDecisions(ctx context.Context, in *struct {
	httpapi.Page
	Engineer uuid.UUID `path:"engineer" format:"uuid" doc:"Кадастровый инженер"`
},
) (*httpapi.PageOutput[PastDecision], error) {
	if _, err := s.Store.EngineerEligibility(ctx, in.Engineer); errors.Is(err, db.ErrNotFound) {
		return nil, problems.New(problems.NotFound)
	} else if err != nil {
		return nil, fmt.Errorf("finding the engineer: %w", err)
	}
	return s.decisionsOn(ctx, in.Engineer, in.Page)
}

// decisionsOn returns a page of the decisions on an engineer, newest first.
func (s *Service) decisionsOn(ctx context.Context, engineer uuid.UUID, page httpapi.Page) (*httpapi.PageOutput[PastDecision], error) {
	from, err := page.Start("decisions")
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.DecisionsOn(ctx, sqlcgen.DecisionsOnParams{EngineerID: engineer, After1: from.Key1, AfterID: from.ID, Page: page.Limit + 1})
	if err != nil {
		return nil, fmt.Errorf("listing the decisions on an engineer: %w", err)
	}
	return httpapi.PageOf(rows, page.Limit, from, func(d sqlcgen.DecisionsOnRow) PastDecision {
		return PastDecision{
			EngineerDecision: EngineerDecision{ID: d.ID, Blocked: d.Blocked, Applied: d.Applied, Overtaken: d.Overtaken, DecidedAt: d.DecidedAt},
			Reason:           d.Reason, Moderator: wire.FullName(d.LastName, d.FirstName, d.MiddleName),
		}
	}, func(d sqlcgen.DecisionsOnRow) httpapi.Cursor {
		return httpapi.Cursor{Key1: d.Key1, ID: d.ID, Total: d.Total}
	}), nil
}
