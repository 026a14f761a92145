package db_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/testenv"
)

// The notifications of all people are kept for years in one table: reading one person's
// notifications, or creating new ones, must not read the others.
func TestNotificationsUseIndexes(t *testing.T) {
	t.Parallel()
	url := fillLargeTables(t)
	testenv.Exec(t, url, `insert into notifications (role, party_id, order_id, kind, created_at, read_at)
		select case when n % 3 = 0 then 'moderator' else 'customer' end, case when n % 3 = 0 then null else md5('party' || n % 1000)::uuid end,
			md5((1 + n % 10000)::text)::uuid, 'response', now(), case when n % 2 = 0 then now() end
		from generate_series(1, 100000) n`)
	testenv.Exec(t, url, `analyze notifications`)
	party := testenv.Scalar[uuid.UUID](t, url, `select md5('party1')::uuid`)
	orderID, now := testenv.Scalar[uuid.UUID](t, url, `select md5('2')::uuid`), time.Now()
	rowsRead := func() int64 {
		return testenv.Scalar[int64](t, url, `select seq_tup_read from pg_stat_user_tables where relname = 'notifications'`)
	}
	indexScans := func() int64 {
		return testenv.Scalar[int64](t, url, `select idx_scan from pg_stat_user_tables where relname = 'notifications'`)
	}
	for _, reader := range []struct {
		role  string
		party *uuid.UUID
	}{{"customer", &party}, {"moderator", nil}} {
		wholeBefore, askedBefore := rowsRead(), indexScans()
		store, err := db.Open(t.Context(), url)
		require.NoError(t, err)
		const times = 12 // enough runs for the server to switch to a generic plan
		for range times {
			page, err := store.Notifications(t.Context(), sqlcgen.NotificationsParams{Role: reader.role, PartyID: reader.party, Before: 1 << 60, Page: 20})
			require.NoError(t, err)
			require.Len(t, page, 20)
			unread, err := store.UnreadNotifications(t.Context(), sqlcgen.UnreadNotificationsParams{Role: reader.role, PartyID: reader.party})
			require.NoError(t, err)
			require.Positive(t, unread)
			_, err = store.LastNotices(t.Context(), &orderID)
			require.NoError(t, err)
			_, err = store.ReadNotifications(t.Context(), sqlcgen.ReadNotificationsParams{Role: reader.role, PartyID: reader.party, OrderID: &orderID, UpTo: 1, ReadAt: &now})
			require.NoError(t, err)
		}
		store.Close() // the server counts a connection's reads when it ends
		testenv.Eventually(t, "the server's statistics", func() bool { return indexScans()-askedBefore >= 3*times })
		require.Zero(t, rowsRead()-wholeBefore, "%s: rows read by sequential scans", reader.role)
	}
}
