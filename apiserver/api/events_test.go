package api

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

	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// told by a stream.
type streamed struct {
	id    int64
	event string
	data  string
}

// follow opens a stream of events; last is the Last-Event-ID, empty for none. The channel closes with the stream.
func (b *browser) follow(last string) (events <-chan streamed, leave func()) {
	b.p.t.Helper()
	ctx, cancel := context.WithCancel(b.p.t.Context())
	request := b.request(http.MethodGet, "/api/events", nil).WithContext(ctx)
	if last != "" {
		request.Header.Set("Last-Event-ID", last)
	}
	client := *b.client
	client.Timeout = 0
	response, err := client.Do(request)
	require.NoError(b.p.t, err)
	require.Equal(b.p.t, http.StatusOK, response.StatusCode)
	require.Contains(b.p.t, response.Header.Get("Content-Type"), "text/event-stream")
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
	b.p.t.Cleanup(cancel)
	return found, cancel
}

// await reads until an event of that name that fits.
func await(p *platform, events <-chan streamed, name string, fits func(streamed) bool) streamed {
	p.t.Helper()
	var found streamed
	testenv.Eventually(p.t, "the event "+name, func() bool {
		select {
		case e, open := <-events:
			require.True(p.t, open, "the stream ended before "+name)
			found = e
			return e.event == name && fits(e)
		default:
			return false
		}
	})
	return found
}

func anyEvent(streamed) bool { return true }

func about(id uuid.UUID, seq int32) func(streamed) bool {
	return func(e streamed) bool {
		var c OrderChanged
		return json.Unmarshal([]byte(e.data), &c) == nil && c.Order == id && c.Seq == seq
	}
}

func TestEventsTellThePartiesWhatHappened_R_NOTIF_1(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	mine, _ := customer.follow("")
	his, _ := engineer.follow("")
	await(p, mine, "ready", anyEvent)
	await(p, his, "ready", anyEvent)
	got := engineer.tell(id, order.Respond, object{"details": object{"price": 1, "termDays": 1}})
	await(p, mine, "order", about(id, got.Order.Seq))
	await(p, mine, "notification", anyEvent)
	judged := await(p, his, "message", anyEvent)
	require.Contains(t, judged.data, got.Message.ID.String())
	await(p, his, "order", about(id, got.Order.Seq))
}

func TestStrangersHearNothing(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	stranger := p.customer(synthetic.LoginSecondCustomer)
	foreign, _ := stranger.follow("")
	await(p, foreign, "ready", anyEvent)
	customer.published("77")
	own := stranger.draft()
	for {
		e := await(p, foreign, "order", anyEvent)
		require.True(t, about(own, 1)(e), "only one's own order: "+e.data)
		if about(own, 1)(e) {
			return
		}
	}
}

// Whoever looks for orders hears which are opened, changed and closed, whoever they are of; of responses he hears nothing.
func TestEngineersHearWhichOrdersAreOpen(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	looking := p.engineer(synthetic.LoginEmployeeFirst)
	heardOf, _ := looking.follow("")
	await(p, heardOf, "ready", anyEvent)
	id := customer.published("77")
	engineer.tell(id, order.Respond, object{"details": object{"price": 100, "termDays": 5}})
	customer.tell(id, order.Amend, conditions("77", 40))
	customer.tell(id, order.Cancel, nil)
	for _, stage := range []order.Stage{order.Selection, order.Selection, order.Cancelled} {
		var told OpenChanged
		heard := await(p, heardOf, "open-order", anyEvent)
		require.NoError(t, json.Unmarshal([]byte(heard.data), &told))
		require.Equal(t, OpenChanged{Order: id, Number: customer.card(id).Number, Stage: string(stage)}, told)
	}
}

func TestLastEventIDReplaysEverythingAfterIt(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := customer.published("77")
	events, leave := customer.follow("")
	last := await(p, events, "ready", anyEvent).id
	leave()
	missed := []int32{
		engineer.tell(id, order.Respond, object{"details": object{"price": 1, "termDays": 1}}).Order.Seq,
		engineer.tell(id, order.WithdrawResponse, nil).Order.Seq,
	}
	again, _ := customer.follow(strconv.FormatInt(last, 10))
	for _, seq := range missed {
		await(p, again, "order", about(id, seq))
	}
	await(p, again, "resync", anyEvent)
}

func TestLateCommitIsReplayed(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.published("77")
	// An event with a lower id commits after a client has heard of a higher one.
	late := value[int64](p, "select nextval(pg_get_serial_sequence('order_events', 'id'))")
	customer.tell(id, order.Cancel, nil)
	last := value[int64](p, "select max(id) from order_events")
	require.Greater(t, last, late)
	p.exec(`insert into order_events (id, order_id, seq, kind, actor_role, stage_before, stage_after, happened_at)
		overriding system value values ($1, $2, 999, 'rate', 'customer', 'work', 'work', now())`, late, id)
	events, _ := customer.follow(strconv.FormatInt(last, 10))
	await(p, events, "order", about(id, 999))
}

func TestStreamEndsWithItsSession(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	id := customer.draft()
	other := p.customer(synthetic.LoginCustomer)
	events, _ := other.follow("")
	await(p, events, "ready", anyEvent)
	await(p, events, "beat", anyEvent)
	other.do(http.MethodPost, "/api/auth/logout", nil).ok()
	customer.tell(id, order.Publish, conditions("77", 30))
	require.Contains(t, await(p, events, "end", anyEvent).data, codeSessionExpired)
}

// A page that is loaded again and again has its stream each time; those that it left behind end.
func TestNewestStreamTakesThePlaceOfTheOldest(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	all := make([]<-chan streamed, streamsOfSession+3)
	for i := range all {
		all[i], _ = customer.follow("")
		await(p, all[i], "ready", anyEvent)
	}
	for _, old := range all[:3] {
		require.Contains(t, await(p, old, "end", anyEvent).data, codeStreamReplaced)
	}
	testenv.Eventually(t, "those that ended are forgotten", func() bool {
		return value[int](p, "select count(*) from event_streams") == streamsOfSession
	})
	id := customer.draft()
	for _, living := range all[3:] {
		await(p, living, "order", about(id, 1))
	}
}

// Over all sessions and API servers: another process finds its stream replaced when it says that it lives.
func TestStreamsOfAPersonAreLimitedOverAllServers(t *testing.T) {
	p := startPlatform(t, func(s *Setup) { s.Config.Limits.Streams = 2 })
	first := p.customer(synthetic.LoginCustomer)
	elsewhere, _ := first.follow("")
	await(p, elsewhere, "ready", anyEvent)
	for range 3 { // as another API server would, for other sessions of the same person
		p.exec(`insert into event_streams select gen_random_uuid(), gen_random_uuid(), person_id, clock_timestamp(), clock_timestamp() from event_streams limit 1`)
	}
	events, _ := p.customer(synthetic.LoginCustomer).follow("")
	await(p, events, "ready", anyEvent)
	require.Equal(t, 2, value[int](p, "select count(*) from event_streams"))
	require.Contains(t, await(p, elsewhere, "end", anyEvent).data, codeStreamReplaced)
	p.exec("delete from event_streams")
	require.Contains(t, await(p, events, "end", anyEvent).data, codeStreamReplaced, "at its next sign of life")
}

func TestStreamOfADeadServerHoldsNoPlace(t *testing.T) {
	p := startPlatform(t, func(s *Setup) { s.Config.Limits.Streams = 1 })
	customer := p.customer(synthetic.LoginCustomer)
	p.exec(`insert into event_streams select gen_random_uuid(), gen_random_uuid(), id, now() + interval '1 hour', now() - interval '5 minutes' from people`)
	events, _ := customer.follow("")
	await(p, events, "ready", anyEvent)
	require.Equal(t, 1, value[int](p, "select count(*) from event_streams"))
}

func TestStreamsEndBeforeTheServer(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	events, _ := customer.follow("")
	await(p, events, "ready", anyEvent)
	require.NoError(t, p.server.Close(t.Context()))
	require.Contains(t, await(p, events, "end", anyEvent).data, codeClosing)
}
