package chats_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/chats"
	"epkr/apiserver/events"
	"epkr/apiserver/httpapi"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
)

// changes returns whether an event is the change of a message.
func changes(c talk, seq int, change string) func(apitest.Streamed) bool {
	return func(e apitest.Streamed) bool {
		var found events.ChatChanged
		return json.Unmarshal([]byte(e.Data), &found) == nil &&
			found == events.ChatChanged{Order: c.id, Engineer: uuid.MustParse(c.engineer), Seq: seq, Change: change}
	}
}

// Both sides and the employer hear of every change; others hear nothing.
func TestChangesReachTheReadersLive(t *testing.T) {
	acceptance.Covers(t, "R-CHAT-3", "R-NOTIF-2")
	p := apitest.Start(t)
	p.StartWorker()
	customer, engineer, employer := p.Customer(synthetic.LoginCustomer), p.Engineer(synthetic.LoginEmployeeFirst), p.Employer(synthetic.LoginEmployerHead)
	other, moderator := p.Engineer(synthetic.LoginEngineerMoscow), p.Moderator()
	c := respond(customer, engineer, synthetic.LoginEmployeeFirst)
	readers, strangers := []<-chan apitest.Streamed{}, []<-chan apitest.Streamed{}
	for _, b := range []*apitest.Browser{customer, engineer, employer, other, moderator} {
		stream, _ := b.Follow("")
		p.Await(stream, "ready", func(apitest.Streamed) bool { return true })
		if b == other || b == moderator {
			strangers = append(strangers, stream)
		} else {
			readers = append(readers, stream)
		}
	}
	c.say(customer, "Здравствуйте")
	customer.Do(http.MethodPut, c.message(1), apitest.Object{"text": "Добрый день"}).OK()
	employer.Do(http.MethodPut, c.path()+"/read", apitest.Object{"seq": 1}).OK()
	engineer.Do(http.MethodPut, c.path()+"/read", apitest.Object{"seq": 1}).OK()
	customer.Do(http.MethodDelete, c.message(1), nil).OK()
	for i, stream := range readers {
		p.Await(stream, "chat", changes(c, 1, "new"))
		p.Await(stream, "chat", changes(c, 1, "corrected"))
		if i == 2 {
			p.Await(stream, "chat", changes(c, 1, "read")) // his own mark, in his other tabs
		}
		require.Equal(t, "chat", p.Await(stream, "chat", changes(c, 1, "read")).Event)
		next := p.Await(stream, "chat", func(apitest.Streamed) bool { return true })
		require.True(t, changes(c, 1, "withdrawn")(next), "the employer's reading is known to him alone: "+next.Data)
	}
	// What comes after the changes on the streams of others has come without them.
	customer.PublishOrder("77")
	p.Await(strangers[0], "open-order", func(e apitest.Streamed) bool { return requireNoChat(t, e) })
	p.Await(strangers[1], "order", func(e apitest.Streamed) bool { return requireNoChat(t, e) })
}

func requireNoChat(t *testing.T, e apitest.Streamed) bool {
	t.Helper()
	require.NotEqual(t, "chat", e.Event)
	return true
}

// reader is an open page: it follows the events on a connection that is cut at random, and fetches
// what is after the last message that it has.
type reader struct {
	*apitest.Browser
	talk
	messages []chats.ChatMessage
}

func (r *reader) last() int32 { return int32(len(r.messages)) }

// fetch reads the messages after the last one.
func (r *reader) fetch() {
	for later := true; later; {
		found := r.read(r.Browser, fmt.Sprint("?limit=100&after=", r.last()))
		for _, m := range found.Items {
			if m.Seq <= r.last() {
				continue // without messages, after=0 is the newest page
			}
			r.messages = append(r.messages, m)
		}
		later = found.Later
	}
}

// misses reports whether the event is of a message that the reader does not have.
func (r *reader) misses(e apitest.Streamed) bool {
	var found events.ChatChanged
	return json.Unmarshal([]byte(e.Data), &found) == nil && found.Seq > len(r.messages)
}

// follow reads until the reader has all the messages.
func (r *reader) follow(total int32, cut *rand.Rand, cuts *atomic.Int64) {
	last := ""
	for r.last() < total {
		stream, leave := r.Follow(last)
		for left := 1 + cut.IntN(40); left > 0 && r.last() < total; left-- {
			e, open := <-stream
			if !open {
				break
			}
			if e.ID > 0 {
				last = strconv.FormatInt(e.ID, 10)
			}
			if e.Event == "ready" || e.Event == "resync" || e.Event == "chat" && r.misses(e) {
				r.fetch()
			}
		}
		leave()
		cuts.Add(1)
	}
}

// colleague returns a browser of another person whom the organisation has admitted as a customer.
func colleague(p *apitest.Platform, n int, firm uuid.UUID) *apitest.Browser {
	p.T.Helper()
	person := uuid.New()
	token, hash := httpapi.NewToken()
	p.Exec(`insert into people (id, esia_oid, snils, last_name, first_name) values ($1, $2, '', 'Сотрудник', $2)`, person, fmt.Sprint(9_000_000+n))
	p.Exec(`insert into consents (person_id, version, given_at) select distinct $1::uuid, version, now() from consents`, person)
	p.Exec(`insert into representatives (person_id, party_id, chief, active, read_at, as_customer) values ($1, $2, false, true, now(), true)`, person, firm)
	p.Exec(`insert into sessions (token_hash, id, person_id, role, party_id, created_at, used_at, expires_at)
		values ($1, gen_random_uuid(), $2, 'customer', $3, now(), now(), now() + interval '1 hour')`, hash, person, firm)
	b := p.Browser()
	address, err := url.Parse(p.URL)
	require.NoError(p.T, err)
	b.Client.Jar.SetCookies(address, []*http.Cookie{{Name: httpapi.SessionCookie, Value: token, Path: "/"}})
	return b
}

// Many people write at once, and the streams of the readers are cut at random: each page ends with
// the database's messages in their order, none lost and none twice, and the counters are right.
func TestPagesOnCutStreamsEndWithTheDatabasesOrder(t *testing.T) {
	acceptance.Covers(t, "R-CHAT-3", "S-32")
	total, people := 600, 8
	if os.Getenv("EPKR_CHAT_LOAD") != "" { // make test-chat
		total, people = 10_000, 50
	}
	p := apitest.Start(t)
	p.StartWorker()
	customer := p.SignedIn(synthetic.LoginCustomerHead, order.RoleCustomer, "organisation")
	firm := *apitest.WhoAmI(customer).Party
	engineer, employer := p.Engineer(synthetic.LoginEmployeeFirst), p.Employer(synthetic.LoginEmployerHead)
	c := respond(customer, engineer, synthetic.LoginEmployeeFirst)
	choose(customer, c)
	writers := []*apitest.Browser{customer, engineer}
	for n := len(writers); n < people; n++ {
		writers = append(writers, colleague(p, n, firm))
	}
	var writing, reading sync.WaitGroup
	var cuts atomic.Int64
	pages := []*reader{}
	for n, b := range append([]*apitest.Browser{employer}, writers...) {
		page := &reader{Browser: b, talk: c}
		pages = append(pages, page)
		cut := rand.New(rand.NewPCG(1, uint64(n)))
		reading.Go(func() { page.follow(int32(total), cut, &cuts) })
	}
	for n, b := range writers {
		writing.Go(func() {
			for k := n; k < total; k += len(writers) {
				a := c.post(b, apitest.Object{"text": fmt.Sprint("Сообщение ", k)})
				if a.Status != http.StatusCreated {
					t.Errorf("message %d: %s", k, a.Text())
				}
			}
		})
	}
	writing.Wait()
	reading.Wait()
	require.Greater(t, cuts.Load(), int64(len(pages)))
	want := testenv.Column[string](t, p.DatabaseURL, `select seq || ' ' || text from chat_messages where order_id = $1 order by seq`, c.id)
	require.Len(t, want, total)
	for _, page := range pages {
		got := make([]string, len(page.messages))
		for i, m := range page.messages {
			got[i] = fmt.Sprint(m.Seq, " ", m.Text)
		}
		require.Equal(t, want, got)
		own := 0
		for _, m := range page.messages {
			if m.Author.Mine {
				own++
			}
		}
		require.EqualValues(t, total-own, unread(page.Browser).Messages)
	}
}
