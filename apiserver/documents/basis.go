package documents

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/orders"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/document/forms"
	"epkr/internal/document/generated"
	"epkr/internal/order"
)

// ContractReference names the contract on which a later document rests.
type ContractReference struct {
	ContractNumber string `json:"contractNumber" format:"line" maxLength:"60" doc:"Номер договора"`
	ContractDate   string `json:"contractDate" format:"date" doc:"Дата договора"`
}

// referenceFields are the fields of a contract reference by the paths of the document.
var referenceFields = map[string]string{"Contract.Number": "contractNumber", "Contract.Date": "contractDate"}

// reference returns the contract of a checked form.
func (r ContractReference) reference() (forms.Reference, error) {
	date, err := day(r.ContractDate)
	return forms.Reference{Number: r.ContractNumber, Date: date}, err
}

// day returns a checked date in Moscow; the zero time for "".
func day(date string) (time.Time, error) {
	if date == "" {
		return time.Time{}, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, date, order.Moscow)
	if err != nil {
		return at, fmt.Errorf("reading a checked date: %w", err)
	}
	return at, nil
}

// OfParties is what the forms of later documents say of the parties of the contract.
type OfParties struct {
	Performer        string             `json:"performer" doc:"Исполнитель"`
	PerformerKind    order.CustomerKind `json:"performerKind,omitempty" doc:"Кто он; нет, пока кадастровый инженер не указал форму работы"`
	Customer         string             `json:"customer" doc:"Заказчик"`
	CustomerKind     order.CustomerKind `json:"customerKind" doc:"Кто он"`
	PerformerMissing []wire.Missing     `json:"performerMissing" nullable:"false" doc:"Чего не хватает в реквизитах исполнителя"`
	CustomerMissing  []wire.Missing     `json:"customerMissing" nullable:"false" doc:"Чего не хватает в реквизитах заказчика"`
}

func ofParties(sides sqlcgen.ContractSidesRow) OfParties {
	performer := performerOf(sides)
	return OfParties{
		Performer: performer.Name, PerformerKind: performer.Kind, Customer: sides.CustomerName, CustomerKind: order.CustomerKind(sides.CustomerKind),
		PerformerMissing: wire.MissingOf(sides.PerformerMissing), CustomerMissing: wire.MissingOf(sides.CustomerMissing),
	}
}

// signed is an order whose contract both parties have signed, with what a document says of them.
type signed struct {
	*orders.Visible
	about order.Form
	sides sqlcgen.ContractSidesRow
	// contract is the signed contract as the platform made it; nil if it is the performer's own file.
	contract *forms.Contract
	named    ContractReference
}

// loadSigned reads an order with a signed contract, for a document that its performer may send now by
// one of the messages.
func (s *Service) loadSigned(ctx context.Context, id uuid.UUID, kinds ...order.Kind) (*signed, error) {
	o, refusal, err := s.Orders.LoadForMessage(ctx, id, kinds...)
	switch {
	case err != nil:
		return nil, err
	case refusal != nil:
		return nil, problems.Refused(*refusal)
	}
	return s.signedOf(ctx, o)
}

// signedOf reads the contract and the parties of an order whose contract both have signed.
func (s *Service) signedOf(ctx context.Context, o *orders.Visible) (*signed, error) {
	engineer, err := uuid.Parse(o.State.Performer.ID)
	if err != nil {
		return nil, fmt.Errorf("reading the performer of an order: %w", err)
	}
	of := &signed{Visible: o}
	if of.about, err = o.Form(); err != nil {
		return nil, err
	}
	if of.sides, err = s.sides(ctx, o.Row.CustomerAccount, engineer); err != nil {
		return nil, err
	}
	made, err := s.madeFile(ctx, o.State.Contract.File)
	if err != nil {
		return nil, err
	}
	if of.contract = made.Contract; of.contract != nil {
		of.named = ContractReference{ContractNumber: of.contract.Number, ContractDate: of.contract.Date.Format(time.DateOnly)}
		return of, nil
	}
	at, err := s.Store.ContractSignedAt(ctx, o.Row.ID)
	if err != nil {
		return nil, fmt.Errorf("reading when a contract was signed: %w", err)
	}
	of.named = ContractReference{ContractNumber: o.Row.Number, ContractDate: at.In(order.Moscow).Format(time.DateOnly)}
	return of, nil
}

// madeFile returns the values of the document that has the file; empty ones if the platform did not
// make it.
func (s *Service) madeFile(ctx context.Context, ref order.FileRef) (in generated.Input, err error) {
	id := fileID(ref)
	if id == nil {
		return in, nil
	}
	input, err := s.Store.GeneratedInput(ctx, *id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return in, nil
	case err != nil:
		return in, fmt.Errorf("reading the values of a document: %w", err)
	}
	return generated.Read(input)
}

// representation returns who acts for the parties in the contract, or usually.
func (o *signed) representation() Representation {
	if o.contract != nil {
		return representationIn(o.contract.Parties)
	}
	return usualRepresentation(o.sides)
}

// parties returns the parties with who acts for them. What a profile does not say any more stands as in
// the contract.
func (o *signed) parties(r Representation) forms.Parties {
	p := r.parties(o.sides)
	if o.contract != nil {
		p.Performer.Email = cmp.Or(p.Performer.Email, o.contract.Performer.Email)
		p.Performer.Phone = cmp.Or(p.Performer.Phone, o.contract.Performer.Phone)
	}
	return p
}

// work returns the only line of the estimate.
func (o *signed) work() forms.Work {
	w := forms.Work{Price: o.State.Contract.Price}
	if o.contract != nil && len(o.contract.Works) > 0 {
		w.Name, w.Result = o.contract.Works[0].Name, o.contract.Works[0].Result
	} else if t := o.State.Terms; t != nil {
		w.Name, w.Result = t.WorkKind.Label(), resultOf(t.WorkKind)
	}
	return w
}

// paid returns what the customer has paid before the final payment.
func (o *signed) paid() order.Kopecks {
	if b := o.State.Prepayment; b != nil && b.Confirmed {
		return o.State.Contract.Advance
	}
	return 0
}
