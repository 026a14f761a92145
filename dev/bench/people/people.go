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

// client has enough idle connections for all concurrent requests.
var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

// CreatePeople creates customers, each a natural person, and engineers, each a sole proprietor who
// may take any order in region 77.
func CreatePeople(
	ctx context.Context, p *platform.Platform, customers, engineers int,
) (ordering, performing []Person, err error) {
	ids, err := CreateEngineers(ctx, p.Database, engineers)
	if err != nil {
		return nil, nil, err
	}
	return SignIn(ctx, p, customers, ids...)
}

// SignIn creates customers and signs them and the engineers in. It may be called once.
func SignIn(
	ctx context.Context, p *platform.Platform, customers int, engineers ...uuid.UUID,
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
			one.Session, err = browser.SignIn(ctx, p.Database, one.Actor)
		}
		if err != nil {
			return nil, nil, err
		}
		all[i] = one
	}
	return all[:customers], all[customers:], all[0].Consent(ctx, p.Database)
}

// CreateEngineers inserts engineers who are in the registry.
func CreateEngineers(
	ctx context.Context, d *platform.Database, count int,
) ([]uuid.UUID, error) {
	_, err := d.ExecContext(ctx, `
		insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of)
		select gen_random_uuid(), n, n, 'Межевой', 'Пётр', true, now() from generate_series(1, $1::integer) n`, count)
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

// UploadFile uploads a small file to an order, as a browser does.
func (p Person) UploadFile(
	ctx context.Context, to uuid.UUID, contentType string,
) (order.FileRef, error) {
	content := uuid.NewString()
	if contentType == PDF {
		content = "%PDF-1.4 " + content
	}
	return p.Upload(ctx, to, "файл", contentType, []byte(content))
}
