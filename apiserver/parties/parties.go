// Package parties lets people see and change the data of the account for which they act: its
// profile, and the requisites that contracts use. An engineer who is a sole proprietor has requisites
// of his own; an employee sees those of his employer.
//
// Nobody sees these data of another account here. What ЕСИА gives of an account can be changed at
// ЕСИА only; package auth stores it.
package parties

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"epkr/apiserver/httpapi"
	"epkr/db"
	"epkr/internal/order"
)

const tag = "Реквизиты и профиль"

// The accounts that have a profile are those of customers and employers; engineers have requisites too.
var (
	accounts       = httpapi.Consented(order.RoleCustomer, order.RoleEmployer)
	withRequisites = httpapi.Consented(order.RoleCustomer, order.RoleEmployer, order.RoleEngineer)
)

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Now   func() time.Time
}

// Service shows and changes the data of accounts.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations on requisites, banks and the profile of an account.
func (s *Service) Register() {
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-requisites", Method: http.MethodGet, Path: "/api/requisites", Tags: []string{tag},
		Summary:     "Реквизиты и оплата: свои, организации или работодателя",
		Description: "Чьи реквизиты, зависит от роли. У кадастрового инженера, работающего в организации, это реквизиты работодателя, только для чтения.",
	}, withRequisites, s.showRequisites)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "save-requisites", Method: http.MethodPut, Path: "/api/requisites", Tags: []string{tag},
		Summary: "Изменить реквизиты",
		Description: "Заменяет все реквизиты. version — та, с которой начали изменение: если реквизиты с тех пор изменены, ответ data_changed. " +
			"Наименование банка и корреспондентский счет берутся из справочника, если БИК в нём есть.",
		Errors: []int{http.StatusConflict},
	}, withRequisites, s.saveRequisites)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-bank", Method: http.MethodGet, Path: "/api/banks/{bic}", Tags: []string{tag},
		Summary: "Банк по БИК, из справочника Банка России", Errors: []int{http.StatusNotFound},
	}, httpapi.Consented(), s.showBank)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-party-profile", Method: http.MethodGet, Path: "/api/party", Tags: []string{tag},
		Summary: "Профиль заказчика или работодателя",
	}, accounts, s.showProfile)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "save-party-profile", Method: http.MethodPut, Path: "/api/party", Tags: []string{tag},
		Summary:     "Изменить профиль заказчика или работодателя",
		Description: "Заменяет все поля. version — та, с которой начали изменение: если профиль с тех пор изменён, ответ data_changed.",
		Errors:      []int{http.StatusConflict},
	}, accounts, s.saveProfile)
}
