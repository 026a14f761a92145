package orders_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	activities "epkr/activities/orders"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// recordDuring records a message while another transaction holds its changes, and commits that
// transaction once the recording waits for it.
func (c *testUsers) recordDuring(in activities.RecordInput, statement string, args ...any) (order.Outcome, error) {
	c.t.Helper()
	commit := testenv.HoldTransaction(c.t, c.url, statement, args...)
	var (
		outcome  order.Outcome
		failed   error
		finished atomic.Bool
		done     = make(chan struct{})
	)
	go func() {
		defer close(done)
		defer finished.Store(true)
		outcome, failed = c.recorder.record(in)
	}()
	testenv.Eventually(c.t, "the recording waits for the other transaction", func() bool {
		return finished.Load() || testenv.Blocked(c.t, c.url)
	})
	commit()
	<-done
	return outcome, failed
}

// amendment returns a message that changes the conditions and names one file of the customer.
func (c *testUsers) amendment(file order.FileRef) activities.RecordInput {
	c.t.Helper()
	in := c.input(order.Amend, c.customer)
	in.State = c.state
	sum := sha256.Sum256([]byte(`{}`))
	body := order.BodyRef{ID: uuid.NewString(), SHA256: hex.EncodeToString(sum[:])}
	testenv.Exec(c.t, c.url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, '{}', $4)`,
		body.ID, c.state.ID, c.customer.Person, body.SHA256)
	details, err := json.Marshal(order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 40, Files: []order.FileRef{file}})
	require.NoError(c.t, err)
	in.Message.Body, in.Message.Details = &body, details
	return in
}

// A file that is deleted while a message that names it is recorded is unknown to the message: the
// message is refused and the order continues.
func TestFileDeletedWhileItIsNamedIsUnknown(t *testing.T) {
	t.Parallel()
	c := newTestUsers(t)
	file := c.file(c.customer, "план")
	outcome, err := c.recordDuring(c.amendment(file), `delete from files where id = $1`, file.ID)
	require.NoError(t, err)
	require.Equal(t, order.CodeFileUnknown, outcome.Code)
	require.NoError(t, c.state.Apply(outcome))
	c.requireApplied(order.Amend, c.customer, order.Terms{Region: "77", WorkKind: "parcel-formation", TermDays: 50})
}

// A text that is swept while its message is recorded is missing, not an invariant violation.
func TestTextSweptWhileItIsNamedIsUnknown(t *testing.T) {
	t.Parallel()
	c := newTestUsers(t)
	in := c.amendment(c.file(c.customer, "план"))
	outcome, err := c.recordDuring(in, `delete from message_bodies where id = $1 and not used`, in.Message.Body.ID)
	require.NoError(t, err)
	require.Equal(t, order.CodeBodyMissing, outcome.Code)
}
