package events_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/events"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

func anyEvent(apitest.Streamed) bool { return true }

func ofOrder(id uuid.UUID, seq int32) func(apitest.Streamed) bool {
	return func(e apitest.Streamed) bool {
		var c events.OrderChanged
		return json.Unmarshal([]byte(e.Data), &c) == nil && c.Order == id && c.Seq == seq
	}
}

func TestPartiesReceiveEventsOfTheirOrders(t *testing.T) {
	acceptance.Covers(t, "R-GEN-4", "R-NOTIF-1")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	mine, _ := customer.Follow("")
	his, _ := engineer.Follow("")
	p.Await(mine, "ready", anyEvent)
	p.Await(his, "ready", anyEvent)
	got := engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}})
	p.Await(mine, "order", ofOrder(id, got.Order.Seq))
	p.Await(mine, "notification", anyEvent)
	judged := p.Await(his, "message", anyEvent)
	require.Contains(t, judged.Data, got.Message.ID.String())
	p.Await(his, "order", ofOrder(id, got.Order.Seq))
}

// What no message of an order records reaches its addressee live too, and him alone.
func TestNotificationsOutsideOrdersAreLive(t *testing.T) {
	acceptance.Covers(t, "R-NOTIF-1", "R-EMP-11")
	p := apitest.Start(t)
	employer, engineer, moderator := p.Employer(synthetic.LoginEmployerHead), p.Engineer(synthetic.LoginEngineerMoscow), p.Moderator()
	his, _ := employer.Follow("")
	own, _ := engineer.Follow("")
	shared, _ := moderator.Follow("")
	for _, stream := range []<-chan apitest.Streamed{his, own, shared} {
		p.Await(stream, "ready", anyEvent)
	}
	engineer.Do(http.MethodPost, "/api/engineer/employments", apitest.Object{"employer": apitest.WhoAmI(employer).Party}, "Idempotency-Key", uuid.NewString()).OK()
	told := p.Await(his, "notification", anyEvent)
	var notified events.Notified
	require.NoError(t, json.Unmarshal([]byte(told.Data), &notified))
	require.Nil(t, notified.Order)
	require.Equal(t, notified.ID, apitest.Value[int64](p, `select id from notifications where kind = 'staff-employer-asked'`))

	p.Exec(`insert into notifications (role, kind, created_at) values ('moderator', 'registry-held', now())`)
	p.Await(shared, "notification", anyEvent)
	require.Empty(t, own, "what concerns others")
}

func TestStrangersReceiveNoEvents(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	stranger := p.Customer(synthetic.LoginSecondCustomer)
	foreign, _ := stranger.Follow("")
	p.Await(foreign, "ready", anyEvent)
	customer.PublishOrder("77")
	own := stranger.CreateDraft()
	for {
		e := p.Await(foreign, "order", anyEvent)
		require.True(t, ofOrder(own, 1)(e), "only events of the person's own order: "+e.Data)
		if ofOrder(own, 1)(e) {
			return
		}
	}
}

// An engineer who searches for orders is notified which are opened, changed and closed, of all
// customers, but not of responses.
func TestEngineersReceiveEventsOfOpenOrders(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	looking := p.Engineer(synthetic.LoginEmployeeFirst)
	openEvents, _ := looking.Follow("")
	p.Await(openEvents, "ready", anyEvent)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}})
	customer.RequireApplied(id, order.Amend, apitest.Conditions("77", 40))
	customer.RequireApplied(id, order.Cancel, nil)
	for _, stage := range []order.Stage{order.Selection, order.Selection, order.Cancelled} {
		var opened events.OpenOrderChanged
		received := p.Await(openEvents, "open-order", anyEvent)
		require.NoError(t, json.Unmarshal([]byte(received.Data), &opened))
		require.Equal(t, events.OpenOrderChanged{
			Order: id, Number: customer.Card(id).Number, Stage: string(stage), Region: "77", WorkKind: string(customer.Card(id).Terms.WorkKind),
		}, opened)
	}
}

func TestLastEventIDReplaysEverythingAfterIt(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	events, leave := customer.Follow("")
	last := p.Await(events, "ready", anyEvent).ID
	leave()
	missed := []int32{
		engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}}).Order.Seq,
		engineer.RequireApplied(id, order.WithdrawResponse, nil).Order.Seq,
	}
	again, _ := customer.Follow(strconv.FormatInt(last, 10))
	for _, seq := range missed {
		p.Await(again, "order", ofOrder(id, seq))
	}
	p.Await(again, "resync", anyEvent)
}

func TestTooManyMissedEventsRequestAResync(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	last := apitest.Value[int64](p, "select max(id) from order_events")
	p.Exec(`select setval(pg_get_serial_sequence('order_events', 'id'), $1)`, last+events.ReplaySpan)
	seq := customer.RequireApplied(id, order.Cancel, nil).Order.Seq
	tooFar, _ := customer.Follow(strconv.FormatInt(last, 10))
	first := <-tooFar
	require.Equal(t, "resync", first.Event)
	near, _ := customer.Follow(strconv.FormatInt(last+1, 10))
	p.Await(near, "order", ofOrder(id, seq))
}

func TestLateCommitIsReplayed(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	// An event with a lower id commits after a client has received one with a higher id.
	late := apitest.Value[int64](p, "select nextval(pg_get_serial_sequence('order_events', 'id'))")
	customer.RequireApplied(id, order.Cancel, nil)
	last := apitest.Value[int64](p, "select max(id) from order_events")
	require.Greater(t, last, late)
	p.Exec(`insert into order_events (id, order_id, seq, kind, actor_role, stage_before, stage_after, happened_at)
		overriding system value values ($1, $2, 999, 'rate', 'customer', 'work', 'work', now())`, late, id)
	events, _ := customer.Follow(strconv.FormatInt(last, 10))
	p.Await(events, "order", ofOrder(id, 999))
}

func TestStreamEndsWithItsSession(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	other := p.Customer(synthetic.LoginCustomer)
	events, _ := other.Follow("")
	p.Await(events, "ready", anyEvent)
	p.Await(events, "beat", anyEvent)
	other.Do(http.MethodPost, "/api/auth/logout", nil).OK()
	customer.RequireApplied(id, order.Publish, apitest.Conditions("77", 30))
	require.Contains(t, p.Await(events, "end", anyEvent).Data, problems.SessionExpired)
}

// A page that is reloaded many times gets a new stream each time, and the streams that it left open
// end.
func TestNewestStreamReplacesTheOldest(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	all := make([]<-chan apitest.Streamed, events.StreamsOfSession+3)
	for i := range all {
		all[i], _ = customer.Follow("")
		p.Await(all[i], "ready", anyEvent)
	}
	for _, old := range all[:3] {
		require.Contains(t, p.Await(old, "end", anyEvent).Data, problems.StreamReplaced)
	}
	testenv.Eventually(t, "ended streams are removed", func() bool {
		return apitest.Value[int](p, "select count(*) from event_streams") == events.StreamsOfSession
	})
	id := customer.CreateDraft()
	for _, living := range all[3:] {
		p.Await(living, "order", ofOrder(id, 1))
	}
}

// The limit counts all sessions and API servers: another process finds its stream replaced at its
// next heartbeat.
func TestStreamsOfAPersonAreLimitedOverAllServers(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Limits.Streams = 2 })
	first := p.Customer(synthetic.LoginCustomer)
	elsewhere, _ := first.Follow("")
	p.Await(elsewhere, "ready", anyEvent)
	for range 3 { // as another API server does for other sessions of the same person
		p.Exec(`insert into event_streams select gen_random_uuid(), gen_random_uuid(), person_id, clock_timestamp(), clock_timestamp() from event_streams limit 1`)
	}
	events, _ := p.Customer(synthetic.LoginCustomer).Follow("")
	p.Await(events, "ready", anyEvent)
	require.Equal(t, 2, apitest.Value[int](p, "select count(*) from event_streams"))
	require.Contains(t, p.Await(elsewhere, "end", anyEvent).Data, problems.StreamReplaced)
	p.Exec("delete from event_streams")
	require.Contains(t, p.Await(events, "end", anyEvent).Data, problems.StreamReplaced, "at its next heartbeat")
}

func TestStreamOfADeadServerIsNotCounted(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Limits.Streams = 1 })
	customer := p.Customer(synthetic.LoginCustomer)
	p.Exec(`insert into event_streams select gen_random_uuid(), gen_random_uuid(), id, now() + interval '1 hour', now() - interval '5 minutes' from people`)
	events, _ := customer.Follow("")
	p.Await(events, "ready", anyEvent)
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from event_streams"))
}

func TestStreamsEndBeforeTheServer(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	events, _ := customer.Follow("")
	p.Await(events, "ready", anyEvent)
	require.NoError(t, p.Server.Close(t.Context()))
	require.Contains(t, p.Await(events, "end", anyEvent).Data, problems.Closing)
}
