package config

import (
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// databaseRules returns the rules for one database URL. They check it as the driver parses it: with
// its query, every host of its list, a service file and the PG… variables. An empty URL breaks no
// rule.
func databaseRules(prefix, setting string, of func(ruleInput) Secret) []rule {
	onDatabase := func(isBroken func(*pgconn.Config) bool) func(ruleInput) bool {
		return func(j ruleInput) bool {
			c := parsedDatabase(of(j))
			return c != nil && isBroken(c)
		}
	}
	return []rule{
		{
			name: prefix + "-weak-password", setting: setting, problem: "has no password, or one that is known, short or easily guessed", expected: expectedSecret,
			isBroken: onDatabase(func(c *pgconn.Config) bool { return isWeak(c.Password, c.User, c.Database) }),
		},
		{
			name: prefix + "-without-tls", setting: setting, problem: "does not verify whom it talks to, or may talk without TLS",
			expected: "sslmode=verify-full with the server's CA in sslrootcert, or a unix socket", isBroken: onDatabase(mayBeUnverified),
		},
		{
			name: prefix + "-superuser", setting: setting, problem: "names Postgres' superuser", expected: "a role of the platform's own",
			isBroken: onDatabase(func(c *pgconn.Config) bool { return strings.EqualFold(c.User, "postgres") }),
		},
		{
			name: prefix + "-test-authority", setting: setting, problem: "trusts a test CA", expected: "the CA of the real server in sslrootcert",
			isBroken: onDatabase(func(c *pgconn.Config) bool { return c.TLSConfig != nil && trustsTestCA(c.TLSConfig.RootCAs) }),
		},
	}
}

// parsedDatabase returns nil for a URL that is empty or malformed; malformed URLs are reported
// where they are read.
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

// mayBeUnverified reports whether at least one of the connections that the driver would try is
// neither verified TLS nor a unix socket.
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
