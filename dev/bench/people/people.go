// Package people creates the users of a benchmark's platform: customers and engineers who are
// already signed in, and send messages to orders over HTTP as a browser does.
//
// Nobody signs in by ЕСИА: their rows and sessions are inserted into the database. The package
// makes no decisions about orders.
package people

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"epkr/dev/bench/platform"
	"epkr/dev/browser"
	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv/pki"
	"epkr/internal/workflowapi"
)

// Person is a signed-in person in one role.
type Person struct {
	Actor order.Actor
	browser.Browser
	// certificate is whom his certificate names.
	certificate pki.Subject
}

// client has enough idle connections for all concurrent requests.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

// SignIn creates customers, each a natural person, makes each engineer a sole proprietor who may
// take any order in region 77, and signs all of them in. It may be called once.
func SignIn(
	ctx context.Context, p *platform.Platform, customers int, engineers []uuid.UUID,
) (ordering, performing []Person, err error) {
	all := make([]Person, customers+len(engineers))
	for i := range all {
		one := Person{Browser: browser.Browser{URL: p.URL, HTTP: client}}
		if i < customers {
			one.Actor, err = browser.NewCustomer(ctx, p.Database)
		} else {
			one.Actor, err = browser.NewEngineer(ctx, p.Database, engineers[i-customers])
		}
		if err == nil {
			one.certificate, err = certificateOf(ctx, p.Database, one.Actor, i)
		}
		if err == nil {
			one.Session, err = browser.SignIn(ctx, p.Database, one.Actor)
		}
		if err != nil {
			return nil, nil, err
		}
		all[i] = one
	}
	return all[:customers], all[customers:], all[0].Consent(ctx, p.Database)
}

// certificateOf returns whom the certificate of a person names. The customer with the number i gets a
// СНИЛС.
func certificateOf(ctx context.Context, d *platform.Database, a order.Actor, i int) (pki.Subject, error) {
	snils, err := fmt.Sprintf("9%010d", i), error(nil)
	if a.Role == order.RoleEngineer {
		snils, err = platform.Read[string](ctx, d, `select to_json(snils) from engineers where id = $1`, a.Party)
	} else {
		_, err = d.ExecContext(ctx, `update people set snils = $2 where id = $1`, a.Person, snils)
	}
	return pki.Named("Заказчиков Заказ", snils, ""), err
}

// CreateEngineers inserts engineers who are in the registry.
func CreateEngineers(ctx context.Context, d *platform.Database, count int) ([]uuid.UUID, error) {
	_, err := d.ExecContext(ctx, `
		insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of)
		select gen_random_uuid(), n, n, 'Межевой', 'Пётр', true, now() from generate_series(1, $1::integer) n`,
		count)
	if err != nil {
		return nil, fmt.Errorf("adding engineers: %w", err)
	}
	return EligibleEngineers(ctx, d)
}

// EligibleEngineers returns the engineers who may take orders according to the registry and the
// moderators, shuffled, always in the same order.
func EligibleEngineers(ctx context.Context, d *platform.Database) ([]uuid.UUID, error) {
	return platform.Read[[]uuid.UUID](ctx, d, `
		select json_agg(id order by md5(snils), id) from engineers where in_registry and not blocked`)
}

// Create creates a draft.
func (p Person) Create(ctx context.Context) (uuid.UUID, error) {
	key := uuid.NewString()
	return workflowapi.NewOrderID(p.Actor, key), p.Send(ctx, "/api/orders", key, nil, nil)
}

// Publish creates an order and publishes it.
func (p Person) Publish(ctx context.Context) (uuid.UUID, error) {
	id, err := p.Create(ctx)
	if err != nil {
		return id, err
	}
	return id, p.SendMessage(ctx, id, order.Publish, terms, form)
}

// SendMessage sends a message to an order and returns when the order has applied it. A refusal is
// an error.
func (p Person) SendMessage(
	ctx context.Context, to uuid.UUID, kind order.Kind, details, text any,
) error {
	path := "/api/orders/" + to.String() + "/" + string(kind)
	return p.Send(ctx, path, uuid.NewString(), browser.Message(details, text), nil)
}

// UploadFile uploads a small PDF to an order, as a browser does, and returns its content too.
func (p Person) UploadFile(ctx context.Context, to uuid.UUID) (ref order.FileRef, content []byte, err error) {
	if content, err = synthetic.Paper("Документ", uuid.NewString()); err != nil {
		return ref, nil, err
	}
	ref, err = p.Upload(ctx, to, "файл", "application/pdf", content)
	return ref, content, err
}

const price = order.Kopecks(20_000_00)

var (
	terms = order.Terms{
		Region: "77", WorkKind: "parcel-formation", TermDays: 30,
		Prepayment: true, Registration: true,
	}
	form = order.Form{
		Address:     "Московская область, Химки, улица Заречная, 1",
		Description: "Участок в СНТ «Заречье», границы не установлены.",
	}
)

// Script plays one order. It keeps the first error and sends nothing after it.
type Script struct {
	Customer, Engineer Person
	// Before is called before each message.
	Before func() error

	Order uuid.UUID
	// Files is the number of uploaded files.
	Files int
	// signed is the content of the last file, for its signatures.
	signed []byte
	err    error
}

func (s *Script) send(ctx context.Context, by Person, kind order.Kind, details, text any) {
	if s.err == nil && s.Before != nil {
		s.err = s.Before()
	}
	if s.err == nil {
		s.err = by.SendMessage(ctx, s.Order, kind, details, text)
	}
}

func (s *Script) file(ctx context.Context, by Person) (ref order.FileRef) {
	if s.err == nil {
		s.Files++
		ref, s.signed, s.err = by.UploadFile(ctx, s.Order)
	}
	return ref
}

// sign signs the last file that was uploaded by file, and uploads the signature.
func (s *Script) sign(ctx context.Context, by Person) (ref order.FileRef) {
	var authorities *pki.PKI
	var signature []byte
	if s.err == nil {
		authorities, s.err = pki.OfMachine()
	}
	if s.err == nil {
		signature, s.err = authorities.SignAs(by.certificate, s.signed)
	}
	if s.err == nil {
		s.Files++
		ref, s.err = by.Upload(ctx, s.Order, "подпись.sig", "application/octet-stream", signature)
	}
	return ref
}

// ToWork leads the order from its creation to the works, with a prepayment.
func (s *Script) ToWork(ctx context.Context) error {
	customer, engineer := s.Customer, s.Engineer
	s.Order, s.err = customer.Create(ctx)
	s.send(ctx, customer, order.Publish, terms, form)
	s.send(ctx, engineer, order.Respond, order.Bid{Price: price, TermDays: 20},
		order.Note{Note: "Готов выехать на место на этой неделе."})
	s.send(ctx, customer, order.Choose, order.EngineerChoice{Engineer: engineer.Actor.Party}, nil)
	contract := order.ContractTerms{
		File: s.file(ctx, engineer), Signature: s.sign(ctx, engineer),
		ContractConditions: order.ContractConditions{
			Price: price, AdvanceBasisPoints: 5000, Advance: price / 2,
			TermDate: time.Now().AddDate(0, 1, 0).Format(time.DateOnly), Registration: true,
		},
	}
	s.send(ctx, engineer, order.SendContract, contract, nil)
	s.send(ctx, customer, order.SignContract, order.ContractSignature{
		Contract: contract.File.SHA256, Signature: s.sign(ctx, customer),
	}, nil)
	s.send(ctx, engineer, order.SendPrepaymentInvoice, order.Invoice{Link: true},
		order.LinkNote{Link: "https://pay.example.ru/i?n=1"})
	receipt := s.file(ctx, customer)
	s.send(ctx, customer, order.ReportPrepayment, order.PaymentReport{File: &receipt}, nil)
	s.send(ctx, engineer, order.ConfirmPrepayment, nil, nil)
	return s.err
}

// ToEnd leads the order from the works to the customer's mark, with ГКУ/ГРП.
func (s *Script) ToEnd(ctx context.Context) error {
	customer, engineer := s.Customer, s.Engineer
	s.send(ctx, engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByLink},
		order.ResultsText{Link: "https://disk.example.ru/d/1", Note: "Межевой план"})
	s.send(ctx, customer, order.ConfirmReceipt, nil, nil)
	s.send(ctx, customer, order.AcceptResults, order.ActSignature{}, nil)
	s.send(ctx, engineer, order.ReportRegistration,
		order.RegistrationStatus{Status: order.RegistrationReview},
		order.RegistrationText{KUVD: "КУВД-001/2026-1234567"})
	extract := s.file(ctx, engineer)
	act := order.SignedAct{File: s.file(ctx, engineer), Signature: s.sign(ctx, engineer)}
	s.send(ctx, engineer, order.SubmitFinal, order.FinalDelivery{
		Files: []order.FileRef{extract}, Act: &act,
		Invoice: &order.Invoice{Link: true},
	}, order.LinkNote{Link: "https://pay.example.ru/i?n=2"})
	signed := s.sign(ctx, customer)
	s.send(ctx, customer, order.SignAct,
		order.ActSignature{Act: act.File.SHA256, Signature: &signed}, nil)
	receipt := s.file(ctx, customer)
	s.send(ctx, customer, order.ReportPayment, order.PaymentReport{File: &receipt}, nil)
	s.send(ctx, engineer, order.ConfirmPayment, nil, nil)
	s.send(ctx, customer, order.Rate, order.Mark{Mark: 5},
		order.Review{Review: "Всё выполнено в срок, спасибо."})
	return s.err
}
