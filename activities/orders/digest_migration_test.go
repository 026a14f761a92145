package orders_test

import (
	"database/sql"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"epkr/db"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// beforeDigests is the last schema version in which requests had no hash of the signal.
const beforeDigests = 11

// Messages in flight during the migration are decided: an open order of the previous version
// continues, and its history stays.
func TestMessagesInFlightSurviveTheMigration(t *testing.T) {
	t.Parallel()
	d := newRecorder(t)
	create := d.recordCreation()
	conn, err := sql.Open("pgx", d.url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, os.DirFS("../../db/migrations"))
	require.NoError(t, err)
	_, err = provider.DownTo(t.Context(), beforeDigests)
	require.NoError(t, err)

	publish := d.input(order.Publish, d.customer)
	publish.State = create.State
	publish.Message.Details = json.RawMessage(`{"region": "77", "workKind": "parcel-formation", "termDays": 30}`)
	publish.Message.Body = &order.BodyRef{ID: uuid.NewString(), SHA256: strings.Repeat("0", 64)}
	publish.Message.ReceivedAt = time.Now().UTC().Truncate(time.Millisecond)
	testenv.Exec(t, d.url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, '{"address": "Химки"}', $4)`,
		publish.Message.Body.ID, create.State.ID, d.customer.Person, publish.Message.Body.SHA256)
	testenv.Exec(t, d.url, `insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
		values ($1, $2, $3, 'publish', repeat('0', 64), $4)`,
		publish.Message.ID, create.State.ID, d.customer.Person, publish.Message.ReceivedAt)

	require.NoError(t, db.Migrate(t.Context(), d.url))
	outcome, err := d.orders.RecordMessage(t.Context(), publish)
	require.NoError(t, err)
	require.Equal(t, order.Applied, outcome.Verdict, outcome.Code)

	unknown := d.input(order.Publish, d.customer)
	unknown.State = create.State
	require.NoError(t, unknown.State.Apply(outcome))
	forged, err := d.orders.RecordMessage(t.Context(), unknown)
	require.NoError(t, err)
	require.Equal(t, order.CodeNotStored, forged.Code)
}
