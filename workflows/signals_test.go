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

// Signals of all names that are sent while no worker runs are decided in the order in which they
// were sent.
func TestSignalsOfAllNamesAreDecidedInOrder(t *testing.T) {
	acceptance.Covers(t, "B-2")
	t.Parallel()
	s := newEnv(t)
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	o.requireApplied(customer, order.Publish, terms(), form, order.Selection)
	s.stopWorker()

	senders := []order.Actor{customer, engineer, {Role: order.RoleModerator, Person: uuid.NewString()}, {Role: order.RoleRegistry}}
	kinds := []string{string(order.Create), string(order.Publish)}
	for range 3 {
		for _, r := range shuffled(order.Rules()) {
			o.send(senders[rand.IntN(len(senders))], r.Kind, nil, nil)
			kinds = append(kinds, string(r.Kind))
		}
	}
	s.startWorker()
	testenv.Eventually(t, "a verdict on every signal", func() bool { return o.rowState().Seq == len(kinds) })
	require.Equal(t, kinds, o.decidedKinds())
	o.requireInSync()
}

func shuffled(rules []order.Rule) []order.Rule {
	mixed := append([]order.Rule(nil), rules...)
	rand.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
	return mixed
}

// racing takes an order to the customer's signature and sends a signature and a cancellation while
// no worker runs.
func (s *env) racing(cancelFirst bool) *testOrder {
	s.t.Helper()
	customer, engineer := s.customer(), s.engineer()
	o := s.create(customer)
	signature := o.toContractSent(customer, engineer, withAdvance)
	s.stopWorker()
	if cancelFirst {
		first := o.send(customer, order.Cancel, nil, nil)
		second := o.send(customer, order.SignContract, signature, nil)
		s.startWorker()
		require.Equal(s.t, []string{"applied", string(order.CodeClosed)}, []string{o.verdict(first), o.verdict(second)})
		return o
	}
	first := o.send(customer, order.SignContract, signature, nil)
	second := o.send(customer, order.Cancel, nil, nil)
	s.startWorker()
	require.Equal(s.t, []string{"applied", string(order.CodeContractSigned)}, []string{o.verdict(first), o.verdict(second)})
	return o
}

// A signal with any content gets a verdict, and the order continues.
func TestUnreadableSignalsAreRefused(t *testing.T) {
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	good := o.message(customer, order.Publish, terms(), form)
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
		seq := o.rowState().Seq
		for i, p := range c.payloads { // each needs its own id, or it would be a duplicate
			c.payloads[i] = strings.ReplaceAll(p, good.ID, uuid.NewString())
		}
		o.raw(c.signal, c.payloads...)
		testenv.Eventually(t, "a verdict on "+c.name, func() bool { return o.rowState().Seq == seq+1 })
		require.Equal(t, []string{string(c.code)}, testenv.Column[string](t, s.url,
			`select code from order_messages where order_id = $1 and seq = $2`, o.id, seq+1), c.name)
	}

	require.Equal(t, "applied", o.verdict(o.signal(good, order.Publish)))
	require.Equal(t, order.Selection, o.requireInSync().Stage)
	require.Zero(t, o.failedTasks(), "a bad message must not fail a workflow task")
}

// A message of a wrong shape that has a valid id gets its verdict under this id.
func TestUnreadableMessageKeepsItsID(t *testing.T) {
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	id := uuid.New()
	o.raw("publish", `{"id":"`+id.String()+`","actor":{"role":"customer"},"receivedAt":"2020-01-01T00:00:00Z","new":true}`)
	require.Equal(t, string(order.CodeUnreadable), o.verdict(id))
}

// A repeated message, as by a double click, is decided once.
func TestRepeatedMessageIsDecidedOnce(t *testing.T) {
	acceptance.Covers(t, "S-35")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	m := o.message(customer, order.Publish, terms(), form)
	s.stopWorker()
	for range 3 {
		o.signal(m, order.Publish)
	}
	again := m
	again.ID = strings.ToUpper(m.ID)
	o.signal(again, order.Publish)
	s.startWorker()
	last := o.send(customer, order.Cancel, nil, nil)
	require.Equal(t, "applied", o.verdict(last))
	require.Equal(t, []string{"create", "publish", "cancel"}, o.decidedKinds())
	o.waitClosed()
}

// raw sends a signal of any shape.
func (o *testOrder) raw(name string, payloads ...string) {
	o.t.Helper()
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
	_, err := o.temporal.WorkflowService().SignalWorkflowExecution(o.t.Context(), &workflowservice.SignalWorkflowExecutionRequest{
		Namespace:         client.DefaultNamespace,
		WorkflowExecution: &commonpb.WorkflowExecution{WorkflowId: workflowapi.OrderWorkflowID(o.id)},
		SignalName:        name, Input: input, RequestId: uuid.NewString(), Identity: "test",
	})
	require.NoError(o.t, err)
}

// A cancel request to the workflow has no effect: only the customer cancels an order, by a message.
func TestCancelRequestOfTheWorkflowDoesNothing(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	s := newEnv(t)
	customer := s.customer()
	o := s.create(customer)
	require.NoError(t, s.temporal.CancelWorkflow(t.Context(), workflowapi.OrderWorkflowID(o.id), ""))
	o.requireApplied(customer, order.Publish, terms(), form, order.Selection)
	o.requireApplied(customer, order.Cancel, nil, nil, order.Cancelled)
	o.waitClosed()
}
