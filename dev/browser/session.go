package browser

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"

	"github.com/google/uuid"

	"epkr/internal/order"
)

// Database receives the rows of people who do not sign in by ЕСИА: the platform's database, or a
// transaction in it.
type Database interface {
	ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
}

// NewPerson inserts a person without a role and returns his id.
func NewPerson(ctx context.Context, in Database) (uuid.UUID, error) {
	id := uuid.New()
	_, err := in.ExecContext(ctx, `insert into people (id, esia_oid, snils, last_name, first_name)
		values ($1::uuid, $1::text, $1::text, 'Заказчиков', 'Заказ')`, id)
	return id, err
}

// NewCustomer inserts a natural person with a customer's account.
func NewCustomer(ctx context.Context, in Database) (order.Actor, error) {
	party := uuid.New()
	person, err := NewPerson(ctx, in)
	if err == nil {
		_, err = in.ExecContext(ctx, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Заказчиков Заказ')`, party, person)
	}
	if err != nil {
		return order.Actor{}, fmt.Errorf("making a customer: %w", err)
	}
	return order.Actor{Role: order.RoleCustomer, Person: person.String(), Party: party.String()}, nil
}

// NewEngineer makes an engineer of the registry a user: a sole proprietor who may take any order in
// region 77.
func NewEngineer(ctx context.Context, in Database, id uuid.UUID) (order.Actor, error) {
	person, err := NewPerson(ctx, in)
	if err == nil {
		_, err = in.ExecContext(ctx, `update engineers set person_id = $1, form = 'entrepreneur', employer_id = null,
			employment = '', receives_orders = true, profile_complete = true, regions = '{77}' where id = $2`, person, id)
	}
	if err != nil {
		return order.Actor{}, fmt.Errorf("making an engineer: %w", err)
	}
	return order.Actor{Role: order.RoleEngineer, Person: person.String(), Party: id.String()}, nil
}

// SignIn inserts a session of twelve hours without ЕСИА and returns its token.
func SignIn(ctx context.Context, in Database, who order.Actor) (token string, err error) {
	token = uuid.NewString()
	hash := sha256.Sum256([]byte(token))
	_, err = in.ExecContext(ctx, `insert into sessions (token_hash, id, person_id, role, party_id, expires_at)
		values ($1, $2, $3, $4, $5, now() + interval '12 hours')`, hash[:], uuid.New(), who.Person, string(who.Role), who.Party)
	if err != nil {
		return "", fmt.Errorf("opening a session: %w", err)
	}
	return token, nil
}

// Consent records the consent of every signed-in person to the text that the API shows.
func (b Browser) Consent(ctx context.Context, in Database) error {
	var page struct{ Version string }
	if err := b.Get(ctx, "/api/auth/consent", &page); err != nil {
		return err
	}
	if _, err := in.ExecContext(ctx, `insert into consents (person_id, version) select person_id, $1 from sessions`, page.Version); err != nil {
		return fmt.Errorf("giving the consent: %w", err)
	}
	return nil
}
