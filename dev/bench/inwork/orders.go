package inwork

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	orderactivities "epkr/activities/orders"
	"epkr/db"
	"epkr/internal/order"
)

// Order is one in work.
type Order struct{ ID, Engineer uuid.UUID }

// Orders are those that this package has put on a platform.
type Orders struct {
	database *sql.DB
	template uuid.UUID
}

// Put makes a customer with one order in work by the engineer, of which [Orders.Add] makes more. The database is the platform's,
// twice: as its store, and open for statements of which the store has none.
func Put(ctx context.Context, store *db.Store, database *sql.DB, engineer uuid.UUID) (*Orders, error) {
	by, err := addCustomer(ctx, database)
	if err != nil {
		return nil, fmt.Errorf("adding a customer: %w", err)
	}
	now := time.Now().UTC()
	state, err := template(by, engineer, now)
	if err != nil {
		return nil, err
	}
	row, err := orderactivities.OrderRow(&state, now)
	if err != nil {
		return nil, err
	}
	row.Number = "template-" + row.ID.String()
	if err := store.UpsertOrder(ctx, row); err != nil {
		return nil, fmt.Errorf("adding an order in work: %w", err)
	}
	return &Orders{database: database, template: row.ID}, nil
}

func addCustomer(ctx context.Context, database *sql.DB) (ordered, error) {
	person, party, form, nobody := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	by := ordered{
		customer: order.Actor{Role: order.RoleCustomer, Person: person.String(), Party: party.String()},
		form:     order.BodyRef{ID: form.String(), SHA256: file("form").SHA256},
	}
	for _, row := range []struct {
		insert string
		values []any
	}{
		{`insert into people (id, esia_oid, snils, last_name, first_name) values ($1::uuid, $1::uuid::text, $1::uuid::text, 'Заказчиков', 'Заказ')`, []any{person}},
		{`insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Заказчиков Заказ')`, []any{party, person}},
		{`insert into message_bodies (id, order_id, author_id, body, sha256, used) values ($1, $2, $3, '{}', $4, true)`, []any{form, nobody, person, by.form.SHA256}},
	} {
		if _, err := database.ExecContext(ctx, row.insert, row.values...); err != nil {
			return ordered{}, err
		}
	}
	return by, nil
}

// Add gives each of the engineers so many orders in work, as rows alone.
func (o *Orders) Add(ctx context.Context, engineers []uuid.UUID, each int) ([]Order, error) {
	// A record keeps what it is not told from the row that it is made of.
	rows, err := o.database.QueryContext(ctx, `
		insert into orders
		select added.*
		from orders o,
			(select gen_random_uuid() as id, e.id as engineer, e.person_id as person, e.employer_id as employer
				from engineers e, generate_series(1, $3) where e.id = any($2::uuid[])) n,
			jsonb_populate_record(o, jsonb_build_object(
				'id', n.id, 'number', n.id, 'engineer_id', n.engineer, 'employer_id', n.employer,
				'state', o.state || jsonb_build_object('id', n.id, 'number', n.id, 'performer', jsonb_strip_nulls(jsonb_build_object(
					'id', n.engineer, 'person', n.person, 'employer', n.employer))))) added
		where o.id = $1
		returning id, engineer_id`, o.template, engineers, each)
	if err != nil {
		return nil, fmt.Errorf("adding orders in work: %w", err)
	}
	defer rows.Close()
	var added []Order
	for rows.Next() {
		var one Order
		if err := rows.Scan(&one.ID, &one.Engineer); err != nil {
			return nil, fmt.Errorf("reading the orders added: %w", err)
		}
		added = append(added, one)
	}
	return added, rows.Err()
}

// state is the order's as its row has it.
func (o *Orders) state(ctx context.Context, id uuid.UUID) (s order.State, err error) {
	var row []byte
	if err := o.database.QueryRowContext(ctx, `select state from orders where id = $1`, id).Scan(&row); err != nil {
		return s, fmt.Errorf("reading an order: %w", err)
	}
	if err := json.Unmarshal(row, &s); err != nil {
		return s, fmt.Errorf("reading an order's state: %w", err)
	}
	return s, nil
}
