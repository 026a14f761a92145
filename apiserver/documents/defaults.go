package documents

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/document/forms"
	"epkr/internal/humantext"
	"epkr/internal/order"
	"epkr/internal/storage"
	"epkr/internal/territory"
)

// The usual terms of the steps in working days.
const (
	usualPrepaymentDays = 5
	usualPaymentDays    = 5
)

// contractDefaults returns the form as the platform fills it in.
func (s *Service) contractDefaults(o *orders.Visible, sides sqlcgen.ContractSidesRow) (ContractForm, error) {
	about, err := o.Form()
	if err != nil {
		return ContractForm{}, err
	}
	performer := performerOf(sides)
	f := ContractForm{
		Number: o.Row.Number, Place: placeOf(about, o.State.Terms), Representation: usualRepresentation(sides), Object: about.Object, Email: performer.Email, Phone: performer.Phone,
		PrepaymentDays: usualPrepaymentDays, AcceptanceDays: order.UsualAcceptanceDays, PaymentDays: usualPaymentDays,
	}
	if t := o.State.Terms; t != nil {
		f.Result, f.Registration = resultOf(t.WorkKind), t.Registration
	}
	if price, last, agreed := o.State.AgreedTerms(); agreed {
		f.TermDate, f.Price = last, price
	}
	return f, nil
}

// placeOf returns the place of the order: its city, or its region.
func placeOf(about order.Form, terms *order.Terms) string {
	if terms == nil {
		return about.City
	}
	region, _ := territory.RegionByCode(terms.Region)
	return cmp.Or(about.City, region.Name)
}

// resultOf returns the document that works of a kind usually give (article 37 of 221-ФЗ).
func resultOf(kind order.WorkKind) string {
	switch {
	case kind == "map-plan":
		return "Карта-план территории"
	case kind == "layout-scheme":
		return "Схема расположения"
	case kind == "building-removal":
		return "Акт обследования"
	case strings.HasPrefix(string(kind), "building-"):
		return "Технический план"
	}
	return "Межевой план"
}

// objectOf returns the object of the works: the place of the order, with typed characteristics.
func objectOf(about order.Form, description string) forms.Object {
	return forms.Object{Description: description, Address: about.Address, CadastralNumbers: strings.Join(about.CadastralNumbers, ", ")}
}

// today returns the day of a time in Moscow.
func today(at time.Time) time.Time {
	y, m, d := at.In(order.Moscow).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, order.Moscow)
}

// lowerFirst returns the name of a kind of works as it stands within a sentence.
func lowerFirst(s string) string {
	for i, r := range s {
		return string(unicode.ToLower(r)) + s[i+len(string(r)):]
	}
	return s
}

// fileName returns the name of the files of a document, without the ending.
func fileName(title, number string) string {
	name, fault := humantext.FileName(title + " " + number)
	if fault != "" {
		return title
	}
	return name
}

// normalize puts a value into its normal form and returns what is wrong with it.
func normalize(field string, value *string, check func(string) (string, error)) []problems.FieldProblem {
	normal, err := check(*value)
	if err != nil {
		return []problems.FieldProblem{{Field: field, Message: err.Error()}}
	}
	*value = normal
	return nil
}

// fileID returns the id of a file; nil if it is none.
func fileID(ref order.FileRef) *uuid.UUID {
	id, err := uuid.Parse(ref.ID)
	if err != nil {
		return nil
	}
	return &id
}

// attachment returns what a contract says of the file that goes with it. Only a stored file of the
// performer's own in this order can be attached.
func (s *Service) attachment(ctx context.Context, o *orders.Visible, ref *order.FileRef) (text string, faults []problems.FieldProblem, err error) {
	if ref == nil {
		return "", nil, nil
	}
	id := fileID(*ref)
	if id == nil {
		return "", []problems.FieldProblem{{Field: "attachment", Message: order.ReasonOf(order.CodeFileUnknown)}}, nil
	}
	f, err := s.Store.File(ctx, sqlcgen.FileParams{ID: *id, Place: o.Row.ID})
	switch {
	case err != nil && !errors.Is(err, db.ErrNotFound):
		return "", nil, fmt.Errorf("reading an attachment: %w", err)
	case err != nil, f.Status != storage.Stored, f.Sha256 != ref.SHA256, f.UploaderRole != string(order.RoleEngineer),
		f.UploaderParty == nil, *f.UploaderParty != o.By.Party:
		return "", []problems.FieldProblem{{Field: "attachment", Message: order.ReasonOf(order.CodeFileUnknown)}}, nil
	}
	return "файл «" + f.Name + "» (SHA-256 " + f.Sha256 + ")", nil, nil
}
