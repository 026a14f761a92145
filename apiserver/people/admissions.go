// Package people lets the heads of organisations decide who acts for them.
package people

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
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
)

const (
	tagAdmissions = "Допуск сотрудников"
	// admissionPage is how many decisions of the history one answer contains.
	admissionPage = 50
)

// The causes of a decision in the table admissions.
const (
	causeHead      = "head"
	causeMigration = "migration"
)

// organisationHeads is the access of the heads, who decide whom they admit.
var organisationHeads = httpapi.Consented(order.RoleCustomer, order.RoleEmployer).ForHeads()

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Now   func() time.Time
}

// Service lets the heads of organisations decide who acts for them.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations on the people of an organisation.
func (s *Service) Register() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-admissions", Method: http.MethodGet, Path: "/api/organisation/people", Tags: []string{tagAdmissions},
		Summary:     "Сотрудники организации и кто из них допущен, руководители сначала",
		Description: "Для руководителя: те, кого Госуслуги назвали сотрудниками организации при их входе на платформу.",
	}, organisationHeads, s.listOrganisationPeople)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-admission-history", Method: http.MethodGet, Path: "/api/organisation/admissions", Tags: []string{tagAdmissions},
		Summary: "История допусков, новые сначала",
	}, organisationHeads, s.listAdmissionHistory, httpapi.Costs(limits.Search))
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "decide-admission", Method: http.MethodPut, Path: "/api/organisation/people/{person}/admission", Tags: []string{tagAdmissions},
		Summary:       "Допустить сотрудника или отозвать допуск",
		Description:   "Действует сразу. Оба значения false отзывают допуск. Руководителя не допускают: он действует и так.",
		DefaultStatus: http.StatusNoContent, Errors: []int{http.StatusNotFound, http.StatusConflict},
	}, organisationHeads, s.decideAdmission)
}

// OrganisationPerson is a person whom ЕСИА names as belonging to the organisation, with what he may
// do for it.
type OrganisationPerson struct {
	Person   uuid.UUID `json:"person" format:"uuid" doc:"Идентификатор на платформе"`
	Name     string    `json:"name" doc:"Фамилия, имя, отчество"`
	Head     bool      `json:"head" doc:"Руководитель: действует и подписывает без допуска"`
	Customer bool      `json:"customer" doc:"Допущен как правообладатель (заказчик)"`
	Employer bool      `json:"employer" doc:"Допущен как работодатель"`
	// Confirmed is false for an admission that the migration created and no head has decided.
	Confirmed bool       `json:"confirmed" doc:"Допуск дан руководителем; false: перенесён при обновлении платформы, его нужно подтвердить или отозвать"`
	DecidedAt *time.Time `json:"decidedAt,omitempty" doc:"Когда решено"`
	DecidedBy string     `json:"decidedBy,omitempty" doc:"Кто решил"`
	ReadAt    time.Time  `json:"readAt" doc:"Когда Госуслуги подтвердили место в организации"`
}

func (s *Service) listOrganisationPeople(ctx context.Context, in *struct{ httpapi.Page }) (*httpapi.PageOutput[OrganisationPerson], error) {
	from, err := in.Start("people")
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.OrganisationPeople(ctx, sqlcgen.OrganisationPeopleParams{
		PartyID: httpapi.SessionFrom(ctx).Party, After1: from.Key1, AfterName: from.Text, AfterID: from.ID, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing the people of an organisation: %w", err)
	}
	return httpapi.PageOf(rows, in.Limit, from, func(r sqlcgen.OrganisationPeopleRow) OrganisationPerson {
		return OrganisationPerson{
			Person: r.PersonID, Name: wire.FullName(r.LastName, r.FirstName, r.MiddleName), Head: r.Chief, Customer: r.AsCustomer, Employer: r.AsEmployer,
			Confirmed: r.Cause != causeMigration, DecidedAt: r.DecidedAt, DecidedBy: wire.FullName(r.ByLastName, r.ByFirstName, r.ByMiddleName), ReadAt: r.ReadAt,
		}
	}, func(r sqlcgen.OrganisationPeopleRow) httpapi.Cursor {
		return httpapi.Cursor{Key1: r.Key1, Text: r.NameOrder, ID: r.PersonID, Total: r.Total}
	}), nil
}

// AdmissionDecision is one row of the history of admissions.
type AdmissionDecision struct {
	ID       int64     `json:"id" doc:"Номер; более новые больше"`
	Person   uuid.UUID `json:"person" format:"uuid" doc:"О ком"`
	Name     string    `json:"name" doc:"Фамилия, имя, отчество"`
	Customer bool      `json:"customer" doc:"Допущен как правообладатель (заказчик)"`
	Employer bool      `json:"employer" doc:"Допущен как работодатель"`
	Cause    string    `json:"cause" enum:"head,migration,membership" doc:"head: решил руководитель; migration: перенесено при обновлении; membership: Госуслуги больше не называют человека сотрудником"`
	By       string    `json:"by,omitempty" doc:"Кто решил"`
	At       time.Time `json:"at" doc:"Когда"`
}

type admissionHistory struct {
	Body struct {
		Items []AdmissionDecision `json:"items" nullable:"false"`
		Next  string              `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
	}
}

func (s *Service) listAdmissionHistory(ctx context.Context, in *struct {
	Cursor string `query:"cursor" maxLength:"18" pattern:"^[0-9]+$" doc:"Откуда продолжить: next из прошлого ответа"`
},
) (*admissionHistory, error) {
	by, before := httpapi.SessionFrom(ctx), int64(math.MaxInt64)
	if in.Cursor != "" {
		before, _ = strconv.ParseInt(in.Cursor, 10, 64) // the pattern and the length allow nothing else
	}
	rows, err := s.Store.AdmissionHistory(ctx, sqlcgen.AdmissionHistoryParams{PartyID: by.Party, Before: before, Page: admissionPage + 1})
	if err != nil {
		return nil, fmt.Errorf("listing decisions on admissions: %w", err)
	}
	out := &admissionHistory{}
	if len(rows) > admissionPage {
		rows = rows[:admissionPage]
		out.Body.Next = strconv.FormatInt(rows[len(rows)-1].ID, 10)
	}
	out.Body.Items = make([]AdmissionDecision, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = AdmissionDecision{
			ID: r.ID, Person: r.PersonID, Name: wire.FullName(r.LastName, r.FirstName, r.MiddleName), Customer: r.AsCustomer, Employer: r.AsEmployer,
			Cause: r.Cause, By: wire.FullName(r.ByLastName, r.ByFirstName, r.ByMiddleName), At: r.DecidedAt,
		}
	}
	return out, nil
}

type admissionInput struct {
	Person uuid.UUID `path:"person" format:"uuid" doc:"О ком решение"`
	Body   struct {
		Customer bool `json:"customer" doc:"Допустить как правообладателя (заказчика)"`
		Employer bool `json:"employer" doc:"Допустить как работодателя"`
	}
}

// decideAdmission stores the decision, removes withdrawn roles from sessions and notifies the
// person, in one transaction.
func (s *Service) decideAdmission(ctx context.Context, in *admissionInput) (*struct{}, error) {
	by := httpapi.SessionFrom(ctx)
	if err := s.HTTP.CheckAuthority(by); err != nil {
		return nil, err
	}
	return nil, s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		return s.recordAdmission(ctx, q, by, in)
	})
}

func (s *Service) recordAdmission(ctx context.Context, q *sqlcgen.Queries, by httpapi.Session, in *admissionInput) error {
	now, wanted := s.Now().UTC(), in.Body
	before, err := q.LockRepresentative(ctx, sqlcgen.LockRepresentativeParams{PartyID: by.Party, PersonID: in.Person})
	switch {
	case errors.Is(err, db.ErrNotFound) || err == nil && !before.Active:
		return problems.New(problems.NotFound).WithDetail("Госуслуги не называют этого человека сотрудником вашей организации.")
	case err != nil:
		return fmt.Errorf("reading what a person may do for an organisation: %w", err)
	case before.Chief:
		return problems.New(problems.AdmitsHead)
	case before.AsCustomer == wanted.Customer && before.AsEmployer == wanted.Employer && before.Cause != causeMigration:
		return nil
	}
	if err := q.InsertAdmission(ctx, sqlcgen.InsertAdmissionParams{
		PartyID: by.Party, PersonID: in.Person, AsCustomer: wanted.Customer, AsEmployer: wanted.Employer, Cause: causeHead,
		DecidedBy: &by.Person, DecidedAt: now,
	}); err != nil {
		return fmt.Errorf("writing an admission: %w", err)
	}
	if err := q.SetAdmission(ctx, sqlcgen.SetAdmissionParams{
		PartyID: by.Party, PersonID: in.Person, AsCustomer: wanted.Customer, AsEmployer: wanted.Employer,
	}); err != nil {
		return fmt.Errorf("changing what a person may do for an organisation: %w", err)
	}
	given := wanted.Customer && !before.AsCustomer || wanted.Employer && !before.AsEmployer
	var withdrawn []string
	if before.AsCustomer && !wanted.Customer {
		withdrawn = append(withdrawn, string(order.RoleCustomer))
	}
	if before.AsEmployer && !wanted.Employer {
		withdrawn = append(withdrawn, string(order.RoleEmployer))
	}
	if err := q.ClearRoleOfSessions(ctx, sqlcgen.ClearRoleOfSessionsParams{PersonID: in.Person, PartyID: &by.Party, Roles: withdrawn}); err != nil {
		return fmt.Errorf("taking a withdrawn role from sessions: %w", err)
	}
	if err := s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{
		Kind: httpapi.EventAdmissionChanged, Subject: httpapi.SecuritySubject{Kind: "person", ID: in.Person},
		Details: map[string]any{"customer": wanted.Customer, "employer": wanted.Employer},
	}); err != nil {
		return err
	}
	return notifyOfAdmission(ctx, q, in.Person, by.PartyName, given, len(withdrawn) > 0, now)
}

// The kinds of notifications to the person concerned, in his own cabinet.
const (
	noticeAdmitted           = "admission-given"
	noticeAdmissionWithdrawn = "admission-withdrawn"
)

var admissionTexts = map[string]string{
	noticeAdmitted:           "Руководитель допустил вас действовать от имени организации: {}. Смените роль, чтобы начать",
	noticeAdmissionWithdrawn: "Руководитель отозвал ваш допуск действовать от имени организации: {}",
}

// NoticeText returns the text of a notification of this package; "" for other kinds.
func NoticeText(kind string) string { return admissionTexts[kind] }

func notifyOfAdmission(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, organisation string, given, withdrawn bool, now time.Time) error {
	for kind, happened := range map[string]bool{noticeAdmitted: given, noticeAdmissionWithdrawn: withdrawn} {
		if !happened {
			continue
		}
		if err := q.NotifyPerson(ctx, sqlcgen.NotifyPersonParams{Kind: kind, Subject: organisation, PersonID: &person, CreatedAt: now}); err != nil {
			return fmt.Errorf("notifying a person of his admission: %w", err)
		}
	}
	return nil
}
