package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// FuzzMessage sends arbitrary payloads to an order in every situation: an invalid message gets a
// verdict, never an error.
func FuzzMessage(f *testing.F) {
	for _, r := range order.Rules() {
		for _, c := range testActors {
			f.Add(string(r.Kind), seedPayload(f, r.Kind, c.who), byte(len(r.Kind)))
		}
	}
	for i, payload := range []string{
		``, `null`, `[]`, `0`, `"x"`, `{`, `{}`, `{} {}`, `{"details":5}`, `{"details":[]}`, `{"unknown":1}`, `{"actor":null}`,
		`{"actor":{"role":"customer"}}`, `{"actor":{"role":"customer","party":"customer"},"details":{"price":1e400}}`,
		`{"actor":{"role":"platform"},"receivedAt":"9999-12-31T23:59:59-23:59","details":{"due":"x"}}`,
		`{"actor":{"role":"customer","party":"customer"},"receivedAt":"0000-01-01T00:00:00+23:59"}`,
		`{"actor":{"role":"engineer","party":"performer"},"details":{"act":null,"invoice":null,"files":null}}`,
		`{"actor":{"role":"registry"},"details":{"engineer":"performer","asOf":"9999-12-31T23:59:59-23:59"}}`,
		"{\"id\":\"\xff\xfe\"}", `{"id":"\ud800"}`,
	} {
		f.Add("create", []byte(payload), byte(i))
		f.Add("registry-status", []byte(payload), byte(18))
		f.Add("sign-act-alone", []byte(payload), byte(27))
		f.Add("нет такого\xff", []byte(payload), byte(18))
	}
	orders := make([]*testOrder, 0, len(situations()))
	for _, s := range situations() {
		orders = append(orders, s.setup(f))
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte, where byte) {
		l := orders[int(where)%len(orders)]
		m := order.ParseMessage(kind, payload)
		facts := factsFor(&l.s, m, l.now.Add(time.Minute))
		d := decide(t, l.s, m, facts)
		require.Contains(t, []order.Verdict{order.Applied, order.WasRefused}, d.Verdict)
		if m.Unreadable != "" {
			require.Equal(t, order.CodeUnreadable, d.Code)
		}
		order.Actions(d.After, m.Actor, facts)
	})
}

// seedPayload returns a message as a signal carries it.
func seedPayload(t testing.TB, kind order.Kind, by order.Actor) []byte {
	m := message(kind, by, validDetails(newTestOrder(t), kind))
	m.ID, m.ReceivedAt = "message", start
	payload, err := json.Marshal(m)
	require.NoError(t, err)
	return payload
}

func TestUnreadableMessageGetsAVerdict(t *testing.T) {
	l := inWork(t)
	for _, payload := range []string{``, `{`, `[]`, `{"unknown":1}`, `{} {}`, `{"actor":{"role":"customer"}} x`} {
		m := order.ParseMessage("submit-results", []byte(payload))
		require.NotEmpty(t, m.Unreadable, payload)
		require.Equal(t, order.CodeUnreadable, l.decide(m).Code)
		require.Empty(t, order.NamedFiles(m))
	}
	m := order.ParseMessage("submit-results", []byte(`{"actor":{"role":"engineer","party":"performer"},"details":{"way":"files","extra":1}}`))
	require.Empty(t, m.Unreadable)
	require.Equal(t, order.CodeUnreadable, l.decide(m).Code, "details of another type")
	for _, details := range []string{`{"Way":"files"}`, `{"way":"files","WAY":"link"}`, `{"way":"files","way":"files"}`, `{"way":"\ud800"}`} {
		m := order.ParseMessage("submit-results", []byte(`{"actor":{"role":"engineer","party":"performer"},"details":`+details+`}`))
		require.Equal(t, order.CodeUnreadable, l.decide(m).Code, details)
	}
	require.Equal(t, order.CodeUnknown, l.decide(message("no-such-signal", customer, nil)).Code)
}

// A message dropped in a flood is refused, whatever it contained.
func TestFloodedMessageIsRefused(t *testing.T) {
	m := message(order.SubmitResults, performer, nil)
	m.Unreadable = order.Flooded
	require.Equal(t, order.CodeFlooded, inWork(t).decide(m).Code)
}

func TestOrderOfAnUnknownCustomerIsRefused(t *testing.T) {
	l := newTestOrder(t)
	l.facts = append(l.facts, func(f *order.Facts) { f.UnknownCustomer = true })
	l.requireRefused(order.CodeUnknownCustomer, order.Create, customer, nil)
}

func TestMissingTextIsRefused(t *testing.T) {
	l := inWork(t)
	l.facts = append(l.facts, func(f *order.Facts) { f.BodyFound = false })
	l.requireRefused(order.CodeBodyMissing, order.SubmitResults, performer, results(l, order.ByFiles))
}
