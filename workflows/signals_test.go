package workflows_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// Signals of all names, sent while no worker runs, are judged in the order in which they were sent.
func TestSignalsAreJudgedInTheOrderSentWhateverTheirNames(t *testing.T) {
	acceptance.Covers(t, "B-2")
	t.Parallel()
	s := newStage(t)
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	l.must(customer, order.Publish, terms(), form, order.Selection)
	s.stopWorker()

	senders := []order.Actor{customer, engineer, {Role: order.RoleModerator, Person: uuid.NewString()}, {Role: order.RoleRegistry}}
	kinds := []string{string(order.Create), string(order.Publish)}
	for range 3 {
		for _, r := range shuffled(order.Rules()) {
			l.send(senders[rand.IntN(len(senders))], r.Kind, nil, nil)
			kinds = append(kinds, string(r.Kind))
		}
	}
	s.startWorker()
	testenv.Eventually(t, "a verdict on every signal", func() bool { return l.recorded().Seq == len(kinds) })
	require.Equal(t, kinds, l.judged())
	l.agrees()
}

func shuffled(rules []order.Rule) []order.Rule {
	mixed := append([]order.Rule(nil), rules...)
	rand.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	return mixed
}

// racing brings an order to the customer's signature and sends both at once, with no worker to see the first alone.
func (s *stage) racing(cancelFirst bool) *life {
	s.t.Helper()
	customer, engineer := s.customer(), s.engineer()
	l := s.create(customer)
	signature := l.toContractSent(customer, engineer, withAdvance)
	s.stopWorker()
	if cancelFirst {
		first := l.send(customer, order.Cancel, nil, nil)
		second := l.send(customer, order.SignContract, signature, nil)
		s.startWorker()
		require.Equal(s.t, []string{"applied", string(order.CodeClosed)}, []string{l.verdict(first), l.verdict(second)})
		return l
	}
	first := l.send(customer, order.SignContract, signature, nil)
	second := l.send(customer, order.Cancel, nil, nil)
	s.startWorker()
	require.Equal(s.t, []string{"applied", string(order.CodeContractSigned)}, []string{l.verdict(first), l.verdict(second)})
	return l
}

// Whatever a signal carries, it gets a verdict and the order goes on.
func TestUnreadableSignalsAreRefusedAndNothingStops(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	good := l.message(customer, order.Publish, terms(), form)
	whole := string(encode(t, good))
	past := "2020-01-01T00:00:00Z"

	for _, c := range []struct {
		name, signal string
		payloads     []string
		code         order.Code
	}{
		{"имени нет среди действий", "make-coffee", []string{whole}, order.CodeUnknown},
		{"имя с нулевым символом", "pub\x00lish", []string{whole}, order.CodeUnknown},
		{"имя на другом языке и с пробелами", "опубликовать заказ", []string{whole}, order.CodeUnknown},
		{"двоичные данные", "publish", []string{"\x00\xff\xfe\x80"}, order.CodeUnreadable},
		{"ничего", "publish", nil, order.CodeUnreadable},
		{"пустая строка", "publish", []string{""}, order.CodeUnreadable},
		{"null", "publish", []string{"null"}, order.CodeUnreadable},
		{"число вместо сообщения", "publish", []string{"7"}, order.CodeUnreadable},
		{"число вместо отправителя", "publish", []string{`{"id":"` + uuid.NewString() + `","actor":7,"receivedAt":"` + past + `"}`}, order.CodeUnreadable},
		{"два аргумента", "publish", []string{whole, whole}, order.CodeUnreadable},
		{"сто килобайт", "publish", []string{`{"id":"` + uuid.NewString() + `","reason":"` + strings.Repeat("x", 100<<10) + `"}`}, order.CodeUnreadable},
		{"без номера сообщения", "publish", []string{`{"actor":{"role":"customer"},"receivedAt":"` + past + `"}`}, order.CodeUnreadable},
		{"номер сообщения не uuid", "publish", []string{`{"id":"17","actor":{"role":"customer"},"receivedAt":"` + past + `"}`}, order.CodeUnreadable},
		{"лишние поля", "publish", []string{`{"id":"` + uuid.NewString() + `","actor":{"role":"customer"},"receivedAt":"` + past + `","extra":1}`}, order.CodeUnreadable},
		{"роль в двух написаниях", "publish", []string{strings.Replace(whole, `"role":"customer"`, `"role":"customer","ROLE":"operator"`, 1)}, order.CodeUnreadable},
		{"время дважды", "publish", []string{strings.Replace(whole, `"receivedAt":`, `"receivedAt":"`+past+`","receivedAt":`, 1)}, order.CodeUnreadable},
		{"отправитель в другом написании", "publish", []string{strings.Replace(whole, `"actor":`, `"Actor":`, 1)}, order.CodeUnreadable},
		{"подробности в двух написаниях", "publish", []string{strings.Replace(whole, `"region":"77"`, `"region":"77","Region":"78"`, 1)}, order.CodeUnreadable},
		{"ещё один объект следом", "publish", []string{whole + whole}, order.CodeUnreadable},
		{"отправитель не uuid", "publish", []string{strings.Replace(whole, customer.Party, "me", 1)}, order.CodeUnreadable},
		{"нулевой символ в роли", "publish", []string{`{"id":"` + uuid.NewString() + `","actor":{"role":"cust\u0000omer"},"receivedAt":"` + past + `"}`}, order.CodeUnreadable},
		{"заказ без заказчика", "create", []string{`{"id":"` + uuid.NewString() + `","actor":{"role":"customer","party":"nobody"},"receivedAt":"` + past + `"}`}, order.CodeUnreadable},
		{"под видом срока самого заказа", "deadline-due", []string{string(encode(t, order.Message{
			ID: uuid.NewString(), Actor: order.Actor{Role: order.RolePlatform}, Details: encode(t, order.DueNow{Due: "none"}),
		}))}, order.CodeUnreadable},
		{"под видом завершённой работы", "effect-finished", []string{string(encode(t, order.Message{
			ID: uuid.NewString(), Actor: order.Actor{Role: order.RolePlatform}, Details: encode(t, order.EffectResult{Effect: "none"}),
		}))}, order.CodeUnreadable},
	} {
		seq := l.recorded().Seq
		for i, p := range c.payloads { // each with an id of its own, or it would be a duplicate
			c.payloads[i] = strings.ReplaceAll(p, good.ID, uuid.NewString())
		}
		l.raw(c.signal, c.payloads...)
		testenv.Eventually(t, "a verdict on "+c.name, func() bool { return l.recorded().Seq == seq+1 })
		require.Equal(t, []string{string(c.code)}, testenv.Column[string](t, s.url,
			`select code from order_messages where order_id = $1 and seq = $2`, l.id, seq+1), c.name)
	}

	require.Equal(t, "applied", l.verdict(l.signal(good, order.Publish)))
	require.Equal(t, order.Selection, l.agrees().Stage)
	require.Zero(t, l.failedTasks(), "a bad message must not fail a workflow task")
}

// Whoever can read the id of a message that he sent in a wrong shape finds the verdict under it.
func TestUnreadableMessageKeepsItsID(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	id := uuid.New()
	l.raw("publish", `{"id":"`+id.String()+`","actor":{"role":"customer"},"receivedAt":"2020-01-01T00:00:00Z","new":true}`)
	require.Equal(t, string(order.CodeUnreadable), l.verdict(id))
}

// A message sent twice, as by a double click, is judged once.
func TestRepeatedMessageIsJudgedOnce(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	m := l.message(customer, order.Publish, terms(), form)
	s.stopWorker()
	for range 3 {
		l.signal(m, order.Publish)
	}
	again := m
	again.ID = strings.ToUpper(m.ID)
	l.signal(again, order.Publish)
	s.startWorker()
	last := l.send(customer, order.Cancel, nil, nil)
	require.Equal(t, "applied", l.verdict(last))
	require.Equal(t, []string{"create", "publish", "cancel"}, l.judged())
	l.finished()
}

// raw sends a signal of any shape.
func (l *life) raw(name string, payloads ...string) {
	l.t.Helper()
	var input *commonpb.Payloads
	for _, p := range payloads {
		if input == nil {
			input = &commonpb.Payloads{}
		}
		encoding := "binary/plain"
		if json.Valid([]byte(p)) {
			encoding = "json/plain"
		}
		input.Payloads = append(input.Payloads, &commonpb.Payload{
			Metadata: map[string][]byte{"encoding": []byte(encoding)}, Data: []byte(p),
		})
	}
	_, err := l.temporal.WorkflowService().SignalWorkflowExecution(l.t.Context(), &workflowservice.SignalWorkflowExecutionRequest{
		Namespace:         client.DefaultNamespace,
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: workflowapi.OrderWorkflowID(l.id)},
		SignalName:        name, Input: input, RequestId: uuid.NewString(), Identity: "test",
	})
	require.NoError(l.t, err)
}

// A cancel request of the workflow does nothing: only the customer cancels an order, by a message.
func TestCancelRequestOfTheWorkflowDoesNothing(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	s := newStage(t)
	customer := s.customer()
	l := s.create(customer)
	require.NoError(t, s.temporal.CancelWorkflow(t.Context(), workflowapi.OrderWorkflowID(l.id), ""))
	l.must(customer, order.Publish, terms(), form, order.Selection)
	l.must(customer, order.Cancel, nil, nil, order.Cancelled)
	l.finished()
}
