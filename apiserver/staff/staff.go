// Package staff lets cadastral engineers and the organisations that employ them ask for each other,
// answer, suspend and part.
package staff

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/profiles"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

const (
	tag = "Сотрудники"
	// employmentsShown is how many employments of his own an engineer gets.
	employmentsShown = 50
	// eventsShown is how many entries of a history one answer contains.
	eventsShown = 50
)

// Status is the state of an employment.
type Status string

// The states of an employment. The row of a withdrawn request stays for its history and is not shown.
const (
	Pending   Status = "pending"
	Confirmed Status = "confirmed"
	Suspended Status = "suspended"
	Rejected  Status = "rejected"
	Withdrawn Status = "withdrawn"
	Removed   Status = "removed"
)

// both are the two sides of an employment.
var both = httpapi.Consented(order.RoleEngineer, order.RoleEmployer)

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP     *httpapi.Server
	Store    *db.Store
	Profiles *profiles.Service
	Temporal client.Client
	Log      *slog.Logger
	Now      func() time.Time
	// TaskQueue is the task queue of the workflows that notify orders of an employer's decision.
	TaskQueue string
}

// Service contains the operations of employers and their staff.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations on employers and their staff.
func (s *Service) Register() {
	s.registerSwitch()
	s.registerSearch()
	s.registerAsking()
	s.registerDecisions()
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-employers-of-engineer", Method: http.MethodGet, Path: "/api/engineer/employments", Tags: []string{tag},
		Summary: "Работодатель кадастрового инженера, его заявки и приглашения, прежние работодатели",
	}, httpapi.Engineers, s.listEmployments)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-staff", Method: http.MethodGet, Path: "/api/staff", Tags: []string{tag},
		Summary:     "Сотрудники организации и заявки, новые заявки в конце",
		Description: "Сначала действующие и приостановленные сотрудники, затем удалённые и отклонённые, затем заявки на рассмотрении; внутри — по фамилии.",
	}, httpapi.Employers, s.listStaff)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-staff-member", Method: http.MethodGet, Path: "/api/staff/{employment}", Tags: []string{tag},
		Summary: "Сотрудник и его заказы, которые остановит приостановка или удаление", Errors: []int{http.StatusNotFound},
	}, httpapi.Employers, s.showMember)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-employment-events", Method: http.MethodGet, Path: "/api/employments/{employment}/events", Tags: []string{tag},
		Summary: "Кто, когда и почему менял заявку и работу, новые сначала", Errors: []int{http.StatusNotFound},
	}, both, s.listEvents, httpapi.Costs(limits.Search))
}

// Employment is what both sides see of a request or of the work for an employer.
type Employment struct {
	ID        uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор заявки"`
	Status    Status    `json:"status" enum:"pending,confirmed,suspended,rejected,withdrawn,removed" doc:"pending: на рассмотрении; confirmed: подтверждён; suspended: приостановлен; rejected: отклонён; withdrawn: заявка отозвана; removed: удалён"`
	AskedBy   string    `json:"askedBy" enum:"engineer,employer" doc:"Кто подал заявку"`
	AskedAt   time.Time `json:"askedAt" doc:"Когда подана"`
	ChangedAt time.Time `json:"changedAt" doc:"Когда состояние изменилось последний раз"`
	Comment   string    `json:"comment,omitempty" doc:"Что сказано при последнем изменении"`
	Version   int32     `json:"version" doc:"Версия: решение передаёт её, чтобы не решить о том, что уже изменилось"`
}

func employmentOf(m sqlcgen.Employment) Employment {
	return Employment{
		ID: m.ID, Status: Status(m.Status), AskedBy: m.AskedBy, AskedAt: m.AskedAt, ChangedAt: m.ChangedAt, Comment: m.Comment, Version: m.Version,
	}
}

// EmployerOrganisation is an employer as engineers see it.
type EmployerOrganisation struct {
	ID      uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Name    string    `json:"name" doc:"Полное наименование"`
	Short   string    `json:"shortName,omitempty" doc:"Краткое наименование"`
	OGRN    string    `json:"ogrn,omitempty" doc:"ОГРН"`
	INN     string    `json:"inn,omitempty" doc:"ИНН"`
	Address string    `json:"address,omitempty" doc:"Адрес"`
}

// OwnEmployment is an employment as the engineer sees it.
type OwnEmployment struct {
	Employment
	Employer EmployerOrganisation `json:"employer"`
}

type ownEmployments struct {
	Body struct {
		Items []OwnEmployment `json:"items" nullable:"false" doc:"Сначала работодатель, затем заявки на рассмотрении, затем прежние"`
	}
}

func (s *Service) listEmployments(ctx context.Context, _ *struct{}) (*ownEmployments, error) {
	rows, err := s.Store.EmploymentsOf(ctx, sqlcgen.EmploymentsOfParams{EngineerID: httpapi.SessionFrom(ctx).Party, Page: employmentsShown})
	if err != nil {
		return nil, fmt.Errorf("listing the employments of an engineer: %w", err)
	}
	out := &ownEmployments{}
	out.Body.Items = make([]OwnEmployment, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = OwnEmployment{Employment: employmentOf(r.Employment), Employer: EmployerOrganisation{
			ID: r.Employment.EmployerID, Name: r.Name, Short: r.ShortName, OGRN: r.Ogrn, INN: r.Inn, Address: r.Address,
		}}
	}
	return out, nil
}

// EngineerBrief is an engineer as employers see him.
type EngineerBrief struct {
	ID             uuid.UUID `json:"id" format:"uuid" doc:"Идентификатор"`
	Name           string    `json:"name" doc:"Фамилия, имя, отчество"`
	RegistryName   *string   `json:"registryName,omitempty" doc:"Как назван в АИС «Реестр СРО», если иначе"`
	RegistryNumber string    `json:"registryNumber" doc:"Номер в реестре"`
	SRO            string    `json:"sro,omitempty" doc:"СРО"`
	InRegistry     bool      `json:"inRegistry" doc:"Действующий по АИС «Реестр СРО»"`
}

// Employee is an employment as the employer sees it. The contacts of an engineer are shown once he
// works there, and whether he may take orders once he asked for work there or works there.
type Employee struct {
	Employment
	Engineer EngineerBrief `json:"engineer"`
	Blocked  *bool         `json:"blocked,omitempty" doc:"Заблокирован модератором; нет, если он не просился к вам и у вас не работает"`
	Complete *bool         `json:"profileComplete,omitempty" doc:"Обязательные поля профиля заполнены; нет, если он не просился к вам и у вас не работает"`
	Email    string        `json:"email,omitempty" doc:"Почта сотрудника"`
	Phone    string        `json:"phone,omitempty" doc:"Телефон сотрудника"`
	Orders   int64         `json:"orders" doc:"Сколько заказов он сейчас ведёт от вашей организации"`
}

type staffInput struct {
	httpapi.Page
	Status []Status `query:"status" maxItems:"5" enum:"pending,confirmed,suspended,rejected,removed" doc:"Статусы заявок; без него все"`
}

func (s *Service) listStaff(ctx context.Context, in *staffInput) (*httpapi.PageOutput[Employee], error) {
	from, err := in.Start("staff")
	if err != nil {
		return nil, err
	}
	statuses := make([]string, len(in.Status))
	for i, one := range in.Status {
		statuses[i] = string(one)
	}
	rows, err := s.Store.Staff(ctx, sqlcgen.StaffParams{
		EmployerID: httpapi.SessionFrom(ctx).Party, Statuses: statuses, After1: from.Key1, AfterName: from.Text, AfterID: from.ID, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing the staff: %w", err)
	}
	return httpapi.PageOf(rows, in.Limit, from, func(r sqlcgen.StaffRow) Employee {
		return memberOf(sqlcgen.StaffMemberRow{
			Employment: r.Employment, Name: r.Name, RegistryName: r.RegistryName, RegistryNumber: r.RegistryNumber, Sro: r.Sro,
			InRegistry: r.InRegistry, Blocked: r.Blocked, ProfileComplete: r.ProfileComplete, Email: r.Email, Phone: r.Phone, Orders: r.Orders,
		})
	}, func(r sqlcgen.StaffRow) httpapi.Cursor {
		return httpapi.Cursor{Key1: r.Key1, Text: r.NameOrder, ID: r.Employment.ID, Total: r.Total}
	}), nil
}

func memberOf(r sqlcgen.StaffMemberRow) Employee {
	m := Employee{
		Employment: employmentOf(r.Employment), Orders: r.Orders,
		Engineer: EngineerBrief{
			ID: r.Employment.EngineerID, Name: r.Name, RegistryName: r.RegistryName, RegistryNumber: r.RegistryNumber,
			SRO: r.Sro, InRegistry: r.InRegistry,
		},
	}
	works := m.Status == Confirmed || m.Status == Suspended
	if works {
		m.Email, m.Phone = r.Email, r.Phone
	}
	if works || m.Status == Pending && m.AskedBy == string(order.RoleEngineer) {
		m.Blocked, m.Complete = &r.Blocked, &r.ProfileComplete
	}
	return m
}

// LiveOrder is an order that the suspension or removal of its performer stops.
type LiveOrder struct {
	ID       uuid.UUID   `json:"id" format:"uuid" doc:"Заказ"`
	Number   string      `json:"number" doc:"Номер заказа"`
	Stage    order.Stage `json:"stage" doc:"Этап заказа, если он не приостановлен"`
	Label    string      `json:"label" doc:"Этап словами"`
	Held     bool        `json:"suspended" doc:"Заказ уже приостановлен"`
	Customer string      `json:"customer" doc:"Заказчик"`
	Deadline *time.Time  `json:"deadline,omitempty" doc:"До какого времени ждут следующего шага"`
	// Signed means that the contract is concluded: the order waits and is not given back.
	Signed bool `json:"signed" doc:"Договор подписан обеими сторонами: вернуть заказ к выбору исполнителя нельзя"`
}

type staffMemberOutput struct {
	Body struct {
		Member   Employee               `json:"member"`
		Document *profiles.WorkDocument `json:"document,omitempty" doc:"Документ, который подтверждает работу у вас; нет, пока не указан и если инженер не просился к вам и у вас не работает"`
		Orders   []LiveOrder            `json:"orders" nullable:"false" doc:"По каждому нужен ответ, что с ним станет"`
	}
}

// EmploymentPath names an employment in the address.
type EmploymentPath struct {
	Employment uuid.UUID `path:"employment" format:"uuid" doc:"Заявка"`
}

func (s *Service) showMember(ctx context.Context, in *EmploymentPath) (*staffMemberOutput, error) {
	row, err := s.Store.StaffMember(ctx, in.Employment)
	if errors.Is(err, db.ErrNotFound) || err == nil && row.Employment.EmployerID != httpapi.SessionFrom(ctx).Party {
		return nil, problems.New(problems.NotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("reading an employee: %w", err)
	}
	live, err := s.Store.LiveOrders(ctx, sqlcgen.LiveOrdersParams{EngineerID: &row.Employment.EngineerID, EmployerID: &row.Employment.EmployerID})
	if err != nil {
		return nil, fmt.Errorf("listing the orders of an employee: %w", err)
	}
	if err := s.HTTP.RecordOpened(ctx, "get-staff-member", httpapi.SecuritySubject{Kind: "engineer", ID: row.Employment.EngineerID}, nil); err != nil {
		return nil, err
	}
	out := &staffMemberOutput{}
	out.Body.Member = memberOf(row)
	if row.EmployerID != nil && *row.EmployerID == row.Employment.EmployerID {
		if out.Body.Document, err = s.Profiles.WorkDocumentOf(ctx, row.Employment.EngineerID); err != nil {
			return nil, err
		}
	}
	out.Body.Orders = make([]LiveOrder, len(live))
	for i, o := range live {
		stage := order.Stage(o.Stage)
		out.Body.Orders[i] = LiveOrder{
			ID: o.ID, Number: o.Number, Stage: stage, Label: stage.Label(), Held: o.ShownStage == string(order.Suspended), Customer: o.Customer,
			Deadline: o.Deadline, Signed: stage != order.Contracting,
		}
	}
	return out, nil
}

// EmploymentEvent is one change of an employment.
type EmploymentEvent struct {
	ID      int64     `json:"id" doc:"Номер; более новые больше"`
	Kind    string    `json:"kind" enum:"asked,confirmed,rejected,withdrawn,suspended,resumed,removed,left,closed,migration" doc:"asked: подана заявка; closed: заявка закрыта, потому что инженер стал сотрудником другой организации; left: инженер удалил работодателя; migration: перенесено при обновлении платформы"`
	Role    string    `json:"role,omitempty" enum:"engineer,employer" doc:"Кто изменил; нет, если платформа"`
	By      string    `json:"by,omitempty" doc:"Кто изменил"`
	Comment string    `json:"comment,omitempty" doc:"Что сказано"`
	At      time.Time `json:"at" doc:"Когда"`
}

type employmentEventsOutput struct {
	Body struct {
		Items []EmploymentEvent `json:"items" nullable:"false"`
		Next  string            `json:"next,omitempty" doc:"Курсор следующей страницы; нет на последней"`
	}
}

func (s *Service) listEvents(ctx context.Context, in *struct {
	EmploymentPath
	Cursor string `query:"cursor" maxLength:"18" pattern:"^[0-9]+$" doc:"Откуда продолжить: next из прошлого ответа"`
},
) (*employmentEventsOutput, error) {
	if _, err := s.ownEmployment(ctx, s.Store.Queries, in.Employment); err != nil {
		return nil, err
	}
	before := int64(math.MaxInt64)
	if in.Cursor != "" {
		before, _ = strconv.ParseInt(in.Cursor, 10, 64) // the pattern and the length allow nothing else
	}
	rows, err := s.Store.EmploymentEvents(ctx, sqlcgen.EmploymentEventsParams{EmploymentID: in.Employment, Before: before, Page: eventsShown + 1})
	if err != nil {
		return nil, fmt.Errorf("listing the changes of an employment: %w", err)
	}
	out := &employmentEventsOutput{}
	if len(rows) > eventsShown {
		rows = rows[:eventsShown]
		out.Body.Next = strconv.FormatInt(rows[len(rows)-1].N, 10)
	}
	out.Body.Items = make([]EmploymentEvent, len(rows))
	for i, r := range rows {
		out.Body.Items[i] = EmploymentEvent{
			ID: r.N, Kind: r.Kind, Role: r.Role, By: wire.FullName(r.LastName, r.FirstName, r.MiddleName), Comment: r.Comment, At: r.HappenedAt,
		}
	}
	return out, nil
}

// ownEmployment returns an employment of the caller, and «нет такой» for those of others.
func (s *Service) ownEmployment(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID) (sqlcgen.Employment, error) {
	m, err := q.Employment(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound) || err == nil && sideOf(m, httpapi.SessionFrom(ctx)) == "":
		return m, problems.New(problems.NotFound)
	case err != nil:
		return m, fmt.Errorf("reading an employment: %w", err)
	}
	return m, nil
}

// sideOf returns the side of the employment for which the caller acts; empty for none.
func sideOf(m sqlcgen.Employment, by httpapi.Session) order.Role {
	switch {
	case by.Role == order.RoleEngineer && by.Party == m.EngineerID:
		return order.RoleEngineer
	case by.Role == order.RoleEmployer && by.Party == m.EmployerID:
		return order.RoleEmployer
	}
	return ""
}
