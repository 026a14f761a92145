package api

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// Overdue orders come first by deadline, longest overdue before all; what waits for a moderator or the end of a suspension has no deadline of
// its own. Page by page it is the same.
func TestOverdueOrdersComeFirst_S_34(t *testing.T) {
	p := startPlatform(t)
	customer, _ := pair(p)
	now := time.Now().UTC().Truncate(time.Second)
	waiting := func(waits string, overdue bool, deadline any) uuid.UUID {
		id := customer.draft()
		p.exec(`update orders set waits_for = $2, overdue = $3, deadline = $4, waits_since = $5 where id = $1`, id, waits, overdue, deadline, now.AddDate(0, -1, 0))
		return id
	}
	soon := waiting("contract", false, now.Add(time.Hour))
	disputed := waiting("settlement", false, now.Add(time.Minute))
	late := waiting("contract", true, now.Add(-time.Hour))
	held := waiting("hold", false, nil)
	heldLate := waiting("hold", true, now.Add(-3*time.Hour))
	disputedLate := waiting("settlement", true, now.Add(-2*time.Hour))
	lost := waiting("contract", true, nil) // by a worker of the version before
	want := []uuid.UUID{lost, heldLate, disputedLate, late, soon}

	var got []OrderLine
	for cursor, more := "", true; more; more = cursor != "" {
		page := listOf[OrderLine](customer, "/api/orders", "sort", "deadline", "limit", "2", "cursor", cursor)
		require.EqualValues(t, 7, page.Total)
		got, cursor = append(got, page.Items...), page.Next
	}
	require.Equal(t, want, idsOf(got[:5]))
	require.ElementsMatch(t, []uuid.UUID{disputed, held}, idsOf(got[5:]), "no deadline is theirs")
	for _, line := range got {
		switch line.ID {
		case disputed, held:
			require.Nil(t, line.Waits.Deadline, "the deadline of a step is not the moderator's")
			require.False(t, line.Waits.Overdue)
		case late, heldLate, disputedLate:
			require.True(t, line.Waits.Overdue)
			require.True(t, line.Waits.Deadline.Before(now))
		}
	}
	require.ElementsMatch(t, []uuid.UUID{lost, heldLate, disputedLate, late},
		idsOf(listOf[OrderLine](customer, "/api/orders", "overdue", "true").Items))
	require.Equal(t, []uuid.UUID{lost, heldLate}, idsOf(listOf[OrderLine](customer, "/api/orders", "overdue", "true", "sort", "deadline", "limit", "2").Items))
	require.Len(t, listOf[OrderLine](customer, "/api/orders", "overdue", "false").Items, 7)
}

// paidFor has an order whose customer reported the payment with a document, with its contract, results and act behind it.
func (p *platform) paidFor(customer, engineer *browser) uuid.UUID {
	p.t.Helper()
	id := p.contracted(customer, engineer, 0)
	act := engineer.upload(id, "акт.pdf", pdf("акт"))
	signature := engineer.upload(id, "акт.sig", []byte("подпись акта"))
	result := engineer.upload(id, "план.pdf", pdf("план"))
	engineer.tell(id, order.SubmitResults, object{"details": object{
		"way": "files", "files": []object{ref(result)}, "act": object{"file": ref(act), "signature": ref(signature)},
	}})
	countersign := customer.upload(id, "акт-заказчик.sig", []byte("подпись акта заказчиком"))
	customer.tell(id, order.AcceptResults, object{"details": object{"act": act.SHA256, "signature": ref(countersign)}})
	invoice := engineer.upload(id, "счет.pdf", pdf("счет"))
	engineer.tell(id, order.SendInvoice, object{"details": object{"file": ref(invoice)}})
	receipt := customer.upload(id, "платёжка.pdf", pdf("платёжка"))
	customer.tell(id, order.ReportPayment, object{"details": object{"file": ref(receipt)}})
	return id
}

// An engineer who does not answer whether the money came: a moderator reads of it, opens the card from there and confirms.
func TestEscalationLeadsAModeratorToWhatHeMayDo_S_23(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.paidFor(customer, engineer)
	moderator := p.moderator()
	require.False(t, actionOf(moderator.card(id), order.ConfirmPayment).Open)

	p.comesDue(id)
	var bell struct{ Items []Notification }
	moderator.do(http.MethodGet, "/api/notifications?unread=true", nil).ok().into(&bell)
	require.Len(t, bell.Items, 1)
	require.Equal(t, string(order.NoticeEscalated), bell.Items[0].Kind)
	require.Equal(t, id, *bell.Items[0].Order)
	require.NotEmpty(t, bell.Items[0].Text)

	card := moderator.card(*bell.Items[0].Order)
	require.True(t, card.Waits.Overdue)
	require.True(t, actionOf(card, order.ConfirmPayment).Open)
	moderator.tell(id, order.ConfirmPayment, object{"text": object{"note": "Поступление подтверждено платёжным поручением"}})
	require.Equal(t, string(order.Completed), customer.card(id).Stage.Code)
}

func TestDisputeLeadsAModeratorToWhatHeMayDo_S_40(t *testing.T) {
	p := startPlatform(t)
	customer, engineer := pair(p)
	id := p.contracted(customer, engineer, 0)
	customer.tell(id, order.OpenDispute, object{"details": object{"ground": "termination"}, "text": object{"note": "Работы не начаты"}})
	moderator := p.moderator()
	var bell struct{ Items []Notification }
	moderator.do(http.MethodGet, "/api/notifications?unread=true", nil).ok().into(&bell)
	require.Len(t, bell.Items, 1)
	require.Equal(t, string(order.NoticeDispute), bell.Items[0].Kind)
	card := moderator.card(*bell.Items[0].Order)
	require.Nil(t, card.Waits.Deadline, "the term of the works is not the moderator's")
	for _, kind := range []order.Kind{order.SettleDispute, order.ReplaceEngineer} {
		require.True(t, actionOf(card, kind).Open, kind)
	}
}

func actionOf(card OrderCard, kind order.Kind) order.Action {
	for _, a := range card.Actions {
		if a.Kind == kind {
			return a
		}
	}
	return order.Action{}
}
