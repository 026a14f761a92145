// Package people are those who use the platform of a benchmark: customers and engineers who are signed in already, and what they
// tell an order over HTTP, as a browser does.
//
// Nobody passes ЕСИА: their rows and sessions are made in the database. It decides nothing about orders.
package people

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"epkr/dev/bench/platform"
	"epkr/internal/order"
)

// Person is somebody who is signed in, in one role.
type Person struct {
	Actor order.Actor
	token string
	url   string
}

// Region is where every engineer works.
const Region = "77"

// Settle makes so many customers, each a natural person, and so many engineers, each a sole proprietor whom nothing keeps from
// taking orders in [Region].
func Settle(ctx context.Context, p *platform.Platform, customers, engineers int) (ordering, performing []Person, err error) {
	tx, err := p.Database.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, fmt.Errorf("making people: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	s := settlement{Tx: tx, url: p.URL}
	for range customers {
		ordering = append(ordering, s.settle(ctx, order.RoleCustomer,
			`insert into parties (id, kind, person_id, name) values ($2, 'person', $1, 'Заказчиков Заказ')`))
	}
	for range engineers {
		performing = append(performing, s.settle(ctx, order.RoleEngineer,
			`insert into engineers (id, person_id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, form,
			receives_orders, profile_complete, regions)
			values ($2::uuid, $1, $2::text, '1', 'Межевой', 'Пётр', true, now(), 'entrepreneur', true, true, '{`+Region+`}')`))
	}
	if s.err == nil {
		s.err = tx.Commit()
	}
	if s.err != nil {
		return nil, nil, fmt.Errorf("making people: %w", s.err)
	}
	return ordering, performing, consent(ctx, p, ordering[0])
}

// settlement stops at its first error.
type settlement struct {
	*sql.Tx
	url string
	err error
}

func (s *settlement) exec(ctx context.Context, statement string, args ...any) {
	if s.err == nil {
		_, s.err = s.ExecContext(ctx, statement, args...)
	}
}

// settle makes a person, by the insert the party that he acts as ($1 is the person's id, $2 the party's), and a session.
func (s *settlement) settle(ctx context.Context, role order.Role, party string) Person {
	id, as, token := uuid.New(), uuid.New(), uuid.NewString()
	hash := sha256.Sum256([]byte(token))
	s.exec(ctx, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1::uuid, $1::text, $1::text, 'Заказчиков', 'Заказ')`, id)
	s.exec(ctx, party, id, as)
	s.exec(ctx, `insert into sessions (token_hash, id, person_id, role, party_id, expires_at)
		values ($1, $2, $3, $4, $5, now() + interval '12 hours')`, hash[:], uuid.New(), id, string(role), as)
	return Person{Actor: order.Actor{Role: role, Person: id.String(), Party: as.String()}, token: token, url: s.url}
}

// consent gives everybody's to the text that the API shows.
func consent(ctx context.Context, p *platform.Platform, somebody Person) error {
	var page struct{ Version string }
	if err := somebody.ask(ctx, "GET", "/api/auth/consent", "", nil, &page); err != nil {
		return fmt.Errorf("reading the consent: %w", err)
	}
	if _, err := p.Database.ExecContext(ctx, `insert into consents (person_id, version) select person_id, $1 from sessions`, page.Version); err != nil {
		return fmt.Errorf("giving the consent: %w", err)
	}
	return nil
}
