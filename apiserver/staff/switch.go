package staff

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// organisationHeads is the access of the heads in the cabinets of their organisation.
var organisationHeads = httpapi.Consented(order.RoleCustomer, order.RoleEmployer).ForHeads()

func (s *Service) registerSwitch() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-employer-switch", Method: http.MethodGet, Path: "/api/organisation/employer", Tags: []string{tag},
		Summary: "Является ли организация работодателем кадастровых инженеров",
	}, organisationHeads, s.showSwitch)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "set-employer-switch", Method: http.MethodPut, Path: "/api/organisation/employer", Tags: []string{tag},
		Summary:     "Переключатель «Являюсь работодателем кадастровых инженеров»",
		Description: "Включённый даёт роль «Работодатель» при выборе роли. Выключить нельзя, пока есть сотрудники или заявки на рассмотрении.",
		Errors:      []int{http.StatusConflict},
	}, organisationHeads, s.setSwitch)
}

// EmployerSwitch tells whether an organisation employs engineers, and what keeps it from saying that
// it does not.
type EmployerSwitch struct {
	Employer  bool  `json:"employer" doc:"Работодатель кадастровых инженеров"`
	Employees int64 `json:"employees" doc:"Сколько сотрудников, действующих и приостановленных"`
	Requests  int64 `json:"requests" doc:"Сколько заявок на рассмотрении"`
}

type employerSwitchOutput struct{ Body EmployerSwitch }

func (s *Service) showSwitch(ctx context.Context, _ *struct{}) (*employerSwitchOutput, error) {
	state, err := s.Store.EmployerState(ctx, httpapi.SessionFrom(ctx).Party)
	if err != nil {
		return nil, fmt.Errorf("reading whether an organisation employs engineers: %w", err)
	}
	return &employerSwitchOutput{EmployerSwitch{Employer: state.IsEmployer, Employees: state.Employees, Requests: state.Requests}}, nil
}

func (s *Service) setSwitch(ctx context.Context, in *struct {
	Body struct {
		Employer bool `json:"employer" doc:"Работодатель кадастровых инженеров"`
	}
},
) (*employerSwitchOutput, error) {
	by := httpapi.SessionFrom(ctx)
	if err := s.HTTP.CheckAuthority(by); err != nil {
		return nil, err
	}
	out := &employerSwitchOutput{}
	return out, s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		before, err := q.LockEmployer(ctx, by.Party)
		if err != nil {
			return fmt.Errorf("locking an organisation: %w", err)
		}
		state, err := q.EmployerState(ctx, by.Party)
		if err != nil {
			return fmt.Errorf("counting the staff: %w", err)
		}
		out.Body = EmployerSwitch{Employer: in.Body.Employer, Employees: state.Employees, Requests: state.Requests}
		switch {
		case before == in.Body.Employer:
			return nil
		case before && state.Employees+state.Requests > 0:
			return problems.New(problems.EmployerHasStaff).WithDetail(fmt.Sprintf(
				"Выключить нельзя: сотрудников — %d, заявок на рассмотрении — %d. Во вкладке «Сотрудники» удалите сотрудников, на заявки ответьте, а свои отзовите.",
				state.Employees, state.Requests))
		}
		if err := q.SetEmployer(ctx, sqlcgen.SetEmployerParams{ID: by.Party, IsEmployer: in.Body.Employer}); err != nil {
			return fmt.Errorf("writing whether an organisation employs engineers: %w", err)
		}
		return s.HTTP.RecordSecurityEvent(ctx, q, httpapi.SecurityEvent{
			Kind: httpapi.EventEmployerChanged, Subject: httpapi.SecuritySubject{Kind: "party", ID: by.Party},
			Details: map[string]any{"employer": in.Body.Employer},
		})
	})
}
