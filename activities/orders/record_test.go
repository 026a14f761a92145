package orders_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"epkr/activities/failure"
	activities "epkr/activities/orders"
	"epkr/db"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// recorder records messages on a database of its own, without a workflow.
type recorder struct {
	t        testing.TB
	url      string
	orders   *activities.Activities
	customer order.Actor
}

func newRecorder(t testing.TB) *recorder {
	t.Helper()
	d := &recorder{t: t, url: testenv.Database(t)}
	store, err := db.Open(t.Context(), testenv.AsProcess(t, d.url))
	require.NoError(t, err)
	t.Cleanup(store.Close)
	d.orders = activities.New(store, nil, time.Now)
	person, party := uuid.New(), uuid.New()
	testenv.Exec(t, d.url, `insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, $2, 'Фамилия', 'Имя')`,
		person, person.String())
	testenv.Exec(t, d.url, `insert into parties (id, kind, person_id, name) values ($1, 'person', $2, 'Заказчик')`, party, person)
	d.customer = order.Actor{Role: order.RoleCustomer, Person: person.String(), Party: party.String()}
	return d
}

func (d *recorder) input(kind order.Kind, actor order.Actor) activities.RecordInput {
	return activities.RecordInput{
		State: order.State{ID: uuid.NewString()}, Kind: kind,
		Message: order.Message{ID: uuid.NewString(), Actor: actor, ReceivedAt: time.Now()},
	}
}

// record records a message with a stored request.
func (d *recorder) record(in activities.RecordInput) (order.Outcome, error) {
	d.t.Helper()
	testenv.Exec(d.t, d.url, `insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
		select $1, $2, p.id, $4, repeat('0', 64), $5 from people p where p.id = $3::uuid on conflict do nothing`,
		in.Message.ID, in.State.ID, in.Message.Actor.Person, string(in.Kind), in.Message.ReceivedAt)
	return d.orders.RecordMessage(d.t.Context(), in)
}

// recordCreation records the message that creates an order and returns it with the order's state
// after it.
func (d *recorder) recordCreation() activities.RecordInput {
	d.t.Helper()
	in := d.input(order.Create, d.customer)
	outcome, err := d.record(in)
	require.NoError(d.t, err)
	require.NoError(d.t, in.State.Apply(outcome))
	return in
}

// A second recording of a message returns the outcome of the first.
func TestSecondRecordingReturnsTheFirstOutcome(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	d := newRecorder(t)
	in := d.input(order.Create, d.customer)
	first, err := d.record(in)
	require.NoError(t, err)
	require.Equal(t, order.Applied, first.Verdict)
	second, err := d.record(in)
	require.NoError(t, err)
	one, two := in.State, in.State
	require.NoError(t, one.Apply(first))
	require.NoError(t, two.Apply(second))
	require.Equal(t, one, two)
	require.Equal(t, 1, testenv.Scalar[int](t, d.url, `select count(*)::int from order_messages`))
	require.Equal(t, 1, testenv.Scalar[int](t, d.url, `select count(*)::int from order_events`))
}

// A message that was decided at an earlier place is a duplicate: nothing is written and nothing is
// to be applied.
func TestMessageDecidedEarlierIsADuplicate(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	d := newRecorder(t)
	in := d.recordCreation()
	again, err := d.record(in)
	require.NoError(t, err)
	require.Equal(t, order.Outcome{Verdict: order.Duplicate, Seq: in.State.Seq, At: in.State.At}, again)
}

// A place taken by another message names that message, and nothing is written.
func TestTakenPlaceNamesTheOtherMessage(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	d := newRecorder(t)
	in := d.input(order.Create, d.customer)
	_, err := d.record(in)
	require.NoError(t, err)
	has := in.Message.ID
	in.Message.ID = uuid.NewString()
	outcome, err := d.record(in)
	require.NoError(t, err)
	require.Equal(t, order.Diverged, outcome.Verdict)
	require.Equal(t, has, outcome.Other)
	require.Equal(t, 1, testenv.Scalar[int](t, d.url, `select count(*)::int from order_messages`))
}

// The id of a message of another order reveals nothing of that order.
func TestMessageOfAnotherOrderIsADuplicate(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	d := newRecorder(t)
	in := d.input(order.Create, d.customer)
	_, err := d.record(in)
	require.NoError(t, err)
	in.State = order.State{ID: uuid.NewString()}
	outcome, err := d.record(in)
	require.NoError(t, err)
	require.Equal(t, order.Duplicate, outcome.Verdict)
	require.Empty(t, outcome.Set)
}

// A violated constraint is a bug in the program: it is not retried and leaves nothing in the
// database.
func TestConstraintViolationIsAnInvariant(t *testing.T) {
	t.Parallel()
	d := newRecorder(t)
	testenv.Exec(t, d.url, `alter table orders add check (number is null)`)
	_, err := d.record(d.input(order.Create, d.customer))
	var failed *temporal.ApplicationError
	require.ErrorAs(t, err, &failed)
	require.True(t, failed.NonRetryable())
	require.Equal(t, failure.TypeInvariant, failed.Type())
	require.Zero(t, testenv.Scalar[int](t, d.url, `select count(*)::int from order_messages`))
}

// A row whose sequence does not precede the message is an invariant violation, whether the message
// is applied or refused.
func TestRowAheadOfItsMessageIsAnInvariant(t *testing.T) {
	t.Parallel()
	d := newRecorder(t)
	create := d.recordCreation()
	publish, refused := d.input(order.Publish, d.customer), d.input("nonsense", d.customer)
	publish.State, refused.State = create.State, create.State
	publish.Message.Details = json.RawMessage(`{"region": "77", "workKind": "parcel-formation", "termDays": 30}`)
	publish.Message.Body = &order.BodyRef{ID: uuid.NewString(), SHA256: strings.Repeat("0", 64)}
	testenv.Exec(t, d.url, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, '{"address": "Химки"}', $4)`,
		publish.Message.Body.ID, create.State.ID, d.customer.Person, publish.Message.Body.SHA256)

	testenv.Exec(t, d.url, `update orders set seq = 2`)
	for _, in := range []activities.RecordInput{publish, refused} {
		_, err := d.record(in)
		var failed *temporal.ApplicationError
		require.ErrorAs(t, err, &failed, in.Kind)
		require.Equal(t, failure.TypeInvariant, failed.Type())
	}
	require.Equal(t, 1, testenv.Scalar[int](t, d.url, `select count(*)::int from order_messages`))
	require.Equal(t, "draft", testenv.Scalar[string](t, d.url, `select stage from orders`))

	testenv.Exec(t, d.url, `update orders set seq = 1`)
	outcome, err := d.record(publish)
	require.NoError(t, err)
	require.Equal(t, order.Applied, outcome.Verdict, outcome.Code)
}

// The recorded outcomes of an order are returned as they were written, from any place on.
func TestRecordedOutcomesAreReturnedAsWritten(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	d := newRecorder(t)
	in := d.input(order.Create, d.customer)
	state := in.State
	for _, kind := range []order.Kind{order.Create, "nonsense", order.Cancel} {
		next := d.input(kind, d.customer)
		next.State = state
		outcome, err := d.record(next)
		require.NoError(t, err)
		require.NoError(t, state.Apply(outcome))
	}
	for from := 1; from <= 4; from++ {
		outcomes, err := d.orders.RecordedOutcomes(t.Context(), in.State.ID, from)
		require.NoError(t, err)
		require.Len(t, outcomes, 4-from)
	}
	all, err := d.orders.RecordedOutcomes(t.Context(), in.State.ID, 1)
	require.NoError(t, err)
	read := in.State
	for _, o := range all {
		require.NoError(t, read.Apply(o))
	}
	require.Equal(t, state, read)
}
