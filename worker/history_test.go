package main

import (
	"bytes"
	"database/sql"
	"os"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// verifyHistory runs the command as the processes' role and returns what it prints.
func (p *platform) verifyHistory() (string, error) {
	p.t.Helper()
	environment := func(name string) (string, bool) {
		if name == "DATABASE_URL" {
			return testenv.AsProcess(p.t, p.url), true
		}
		return "", false
	}
	var out bytes.Buffer
	err := verifyHistory(p.t.Context(), environment, &out)
	return out.String(), err
}

// The recorded messages of an order form a chain whose head the order's row has. The command names
// what was changed and fails.
func TestVerifyHistoryCommandFailsOnAChangedHistory(t *testing.T) {
	p := startPlatform(t)
	printed, err := p.verifyHistory()
	require.NoError(t, err, printed)
	require.Equal(t, "заказов 1, сообщений 6, стёртых текстов 0, нарушений 0\n", printed)
	require.Equal(t, testenv.Scalar[string](t, p.url, `select encode(hash, 'hex') from order_messages where seq = 6`),
		testenv.Scalar[string](t, p.url, `select encode(head, 'hex') from orders`))

	p.exec(`alter table order_messages disable trigger order_messages_append_only`)
	p.exec(`update order_messages set received_at = received_at - interval '1 second' where seq = 3`)
	printed, err = p.verifyHistory()
	require.ErrorIs(t, err, errHistoryBroken)
	number := testenv.Scalar[string](t, p.url, `select number from orders`)
	require.Equal(t, "заказ "+number+" ("+p.order.String()+"): сообщение 3 изменено\n"+
		"заказов 1, сообщений 6, стёртых текстов 0, нарушений 1\n", printed)
}

// beforeChains is the last schema version in which the record was no chain.
const beforeChains = 41

// The open order of a database of the version before is chained by the migration, and its next
// messages continue the chain.
func TestMigrationChainsOpenOrders(t *testing.T) {
	p := startPlatform(t)
	conn, err := sql.Open("pgx", p.url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("../db/migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), beforeChains)
	require.NoError(t, err)
	_, err = p.verifyHistory()
	require.ErrorContains(t, err, "does not exist", "the database is of the version before")

	require.NoError(t, db.Migrate(t.Context(), p.url))
	printed, err := p.verifyHistory()
	require.NoError(t, err, printed)
	require.Contains(t, printed, "сообщений 6")
	p.send(p.engineers[2], order.DeclineOffer, nil, map[string]string{"reason": "Занят"})
	printed, err = p.verifyHistory()
	require.NoError(t, err, printed)
	require.Contains(t, printed, "сообщений 7")
	p.exec(`alter table message_bodies disable trigger user`)
	p.exec(`update message_bodies set body = '{}' where id = (select form_id from orders)`)
	printed, err = p.verifyHistory()
	require.ErrorIs(t, err, errHistoryBroken)
	require.Contains(t, printed, "текст сообщения 2 изменён", "the texts of the version before are chained too")
}
