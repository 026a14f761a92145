package order_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// TestApplyFollowsTheRecord applies outcomes that today's rules would never produce, as if older
// rules had recorded them. The state follows the record.
func TestApplyFollowsTheRecord(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Run("переход, которого больше нет", func(t *testing.T) {
		l := draft(t)
		l.requireRefused(order.CodeStage, order.ReturnResults, customer, order.Remarks{})
		s := l.s
		old := order.Outcome{
			Verdict: order.Applied, Seq: s.Seq + 1, At: s.At,
			Set: map[string]json.RawMessage{"stage": json.RawMessage(`"acceptance"`), "rounds": json.RawMessage(`7`)},
		}
		require.NoError(t, s.Apply(old))
		want := l.s
		want.Stage, want.Rounds, want.Seq = order.Acceptance, 7, l.s.Seq+1
		require.Equal(t, want, s)
		require.ErrorIs(t, s.Check(), order.ErrInvariant, "Apply does not check invariants")
	})
	t.Run("срок, который был другим", func(t *testing.T) {
		l := offer(t)
		s := l.s
		dues := encode(t, []order.Due{{ID: "offer-old", Kind: order.DueOfferExpiry, At: l.now.Add(90 * day)}})
		require.NoError(t, s.Apply(order.Outcome{
			Verdict: order.Applied, Seq: s.Seq + 1, At: s.At, Set: map[string]json.RawMessage{"dues": json.RawMessage(dues)},
		}))
		due, _ := s.NextDue()
		require.Equal(t, l.now.Add(90*day), due.At)
	})
	t.Run("отказ, который теперь был бы согласием", func(t *testing.T) {
		l := selection(t)
		s := l.s
		refused := encode(t, order.Refused{Kind: order.Respond, Code: "some_older_code", At: l.now})
		require.NoError(t, s.Apply(order.Outcome{
			Verdict: order.WasRefused, Code: "some_older_code", Seq: s.Seq + 1, At: l.now,
			Set: map[string]json.RawMessage{"refused": json.RawMessage(refused)},
		}))
		require.Empty(t, s.Responses)
		require.Equal(t, order.Code("some_older_code"), s.Refused.Code)
	})
	t.Run("часть, о которой эта версия не знает", func(t *testing.T) {
		s := selection(t).s
		stage := s.Stage
		require.NoError(t, s.Apply(order.Outcome{Seq: s.Seq + 1, Set: map[string]json.RawMessage{"later": json.RawMessage(`{"a":1}`)}}))
		require.Equal(t, stage, s.Stage)
	})
	t.Run("часть заменяется целиком, а снятая копия остаётся прежней", func(t *testing.T) {
		s := offer(t).s
		copied, before := s, encode(t, s)
		require.NoError(t, s.Apply(order.Outcome{Seq: s.Seq + 1, Set: map[string]json.RawMessage{
			"offer": json.RawMessage(`{"engineer": "another"}`), "dues": json.RawMessage(`[{"id": "other"}]`), "terms": json.RawMessage(`null`),
		}}))
		require.Equal(t, &order.Offer{Engineer: "another"}, s.Offer)
		require.Equal(t, []order.Due{{ID: "other"}}, s.Dues)
		require.Nil(t, s.Terms)
		require.Equal(t, before, encode(t, copied), "a copy taken before Apply is unchanged")
	})
	t.Run("испорченный исход", func(t *testing.T) {
		s := selection(t).s
		before := encode(t, s)
		require.Error(t, s.Apply(order.Outcome{Seq: 99, Set: map[string]json.RawMessage{"stage": json.RawMessage(`{`)}}))
		require.Error(t, s.Apply(order.Outcome{Seq: 99, Set: map[string]json.RawMessage{"stage": json.RawMessage(`5`)}}))
		require.Equal(t, before, encode(t, s), "a failed Apply changes nothing")
	})
}

// TestJSONNamesAreStable fixes the JSON names under which open orders are stored; a renamed one
// would lose that part of every history.
func TestJSONNamesAreStable(t *testing.T) {
	acceptance.Covers(t, "B-1")
	l := disputed(claimed(t)).advance(day)
	l.send(order.RegistryStatus, registry, l.status(false))
	l.send(order.Rate, customer, order.Mark{Mark: 5})
	l.send(order.ProposeTermination, customer, nil)
	l.requireRefused(order.CodeStage, order.Publish, customer, terms())
	var parts map[string]any
	require.NoError(t, json.Unmarshal([]byte(encode(t, l.s)), &parts))
	for _, name := range []string{
		"id", "number", "customer", "seq", "at", "stage", "terms", "form", "revision", "performer", "contract", "results", "act",
		"payment", "rating", "standings", "proposal", "dispute", "wait", "dues", "refused",
	} {
		require.Contains(t, parts, name)
	}
	var again order.State
	require.NoError(t, json.Unmarshal([]byte(encode(t, l.s)), &again))
	require.Equal(t, l.s, again)
}

// TestHistoryReplaysToTheSameState applies all outcomes of an order to an empty state and compares
// the result with the last state.
func TestHistoryReplaysToTheSameState(t *testing.T) {
	acceptance.Covers(t, "B-1")
	l := newTestOrder(t)
	var history []order.Outcome
	step := func(kind order.Kind, by order.Actor, details any) {
		history = append(history, l.decide(message(kind, by, details)).Outcome)
		l.advance(day)
	}
	step(order.Create, customer, nil)
	step(order.Publish, customer, terms())
	step(order.Respond, performer, bid())
	step(order.Publish, customer, terms())
	step(order.Choose, customer, choiceOf(performer))
	step(order.SendContract, performer, contract(5000, false))
	step(order.SignContract, customer, signature())
	step(order.RegistryStatus, registry, l.status(false))
	step(order.SendPrepaymentInvoice, performer, invoice())
	step(order.RegistryStatus, registry, l.status(true))

	replayed := order.State{ID: "order"}
	for _, o := range history {
		require.NoError(t, replayed.Apply(o))
	}
	require.Equal(t, l.s, replayed)
	require.Equal(t, order.Prepayment, replayed.ShownStage())
}
