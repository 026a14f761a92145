package staff

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

func (s *Service) registerAsking() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "ask-employer", Method: http.MethodPost, Path: "/api/engineer/employments", Tags: []string{tag},
		Summary:     "Подать заявку работодателю",
		Description: "Одновременно на рассмотрении может быть одна своя заявка. Индивидуальный предприниматель станет сотрудником, когда работодатель подтвердит заявку.",
		Errors:      []int{http.StatusNotFound, http.StatusConflict},
	}, httpapi.Engineers, s.askEmployer)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "invite-engineer", Method: http.MethodPost, Path: "/api/staff", Tags: []string{tag},
		Summary: "Пригласить кадастрового инженера в сотрудники",
		Errors:  []int{http.StatusNotFound, http.StatusConflict},
	}, httpapi.Employers, s.inviteEngineer)
}

func (s *Service) askEmployer(ctx context.Context, in *struct {
	httpapi.Idempotent
	Body struct {
		Employer uuid.UUID `json:"employer" format:"uuid" doc:"Работодатель из поиска"`
		Comment  string    `json:"comment,omitempty" format:"text" maxLength:"1000" doc:"Комментарий работодателю"`
	}
},
) (*employmentOutput, error) {
	known, err := s.Store.EmployerExists(ctx, in.Body.Employer)
	if err != nil {
		return nil, fmt.Errorf("finding an employer: %w", err)
	}
	if !known {
		return nil, noEmployer()
	}
	return s.ask(ctx, httpapi.SessionFrom(ctx).Party, in.Body.Employer, in.Body.Comment, in.Key)
}

// noEmployer refuses because an organisation employs no engineers, or does not any more.
func noEmployer() error {
	return problems.New(problems.NotFound).WithDetail("Такого работодателя на платформе нет.")
}

func (s *Service) inviteEngineer(ctx context.Context, in *struct {
	httpapi.Idempotent
	Body struct {
		Engineer uuid.UUID `json:"engineer" format:"uuid" doc:"Кадастровый инженер из поиска"`
		Comment  string    `json:"comment,omitempty" format:"text" maxLength:"1000" doc:"Комментарий кадастровому инженеру"`
	}
},
) (*employmentOutput, error) {
	known, err := s.Store.EngineerSignedIn(ctx, in.Body.Engineer)
	if err != nil {
		return nil, fmt.Errorf("finding an engineer: %w", err)
	}
	if !known {
		return nil, problems.New(problems.NotFound).WithDetail("Такого кадастрового инженера на платформе нет, или он ещё не входил на неё.")
	}
	return s.ask(ctx, in.Body.Engineer, httpapi.SessionFrom(ctx).Party, in.Body.Comment, in.Key)
}

var askedTexts = map[order.Role]notice{order.RoleEngineer: toEngineerAsked, order.RoleEmployer: toEmployerAsked}

// ask makes the request of the caller's side. A repeated request changes nothing.
func (s *Service) ask(ctx context.Context, engineerID, employerID uuid.UUID, comment, key string) (*employmentOutput, error) {
	by, at := httpapi.SessionFrom(ctx), s.Now().UTC().Truncate(time.Microsecond)
	var m sqlcgen.Employment
	err := s.inEmployment(ctx, engineerID, employerID, func(q *sqlcgen.Queries, employs bool) error {
		if !employs { // its head has set the switch while this request waited for the lock
			return noEmployer()
		}
		id := workflowapi.EmploymentID(engineerID, employerID)
		event := workflowapi.EmploymentEventID(by.Actor(), id, "ask", key)
		before, err := q.EmploymentOf(ctx, sqlcgen.EmploymentOfParams{EngineerID: engineerID, EmployerID: employerID})
		if err != nil && !errors.Is(err, db.ErrNotFound) {
			return fmt.Errorf("reading an employment: %w", err)
		}
		if err == nil {
			id, event = before.ID, workflowapi.EmploymentEventID(by.Actor(), before.ID, "ask", key)
			done, err := q.EmploymentEventExists(ctx, event)
			if err != nil || done {
				m = before
				return err
			}
		}
		if err := checkAsk(ctx, q, by.Role, before, engineerID, employerID); err != nil {
			return err
		}
		m, err = q.AskEmployment(ctx, sqlcgen.AskEmploymentParams{
			ID: id, EngineerID: engineerID, EmployerID: employerID, AskedBy: string(by.Role), At: at, Comment: comment,
		})
		if err != nil {
			return fmt.Errorf("writing a request: %w", err)
		}
		return s.record(ctx, q, m, event, "asked", by.Role, comment, askedTexts, at)
	})
	if db.IsUniqueViolation(err, "employments_one_request") {
		err = problems.New(problems.EmploymentAsked)
	}
	if err != nil {
		return nil, err
	}
	return &employmentOutput{employmentOf(m)}, nil
}

// checkAsk refuses a request that cannot be answered: the two work together already, wait for an
// answer, or the engineer has or asks another employer.
func checkAsk(ctx context.Context, q *sqlcgen.Queries, role order.Role, before sqlcgen.Employment, engineerID, employerID uuid.UUID) error {
	switch status := Status(before.Status); {
	case status == Confirmed || status == Suspended:
		return problems.New(problems.EmploymentAsked).WithDetail("Этот кадастровый инженер уже сотрудник этой организации.")
	case status == Pending && before.AskedBy == string(role):
		return problems.New(problems.EmploymentAsked).WithDetail("Такая заявка уже подана и ждёт ответа.")
	case status == Pending:
		return problems.New(problems.EmploymentAsked).WithDetail("Другая сторона уже прислала вам заявку: подтвердите её.")
	case role == order.RoleEmployer:
		return nil
	}
	taken, err := q.OtherEmployer(ctx, sqlcgen.OtherEmployerParams{EngineerID: engineerID, EmployerID: employerID})
	if err != nil {
		return fmt.Errorf("looking for another employer: %w", err)
	}
	if taken {
		return employedElsewhere(role)
	}
	waits, err := q.OtherRequest(ctx, sqlcgen.OtherRequestParams{EngineerID: engineerID, EmployerID: employerID})
	if err != nil {
		return fmt.Errorf("looking for another request: %w", err)
	}
	if waits {
		return problems.New(problems.EmploymentAsked)
	}
	return nil
}
