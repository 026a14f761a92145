package events_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
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

// streamed is one event received from a stream.
type streamed struct {
	id    int64
	event string
	data  string
}

// follow opens a stream of events; last is the Last-Event-ID, empty for none. The channel is closed
// when the stream ends.
func follow(b *apitest.Browser, last string) (events <-chan streamed, leave func()) {
	b.Platform.T.Helper()
	ctx, cancel := context.WithCancel(b.Platform.T.Context())
	request := b.Request(http.MethodGet, "/api/events", nil).WithContext(ctx)
	if last != "" {
		request.Header.Set("Last-Event-ID", last)
	}
	client := *b.Client
	client.Timeout = 0
	response, err := client.Do(request)
	require.NoError(b.Platform.T, err)
	require.Equal(b.Platform.T, http.StatusOK, response.StatusCode)
	require.Contains(b.Platform.T, response.Header.Get("Content-Type"), "text/event-stream")
	found := make(chan streamed, 100)
	go func() {
		defer close(found)
		defer response.Body.Close()
		lines, one := bufio.NewScanner(response.Body), streamed{}
		for lines.Scan() {
			name, content, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				one.id, _ = strconv.ParseInt(content, 10, 64)
			case "event":
				one.event = content
			case "data":
				one.data = content
			case "":
				if one.event != "" {
					found <- one
				}
				one = streamed{}
			}
		}
	}()
	b.Platform.T.Cleanup(cancel)
	return found, cancel
}

// await returns the first event with the name for which fits returns true.
func await(p *apitest.Platform, events <-chan streamed, name string, fits func(streamed) bool) streamed {
	p.T.Helper()
	var found streamed
	testenv.Eventually(p.T, "the event "+name, func() bool {
		select {
		case e, open := <-events:
			require.True(p.T, open, "the stream ended before "+name)
			found = e
			return e.event == name && fits(e)
		default:
			return false
		}
	})
	return found
}

func anyEvent(streamed) bool { return true }

func ofOrder(id uuid.UUID, seq int32) func(streamed) bool {
	return func(e streamed) bool {
		var c events.OrderChanged
		return json.Unmarshal([]byte(e.data), &c) == nil && c.Order == id && c.Seq == seq
	}
}

func TestPartiesReceiveEventsOfTheirOrders(t *testing.T) {
	acceptance.Covers(t, "R-GEN-4", "R-NOTIF-1")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	mine, _ := follow(customer, "")
	his, _ := follow(engineer, "")
	await(p, mine, "ready", anyEvent)
	await(p, his, "ready", anyEvent)
	got := engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}})
	await(p, mine, "order", ofOrder(id, got.Order.Seq))
	await(p, mine, "notification", anyEvent)
	judged := await(p, his, "message", anyEvent)
	require.Contains(t, judged.data, got.Message.ID.String())
	await(p, his, "order", ofOrder(id, got.Order.Seq))
}

// What no message of an order records reaches its addressee live too, and him alone.
func TestNotificationsOutsideOrdersAreLive(t *testing.T) {
	acceptance.Covers(t, "R-NOTIF-1", "R-EMP-11")
	p := apitest.Start(t)
	employer, engineer, moderator := p.Employer(synthetic.LoginEmployerHead), p.Engineer(synthetic.LoginEngineerMoscow), p.Moderator()
	his, _ := follow(employer, "")
	own, _ := follow(engineer, "")
	shared, _ := follow(moderator, "")
	for _, stream := range []<-chan streamed{his, own, shared} {
		await(p, stream, "ready", anyEvent)
	}
	engineer.Do(http.MethodPost, "/api/engineer/employments", apitest.Object{"employer": apitest.WhoAmI(employer).Party}, "Idempotency-Key", uuid.NewString()).OK()
	told := await(p, his, "notification", anyEvent)
	var notified events.Notified
	require.NoError(t, json.Unmarshal([]byte(told.data), &notified))
	require.Nil(t, notified.Order)
	require.Equal(t, notified.ID, apitest.Value[int64](p, `select id from notifications where kind = 'staff-employer-asked'`))

	p.Exec(`insert into notifications (role, kind, created_at) values ('moderator', 'registry-held', now())`)
	await(p, shared, "notification", anyEvent)
	require.Empty(t, own, "what concerns others")
}

func TestStrangersReceiveNoEvents(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	stranger := p.Customer(synthetic.LoginSecondCustomer)
	foreign, _ := follow(stranger, "")
	await(p, foreign, "ready", anyEvent)
	customer.PublishOrder("77")
	own := stranger.CreateDraft()
	for {
		e := await(p, foreign, "order", anyEvent)
		require.True(t, ofOrder(own, 1)(e), "only events of the person's own order: "+e.data)
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
	openEvents, _ := follow(looking, "")
	await(p, openEvents, "ready", anyEvent)
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}})
	customer.RequireApplied(id, order.Amend, apitest.Conditions("77", 40))
	customer.RequireApplied(id, order.Cancel, nil)
	for _, stage := range []order.Stage{order.Selection, order.Selection, order.Cancelled} {
		var opened events.OpenOrderChanged
		received := await(p, openEvents, "open-order", anyEvent)
		require.NoError(t, json.Unmarshal([]byte(received.data), &opened))
		require.Equal(t, events.OpenOrderChanged{
			Order: id, Number: customer.Card(id).Number, Stage: string(stage), Region: "77", WorkKind: string(customer.Card(id).Terms.WorkKind),
		}, opened)
	}
}

func TestLastEventIDReplaysEverythingAfterIt(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	events, leave := follow(customer, "")
	last := await(p, events, "ready", anyEvent).id
	leave()
	missed := []int32{
		engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 1, "termDays": 1}}).Order.Seq,
		engineer.RequireApplied(id, order.WithdrawResponse, nil).Order.Seq,
	}
	again, _ := follow(customer, strconv.FormatInt(last, 10))
	for _, seq := range missed {
		await(p, again, "order", ofOrder(id, seq))
	}
	await(p, again, "resync", anyEvent)
}

func TestTooManyMissedEventsRequestAResync(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.PublishOrder("77")
	last := apitest.Value[int64](p, "select max(id) from order_events")
	p.Exec(`select setval(pg_get_serial_sequence('order_events', 'id'), $1)`, last+events.ReplaySpan)
	seq := customer.RequireApplied(id, order.Cancel, nil).Order.Seq
	tooFar, _ := follow(customer, strconv.FormatInt(last, 10))
	first := <-tooFar
	require.Equal(t, "resync", first.event)
	near, _ := follow(customer, strconv.FormatInt(last+1, 10))
	await(p, near, "order", ofOrder(id, seq))
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
	events, _ := follow(customer, strconv.FormatInt(last, 10))
	await(p, events, "order", ofOrder(id, 999))
}

func TestStreamEndsWithItsSession(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	id := customer.CreateDraft()
	other := p.Customer(synthetic.LoginCustomer)
	events, _ := follow(other, "")
	await(p, events, "ready", anyEvent)
	await(p, events, "beat", anyEvent)
	other.Do(http.MethodPost, "/api/auth/logout", nil).OK()
	customer.RequireApplied(id, order.Publish, apitest.Conditions("77", 30))
	require.Contains(t, await(p, events, "end", anyEvent).data, problems.SessionExpired)
}

// A page that is reloaded many times gets a new stream each time, and the streams that it left open
// end.
func TestNewestStreamReplacesTheOldest(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	all := make([]<-chan streamed, events.StreamsOfSession+3)
	for i := range all {
		all[i], _ = follow(customer, "")
		await(p, all[i], "ready", anyEvent)
	}
	for _, old := range all[:3] {
		require.Contains(t, await(p, old, "end", anyEvent).data, problems.StreamReplaced)
	}
	testenv.Eventually(t, "ended streams are removed", func() bool {
		return apitest.Value[int](p, "select count(*) from event_streams") == events.StreamsOfSession
	})
	id := customer.CreateDraft()
	for _, living := range all[3:] {
		await(p, living, "order", ofOrder(id, 1))
	}
}

// The limit counts all sessions and API servers: another process finds its stream replaced at its
// next heartbeat.
func TestStreamsOfAPersonAreLimitedOverAllServers(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Limits.Streams = 2 })
	first := p.Customer(synthetic.LoginCustomer)
	elsewhere, _ := follow(first, "")
	await(p, elsewhere, "ready", anyEvent)
	for range 3 { // as another API server does for other sessions of the same person
		p.Exec(`insert into event_streams select gen_random_uuid(), gen_random_uuid(), person_id, clock_timestamp(), clock_timestamp() from event_streams limit 1`)
	}
	events, _ := follow(p.Customer(synthetic.LoginCustomer), "")
	await(p, events, "ready", anyEvent)
	require.Equal(t, 2, apitest.Value[int](p, "select count(*) from event_streams"))
	require.Contains(t, await(p, elsewhere, "end", anyEvent).data, problems.StreamReplaced)
	p.Exec("delete from event_streams")
	require.Contains(t, await(p, events, "end", anyEvent).data, problems.StreamReplaced, "at its next heartbeat")
}

func TestStreamOfADeadServerIsNotCounted(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) { s.Config.Limits.Streams = 1 })
	customer := p.Customer(synthetic.LoginCustomer)
	p.Exec(`insert into event_streams select gen_random_uuid(), gen_random_uuid(), id, now() + interval '1 hour', now() - interval '5 minutes' from people`)
	events, _ := follow(customer, "")
	await(p, events, "ready", anyEvent)
	require.Equal(t, 1, apitest.Value[int](p, "select count(*) from event_streams"))
}

func TestStreamsEndBeforeTheServer(t *testing.T) {
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	events, _ := follow(customer, "")
	await(p, events, "ready", anyEvent)
	require.NoError(t, p.Server.Close(t.Context()))
	require.Contains(t, await(p, events, "end", anyEvent).data, problems.Closing)
}
