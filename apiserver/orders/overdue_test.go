package orders_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/notifications"
	"epkr/apiserver/orders"
	"epkr/apiserver/orders/search"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// Overdue orders come first by deadline, the longest overdue first. Orders that await a moderator
// or the end of a suspension have no deadline of their own. Paging keeps the order.
func TestOverdueOrdersComeFirst(t *testing.T) {
	acceptance.Covers(t, "S-34")
	p := apitest.Start(t)
	customer, _ := apitest.StartPair(p)
	now := time.Now().UTC().Truncate(time.Second)
	waiting := func(waits string, overdue bool, deadline any) uuid.UUID {
		id := customer.CreateDraft()
		p.Exec(`update orders set waits_for = $2, overdue = $3, deadline = $4, waits_since = $5 where id = $1`, id, waits, overdue, deadline, now.AddDate(0, -1, 0))
		return id
	}
	soon := waiting("contract", false, now.Add(time.Hour))
	disputed := waiting("settlement", false, now.Add(time.Minute))
	late := waiting("contract", true, now.Add(-time.Hour))
	held := waiting("hold", false, nil)
	heldLate := waiting("hold", true, now.Add(-3*time.Hour))
	disputedLate := waiting("settlement", true, now.Add(-2*time.Hour))
	withoutDeadline := waiting("contract", true, nil) // written by a worker of the previous version
	want := []uuid.UUID{withoutDeadline, heldLate, disputedLate, late, soon}

	var got []search.OrderLine
	for cursor, more := "", true; more; more = cursor != "" {
		page := listOf[search.OrderLine](customer, "/api/orders", "sort", "deadline", "limit", "2", "cursor", cursor)
		require.EqualValues(t, 7, page.Total)
		got, cursor = append(got, page.Items...), page.Next
	}
	require.Equal(t, want, idsOf(got[:5]))
	require.ElementsMatch(t, []uuid.UUID{disputed, held}, idsOf(got[5:]), "they have no deadline of their own")
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
	require.ElementsMatch(t, []uuid.UUID{withoutDeadline, heldLate, disputedLate, late},
		idsOf(listOf[search.OrderLine](customer, "/api/orders", "overdue", "true").Items))
	require.Equal(t, []uuid.UUID{withoutDeadline, heldLate}, idsOf(listOf[search.OrderLine](customer, "/api/orders", "overdue", "true", "sort", "deadline", "limit", "2").Items))
	require.Len(t, listOf[search.OrderLine](customer, "/api/orders", "overdue", "false").Items, 7)
}

// orderWithReportedPayment creates an order whose customer reported the payment with a document,
// after contract, results and act.
func orderWithReportedPayment(p *apitest.Platform, customer, engineer *apitest.Browser) uuid.UUID {
	p.T.Helper()
	id := p.SignedOrder(customer, engineer, 0)
	act := engineer.Upload(id, "акт.pdf", apitest.PDF("акт"))
	signature := engineer.Sign(id, act)
	result := engineer.Upload(id, "план.pdf", apitest.PDF("план"))
	engineer.RequireApplied(id, order.SubmitResults, apitest.Object{"details": apitest.Object{
		"way": "files", "files": []apitest.Object{apitest.Ref(result)}, "act": apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(signature)},
	}})
	countersign := customer.Sign(id, act)
	customer.RequireApplied(id, order.AcceptResults, apitest.Object{"details": apitest.Object{"act": act.SHA256, "signature": apitest.Ref(countersign)}})
	invoice := engineer.Upload(id, "счет.pdf", apitest.PDF("счет"))
	engineer.RequireApplied(id, order.SendInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(invoice)}})
	receipt := customer.Upload(id, "платёжка.pdf", apitest.PDF("платёжка"))
	customer.RequireApplied(id, order.ReportPayment, apitest.Object{"details": apitest.Object{"file": apitest.Ref(receipt)}})
	return id
}

// If an engineer does not answer whether the money came, a moderator is notified, opens the card
// from the notification and confirms.
func TestEscalationNotifiesAModeratorWhoMayConfirm(t *testing.T) {
	acceptance.Covers(t, "S-23")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := orderWithReportedPayment(p, customer, engineer)
	moderator := p.Moderator()
	require.False(t, actionOf(moderator.Card(id), order.ConfirmPayment).Open)

	p.ExpireDeadlines(id)
	var bell struct{ Items []notifications.Notification }
	moderator.Do(http.MethodGet, "/api/notifications?unread=true", nil).OK().Into(&bell)
	require.Len(t, bell.Items, 1)
	require.Equal(t, string(order.NoticeEscalated), bell.Items[0].Kind)
	require.Equal(t, id, *bell.Items[0].Order)
	require.NotEmpty(t, bell.Items[0].Text)

	card := moderator.Card(*bell.Items[0].Order)
	require.True(t, card.Waits.Overdue)
	require.True(t, actionOf(card, order.ConfirmPayment).Open)
	moderator.RequireApplied(id, order.ConfirmPayment, apitest.Object{"text": apitest.Object{"note": "Поступление подтверждено платёжным поручением"}})
	require.Equal(t, order.Completed, customer.Card(id).Stage.Code)
}

func TestDisputeNotifiesAModeratorWhoMaySettleIt(t *testing.T) {
	acceptance.Covers(t, "S-40")
	p := apitest.Start(t)
	customer, engineer := apitest.StartPair(p)
	id := p.SignedOrder(customer, engineer, 0)
	customer.RequireApplied(id, order.OpenDispute, apitest.Object{"details": apitest.Object{"ground": "termination"}, "text": apitest.Object{"note": "Работы не начаты"}})
	moderator := p.Moderator()
	var bell struct{ Items []notifications.Notification }
	moderator.Do(http.MethodGet, "/api/notifications?unread=true", nil).OK().Into(&bell)
	require.Len(t, bell.Items, 1)
	require.Equal(t, string(order.NoticeDispute), bell.Items[0].Kind)
	card := moderator.Card(*bell.Items[0].Order)
	require.Nil(t, card.Waits.Deadline, "the term of the works is not the moderator's")
	for _, kind := range []order.Kind{order.SettleDispute, order.ReplaceEngineer} {
		require.True(t, actionOf(card, kind).Open, kind)
	}
}

func actionOf(card orders.OrderCard, kind order.Kind) orders.Action {
	for _, a := range card.Actions {
		if a.Kind == kind {
			return a
		}
	}
	return orders.Action{}
}
