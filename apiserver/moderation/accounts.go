package moderation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/requisites"
	"epkr/internal/searchtext"
)

// Account is the account of a person in the moderators' list.
type Account struct {
	ID            uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор человека на платформе"`
	Name          string    `json:"name" doc:"Фамилия, имя, отчество"`
	Active        bool      `json:"active" doc:"Учётная запись включена"`
	SeenAt        time.Time `json:"seenAt" doc:"Последний вход через Госуслуги"`
	Engineer      bool      `json:"engineer" doc:"Есть в АИС «Реестр СРО»"`
	Entrepreneur  bool      `json:"entrepreneur" doc:"Индивидуальный предприниматель"`
	Moderator     bool      `json:"moderator" doc:"Модератор системы"`
	Organisations []string  `json:"organisations" nullable:"false" doc:"Организации, не больше трёх"`
}

// AccountCard is an account with what a moderator needs for a decision.
type AccountCard struct {
	ID          uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор человека на платформе"`
	Name        string    `json:"name" doc:"Фамилия, имя, отчество"`
	Active      bool      `json:"active" doc:"Учётная запись включена"`
	Moderator   bool      `json:"moderator" doc:"Модератор системы: отключить его нельзя"`
	Version     int32     `json:"version" doc:"Сколько решений принято о записи: решение называет то, на котором оно основано"`
	SNILS       string    `json:"snils,omitempty" doc:"СНИЛС"`
	INN         string    `json:"inn,omitempty" doc:"ИНН"`
	BirthDate   string    `json:"birthDate,omitempty" format:"date" doc:"Дата рождения"`
	Email       string    `json:"email,omitempty" doc:"Почта, подтверждённая на Госуслугах"`
	Phone       string    `json:"phone,omitempty" doc:"Телефон, подтверждённый на Госуслугах"`
	ESIANumbers []string  `json:"esiaNumbers" nullable:"false" doc:"Номера учётной записи Госуслуг"`
	CreatedAt   time.Time `json:"createdAt" doc:"Первый вход"`
	SeenAt      time.Time `json:"seenAt" doc:"Последний вход через Госуслуги"`
	Sessions    int32     `json:"sessions" doc:"Сколько сеансов открыто сейчас"`
	// Consent is the last consent of the person; nil if he has never given one.
	Consent       *AccountConsent       `json:"consent,omitempty" doc:"Последнее согласие на обработку персональных данных; нет, если не давал"`
	Roles         []AccountRole         `json:"roles" nullable:"false" doc:"Роли, в которых человек может войти"`
	Organisations []AccountOrganisation `json:"organisations" nullable:"false" doc:"ИП и организации, прежние последними"`
	Engineer      *AccountEngineer      `json:"engineer,omitempty" doc:"Запись в АИС «Реестр СРО»"`
	Decisions     []AccountDecision     `json:"decisions" nullable:"false" doc:"Последние решения, новые сначала; все — отдельным списком"`
}

// AccountConsent is a person's consent to the processing of his data.
type AccountConsent struct {
	Version     string     `json:"version" doc:"Редакция"`
	GivenAt     time.Time  `json:"givenAt" doc:"Когда дано"`
	WithdrawnAt *time.Time `json:"withdrawnAt,omitempty" doc:"Когда отозвано"`
}

// AccountRole is one role in which a person may sign in, on behalf of one account.
type AccountRole struct {
	Role  order.Role `json:"role" enum:"customer,engineer,employer,moderator" doc:"Роль"`
	Party *uuid.UUID `json:"party,omitempty" format:"uuid" doc:"От чьего имени; нет у модератора"`
	Kind  string     `json:"kind" enum:"person,entrepreneur,organisation,engineer,moderator" doc:"Чей это кабинет"`
	Name  string     `json:"name" doc:"Имя или наименование"`
	Title string     `json:"title" doc:"Как роль названа на экране"`
}

// AccountOrganisation is an organisation or the ИП of a person, with what he may do for it.
type AccountOrganisation struct {
	ID       uuid.UUID          `json:"id" format:"uuid" doc:"Идентификатор"`
	Kind     order.CustomerKind `json:"kind" doc:"Кто это"`
	Name     string             `json:"name" doc:"Наименование"`
	OGRN     string             `json:"ogrn" doc:"ОГРН или ОГРНИП"`
	INN      string             `json:"inn,omitempty" doc:"ИНН"`
	Active   bool               `json:"active" doc:"Госуслуги называют человека её сотрудником"`
	Head     bool               `json:"head" doc:"Руководитель"`
	Customer bool               `json:"customer" doc:"Допущен как правообладатель (заказчик)"`
	Employer bool               `json:"employer" doc:"Допущен как работодатель"`
	ReadAt   time.Time          `json:"readAt" doc:"Когда об этом сообщили Госуслуги"`
}

// AccountEngineer is the entry of a person in the registry of engineers.
type AccountEngineer struct {
	ID             uuid.UUID `json:"id" format:"uuid" doc:"Кадастровый инженер"`
	RegistryNumber string    `json:"registryNumber" doc:"Номер в реестре"`
	InRegistry     bool      `json:"inRegistry" doc:"Действующий по АИС «Реестр СРО»"`
	Blocked        bool      `json:"blocked" doc:"Заблокирован модератором"`
}

// AccountDecision is a moderator's decision on an account.
type AccountDecision struct {
	ID        uuid.UUID `json:"id" format:"uuid"`
	Active    bool      `json:"active" doc:"Включена ли учётная запись этим решением"`
	Reason    string    `json:"reason" doc:"Причина"`
	Moderator string    `json:"moderator" doc:"Кто решил"`
	DecidedAt time.Time `json:"decidedAt" doc:"Когда"`
}

type accountsInput struct {
	httpapi.Page
	Name   string `query:"name" maxLength:"200" doc:"Часть фамилии, имени, отчества или наименования организации"`
	Number string `query:"number" maxLength:"40" doc:"СНИЛС, ИНН, ОГРН или ОГРНИП целиком, человека или его организации"`
	Status string `query:"status" enum:"active,off" doc:"Включённые или отключённые"`
	Role   string `query:"role" enum:"engineer,entrepreneur,organisation,employer,moderator" doc:"Кадастровые инженеры, ИП, действующие за организацию-заказчика, за работодателя, модераторы"`
}

// AccountPath names the person whose account an operation concerns.
type AccountPath struct {
	Person uuid.UUID `path:"person" format:"uuid" doc:"Человек"`
}

func (s *Service) registerAccounts() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-accounts", Method: http.MethodGet, Path: "/api/moderation/accounts", Tags: []string{moderationTag},
		Summary: "Учётные записи людей, по фамилии",
	}, httpapi.Moderators, s.listAccounts, httpapi.Costs(limits.Search))
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-account", Method: http.MethodGet, Path: "/api/moderation/accounts/{person}", Tags: []string{moderationTag},
		Summary: "Учётная запись: роли, организации, сеансы, согласие и решения", Errors: []int{http.StatusNotFound},
	}, httpapi.Moderators, s.getAccount)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-account-decisions", Method: http.MethodGet, Path: "/api/moderation/accounts/{person}/decisions", Tags: []string{moderationTag},
		Summary: "Решения об учётной записи, новые сначала", Errors: []int{http.StatusNotFound},
	}, httpapi.Moderators, s.listAccountDecisions)
	for _, op := range []struct {
		verb, summary, description string
		active                     bool
	}{
		{
			"switch-off", "Отключить учётную запись", "Все сеансы человека завершаются сразу, войти он не сможет и при входе прочитает причину. " +
				"Его заказы, отклики и предложения остаются как есть: за него никто не действует.", false,
		},
		{"switch-on", "Включить учётную запись", "", true},
	} {
		httpapi.Register(s.HTTP, huma.Operation{
			OperationID: op.verb + "-account", Method: http.MethodPost, Path: "/api/moderation/accounts/{person}/" + op.verb, Tags: []string{moderationTag},
			Summary: op.summary, Description: op.description, Errors: []int{http.StatusNotFound, http.StatusConflict},
		}, httpapi.Moderators, func(ctx context.Context, in *accountDecisionInput) (*accountOutput, error) {
			return s.decideOnAccount(ctx, in, op.active)
		})
	}
}

// numberOf returns the digits of a СНИЛС, ИНН, ОГРН or ОГРНИП; snils is set if it is a СНИЛС.
func numberOf(text string) (digits string, snils bool, err error) {
	if strings.TrimSpace(text) == "" {
		return "", false, nil
	}
	digits = strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
	check := map[int]func(string) (string, error){
		11: requisites.SNILSWellFormed, 10: requisites.INN, 12: requisites.INN, 13: requisites.OGRN, 15: requisites.OGRNIP,
	}[len(digits)]
	if check == nil {
		return "", false, invalidNumber("В СНИЛС 11 цифр, в ИНН 10 или 12, в ОГРН 13, в ОГРНИП 15. Введите номер целиком.")
	}
	if _, err := check(text); err != nil {
		return "", false, invalidNumber(err.Error())
	}
	return digits, len(digits) == snilsLength, nil
}

const snilsLength = 11

func invalidNumber(message string) *problems.Problem {
	return problems.Invalid(problems.FieldProblem{Field: "number", Message: message})
}

func (s *Service) listAccounts(ctx context.Context, in *accountsInput) (*httpapi.CountedOutput[Account], error) {
	from, err := in.Start(byName)
	if err != nil {
		return nil, err
	}
	number, isSNILS, err := numberOf(in.Number)
	if err != nil {
		return nil, err
	}
	search := searchtext.Names(in.Name)
	params := sqlcgen.AccountsPageParams{
		Searching: search.Index != "" || number != "", Search: search.Index, Words: search.All, Status: in.Status, Role: in.Role,
		Moderators: wire.NonNil(s.Moderators), AfterName: from.Text, AfterID: from.ID, Page: in.Limit + 1, Most: httpapi.MaxCounted + 1,
	}
	if isSNILS {
		params.Snils = number
	} else {
		params.Number = number
	}
	rows, err := s.Store.AccountsPage(ctx, params)
	if err != nil {
		return nil, fmt.Errorf("listing accounts: %w", err)
	}
	if len(rows) <= fewFound {
		for _, r := range rows {
			if err := s.HTTP.RecordOpened(ctx, "list-accounts", httpapi.SecuritySubject{Kind: "person", ID: r.ID}, nil); err != nil {
				return nil, err
			}
		}
	}
	return httpapi.Counted(httpapi.PageOf(rows, in.Limit, from, func(r sqlcgen.AccountsPageRow) Account {
		return Account{
			ID: r.ID, Name: r.Name, Active: r.Active, SeenAt: r.SeenAt, Engineer: r.Engineer, Entrepreneur: r.Entrepreneur,
			Moderator: s.HTTP.IsModerator(r.EsiaNumbers), Organisations: r.Organisations,
		}
	}, func(r sqlcgen.AccountsPageRow) httpapi.Cursor {
		return httpapi.Cursor{Text: r.NameOrder, ID: r.ID, Total: r.Total}
	})), nil
}

type accountOutput struct{ Body AccountCard }

func (s *Service) getAccount(ctx context.Context, in *AccountPath) (*accountOutput, error) {
	now := s.Now().UTC()
	p, err := s.Store.AccountOverview(ctx, sqlcgen.AccountOverviewParams{ID: in.Person, Now: now, IdleSince: now.Add(-s.SessionIdle)})
	if errors.Is(err, db.ErrNotFound) {
		return nil, problems.New(problems.NotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("reading an account: %w", err)
	}
	card := AccountCard{
		ID: p.ID, Name: wire.FullName(p.LastName, p.FirstName, p.MiddleName), Active: p.Active, Moderator: s.HTTP.IsModerator(p.EsiaNumbers),
		Version: p.Version, SNILS: p.Snils, INN: p.Inn, Email: p.Email, Phone: p.Phone, ESIANumbers: p.EsiaNumbers, CreatedAt: p.CreatedAt,
		SeenAt: p.SeenAt, Sessions: p.Sessions,
	}
	if p.BirthDate != nil {
		card.BirthDate = p.BirthDate.Format(time.DateOnly)
	}
	if p.EngineerID != nil {
		card.Engineer = &AccountEngineer{ID: *p.EngineerID, RegistryNumber: p.RegistryNumber, InRegistry: p.InRegistry, Blocked: p.Blocked}
	}
	if card.Roles, err = s.Roles(ctx, p.ID); err != nil {
		return nil, err
	}
	if card.Consent, err = s.lastConsent(ctx, p.ID); err != nil {
		return nil, err
	}
	if card.Organisations, err = s.organisationsOf(ctx, p.ID); err != nil {
		return nil, err
	}
	decisions, err := s.accountDecisions(ctx, p.ID, httpapi.Page{Limit: cardDecisions})
	if err != nil {
		return nil, err
	}
	card.Decisions = decisions.Body.Items
	return &accountOutput{Body: card}, nil
}

func (s *Service) lastConsent(ctx context.Context, person uuid.UUID) (*AccountConsent, error) {
	c, err := s.Store.LastConsent(ctx, person)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("reading the consent of a person: %w", err)
	}
	return &AccountConsent{Version: c.Version, GivenAt: c.GivenAt, WithdrawnAt: c.WithdrawnAt}, nil
}

func (s *Service) organisationsOf(ctx context.Context, person uuid.UUID) ([]AccountOrganisation, error) {
	rows, err := s.Store.AccountOrganisations(ctx, person)
	if err != nil {
		return nil, fmt.Errorf("listing the organisations of a person: %w", err)
	}
	all := make([]AccountOrganisation, len(rows))
	for i, o := range rows {
		all[i] = AccountOrganisation{
			ID: o.ID, Kind: order.CustomerKind(o.Kind), Name: o.Name, OGRN: o.Ogrn, INN: o.Inn, Active: o.Active, Head: o.Chief,
			Customer: o.AsCustomer, Employer: o.AsEmployer, ReadAt: o.ReadAt,
		}
	}
	return all, nil
}

func (s *Service) listAccountDecisions(ctx context.Context, in *struct {
	httpapi.Page
	AccountPath
},
) (*httpapi.PageOutput[AccountDecision], error) {
	person, err := s.Store.CanonicalPerson(ctx, in.Person)
	if err == nil {
		_, err = s.Store.PersonName(ctx, person)
	}
	if errors.Is(err, db.ErrNotFound) {
		return nil, problems.New(problems.NotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("finding the account: %w", err)
	}
	return s.accountDecisions(ctx, person, in.Page)
}

// accountDecisions returns a page of the decisions on an account, newest first.
func (s *Service) accountDecisions(ctx context.Context, person uuid.UUID, page httpapi.Page) (*httpapi.PageOutput[AccountDecision], error) {
	from, err := page.Start("account-decisions")
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.AccountDecisions(ctx, sqlcgen.AccountDecisionsParams{PersonID: person, After1: from.Key1, AfterID: from.ID, Page: page.Limit + 1})
	if err != nil {
		return nil, fmt.Errorf("listing the decisions on an account: %w", err)
	}
	return httpapi.PageOf(rows, page.Limit, from, func(d sqlcgen.AccountDecisionsRow) AccountDecision {
		return AccountDecision{
			ID: d.ID, Active: d.Active, Reason: d.Reason, Moderator: wire.FullName(d.LastName, d.FirstName, d.MiddleName), DecidedAt: d.DecidedAt,
		}
	}, func(d sqlcgen.AccountDecisionsRow) httpapi.Cursor {
		return httpapi.Cursor{Key1: d.Key1, ID: d.ID, Total: d.Total}
	}), nil
}

type accountDecisionInput struct {
	httpapi.Idempotent
	AccountPath
	Body struct {
		Version int32  `json:"version" minimum:"0" maximum:"1000000" doc:"version учётной записи, которую видел модератор"`
		Reason  string `json:"reason" format:"text" minLength:"1" maxLength:"1000" doc:"Причина; отключённый человек прочитает её при входе"`
	}
}

// decideOnAccount stores the decision, switches the account and ends the person's sessions, in one
// transaction. The same key with the same reason is the same decision.
func (s *Service) decideOnAccount(ctx context.Context, in *accountDecisionInput, active bool) (*accountOutput, error) {
	by := httpapi.SessionFrom(ctx)
	id := in.ID(by, "account-decision", in.Person.String(), fmt.Sprint(active))
	err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		account, err := q.LockAccount(ctx, in.Person)
		if errors.Is(err, db.ErrNotFound) {
			return problems.New(problems.NotFound)
		}
		if err != nil {
			return fmt.Errorf("locking an account: %w", err)
		}
		earlier, err := q.AccountDecision(ctx, id)
		switch {
		case err == nil && earlier.Reason == in.Body.Reason:
			return nil
		case err == nil:
			return problems.New(problems.KeyReused)
		case !errors.Is(err, db.ErrNotFound):
			return fmt.Errorf("finding an earlier decision: %w", err)
		}
		if account.Version != in.Body.Version || account.Active == active {
			return problems.New(problems.AccountChanged)
		}
		if err := s.mayDecideOn(ctx, q, by.Person, in.Person); err != nil {
			return err
		}
		return s.switchAccount(ctx, q, in.Person, sqlcgen.InsertAccountDecisionParams{
			ID: id, PersonID: in.Person, ModeratorID: by.Person, Active: active, Reason: in.Body.Reason, DecidedAt: s.Now().UTC(),
		})
	})
	if err != nil {
		return nil, err
	}
	return s.getAccount(ctx, &in.AccountPath)
}

// mayDecideOn refuses a decision on a moderator, the caller among them, and one on an engineer in
// whom the moderator has an interest.
func (s *Service) mayDecideOn(ctx context.Context, q *sqlcgen.Queries, moderator, person uuid.UUID) error {
	numbers, err := q.ESIANumbers(ctx, person)
	if err != nil {
		return fmt.Errorf("reading the ЕСИА numbers of a person: %w", err)
	}
	if person == moderator || s.HTTP.IsModerator(numbers) {
		return problems.New(problems.AccountOfModerator)
	}
	engineer, err := q.EngineerOfPerson(ctx, &person)
	if errors.Is(err, db.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading whether a person is an engineer: %w", err)
	}
	tied, err := q.ModeratorTied(ctx, sqlcgen.ModeratorTiedParams{Person: moderator, Engineer: engineer.ID})
	if err != nil {
		return fmt.Errorf("asking whether the moderator has an interest: %w", err)
	}
	if tied {
		return problems.New(problems.OwnDecision)
	}
	return nil
}

func (s *Service) switchAccount(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, decision sqlcgen.InsertAccountDecisionParams) error {
	if err := q.InsertAccountDecision(ctx, decision); err != nil {
		return fmt.Errorf("writing a decision on an account: %w", err)
	}
	if err := q.SwitchAccount(ctx, sqlcgen.SwitchAccountParams{ID: person, Active: decision.Active}); err != nil {
		return fmt.Errorf("switching an account: %w", err)
	}
	ended := int64(0)
	if !decision.Active {
		var err error
		if ended, err = q.EndSessionsOf(ctx, person); err != nil {
			return fmt.Errorf("ending the sessions of an account: %w", err)
		}
		if err := (db.OrderChange{Person: person.String()}).Notify(ctx, q); err != nil { // his streams end too
			return err
		}
	}
	return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{
		Kind: httpapi.EventAccountSwitched, Subject: httpapi.SecuritySubject{Kind: "person", ID: person},
		Details: map[string]any{"active": decision.Active, "sessions": ended},
	})
}
