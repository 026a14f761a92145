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
	"sort"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// oldestPostgres is the oldest supported major version.
const oldestPostgres = 15

// The roles and databases of a local Postgres. The passwords are only for the loopback address of
// one machine.
const (
	superuser     = "postgres"
	platformRole  = "epkr"     // owns the platform's tables and migrates them
	processRole   = "epkr_app" // the role of the platform's processes
	processRights = "epkr_process"
	platformDB    = "epkr"
	temporalRole  = "temporal"
	temporalDB    = "temporal"
	visibilityDB  = "temporal_visibility"
	localPassword = "epkr-local"
)

// Postgres is a running local Postgres.
type Postgres struct {
	*Process
	// Port is on 127.0.0.1.
	Port int
}

// URL returns the address of the platform's database for the owner of the tables.
func (p *Postgres) URL() string { return p.url(platformRole, platformDB) }

// ProcessURL returns the address for the platform's processes, whose role owns nothing.
func (p *Postgres) ProcessURL() string { return p.url(processRole, platformDB) }

func (p *Postgres) url(role, database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(role, localPassword), Host: local(p.Port), Path: "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// startPostgres creates the cluster if there is none, starts it, and creates missing roles and
// databases.
func startPostgres(ctx context.Context, s Settings) (*Postgres, error) {
	data := filepath.Join(s.folder("postgres"), "data")
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
	p := &Postgres{Port: s.PostgresPort}
	p.Process, err = Command{
		Name: "postgres", Path: filepath.Join(bin, "postgres"), Args: postgresArguments(s, data),
		Log: s.log("postgres"), Dir: data, RunAs: runAs,
		// SIGINT is Postgres' fast shutdown: it ends sessions, flushes the data, and leaves no
		// process or shared memory.
		Stop: syscall.SIGINT, Orphaned: syscall.SIGINT, Grace: 30 * time.Second,
		Ready: p.ping, Limit: time.Minute,
	}.Start(ctx)
	if err != nil {
		return nil, err
	}
	if err := p.prepare(ctx, s.ForTests); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}

// logWithoutValues keeps what people wrote out of the server's log: failed statements, their
// parameters, the rows in constraint errors, and messages that quote a value. The processes log
// their own errors.
var logWithoutValues = []string{
	"log_min_messages=fatal", "log_min_error_statement=panic", "log_error_verbosity=terse",
	"log_parameter_max_length=0", "log_parameter_max_length_on_error=0",
}

func postgresArguments(s Settings, data string) []string {
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(s.PostgresPort), "unix_socket_directories=",
		"max_connections=300", "timezone=UTC", "log_timezone=UTC",
	}
	settings = append(settings, logWithoutValues...)
	if s.fast() {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", data}
	for _, setting := range settings {
		args = append(args, "-c", setting)
	}
	return args
}

// postgresFolders returns the folders with Postgres binaries, newest first.
func postgresFolders() []string {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	var folders []string
	for _, binary := range found {
		if folder := filepath.Dir(binary); folderVersion(folder) >= oldestPostgres {
			folders = append(folders, folder)
		}
	}
	sort.Slice(folders, func(i, j int) bool { return folderVersion(folders[i]) > folderVersion(folders[j]) })
	if binary, err := exec.LookPath("postgres"); err == nil {
		folders = append(folders, filepath.Dir(binary))
	}
	return folders
}

// folderVersion returns the version in a path: 15 for /usr/lib/postgresql/15/bin, 0 if there is
// none.
func folderVersion(folder string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder)))
	return version
}

// postgresBinaries returns the folder of the newest version, or of the version that created the
// data.
func postgresBinaries(data string) (string, error) {
	folders := postgresFolders()
	if len(folders) == 0 {
		return "", fmt.Errorf("PostgreSQL %d или новее не найден (пакет postgresql)", oldestPostgres)
	}
	made, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if err != nil {
		return folders[0], nil
	}
	for _, folder := range folders {
		if v := folderVersion(folder); v == 0 || strconv.Itoa(v) == strings.TrimSpace(string(made)) {
			return folder, nil
		}
	}
	return "", fmt.Errorf("данные в %s созданы PostgreSQL %s, а здесь его нет", data, strings.TrimSpace(string(made)))
}

// unprivilegedUser returns the user for Postgres if the platform runs as root, which Postgres
// refuses; nil otherwise.
func unprivilegedUser() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(errUID, errGID); err != nil {
			return nil, fmt.Errorf("read the ids of user %s: %w", name, err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("Postgres не работает от root, а пользователей postgres и nobody здесь нет")
}

// initCluster runs initdb once. It runs in another folder, so that an interrupted initdb leaves no
// PG_VERSION in the final one.
func initCluster(ctx context.Context, bin, data string, runAs *syscall.Credential) error {
	if made, err := exists(filepath.Join(data, "PG_VERSION")); made || err != nil {
		return err
	}
	partial := data + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return fmt.Errorf("clear an unfinished database cluster: %w", err)
	}
	if err := makeOwned(partial, runAs); err != nil {
		return err
	}
	password := partial + ".password"
	if err := os.WriteFile(password, []byte(localPassword+"\n"), 0o644); err != nil {
		return fmt.Errorf("write the database password: %w", err)
	}
	defer os.Remove(password)
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "initdb"), "-D", partial, "-U", superuser,
		"--auth=scram-sha-256", "--pwfile="+password, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	cmd.Dir = filepath.Dir(data)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: runAs}
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb in %s (the user that runs Postgres must be able to reach it): %w\n%s", data, err, output)
	}
	if err := os.Rename(partial, data); err != nil {
		return fmt.Errorf("keep the database cluster: %w", err)
	}
	return nil
}

func makeOwned(folder string, owner *syscall.Credential) error {
	// Only its user may enter the folder; its parents must be passable.
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return fmt.Errorf("make the database folder: %w", err)
	}
	if err := os.Mkdir(folder, 0o700); err != nil {
		return fmt.Errorf("make the database folder: %w", err)
	}
	if owner == nil {
		return nil
	}
	if err := os.Chown(folder, int(owner.Uid), int(owner.Gid)); err != nil {
		return fmt.Errorf("give the database folder to its user: %w", err)
	}
	return nil
}

func (p *Postgres) ping(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.url(superuser, superuser))
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return conn.Ping(ctx)
}

// prepare creates missing roles and databases.
func (p *Postgres) prepare(ctx context.Context, forTests bool) error {
	conn, err := pgx.Connect(ctx, p.url(superuser, superuser))
	if err != nil {
		return fmt.Errorf("connect to the local Postgres: %w", err)
	}
	defer conn.Close(ctx)
	rights := ""
	if forTests {
		rights = " superuser"
	}
	for _, role := range []struct{ name, rights string }{
		{platformRole, "login" + rights}, {temporalRole, "login" + rights}, {processRights, "nologin"}, {processRole, "login in role " + processRights},
	} {
		if err := createRole(ctx, conn, role.name, role.rights); err != nil {
			return err
		}
	}
	if err := createDatabase(ctx, conn, platformDB, platformRole); err != nil {
		return err
	}
	for _, database := range []string{temporalDB, visibilityDB} {
		if err := createDatabase(ctx, conn, database, temporalRole); err != nil {
			return err
		}
	}
	return nil
}

func createRole(ctx context.Context, conn *pgx.Conn, role, rights string) error {
	return createMissing(ctx, conn, "role "+role, "select exists (select from pg_roles where rolname = $1)", role,
		"create role "+pgx.Identifier{role}.Sanitize()+" "+rights+" password '"+localPassword+"'")
}

// createDatabase creates the database unless it exists; with an empty owner it belongs to the
// connected role.
func createDatabase(ctx context.Context, conn *pgx.Conn, database, owner string) error {
	create := "create database " + pgx.Identifier{database}.Sanitize()
	if owner != "" {
		create += " owner " + pgx.Identifier{owner}.Sanitize()
	}
	return createMissing(ctx, conn, "database "+database, "select exists (select from pg_database where datname = $1)", database, create)
}

func createMissing(ctx context.Context, conn *pgx.Conn, what, exists, name, create string) error {
	var there bool
	if err := conn.QueryRow(ctx, exists, name).Scan(&there); err != nil {
		return fmt.Errorf("look for %s: %w", what, err)
	}
	if there {
		return nil
	}
	if _, err := conn.Exec(ctx, create); err != nil {
		return fmt.Errorf("create %s: %w", what, err)
	}
	return nil
}
