package testenv

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"epkr/db"
)

// templateLock is the advisory lock under which one test process creates the template while the
// others wait.
const templateLock = 0x65706b72 // "epkr"

// databaseLimit bounds each operation on the server.
const databaseLimit = 2 * time.Minute

// Database returns the URL of a database that no other test uses, with the schema of package db. It
// is cloned from a template, which is migrated once per state of the migrations, and dropped when
// the test ends.
func Database(t testing.TB) string {
	t.Helper()
	server := variable(t, "EPKR_TEST_DATABASE_URL")
	ctx, cancel := context.WithTimeout(context.Background(), databaseLimit)
	defer cancel()
	name := "test_" + strings.ToLower(rand.Text()[:16])
	if err := cloneTemplate(ctx, server, name); err != nil {
		t.Fatalf("make a test database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), databaseLimit)
		defer cancel()
		// Force also closes connections that the test left open.
		if err := statement(ctx, server, "drop database if exists "+quoted(name)+" with (force)"); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return databaseURL(server, name)
}

// The role of tests that connect as the platform's processes do: it owns nothing.
const (
	processRole     = "epkr_test_process"
	processPassword = "epkr-test"
)

// AsProcess returns the URL of a test's database for the role of the platform's processes.
func AsProcess(t testing.TB, database string) string {
	t.Helper()
	makeRole.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), databaseLimit)
		defer cancel()
		errRole = makeProcessRole(ctx, variable(t, "EPKR_TEST_DATABASE_URL"))
	})
	if errRole != nil {
		t.Fatalf("make the role of the processes: %v", errRole)
	}
	u, err := url.Parse(database)
	if err != nil {
		t.Fatalf("read the URL of a test database: %v", err)
	}
	u.User = url.UserPassword(processRole, processPassword)
	return u.String()
}

var (
	makeRole sync.Once
	errRole  error
)

// makeProcessRole creates the role under the lock of the template, because all test processes share
// the server.
func makeProcessRole(ctx context.Context, server string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", templateLock); err != nil {
		return fmt.Errorf("lock the roles: %w", err)
	}
	var exists bool
	err = conn.QueryRow(ctx, "select pg_has_role($1, 'epkr_process', 'member') from pg_roles where rolname = $1", processRole).Scan(&exists)
	if err == nil && exists {
		return nil
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return fmt.Errorf("look for the role: %w", err)
	}
	if errors.Is(err, pgx.ErrNoRows) {
		if _, err := conn.Exec(ctx, "create role "+processRole+" login password '"+processPassword+"'"); err != nil {
			return fmt.Errorf("create the role: %w", err)
		}
	}
	_, err = conn.Exec(ctx, "grant epkr_process to "+processRole)
	return err
}

// cloneTemplate clones the template and creates it first if this state of the migrations has none.
func cloneTemplate(ctx context.Context, server, name string) error {
	template, err := templateName()
	if err != nil {
		return err
	}
	if err := ensureTemplate(ctx, server, template); err != nil {
		return err
	}
	return statement(ctx, server, "create database "+quoted(name)+" template "+quoted(template))
}

// templateName returns a name with a hash of the migrations, so that a changed migration gets a new
// template.
func templateName() (string, error) {
	folder, err := migrationsFolder()
	if err != nil {
		return "", err
	}
	migrations, sum := os.DirFS(folder), sha256.New()
	err = fs.WalkDir(migrations, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(migrations, path)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n%s", path, len(text), text)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("read the migrations: %w", err)
	}
	return "template_" + hex.EncodeToString(sum.Sum(nil))[:16], nil
}

// migrationsFolder finds db/migrations in a parent of the working directory, which for go test is
// the folder of the tested package.
func migrationsFolder() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the working directory: %w", err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		folder := filepath.Join(dir, "db", "migrations")
		if _, err := os.Stat(folder); err == nil {
			return folder, nil
		}
	}
	return "", errors.New("no db/migrations above the working directory")
}

func ensureTemplate(ctx context.Context, server, template string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", templateLock); err != nil {
		return fmt.Errorf("lock the template: %w", err)
	}
	var exists bool
	err = conn.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", template).Scan(&exists)
	if err != nil || exists {
		return err
	}
	return makeTemplate(ctx, conn, server, template)
}

// makeTemplate migrates a database under another name and renames it at the end, so that an
// interrupted template is never used.
func makeTemplate(ctx context.Context, conn *pgx.Conn, server, template string) error {
	unfinished := template + "_unfinished"
	if _, err := conn.Exec(ctx, "drop database if exists "+quoted(unfinished)+" with (force)"); err != nil {
		return fmt.Errorf("drop an unfinished template: %w", err)
	}
	if _, err := conn.Exec(ctx, "create database "+quoted(unfinished)); err != nil {
		return fmt.Errorf("create the template: %w", err)
	}
	if err := db.Migrate(ctx, databaseURL(server, unfinished)); err != nil {
		return fmt.Errorf("migrate the template: %w", err)
	}
	_, err := conn.Exec(ctx, "alter database "+quoted(unfinished)+" rename to "+quoted(template))
	if err != nil {
		return fmt.Errorf("keep the template: %w", err)
	}
	return nil
}

func statement(ctx context.Context, server, sql string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// databaseURL returns the server's URL with another database.
func databaseURL(server, database string) string {
	u, err := url.Parse(server)
	if err != nil {
		// `dev with-servers` builds the URL with net/url.
		panic(fmt.Sprintf("EPKR_TEST_DATABASE_URL: %v", err))
	}
	u.Path = "/" + database
	return u.String()
}
