package chats_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/chats"
	"epkr/apiserver/httpapi/problems"
	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// talk is the chat of an order with an engineer, for requests.
type talk struct {
	id       uuid.UUID
	engineer string
}

func (c talk) path() string { return "/api/orders/" + c.id.String() + "/chats/" + c.engineer }

// message is the address of a message, or of all of them for seq 0.
func (c talk) message(seq int32) string {
	if seq == 0 {
		return c.path() + "/messages"
	}
	return fmt.Sprint(c.path(), "/messages/", seq)
}

func (c talk) post(b *apitest.Browser, body apitest.Object) apitest.Answer {
	return b.Do(http.MethodPost, c.message(0), body, "Idempotency-Key", uuid.NewString())
}

// say sends a text and returns the message.
func (c talk) say(b *apitest.Browser, text string) (m chats.ChatMessage) {
	b.Platform.T.Helper()
	a := c.post(b, apitest.Object{"text": text})
	require.Equal(b.Platform.T, http.StatusCreated, a.Status, a.Text())
	a.Into(&m)
	return m
}

// thread is a page of messages.
type thread struct {
	Items             []chats.ChatMessage
	Earlier, Later    bool
	Read, ReadByOther int32
	Writable          bool
	ClosedReason      string
	ClosesAt          *time.Time
}

func (c talk) read(b *apitest.Browser, query string) (found thread) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, c.message(0)+query, nil).OK().Into(&found)
	return found
}

func texts(items []chats.ChatMessage) (all []string) {
	for _, m := range items {
		all = append(all, m.Text)
	}
	return all
}

func chatsAt(b *apitest.Browser, address string) []chats.Chat {
	b.Platform.T.Helper()
	var found struct{ Items []chats.Chat }
	b.Do(http.MethodGet, address, nil).OK().Into(&found)
	return found.Items
}

func unread(b *apitest.Browser) (n struct{ Messages, Chats int64 }) {
	b.Platform.T.Helper()
	b.Do(http.MethodGet, "/api/chats/unread", nil).OK().Into(&n)
	return n
}

// respond publishes an order to which the engineer responds.
func respond(customer, engineer *apitest.Browser, login string) talk {
	customer.Platform.T.Helper()
	id := customer.PublishOrder("77")
	engineer.RequireApplied(id, order.Respond, apitest.Object{"details": apitest.Object{"price": 100, "termDays": 5}})
	return talk{id, customer.Platform.EngineerID(login)}
}

func choose(customer *apitest.Browser, c talk) {
	customer.Platform.T.Helper()
	customer.RequireApplied(c.id, order.Choose, apitest.Object{"details": apitest.Object{"engineer": c.engineer}})
}

// The customer and an engineer who responded write to each other; counters, marks and names are each
// person's own.
func TestCustomerAndResponderWriteToEachOther(t *testing.T) {
	acceptance.Covers(t, "R-GEN-9", "R-CHAT-3", "R-CUST-11", "R-NOTIF-2", "S-32")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	c := respond(customer, engineer, synthetic.LoginEngineerMoscow)
	other := p.Engineer(synthetic.LoginEmployeeFirst)
	require.Empty(t, chatsAt(other, "/api/orders/"+c.id.String()+"/chats"))
	require.Equal(t, problems.ChatNotFound, other.Do(http.MethodGet, c.message(0), nil).Problem().Code)

	open := chatsAt(customer, "/api/chats")
	require.Len(t, open, 1, "a chat that may be written to is listed before its first message")
	require.True(t, open[0].Writable)
	require.Nil(t, open[0].LastMessage)
	require.Contains(t, open[0].Counterpart, "Кадастровый инженер ")

	first := c.say(customer, "  Когда сможете\r\nначать?\u200b ")
	require.Equal(t, "Когда сможете\nначать?", first.Text)
	require.EqualValues(t, 1, first.Seq)
	require.True(t, first.Author.Mine)
	require.NotNil(t, first.CorrectableUntil)
	require.EqualValues(t, 1, unread(engineer).Messages)
	require.Zero(t, unread(customer))
	found := c.read(engineer, "")
	require.Equal(t, "Заказчик", found.Items[0].Author.Name, "a candidate does not learn who the customer is")
	require.Equal(t, "Заказчик", chatsAt(engineer, "/api/chats")[0].Counterpart)
	require.False(t, found.Items[0].Author.Mine)

	c.say(engineer, "В понедельник")
	require.Equal(t, struct{ Messages, Chats int64 }{1, 1}, unread(engineer), "writing is not reading")
	engineer.Do(http.MethodPut, c.path()+"/read", apitest.Object{"seq": 1}).OK()
	engineer.Do(http.MethodPut, c.path()+"/read", apitest.Object{"seq": 2}).OK()
	engineer.Do(http.MethodPut, c.path()+"/read", apitest.Object{"seq": 1}).OK()
	require.Zero(t, unread(engineer))
	require.Equal(t, problems.Validation, engineer.Do(http.MethodPut, c.path()+"/read", apitest.Object{"seq": 3}).Problem().Code)
	seen := c.read(customer, "")
	require.EqualValues(t, 2, seen.ReadByOther)
	require.Zero(t, seen.Read)
	line := chatsAt(customer, "/api/chats")[0]
	require.Equal(t, "В понедельник", line.LastMessage.Text)
	require.EqualValues(t, 1, line.Unread)

	choose(customer, c)
	require.Equal(t, "Заказчик "+apitest.WhoAmI(customer).Person.Name, chatsAt(engineer, "/api/chats")[0].Counterpart)
	require.Equal(t, apitest.WhoAmI(customer).Person.Name, c.read(engineer, "").Items[0].Author.Name)
}

// Pages are ranges of numbers.
func TestMessagesComeInPages(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	c := respond(customer, engineer, synthetic.LoginEngineerMoscow)
	for n := range 5 {
		c.say(customer, fmt.Sprint("Сообщение ", n+1))
	}
	page := func(query string) string {
		found := c.read(engineer, query)
		var seqs []string
		for _, m := range found.Items {
			seqs = append(seqs, fmt.Sprint(m.Seq))
		}
		return fmt.Sprint(strings.Join(seqs, " "), " ", found.Earlier, " ", found.Later)
	}
	require.Equal(t, "4 5 true false", page("?limit=2"))
	require.Equal(t, "2 3 true true", page("?limit=2&before=4"))
	require.Equal(t, "1 false true", page("?limit=2&before=2"))
	require.Equal(t, "3 4 true true", page("?limit=2&after=2"))
	require.Equal(t, "5 true false", page("?limit=2&after=4"))
	require.Equal(t, " false false", page("?after=5"))
	require.Equal(t, "1 2 3 4 5 false false", page("?after=0"))
	require.Equal(t, "3 4 true true", page("?after=2&before=5"))
}

// Fifty people write at once: the numbers have no gaps, and the order is that of the times.
func TestConcurrentMessagesHaveConsecutiveNumbers(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	c := respond(customer, engineer, synthetic.LoginEngineerMoscow)
	var writing sync.WaitGroup
	for n := range 50 {
		who := []*apitest.Browser{customer, engineer}[n%2]
		request := who.Request(http.MethodPost, c.message(0), apitest.Object{"text": fmt.Sprint("Сообщение ", n)}, "Idempotency-Key", uuid.NewString())
		writing.Go(func() {
			response, err := who.Client.Do(request)
			if err == nil {
				_ = response.Body.Close()
			}
		})
	}
	writing.Wait()
	found := c.read(customer, "?limit=100").Items
	require.NotEmpty(t, found)
	seen := map[string]bool{}
	for i, m := range found {
		require.EqualValues(t, i+1, m.Seq)
		require.False(t, seen[m.Text])
		seen[m.Text] = true
		if i > 0 {
			require.False(t, m.SentAt.Before(found[i-1].SentAt))
		}
	}
	require.Len(t, found, 50)
}

// A message is sent once under its key, whatever became of it or of the chat since.
func TestRepeatedMessageIsSentOnce(t *testing.T) {
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	c := respond(customer, engineer, synthetic.LoginEngineerMoscow)
	key := uuid.NewString()
	send := func(text string) apitest.Answer {
		return engineer.Do(http.MethodPost, c.message(0), apitest.Object{"text": text}, "Idempotency-Key", key)
	}
	var first, again chats.ChatMessage
	send("Готов").Into(&first)
	engineer.Do(http.MethodPut, c.message(1), apitest.Object{"text": "Готов взяться"}).OK()
	engineer.RequireApplied(c.id, order.WithdrawResponse, nil)
	send("Готов").Into(&again)
	require.Equal(t, first.ID, again.ID)
	require.Equal(t, "Готов взяться", again.Text)
	require.Equal(t, problems.KeyReused, send("Не готов").Problem().Code)
	require.Len(t, c.read(customer, "").Items, 1)
}

// An author corrects or withdraws his message for 15 minutes; what it said stays and is shown to him
// and to a moderator who settles a dispute.
func TestAuthorCorrectsAndWithdrawsForAQuarterOfAnHour(t *testing.T) {
	p := apitest.Start(t, func(s *apitest.Setup) {})
	customer, engineer := apitest.StartPair(p)
	c := respond(customer, engineer, synthetic.LoginEngineerMoscow)
	c.say(customer, "Первый")
	c.say(customer, "Второй")
	require.Equal(t, problems.ChatMessageFinal, engineer.Do(http.MethodPut, c.message(1), apitest.Object{"text": "Чужой"}).Problem().Code)
	require.Equal(t, problems.ChatMessageFinal, engineer.Do(http.MethodDelete, c.message(1), nil).Problem().Code)
	require.Equal(t, []string{"text"}, apitest.Fields(customer.Do(http.MethodPut, c.message(1), apitest.Object{"text": " "}).Problem()))
	for _, text := range []string{"Первый исправленный", "Первый исправленный", "Первый последний"} {
		customer.Do(http.MethodPut, c.message(1), apitest.Object{"text": text}).OK()
	}
	customer.Do(http.MethodDelete, c.message(2), nil).OK()
	customer.Do(http.MethodDelete, c.message(2), nil).OK()
	require.Equal(t, problems.ChatMessageFinal, customer.Do(http.MethodPut, c.message(2), apitest.Object{"text": "Снова"}).Problem().Code)

	found := c.read(engineer, "").Items
	require.Equal(t, []string{"Первый последний", ""}, texts(found))
	require.NotNil(t, found[0].CorrectedAt)
	require.NotNil(t, found[1].WithdrawnAt)
	require.Zero(t, found[0].EarlierTexts)
	require.EqualValues(t, 1, unread(engineer).Messages, "a withdrawn message is not unread")
	var earlier struct{ Items []chats.EarlierText }
	engineer.Do(http.MethodGet, c.message(1)+"/texts", nil).OK().Into(&earlier)
	require.Empty(t, earlier.Items)
	customer.Do(http.MethodGet, c.message(1)+"/texts", nil).OK().Into(&earlier)
	require.Equal(t, []string{"Первый", "Первый исправленный"}, []string{earlier.Items[0].Text, earlier.Items[1].Text})
	require.EqualValues(t, 2, c.read(customer, "").Items[0].EarlierTexts)
	customer.Do(http.MethodGet, c.message(2)+"/texts", nil).OK().Into(&earlier)
	require.Equal(t, "Второй", earlier.Items[0].Text)

	p.Exec(`update chat_messages set sent_at = sent_at - interval '16 minutes'`)
	require.Nil(t, c.read(customer, "").Items[0].CorrectableUntil)
	require.Equal(t, problems.ChatMessageFinal, customer.Do(http.MethodPut, c.message(1), apitest.Object{"text": "Поздно"}).Problem().Code)
	require.Equal(t, problems.ChatMessageFinal, customer.Do(http.MethodDelete, c.message(1), nil).Problem().Code)
}
