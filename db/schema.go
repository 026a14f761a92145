package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// undefinedTable is the SQLSTATE for a table that does not exist.
const undefinedTable = "42P01"

// SchemaIsCurrent reports whether every migration of this build has been applied. It changes
// nothing.
func (s *Store) SchemaIsCurrent(ctx context.Context) (bool, error) {
	newest, err := newestMigration()
	if err != nil {
		return false, err
	}
	var current bool
	err = s.pool.QueryRow(ctx, "select exists (select from goose_db_version where version_id = $1 and is_applied)", newest).Scan(&current)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == undefinedTable {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the version of the schema: %w", err)
	}
	return current, nil
}

// ErrOwner is returned when the processes connect as a role that may change append-only tables.
var ErrOwner = errors.New("роль из DATABASE_URL владеет таблицами базы данных: укажите другую, которая входит в epkr_process и ничем не владеет")

// CheckNotOwner returns [ErrOwner] if the role of the connection owns a table, or may act for the
// role that does.
func (s *Store) CheckNotOwner(ctx context.Context) error {
	var owns bool
	err := s.pool.QueryRow(ctx, `select exists (select from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'member'))`).Scan(&owns)
	switch {
	case err != nil:
		return fmt.Errorf("looking who owns the tables: %w", err)
	case owns:
		return ErrOwner
	}
	return nil
}

// newestMigration returns the number at the start of the last migration's name.
func newestMigration() (int64, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("listing the migrations: %w", errors.Join(err, fs.ErrNotExist))
	}
	number, _, _ := strings.Cut(strings.TrimPrefix(names[len(names)-1], "migrations/"), "_")
	newest, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("reading the number of a migration: %w", err)
	}
	return newest, nil
}
