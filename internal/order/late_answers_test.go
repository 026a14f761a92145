package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// late judges a message that was received at one time and judged at another.
func (l *life) late(m order.Message, received, judged time.Time) order.Decision {
	l.t.Helper()
	m.ID, m.ReceivedAt, l.now = "late", received, judged
	d := decide(l.t, l.s, m, factsFor(&l.s, m, judged))
	l.s = d.After
	return d
}

// expired is an order whose offer has just ended, and when that was.
func expired(t testing.TB) (*life, time.Time) {
	l := offer(t)
	end := l.s.Offer.Expires
	l.fire(order.DueOfferExpiry)
	require.Nil(t, l.s.Offer)
	return l, end
}

func TestAnswerGivenInTimeCountsAfterTheTimer(t *testing.T) {
	acceptance.Covers(t, "S-14", "S-35")
	t.Run("согласие", func(t *testing.T) {
		l, end := expired(t)
		d := l.late(message(order.AcceptOffer, offered, l.seen()), end.Add(-time.Minute), end.Add(2*time.Minute))
		require.Equal(t, order.Applied, d.Verdict, "%s: %s", d.Code, d.Reason)
		require.Equal(t, order.Contracting, l.s.Stage)
		require.Equal(t, "offered", l.s.Performer.ID)
		require.True(t, told(d, order.RoleCustomer, order.NoticeAcceptedInTime), "he was told that the offer has ended: %v", d.Notices)
		require.True(t, toldParty(d, "offered", order.NoticeAnswerInTime))
		require.True(t, toldParty(d, "responder", order.NoticeResponseClosed))
		require.NotContains(t, encode(t, l.s), "lapsed", "nothing is left of the offer")
	})
	t.Run("отказ", func(t *testing.T) {
		l, end := expired(t)
		d := l.late(message(order.DeclineOffer, offered, nil), end.Add(-time.Minute), end.Add(2*time.Minute))
		require.Equal(t, order.Applied, d.Verdict)
		require.True(t, told(d, order.RoleCustomer, order.NoticeOfferDeclined))
		d = l.late(message(order.AcceptOffer, offered, l.seen()), end.Add(-time.Second), end.Add(3*time.Minute))
		require.Equal(t, order.CodeNoOffer, d.Code, "he has answered")
	})
	t.Run("отзыв заказчиком", func(t *testing.T) {
		l, end := expired(t)
		d := l.late(message(order.WithdrawOffer, customer, nil), end.Add(-time.Minute), end.Add(2*time.Minute))
		require.Equal(t, order.Applied, d.Verdict)
		d = l.late(message(order.AcceptOffer, offered, l.seen()), end.Add(-time.Second), end.Add(3*time.Minute))
		require.Equal(t, order.CodeNoOffer, d.Code, "it was withdrawn before")
	})
	t.Run("другое сообщение увело время заказа вперёд, таймер ещё не сработал", func(t *testing.T) {
		l := offer(t)
		end := l.s.Offer.Expires
		l.late(message(order.WithdrawResponse, responder, nil), end.Add(time.Minute), end.Add(time.Minute))
		d := l.late(message(order.AcceptOffer, offered, l.seen()), end.Add(-time.Minute), end.Add(2*time.Minute))
		require.Equal(t, order.Applied, d.Verdict, "%s", d.Code)
	})
}

func TestWhoIsLateReadsThatTheTermHasEnded(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l, end := expired(t)
	for _, kind := range []order.Kind{order.AcceptOffer, order.DeclineOffer} {
		var details any
		if kind == order.AcceptOffer {
			details = l.seen()
		}
		d := l.late(message(kind, offered, details), end, end.Add(time.Minute))
		require.Equal(t, order.CodeOfferExpired, d.Code)
		require.Contains(t, d.Reason, end.In(order.Moscow).Format("02.01.2006 15:04"))
	}
	d := l.late(message(order.WithdrawOffer, customer, nil), end.Add(time.Hour), end.Add(time.Hour))
	require.Equal(t, order.CodeNoOffer, d.Code)
	require.Contains(t, d.Reason, end.In(order.Moscow).Format("02.01.2006 15:04"))
	d = l.late(message(order.AcceptOffer, other, l.seen()), end.Add(time.Hour), end.Add(time.Hour))
	require.Equal(t, order.CodeNoOffer, d.Code, "it was never offered to him")
	for _, a := range order.Actions(l.s, offered, order.Facts{Now: l.now, Engineer: able("offered")}) {
		if a.Kind == order.AcceptOffer {
			require.False(t, a.Open)
			require.Equal(t, order.CodeOfferExpired, a.Code)
		}
	}

	// The same holds after the customer has gone on.
	l.send(order.OfferOrder, customer, pick(other))
	d = l.late(message(order.AcceptOffer, offered, l.seen()), l.now, l.now.Add(time.Minute))
	require.Equal(t, order.CodeOfferExpired, d.Code)
	l.send(order.AcceptOffer, other, l.seen())
	d = l.late(message(order.AcceptOffer, offered, l.seen()), l.now, l.now.Add(time.Minute))
	require.Equal(t, order.CodeOfferExpired, d.Code)
}

func TestAnswerInTimeGivesWayToWhatWasDecidedSince(t *testing.T) {
	acceptance.Covers(t, "S-14")
	for name, decided := range map[string]func(*life){
		"выбран другой":      func(l *life) { l.send(order.Choose, customer, pick(responder)) },
		"предложено другому": func(l *life) { l.send(order.OfferOrder, customer, pick(other)) },
		"другой отказался":   func(l *life) { l.then(order.OfferOrder, customer, pick(other)).then(order.DeclineOffer, other, nil) },
		"заказ отменён":      func(l *life) { l.send(order.Cancel, customer, nil) },
		"выбран и отказался": func(l *life) { l.then(order.Choose, customer, pick(performer)).then(order.LeaveOrder, performer, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			l, end := expired(t)
			decided(l.wait(time.Minute))
			d := l.late(message(order.AcceptOffer, offered, l.seen()), end.Add(-time.Minute), l.now.Add(time.Minute))
			require.Equal(t, order.WasRefused, d.Verdict)
			require.NotEqual(t, order.CodeOfferExpired, d.Code, "he was not late")
			require.NotEmpty(t, d.Reason)
		})
	}
	l, end := expired(t)
	seen := l.seen()
	l.send(order.Amend, customer, terms())
	d := l.late(message(order.AcceptOffer, offered, seen), end.Add(-time.Minute), l.now.Add(time.Minute))
	require.Equal(t, order.CodeOldRevision, d.Code, "he agreed to other conditions")
}

func TestNewOfferToTheSameEngineerIsANewOne(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l, _ := expired(t)
	l.wait(day).send(order.OfferOrder, customer, pick(offered))
	l.wait(day).send(order.AcceptOffer, offered, l.seen())
}

func TestMarkGivenInTimeCountsAfterTheTimer(t *testing.T) {
	acceptance.Covers(t, "S-25", "S-35")
	l := completed(t)
	end := l.s.Deadline()
	l.fire(order.DueRatingEnd)
	require.True(t, l.s.Closed())
	d := l.late(message(order.Rate, customer, order.Mark{Mark: 4}), end.Add(-time.Minute), end.Add(2*time.Minute))
	require.Equal(t, order.Applied, d.Verdict, "%s", d.Code)
	require.Equal(t, 4, l.s.Rating.Mark)
	require.False(t, l.s.Closed(), "a mark may be changed for fourteen days")
	require.Equal(t, end.Add(-time.Minute).Add(14*day), l.s.Deadline())
	l.now = end.Add(day)
	l.send(order.Rate, customer, order.Mark{Mark: 5})
	l.fire(order.DueRatingEnd)
	require.True(t, l.s.Closed())

	late := completed(t)
	late.fire(order.DueRatingEnd)
	d = late.late(message(order.Rate, customer, order.Mark{Mark: 4}), end, end.Add(time.Minute))
	require.Equal(t, order.CodeRatingClosed, d.Code)
}

// A day that was not past when it was named is not past because the order's clock went on.
func TestTermNamedInTimeCounts(t *testing.T) {
	acceptance.Covers(t, "S-35")
	l := selection(t)
	today := l.now.In(order.Moscow).Format(time.DateOnly)
	l.late(message(order.Respond, responder, bid()), l.now.Add(day), l.now.Add(day))
	d := l.late(message(order.Respond, other, order.Bid{Price: 100, TermDate: today}), l.now.Add(-day), l.now)
	require.Equal(t, order.Applied, d.Verdict, "%s", d.Code)
}

// A message that does not say when it came is held to have come when it is judged.
func TestAnswerWithoutATimeIsNotInTime(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l, end := expired(t)
	d := l.late(message(order.AcceptOffer, offered, l.seen()), time.Time{}, end.Add(time.Hour))
	require.Equal(t, order.CodeOfferExpired, d.Code)
	// Nor may it have come before the offer was made.
	d = l.late(message(order.AcceptOffer, offered, l.seen()), end.Add(-30*day), end.Add(time.Hour))
	require.Equal(t, order.CodeOfferExpired, d.Code)
}

// A right that begins with the end of a term is not had before, however late it is judged.
func TestActAloneBeforeTheEndOfTheTermIsEarly(t *testing.T) {
	acceptance.Covers(t, "S-22")
	early := func(given time.Duration) order.Decision {
		l := accepting(t, 0, false, order.ByFiles).fireAll()
		end := l.s.Deadline()
		return l.late(message(order.SignActAlone, performer, actSignature()), end.Add(given), end.Add(time.Minute))
	}
	require.Equal(t, order.CodeNotOverdue, early(-time.Hour).Code)
	require.Equal(t, order.Applied, early(time.Second).Verdict)
}

func TestPaymentIsConfirmedByAThirdOnlyOnceTheTermIsOver(t *testing.T) {
	acceptance.Covers(t, "S-2", "S-23")
	early := func(kind order.Kind, who order.Actor, details any, given time.Duration) order.Code {
		l := claimed(t).fireAll()
		end := l.s.Deadline()
		return l.late(message(kind, who, details), end.Add(given), end.Add(time.Minute)).Code
	}
	require.Equal(t, order.CodeNotOverdue, early(order.ConfirmPayment, moderator, nil, -time.Hour))
	require.Empty(t, early(order.ConfirmPayment, moderator, nil, time.Second))
	call := order.DisputeCall{Ground: order.GroundPayment}
	require.Equal(t, order.CodeNoDisagreement, early(order.OpenDispute, customer, call, -time.Hour))
	require.Empty(t, early(order.OpenDispute, customer, call, time.Second))
}
