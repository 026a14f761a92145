package inwork

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/google/uuid"
)

// Engineers adds so many engineers whom the registry knows, for platforms without the world of package dev/synthetic.
func Engineers(ctx context.Context, database *sql.DB, count int) ([]uuid.UUID, error) {
	_, err := database.ExecContext(ctx, `
		insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of, form)
		select gen_random_uuid(), n::text, n::text, 'Инженеров', 'Инженер', true, now(), 'entrepreneur' from generate_series(1, $1::integer) n`, count)
	if err != nil {
		return nil, fmt.Errorf("adding engineers: %w", err)
	}
	return Able(ctx, database)
}

// Able are the engineers who may take orders as far as the registry and the moderators say, mixed as by lot and always the same way.
func Able(ctx context.Context, database *sql.DB) ([]uuid.UUID, error) {
	rows, err := database.QueryContext(ctx, `select id from engineers where in_registry and not blocked order by md5(snils), id`)
	if err != nil {
		return nil, fmt.Errorf("looking for engineers: %w", err)
	}
	defer rows.Close()
	var ids []uuid.UUID
	for rows.Next() {
		var id uuid.UUID
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("reading an engineer: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}
