package documents

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/document/forms"
	"epkr/internal/document/generated"
	"epkr/internal/order"
	"epkr/internal/requisites"
)

// sides reads what a document says of the parties of an order.
func (s *Service) sides(ctx context.Context, customer, engineer uuid.UUID) (sqlcgen.ContractSidesRow, error) {
	row, err := s.Store.ContractSides(ctx, sqlcgen.ContractSidesParams{CustomerID: customer, EngineerID: engineer})
	if err != nil {
		return row, fmt.Errorf("reading the parties of a document: %w", err)
	}
	return row, nil
}

// customerOf returns the customer without who acts for him.
func customerOf(r sqlcgen.ContractSidesRow) forms.Party {
	return forms.Party{
		Kind: order.CustomerKind(r.CustomerKind), Name: r.CustomerName, SNILS: r.CustomerSnils, INN: r.CustomerInn, KPP: r.CustomerKpp, OGRN: r.CustomerOgrn,
		Address: r.CustomerAddress, Email: r.CustomerEmail, Phone: phone(r.CustomerPhone),
		Bank: forms.Bank{Name: r.CustomerBank, BIC: r.CustomerBic, Account: r.CustomerAccount, CorrespondentAccount: r.CustomerCorrespondentAccount},
	}
}

// performerOf returns the performer without who acts for him: the engineer's employer, or the engineer
// as a sole proprietor. Its kind is empty while the engineer has not stated his form of work.
func performerOf(r sqlcgen.ContractSidesRow) forms.Party {
	p := forms.Party{
		INN: r.PerformerInn, Address: r.PerformerAddress, Email: r.EngineerEmail, Phone: phone(r.EngineerPhone),
		Bank: forms.Bank{Name: r.PerformerBank, BIC: r.PerformerBic, Account: r.PerformerAccount, CorrespondentAccount: r.PerformerCorrespondentAccount},
	}
	switch r.Form {
	case "entrepreneur":
		p.Kind, p.Name, p.OGRN = forms.Entrepreneur, r.EngineerName, r.Ogrnip
	case "employee":
		p.Kind, p.Name, p.OGRN, p.KPP = forms.Organisation, r.EmployerName, r.EmployerOgrn, r.PerformerKpp
	}
	return p
}

func engineerOf(r sqlcgen.ContractSidesRow) forms.Engineer {
	return forms.Engineer{Name: r.EngineerName, SNILS: r.EngineerSnils, RegistryNumber: r.RegistryNumber, Association: r.Sro}
}

// phone returns a phone in the normal form; "" if it is none.
func phone(s string) string {
	normal, err := requisites.Phone(s)
	if err != nil {
		return ""
	}
	return normal
}

// The ends of messages about values that no form of the document has: where to change them.
const (
	changedByCustomer  = " Заказчик указывает это в своём профиле и реквизитах: напишите ему."
	changedByPerformer = " Это указывают в профиле и реквизитах исполнителя."
	changedInRegistry  = " Это сведения реестра СРО: проверьте, что в нём указано."
	changedInOrder     = " Это указывает заказчик в условиях заказа."
)

// fieldProblem returns the refusal of a value at the field of the form, whose names fields gives by the
// paths of the document; nil if the error is not about a value.
func fieldProblem(err error, fields map[string]string) error {
	path, message, found := generated.Problem(err)
	if !found {
		return nil
	}
	field, typed := fields[path]
	if list, _, row := strings.Cut(path, "["); row && !typed {
		field, typed = fields[list]
	}
	switch {
	case typed || path == "":
	case strings.HasPrefix(path, "Customer."):
		field, message = "customer", message+changedByCustomer
	case strings.HasPrefix(path, "Performer."):
		field, message = "performer", message+changedByPerformer
	case strings.HasPrefix(path, "Engineer."):
		field, message = "performer", message+changedInRegistry
	default:
		field, message = "order", message+changedInOrder
	}
	return problems.Invalid(problems.FieldProblem{Field: field, Message: message})
}
