package config

import (
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// databaseRules judge an address of the database as the driver reads it: with its query, every host of its list, a service file
// and the PG… variables. No address is judged nowhere.
func databaseRules(prefix, setting string, of func(judged) Secret) []rule {
	judging := func(breaks func(*pgconn.Config) bool) func(judged) bool {
		return func(j judged) bool {
			c := parsedDatabase(of(j))
			return c != nil && breaks(c)
		}
	}
	return []rule{
		{
			name: prefix + "-weak-password", setting: setting, problem: "has no password, or one that is known, short or easily guessed", expected: expectedSecret,
			breaks: judging(func(c *pgconn.Config) bool { return isWeak(c.Password, c.User, c.Database) }),
		},
		{
			name: prefix + "-without-tls", setting: setting, problem: "does not verify whom it talks to, or may talk without TLS",
			expected: "sslmode=verify-full with the server's CA in sslrootcert, or a unix socket", breaks: judging(mayBeUnverified),
		},
		{
			name: prefix + "-superuser", setting: setting, problem: "names Postgres' superuser", expected: "a role of the platform's own",
			breaks: judging(func(c *pgconn.Config) bool { return strings.EqualFold(c.User, "postgres") }),
		},
		{
			name: prefix + "-test-authority", setting: setting, problem: "trusts a test CA", expected: "the CA of the real server in sslrootcert",
			breaks: judging(func(c *pgconn.Config) bool { return c.TLSConfig != nil && trustsTest(c.TLSConfig.RootCAs) }),
		},
	}
}

// parsedDatabase is nil for what is not set or cannot be read, which is noted where it is read.
func parsedDatabase(address Secret) *pgconn.Config {
	if address == "" {
		return nil
	}
	c, err := pgconn.ParseConfig(address.Reveal())
	if err != nil {
		return nil
	}
	return c
}

// mayBeUnverified says that at least one of the ways that the driver would try is neither verified TLS nor a unix socket.
func mayBeUnverified(c *pgconn.Config) bool {
	ways := append([]*pgconn.FallbackConfig{{Host: c.Host, Port: c.Port, TLSConfig: c.TLSConfig}}, c.Fallbacks...)
	for _, way := range ways {
		if network, _ := pgconn.NetworkAddress(way.Host, way.Port); network == "unix" {
			continue
		}
		if way.TLSConfig == nil || way.TLSConfig.InsecureSkipVerify || way.TLSConfig.ServerName == "" {
			return true
		}
	}
	return false
}

func sameRole(one, other Secret) bool {
	a, b := parsedDatabase(one), parsedDatabase(other)
	return a != nil && b != nil && a.User == b.User
}
