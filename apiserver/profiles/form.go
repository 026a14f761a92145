package profiles

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/requisites"
)

// The forms of work, as the table engineers has them.
const (
	formEntrepreneur = string(order.SoleProprietor)
	formEmployee     = "employee"
)

// WorkForm is the form of work with the document that proves it.
type WorkForm struct {
	Version        int32       `json:"version" minimum:"0" maximum:"2147483647" doc:"Номер изменения формы работы, на котором основана эта"`
	Form           string      `json:"form" enum:"entrepreneur,employee" doc:"Индивидуальный предприниматель или сотрудник юридического лица"`
	OGRNIP         string      `json:"ogrnip,omitempty" format:"line" maxLength:"50" doc:"ОГРНИП; только для предпринимателя"`
	DocumentName   string      `json:"documentName,omitempty" format:"line" maxLength:"200" doc:"Наименование документа"`
	DocumentNumber string      `json:"documentNumber,omitempty" format:"line" maxLength:"100" doc:"Номер документа"`
	DocumentDate   string      `json:"documentDate,omitempty" format:"date" doc:"Дата документа"`
	Documents      []NamedFile `json:"documents" nullable:"false" maxItems:"100" doc:"Загруженная электронная копия, по страницам"`
}

// check normalizes the form and returns the document's date and what is wrong with the form.
func (f *WorkForm) check(now time.Time) (date *time.Time, err error) {
	var c checker
	if f.Form == formEntrepreneur {
		f.OGRNIP = c.normal("ogrnip", f.OGRNIP, requisites.OGRNIP)
	} else {
		f.OGRNIP = ""
	}
	if f.DocumentDate != "" {
		day, err := time.Parse(time.DateOnly, f.DocumentDate)
		switch {
		case err != nil || day.Year() < 1950:
			c.add("documentDate", "Проверьте дату документа.")
		case f.DocumentDate > now.In(order.Moscow).Format(time.DateOnly):
			c.add("documentDate", "Дата документа ещё не наступила.")
		default:
			date = &day
		}
	}
	return date, c.err()
}

// saveFormOfWork changes the caller's form of work and the document that proves it.
func (s *Service) saveFormOfWork(ctx context.Context, in *struct{ Body WorkForm }) (*ownProfileOutput, error) {
	form := &in.Body
	date, err := form.check(s.Now())
	if err != nil {
		return nil, err
	}
	named := namedFiles{}
	named.add(Document, "documents", form.Documents)
	return s.change(ctx, func(q *sqlcgen.Queries, engineer uuid.UUID, state sqlcgen.ProfileStateRow) error {
		switch {
		case form.Version != state.WorkVersion:
			return problems.New(problems.DataChanged)
		case form.Form == formEntrepreneur && state.EmployerID != nil:
			return problems.New(problems.HasEmployer)
		case form.Form == formEntrepreneur && form.OGRNIP != "" && state.BusinessOgrn != "" && form.OGRNIP != state.BusinessOgrn:
			return problems.Invalid(problems.FieldProblem{
				Field:   "ogrnip",
				Message: "По данным Госуслуг ваш ОГРНИП — " + state.BusinessOgrn + ". Если он изменился, исправьте его на Госуслугах и войдите на платформу снова.",
			})
		}
		err := errors.Join(
			q.SaveFormOfWork(ctx, sqlcgen.SaveFormOfWorkParams{ID: engineer, Form: form.Form, Ogrnip: form.OGRNIP}),
			q.SaveWorkDocument(ctx, sqlcgen.SaveWorkDocumentParams{
				EngineerID: engineer, DocumentName: form.DocumentName, DocumentNumber: form.DocumentNumber, DocumentDate: date, UpdatedAt: s.Now().UTC(),
			}),
		)
		if err != nil {
			return fmt.Errorf("saving a form of work: %w", err)
		}
		return named.replace(ctx, q, engineer, Document)
	})
}
