package testenv

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

// Pooler starts a PgBouncer in transaction mode in front of the database at the URL, and returns
// the URL through it. size is its number of connections to Postgres.
func Pooler(t testing.TB, database string, size int) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatalf("read the URL of a test database: %v", err)
	}
	port := freePort(t)
	password, _ := u.User.Password()
	// PgBouncer accepts any client; it connects to Postgres with the name and password of the URL.
	settings := fmt.Sprintf(`[databases]
* = host=%s port=%s user=%s password=%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = %d
max_client_conn = 500
ignore_startup_parameters = extra_float_digits
`, u.Hostname(), u.Port(), u.User.Username(), password, port, size)
	folder := t.TempDir()
	file := filepath.Join(folder, "pgbouncer.ini")
	if err := os.WriteFile(file, []byte(settings), 0o600); err != nil {
		t.Fatalf("write the pooler's settings: %v", err)
	}
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		program = "/usr/sbin/pgbouncer" // Debian's location, outside an ordinary user's PATH
	}
	arguments := []string{file}
	if os.Geteuid() == 0 { // PgBouncer refuses to run as root
		arguments = []string{"-u", "nobody", file}
	}
	pooler := exec.CommandContext(t.Context(), program, arguments...)
	pooler.Stdout, pooler.Stderr = t.Output(), t.Output()
	if err := pooler.Start(); err != nil {
		t.Fatalf("start the pooler: %v", err)
	}
	t.Cleanup(func() { _ = pooler.Process.Kill(); _ = pooler.Wait() })
	u.Host = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	Eventually(t, "the pooler answers", func() bool {
		conn, err := net.Dial("tcp", u.Host)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
	return u.String()
}

func freePort(t testing.TB) int {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("look for a free port: %v", err)
	}
	defer free.Close()
	return free.Addr().(*net.TCPAddr).Port
}
