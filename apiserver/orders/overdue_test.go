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

// Overdue orders come first by deadline, longest overdue before all; what waits for a moderator or the end of a suspension has no deadline of
// its own. Page by page it is the same.
func TestOverdueOrdersComeFirst(t *testing.T) {
	acceptance.Covers(t, "S-34")
	p := apitest.Start(t)
	customer, _ := apitest.Pair(p)
	now := time.Now().UTC().Truncate(time.Second)
	waiting := func(waits string, overdue bool, deadline any) uuid.UUID {
		id := customer.Draft()
		p.Exec(`update orders set waits_for = $2, overdue = $3, deadline = $4, waits_since = $5 where id = $1`, id, waits, overdue, deadline, now.AddDate(0, -1, 0))
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

	var got []search.OrderLine
	for cursor, more := "", true; more; more = cursor != "" {
		page := listOf[search.OrderLine](customer, "/api/orders", "sort", "deadline", "limit", "2", "cursor", cursor)
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
		idsOf(listOf[search.OrderLine](customer, "/api/orders", "overdue", "true").Items))
	require.Equal(t, []uuid.UUID{lost, heldLate}, idsOf(listOf[search.OrderLine](customer, "/api/orders", "overdue", "true", "sort", "deadline", "limit", "2").Items))
	require.Len(t, listOf[search.OrderLine](customer, "/api/orders", "overdue", "false").Items, 7)
}

// paidFor has an order whose customer reported the payment with a document, with its contract, results and act behind it.
func paidFor(p *apitest.Platform, customer, engineer *apitest.Browser) uuid.UUID {
	p.T.Helper()
	id := p.Contracted(customer, engineer, 0)
	act := engineer.Upload(id, "акт.pdf", apitest.PDF("акт"))
	signature := engineer.Upload(id, "акт.sig", []byte("подпись акта"))
	result := engineer.Upload(id, "план.pdf", apitest.PDF("план"))
	engineer.Tell(id, order.SubmitResults, apitest.Object{"details": apitest.Object{
		"way": "files", "files": []apitest.Object{apitest.Ref(result)}, "act": apitest.Object{"file": apitest.Ref(act), "signature": apitest.Ref(signature)},
	}})
	countersign := customer.Upload(id, "акт-заказчик.sig", []byte("подпись акта заказчиком"))
	customer.Tell(id, order.AcceptResults, apitest.Object{"details": apitest.Object{"act": act.SHA256, "signature": apitest.Ref(countersign)}})
	invoice := engineer.Upload(id, "счет.pdf", apitest.PDF("счет"))
	engineer.Tell(id, order.SendInvoice, apitest.Object{"details": apitest.Object{"file": apitest.Ref(invoice)}})
	receipt := customer.Upload(id, "платёжка.pdf", apitest.PDF("платёжка"))
	customer.Tell(id, order.ReportPayment, apitest.Object{"details": apitest.Object{"file": apitest.Ref(receipt)}})
	return id
}

// An engineer who does not answer whether the money came: a moderator reads of it, opens the card from there and confirms.
func TestEscalationLeadsAModeratorToWhatHeMayDo(t *testing.T) {
	acceptance.Covers(t, "S-23")
	p := apitest.Start(t)
	customer, engineer := apitest.Pair(p)
	id := paidFor(p, customer, engineer)
	moderator := p.Moderator()
	require.False(t, actionOf(moderator.Card(id), order.ConfirmPayment).Open)

	p.ComesDue(id)
	var bell struct{ Items []notifications.Notification }
	moderator.Do(http.MethodGet, "/api/notifications?unread=true", nil).OK().Into(&bell)
	require.Len(t, bell.Items, 1)
	require.Equal(t, string(order.NoticeEscalated), bell.Items[0].Kind)
	require.Equal(t, id, *bell.Items[0].Order)
	require.NotEmpty(t, bell.Items[0].Text)

	card := moderator.Card(*bell.Items[0].Order)
	require.True(t, card.Waits.Overdue)
	require.True(t, actionOf(card, order.ConfirmPayment).Open)
	moderator.Tell(id, order.ConfirmPayment, apitest.Object{"text": apitest.Object{"note": "Поступление подтверждено платёжным поручением"}})
	require.Equal(t, string(order.Completed), customer.Card(id).Stage.Code)
}

func TestDisputeLeadsAModeratorToWhatHeMayDo(t *testing.T) {
	acceptance.Covers(t, "S-40")
	p := apitest.Start(t)
	customer, engineer := apitest.Pair(p)
	id := p.Contracted(customer, engineer, 0)
	customer.Tell(id, order.OpenDispute, apitest.Object{"details": apitest.Object{"ground": "termination"}, "text": apitest.Object{"note": "Работы не начаты"}})
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
		if a.Kind == string(kind) {
			return a
		}
	}
	return orders.Action{}
}
