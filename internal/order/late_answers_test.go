package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// decideLate decides a message that was received at one time and decided at another.
func (l *testOrder) decideLate(m order.Message, received, decided time.Time) order.Decision {
	l.t.Helper()
	m.ID, m.ReceivedAt, l.now = "late", received, decided
	d := decide(l.t, l.s, m, factsFor(&l.s, m, decided))
	l.s = d.After
	return d
}

// offerExpired returns an order whose offer has just expired, and the time of the expiry.
func offerExpired(t testing.TB) (*testOrder, time.Time) {
	l := offer(t)
	end := l.s.Offer.Expires
	l.fireNext(order.DueOfferExpiry)
	require.Nil(t, l.s.Offer)
	return l, end
}

func TestAnswerGivenInTimeCountsAfterTheTimer(t *testing.T) {
	acceptance.Covers(t, "S-14", "S-35")
	t.Run("согласие", func(t *testing.T) {
		l, end := offerExpired(t)
		d := l.decideLate(message(order.AcceptOffer, offered, l.currentRevision()), end.Add(-time.Minute), end.Add(2*time.Minute))
		require.Equal(t, order.Applied, d.Verdict, "%s: %s", d.Code, d.Reason)
		require.Equal(t, order.Contracting, l.s.Stage)
		require.Equal(t, "offered", l.s.Performer.ID)
		require.True(t, notified(d, order.RoleCustomer, order.NoticeAcceptedInTime), "the customer was notified that the offer had expired: %v", d.Notices)
		require.True(t, notifiedParty(d, "offered", order.NoticeAnswerInTime))
		require.True(t, notifiedParty(d, "responder", order.NoticeResponseClosed))
		require.NotContains(t, encode(t, l.s), "lapsed", "no lapsed offer remains")
	})
	t.Run("отказ", func(t *testing.T) {
		l, end := offerExpired(t)
		d := l.decideLate(message(order.DeclineOffer, offered, nil), end.Add(-time.Minute), end.Add(2*time.Minute))
		require.Equal(t, order.Applied, d.Verdict)
		require.True(t, notified(d, order.RoleCustomer, order.NoticeOfferDeclined))
		d = l.decideLate(message(order.AcceptOffer, offered, l.currentRevision()), end.Add(-time.Second), end.Add(3*time.Minute))
		require.Equal(t, order.CodeNoOffer, d.Code, "he has already answered")
	})
	t.Run("отзыв заказчиком", func(t *testing.T) {
		l, end := offerExpired(t)
		d := l.decideLate(message(order.WithdrawOffer, customer, nil), end.Add(-time.Minute), end.Add(2*time.Minute))
		require.Equal(t, order.Applied, d.Verdict)
		d = l.decideLate(message(order.AcceptOffer, offered, l.currentRevision()), end.Add(-time.Second), end.Add(3*time.Minute))
		require.Equal(t, order.CodeNoOffer, d.Code, "the customer has withdrawn the offer")
	})
	t.Run("другое сообщение увело время заказа вперёд, таймер ещё не сработал", func(t *testing.T) {
		l := offer(t)
		end := l.s.Offer.Expires
		l.decideLate(message(order.WithdrawResponse, responder, nil), end.Add(time.Minute), end.Add(time.Minute))
		d := l.decideLate(message(order.AcceptOffer, offered, l.currentRevision()), end.Add(-time.Minute), end.Add(2*time.Minute))
		require.Equal(t, order.Applied, d.Verdict, "%s", d.Code)
	})
}

func TestLateAnswerNamesTheEndOfTheTerm(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l, end := offerExpired(t)
	for _, kind := range []order.Kind{order.AcceptOffer, order.DeclineOffer} {
		var details any
		if kind == order.AcceptOffer {
			details = l.currentRevision()
		}
		d := l.decideLate(message(kind, offered, details), end, end.Add(time.Minute))
		require.Equal(t, order.CodeOfferExpired, d.Code)
		require.Contains(t, d.Reason, end.In(order.Moscow).Format("02.01.2006 15:04"))
	}
	d := l.decideLate(message(order.WithdrawOffer, customer, nil), end.Add(time.Hour), end.Add(time.Hour))
	require.Equal(t, order.CodeNoOffer, d.Code)
	require.Contains(t, d.Reason, end.In(order.Moscow).Format("02.01.2006 15:04"))
	d = l.decideLate(message(order.AcceptOffer, other, l.currentRevision()), end.Add(time.Hour), end.Add(time.Hour))
	require.Equal(t, order.CodeNoOffer, d.Code, "it was never offered to him")
	for _, a := range order.Actions(l.s, offered, order.Facts{Now: l.now, Engineer: eligible("offered")}) {
		if a.Kind == order.AcceptOffer {
			require.False(t, a.Open)
			require.Equal(t, order.CodeOfferExpired, a.Code)
		}
	}

	// The refusal stays the same after the customer's next steps.
	l.send(order.OfferOrder, customer, choiceOf(other))
	d = l.decideLate(message(order.AcceptOffer, offered, l.currentRevision()), l.now, l.now.Add(time.Minute))
	require.Equal(t, order.CodeOfferExpired, d.Code)
	l.send(order.AcceptOffer, other, l.currentRevision())
	d = l.decideLate(message(order.AcceptOffer, offered, l.currentRevision()), l.now, l.now.Add(time.Minute))
	require.Equal(t, order.CodeOfferExpired, d.Code)
}

func TestAnswerInTimeIsRefusedAfterALaterDecision(t *testing.T) {
	acceptance.Covers(t, "S-14")
	for name, decided := range map[string]func(*testOrder){
		"выбран другой":      func(l *testOrder) { l.send(order.Choose, customer, choiceOf(responder)) },
		"предложено другому": func(l *testOrder) { l.send(order.OfferOrder, customer, choiceOf(other)) },
		"другой отказался": func(l *testOrder) {
			l.then(order.OfferOrder, customer, choiceOf(other)).then(order.DeclineOffer, other, nil)
		},
		"заказ отменён": func(l *testOrder) { l.send(order.Cancel, customer, nil) },
		"выбран и отказался": func(l *testOrder) {
			l.then(order.Choose, customer, choiceOf(performer)).then(order.LeaveOrder, performer, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			l, end := offerExpired(t)
			decided(l.advance(time.Minute))
			d := l.decideLate(message(order.AcceptOffer, offered, l.currentRevision()), end.Add(-time.Minute), l.now.Add(time.Minute))
			require.Equal(t, order.WasRefused, d.Verdict)
			require.NotEqual(t, order.CodeOfferExpired, d.Code, "the answer itself was sent in time")
			require.NotEmpty(t, d.Reason)
		})
	}
	l, end := offerExpired(t)
	seen := l.currentRevision()
	l.send(order.Amend, customer, terms())
	d := l.decideLate(message(order.AcceptOffer, offered, seen), end.Add(-time.Minute), l.now.Add(time.Minute))
	require.Equal(t, order.CodeOldRevision, d.Code, "he agreed to other conditions")
}

func TestNewOfferToTheSameEngineerCanBeAccepted(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l, _ := offerExpired(t)
	l.advance(day).send(order.OfferOrder, customer, choiceOf(offered))
	l.advance(day).send(order.AcceptOffer, offered, l.currentRevision())
}

func TestMarkGivenInTimeCountsAfterTheTimer(t *testing.T) {
	acceptance.Covers(t, "S-25", "S-35")
	l := completed(t)
	end := l.s.Deadline()
	l.fireNext(order.DueRatingEnd)
	require.True(t, l.s.Closed())
	d := l.decideLate(message(order.Rate, customer, order.Mark{Mark: 4}), end.Add(-time.Minute), end.Add(2*time.Minute))
	require.Equal(t, order.Applied, d.Verdict, "%s", d.Code)
	require.Equal(t, 4, l.s.Rating.Mark)
	require.False(t, l.s.Closed(), "a mark may be changed for fourteen days")
	require.Equal(t, end.Add(-time.Minute).Add(14*day), l.s.Deadline())
	l.now = end.Add(day)
	l.send(order.Rate, customer, order.Mark{Mark: 5})
	l.fireNext(order.DueRatingEnd)
	require.True(t, l.s.Closed())

	late := completed(t)
	late.fireNext(order.DueRatingEnd)
	d = late.decideLate(message(order.Rate, customer, order.Mark{Mark: 4}), end, end.Add(time.Minute))
	require.Equal(t, order.CodeRatingClosed, d.Code)
}

// A date that had not passed when the sender named it is valid, even if the order's clock has
// advanced since.
func TestTermNamedInTimeCounts(t *testing.T) {
	acceptance.Covers(t, "S-35")
	l := selection(t)
	today := l.now.In(order.Moscow).Format(time.DateOnly)
	l.decideLate(message(order.Respond, responder, bid()), l.now.Add(day), l.now.Add(day))
	d := l.decideLate(message(order.Respond, other, order.Bid{Price: 100, TermDate: today}), l.now.Add(-day), l.now)
	require.Equal(t, order.Applied, d.Verdict, "%s", d.Code)
}

// A message without a time of receipt counts as received when it is decided.
func TestAnswerWithoutATimeOfReceiptIsLate(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l, end := offerExpired(t)
	d := l.decideLate(message(order.AcceptOffer, offered, l.currentRevision()), time.Time{}, end.Add(time.Hour))
	require.Equal(t, order.CodeOfferExpired, d.Code)
	// An answer received before the offer was made does not count either.
	d = l.decideLate(message(order.AcceptOffer, offered, l.currentRevision()), end.Add(-30*day), end.Add(time.Hour))
	require.Equal(t, order.CodeOfferExpired, d.Code)
}

// A right that begins at the end of a term does not exist before it, however late the message is
// decided.
func TestSigningAloneBeforeTheEndOfTheTermIsRefused(t *testing.T) {
	acceptance.Covers(t, "S-22")
	early := func(given time.Duration) order.Decision {
		l := inAcceptance(t, 0, false, order.ByFiles).fireUntilOverdue()
		end := l.s.Deadline()
		return l.decideLate(message(order.SignActAlone, performer, actSignature()), end.Add(given), end.Add(time.Minute))
	}
	require.Equal(t, order.CodeNotOverdue, early(-time.Hour).Code)
	require.Equal(t, order.Applied, early(time.Second).Verdict)
}

func TestThirdPartyConfirmsAPaymentOnlyAfterTheTerm(t *testing.T) {
	acceptance.Covers(t, "S-2", "S-23")
	early := func(kind order.Kind, who order.Actor, details any, given time.Duration) order.Code {
		l := claimed(t).fireUntilOverdue()
		end := l.s.Deadline()
		return l.decideLate(message(kind, who, details), end.Add(given), end.Add(time.Minute)).Code
	}
	require.Equal(t, order.CodeNotOverdue, early(order.ConfirmPayment, moderator, nil, -time.Hour))
	require.Empty(t, early(order.ConfirmPayment, moderator, nil, time.Second))
	call := order.DisputeCall{Ground: order.GroundPayment}
	require.Equal(t, order.CodeNoDisagreement, early(order.OpenDispute, customer, call, -time.Hour))
	require.Empty(t, early(order.OpenDispute, customer, call, time.Second))
}
