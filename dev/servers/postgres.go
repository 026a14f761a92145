package servers

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresVersions is a file pattern of the supported major versions.
const postgresVersions = "1[5-9]"

// The roles and databases of a local Postgres. The passwords are only for the loopback address of
// one machine.
const (
	superuser     = "postgres"
	platformRole  = "epkr"     // owns the platform's tables and migrates them
	processRole   = "epkr_app" // the role of the platform's processes
	processRights = "epkr_process"
	platformDB    = "epkr"
	temporalRole  = "temporal"
	localPassword = "epkr-local"
)

// OwnerURL returns the address of the platform's database for the owner of the tables.
func (s Settings) OwnerURL() string { return s.postgresURL(platformRole, platformDB) }

// ProcessURL returns the address for the platform's processes, whose role owns nothing.
func (s Settings) ProcessURL() string { return s.postgresURL(processRole, platformDB) }

func (s Settings) postgresURL(role, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, localPassword),
		Host: local(s.PostgresPort), Path: database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// startPostgres creates the cluster if there is none, starts it, and creates the missing roles and
// the platform's database.
func (s Settings) startPostgres(ctx context.Context) (*Process, error) {
	data := filepath.Join(s.Dir, "postgres", "data")
	bin, err := postgresBinaries(data)
	if err != nil {
		return nil, err
	}
	runAs, err := unprivilegedUser()
	if err != nil {
		return nil, err
	}
	if err := initCluster(ctx, bin, data, runAs); err != nil {
		return nil, err
	}
	return Command{
		Name: "postgres", Path: filepath.Join(bin, "postgres"), Args: s.postgresArguments(data),
		Log: s.log("postgres"), Dir: data, RunAs: runAs,
		// SIGINT is Postgres' fast shutdown: it ends sessions, flushes the data, and leaves no
		// process or shared memory.
		Stop: syscall.SIGINT, Orphaned: syscall.SIGINT, Grace: 30 * time.Second,
		Ready: s.preparePostgres, Limit: time.Minute,
	}.Start(ctx)
}

func (s Settings) postgresArguments(data string) []string {
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(s.PostgresPort), "unix_socket_directories=",
		"max_connections=300", "timezone=UTC", "log_timezone=UTC",
		// Keep what people wrote out of the server's log: failed statements, their parameters, the
		// rows in constraint errors, and messages that quote a value. The processes log their own
		// errors.
		"log_min_messages=fatal", "log_min_error_statement=panic", "log_error_verbosity=terse",
		"log_parameter_max_length=0", "log_parameter_max_length_on_error=0",
	}
	if s.fast() {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", data}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

func postgresPattern(version string) string {
	return "/usr/lib/postgresql/" + version + "/bin/postgres"
}

// postgresBinaries returns the folder of the newest version, or of the version that created the
// data.
func postgresBinaries(data string) (string, error) {
	missing := errors.New("PostgreSQL 15 или новее не найден (пакет postgresql)")
	version := postgresVersions
	if made, err := os.ReadFile(filepath.Join(data, "PG_VERSION")); err == nil {
		version = strings.TrimSpace(string(made))
		missing = fmt.Errorf("данные в %s созданы PostgreSQL %s, а здесь его нет", data, version)
	}
	if found, _ := filepath.Glob(postgresPattern(version)); len(found) > 0 {
		return filepath.Dir(slices.Max(found)), nil
	}
	if binary, err := exec.LookPath("postgres"); err == nil {
		return filepath.Dir(binary), nil
	}
	return "", missing
}

// unprivilegedUser returns the user for Postgres if the platform runs as root, which Postgres
// refuses; nil otherwise.
func unprivilegedUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		u, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, errors.New("Postgres не работает от root, а пользователей postgres и nobody здесь нет")
	}
	// Ids are always numbers on Linux.
	uid, _ := strconv.Atoi(u.Uid)
	gid, _ := strconv.Atoi(u.Gid)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// initCluster runs initdb once. It runs in another folder, so that an interrupted initdb leaves no
// PG_VERSION in the final one.
func initCluster(ctx context.Context, bin, data string, runAs *syscall.Credential) error {
	if _, err := os.Stat(filepath.Join(data, "PG_VERSION")); err == nil {
		return nil
	}
	partial, password := data+".partial", data+".password"
	err := errors.Join(
		os.RemoveAll(partial),
		os.MkdirAll(partial, 0o755), // initdb closes the folder to other users, not its parents
		os.WriteFile(password, []byte(localPassword), 0o644),
	)
	if runAs != nil {
		err = errors.Join(err, os.Chown(partial, int(runAs.Uid), int(runAs.Gid)))
	}
	if err != nil {
		return err
	}
	defer os.Remove(password)
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", partial, "-U", superuser,
		"--auth=scram-sha-256", "--pwfile="+password, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	cmd.Dir = filepath.Dir(data)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: runAs}
	if err := Run(cmd); err != nil {
		return fmt.Errorf("the user that runs Postgres must be able to enter %s: %w", cmd.Dir, err)
	}
	return os.Rename(partial, data)
}

// preparePostgres creates what is missing of the roles and the platform's database.
func (s Settings) preparePostgres(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.postgresURL(superuser, superuser))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	login := " login password '" + localPassword + "'"
	owner := login
	if s.ForTests {
		owner += " superuser"
	}
	return createMissing(
		ctx, conn,
		"create role "+platformRole+owner,
		"create role "+temporalRole+owner+" createdb",
		"create role "+processRights,
		"create role "+processRole+login+" in role "+processRights,
		"create database "+platformDB+" owner "+platformRole,
	)
}

// createMissing executes those statements, `create role name …` or `create database name …`, whose
// object does not exist.
func createMissing(ctx context.Context, conn *pgx.Conn, statements ...string) error {
	rows, _ := conn.Query(ctx, `select 'create role ' || rolname from pg_roles
		union all select 'create database ' || datname from pg_database`)
	existing, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if slices.Contains(existing, strings.Join(strings.Fields(statement)[:3], " ")) {
			continue
		}
		if _, err := conn.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
