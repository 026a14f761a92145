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

	"github.com/google/uuid"

	"epkr/dev/bench/platform"
	"epkr/dev/browser"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// Person is a signed-in person in one role.
type Person struct {
	Actor order.Actor
	browser.Browser
}

// Region is the region of every engineer.
const Region = "77"

// client has enough idle connections for all concurrent requests.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

// CreatePeople creates customers, each a natural person, and engineers, each a sole proprietor who
// may take any order in [Region].
func CreatePeople(ctx context.Context, p *platform.Platform, customers, engineers int) (ordering, performing []Person, err error) {
	tx, err := p.Database.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("making people: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	create := func(n int, newActor func(context.Context, browser.Database) (order.Actor, error)) (created []Person, err error) {
		for range n {
			someone := Person{Browser: browser.Browser{URL: p.URL, HTTP: client}}
			if someone.Actor, err = newActor(ctx, tx); err != nil {
				return nil, err
			}
			if someone.Session, err = browser.SignIn(ctx, tx, someone.Actor); err != nil {
				return nil, err
			}
			created = append(created, someone)
		}
		return created, nil
	}
	if ordering, err = create(customers, browser.NewCustomer); err != nil {
		return nil, nil, err
	}
	if performing, err = create(engineers, newEngineer); err != nil {
		return nil, nil, err
	}
	if err := tx.Commit(); err != nil {
		return nil, nil, fmt.Errorf("making people: %w", err)
	}
	return ordering, performing, ordering[0].Consent(ctx, p.Database)
}

func newEngineer(ctx context.Context, in browser.Database) (order.Actor, error) {
	id := uuid.New()
	person, err := browser.NewPerson(ctx, in)
	if err == nil {
		_, err = in.ExecContext(ctx, `insert into engineers (id, person_id, snils, registry_number, last_name, first_name, in_registry,
			registry_as_of, form, receives_orders, profile_complete, regions)
			values ($2::uuid, $1, $2::text, '1', 'Межевой', 'Пётр', true, now(), 'entrepreneur', true, true, '{`+Region+`}')`, person, id)
	}
	if err != nil {
		return order.Actor{}, fmt.Errorf("making an engineer: %w", err)
	}
	return order.Actor{Role: order.RoleEngineer, Person: person.String(), Party: id.String()}, nil
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
	price := order.Kopecks(5_000_000)
	terms := order.Terms{Region: Region, WorkKind: "parcel-formation", TermDays: 30, Price: &price}
	return id, p.SendMessage(ctx, id, order.Publish, terms, Form())
}

// Form returns the place of the works and their description.
func Form() order.Form {
	return order.Form{Address: "Московская область, Химки, улица Заречная, 1", Description: "Участок в СНТ «Заречье», границы не установлены."}
}

// SendMessage sends a message to an order and returns when the order has applied it. A refusal is
// an error.
func (p Person) SendMessage(ctx context.Context, to uuid.UUID, kind order.Kind, details, text any) error {
	return p.Send(ctx, "/api/orders/"+to.String()+"/"+string(kind), uuid.NewString(), browser.Message(details, text), nil)
}

// UploadFile uploads a small file to an order, as a browser does.
func (p Person) UploadFile(ctx context.Context, to uuid.UUID, contentType string) (order.FileRef, error) {
	content := uuid.NewString()
	if contentType == "application/pdf" {
		content = "%PDF-1.4 " + content
	}
	return p.Upload(ctx, to, "файл", contentType, []byte(content))
}
