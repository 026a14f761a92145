package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

func TestDeclinedOfferReturnsToSelection(t *testing.T) {
	acceptance.Covers(t, "T-7")
	l := offer(t)
	l.send(order.DeclineOffer, offered, nil)
	require.Nil(t, l.s.Offer)
	require.Len(t, l.s.Responses, 2, "the responses are not touched")
	require.Equal(t, order.WaitChoice, l.s.Wait.For)
	l.send(order.OfferOrder, customer, pick(other))
}

func TestOneOpenOfferAtATime(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l := offer(t)
	l.refused(order.CodeOfferOpen, order.OfferOrder, customer, pick(other))
	d := l.send(order.WithdrawOffer, customer, nil)
	require.True(t, toldParty(d, "offered", order.NoticeOfferWithdrawn))
	l.send(order.OfferOrder, customer, pick(other))
}

func TestAnswerToAnOfferAtItsExpiry(t *testing.T) {
	acceptance.Covers(t, "S-14")
	inTime := offer(t).wait(3*day - time.Millisecond)
	inTime.send(order.AcceptOffer, offered, inTime.seen())

	late := offer(t).wait(3 * day)
	late.refused(order.CodeOfferExpired, order.AcceptOffer, offered, late.seen())
	late.refused(order.CodeOfferExpired, order.DeclineOffer, offered, nil)
	d := late.fire(order.DueOfferExpiry)
	require.Nil(t, late.s.Offer)
	require.True(t, told(d, order.RoleCustomer, order.NoticeOfferExpired))
	require.True(t, toldParty(d, "offered", order.NoticeOfferExpired))
	late.refused(order.CodeOfferExpired, order.AcceptOffer, offered, late.seen())
}

func TestAnswerGivenInTimeCountsAfterAnOutage(t *testing.T) {
	acceptance.Covers(t, "S-14", "S-35")
	l := offer(t)
	m := message(order.AcceptOffer, offered, l.seen())
	m.ReceivedAt = l.now.Add(2 * day)
	d := decide(t, l.s, m, factsFor(&l.s, m, l.now.Add(5*day)))
	require.Equal(t, order.Contracting, d.After.Stage)
	require.Equal(t, l.now.Add(2*day), d.At)
}

func TestNoMessageIsFromTheFuture(t *testing.T) {
	l := offer(t)
	m := message(order.DeclineOffer, offered, nil)
	m.ReceivedAt = l.now.Add(100 * day)
	d := decide(t, l.s, m, factsFor(&l.s, m, l.now.Add(day)))
	require.Equal(t, l.now.Add(day), d.At)
	require.Equal(t, order.Applied, d.Verdict)

	// The order's own clock may be a little ahead, not a year.
	due, _ := l.s.NextDue()
	m = message(order.DeadlineDue, platform, order.DueNow{Due: due.ID})
	m.ReceivedAt = due.At
	require.Equal(t, order.Applied, decide(t, l.s, m, factsFor(&l.s, m, due.At.Add(-time.Minute))).Verdict)
	require.Equal(t, order.CodeNotDue, decide(t, l.s, m, factsFor(&l.s, m, due.At.Add(-2*time.Hour))).Code)
}

func TestEveryOfferHasADeadlineOfItsOwn(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l := offer(t)
	first, _ := l.s.NextDue()
	l.send(order.WithdrawOffer, customer, nil)
	l.wait(time.Hour).send(order.OfferOrder, customer, pick(offered))
	second, _ := l.s.NextDue()
	require.NotEqual(t, first.ID, second.ID)
	l.wait(10*day).refused(order.CodeNotDue, order.DeadlineDue, platform, order.DueNow{Due: first.ID})
	require.NotNil(t, l.s.Offer)
}

func TestPickingTellsTheOthers(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l := offer(t)
	d := l.send(order.Choose, customer, pick(performer))
	require.Nil(t, l.s.Offer)
	require.True(t, toldParty(d, "offered", order.NoticeOfferWithdrawn))
	require.True(t, toldParty(d, "responder", order.NoticeResponseClosed))
	require.False(t, toldParty(d, "performer", order.NoticeResponseClosed))
	require.True(t, toldParty(d, "performer", order.NoticeChosen))
	_, runs := l.s.NextDue()
	require.True(t, runs)
	for _, due := range l.s.Dues {
		require.NotEqual(t, order.DueOfferExpiry, due.Kind)
	}
}

func TestChangedConditionsAreConfirmedBeforeChoice(t *testing.T) {
	acceptance.Covers(t, "S-9")
	l := responded(t)
	d := l.send(order.Amend, customer, terms())
	require.True(t, toldParty(d, "performer", order.NoticeTermsChanged))
	require.True(t, toldParty(d, "responder", order.NoticeTermsChanged))
	require.Len(t, l.s.Responses, 2, "responses are kept")

	l.refused(order.CodeStaleResponse, order.Choose, customer, pick(responder))
	l.refused(order.CodeOldRevision, order.AcceptChanges, responder, order.Revised{Revision: 1})
	l.send(order.AcceptChanges, responder, l.seen())
	l.refused(order.CodeNothingChanged, order.AcceptChanges, responder, l.seen())
	l.refused(order.CodeStaleResponse, order.Choose, customer, pick(performer))
	l.send(order.WithdrawResponse, performer, nil)
	l.refused(order.CodeNoResponse, order.Choose, customer, pick(performer))
	l.send(order.Choose, customer, pick(responder))
}

func TestNobodyAcceptsConditionsHeHasNotSeen(t *testing.T) {
	acceptance.Covers(t, "S-9", "T-6")
	l := offer(t)
	old := l.seen()
	d := l.send(order.Amend, customer, terms())
	require.True(t, toldParty(d, "offered", order.NoticeTermsChanged))
	l.refused(order.CodeOldRevision, order.AcceptOffer, offered, old)
	l.send(order.AcceptOffer, offered, l.seen())
}

func TestChangeAfterTheChoiceIsAcceptedAnew(t *testing.T) {
	acceptance.Covers(t, "S-10")
	l := contracting(t)
	cheaper := terms()
	cheaper.Price = ptr(order.Kopecks(50_000_00))
	l.send(order.Amend, customer, cheaper)
	require.True(t, l.s.Reaccept)
	require.Equal(t, order.WaitReacceptance, l.s.Wait.For)
	l.refused(order.CodeReaccept, order.SendContract, performer, contract(0, false))
	l.refused(order.CodeNotParty, order.AcceptChanges, responder, l.seen())
	l.send(order.AcceptChanges, performer, l.seen())
	l.send(order.SendContract, performer, contract(0, false))
}

func TestSubstantialChangeReleasesThePerformer(t *testing.T) {
	acceptance.Covers(t, "S-10")
	elsewhere, otherWork := terms(), terms()
	elsewhere.Region = "78"
	otherWork.WorkKind = "map-plan"
	for _, changed := range []order.Terms{elsewhere, otherWork} {
		l := contracting(t)
		d := l.send(order.Amend, customer, changed)
		require.Equal(t, order.Selection, l.s.Stage)
		require.Nil(t, l.s.Performer)
		require.False(t, l.s.Reaccept)
		require.True(t, toldParty(d, "performer", order.NoticeReopenedChanged))
		require.Len(t, d.Notices, 2, "the performer, who also responded, is told once")
		l.refused(order.CodeStaleResponse, order.Choose, customer, pick(performer))
	}
}

func TestNoChangeUnderASignedContract(t *testing.T) {
	acceptance.Covers(t, "S-10")
	l := sentHalf(t)
	l.refused(order.CodeContractSent, order.Amend, customer, terms())
	l.send(order.WithdrawContract, performer, nil)
	l.send(order.Amend, customer, terms())
}

func TestDraftIsDeletedPublishedOrderIsCancelled(t *testing.T) {
	acceptance.Covers(t, "S-11")
	l := draft(t)
	l.refused(order.CodeStage, order.Cancel, customer, nil)
	l.send(order.Delete, customer, nil)
	require.Equal(t, order.Deleted, l.s.Stage)
	require.False(t, l.s.Closed(), "its files are still to be purged")
	l.send(order.EffectFinished, platform, order.EffectResult{Effect: l.s.Effects[0].Key})
	require.True(t, l.s.Closed())
	l.refused(order.CodeClosed, order.Publish, customer, terms())

	l = selection(t)
	l.refused(order.CodeStage, order.Delete, customer, nil)
	l.send(order.Cancel, customer, nil)
	require.Equal(t, order.ByCustomer, l.s.Cause)
	require.True(t, l.s.Closed())
}

func TestCancelAgainstSignature(t *testing.T) {
	acceptance.Covers(t, "S-12", "R-CANC-2")
	l := sentHalf(t)
	l.send(order.Cancel, customer, nil)
	l.refused(order.CodeClosed, order.SignContract, customer, signature())
	require.Equal(t, "Отменен заказчиком", l.s.StageLabel())

	l = sentHalf(t)
	l.send(order.SignContract, customer, signature())
	l.refused(order.CodeContractSigned, order.Cancel, customer, nil)
	require.Equal(t, order.Prepayment, l.s.Stage)
}

func TestEngineerLeavesWithAReason(t *testing.T) {
	acceptance.Covers(t, "S-13")
	for _, from := range []func(testing.TB) *life{contracting, sentHalf} {
		l := from(t)
		silent := message(order.LeaveOrder, performer, nil)
		silent.Body = nil
		require.Equal(t, order.CodeNoReason, l.judge(silent).Code)
		d := l.send(order.LeaveOrder, performer, nil)
		require.True(t, told(d, order.RoleCustomer, order.NoticeEngineerLeft))
		require.Equal(t, order.Selection, l.s.Stage)
		require.Nil(t, l.s.Contract)
		l.refused(order.CodeNoResponse, order.Choose, customer, pick(performer))
		l.send(order.Choose, customer, pick(responder))
	}
	l := work(t, 0, false)
	l.refused(order.CodeContractSigned, order.LeaveOrder, performer, nil)
	l.refused(order.CodeContractSigned, order.DismissEngineer, customer, nil)
}

func TestDismissedEngineersResponseGoesWithHim(t *testing.T) {
	acceptance.Covers(t, "S-7")
	l := sentHalf(t)
	d := l.send(order.DismissEngineer, customer, nil)
	require.True(t, toldParty(d, "performer", order.NoticeDismissed))
	require.Equal(t, order.Selection, l.s.Stage)
	l.refused(order.CodeNoResponse, order.Choose, customer, pick(performer))
	l.send(order.Respond, performer, bid())
	l.send(order.Choose, customer, pick(responder))
}

func TestConditionsAreComplete(t *testing.T) {
	acceptance.Covers(t, "R-CUST-4")
	today := start.In(order.Moscow)
	change := func(f func(*order.Terms)) order.Terms {
		x := terms()
		f(&x)
		return x
	}
	for _, row := range []struct {
		name string
		code order.Code
		t    order.Terms
	}{
		{"без региона", order.CodeBadTerms, change(func(x *order.Terms) { x.Region = "" })},
		{"неизвестный вид работ", order.CodeBadTerms, change(func(x *order.Terms) { x.WorkKind = "иной" })},
		{"нулевая стоимость", order.CodeBadPrice, change(func(x *order.Terms) { *x.Price = 0 })},
		{"стоимость выше предела", order.CodeBadPrice, change(func(x *order.Terms) { *x.Price = order.MaxPrice + 1 })},
		{"без срока", order.CodeBadTerm, change(func(x *order.Terms) { x.TermDays = 0 })},
		{"и дата, и дни", order.CodeBadTerm, change(func(x *order.Terms) { x.TermDate = "2026-12-31" })},
		{"отрицательный срок", order.CodeBadTerm, change(func(x *order.Terms) { x.TermDays = -1 })},
		{"дата прошла", order.CodeBadTerm, change(func(x *order.Terms) {
			x.TermDays, x.TermDate = 0, today.AddDate(0, 0, -1).Format(time.DateOnly)
		})},
		{"не дата", order.CodeBadTerm, change(func(x *order.Terms) { x.TermDays, x.TermDate = 0, "завтра" })},
	} {
		t.Run(row.name, func(t *testing.T) { draft(t).refused(row.code, order.Publish, customer, row.t) })
	}
	draft(t).send(order.Publish, customer, change(func(x *order.Terms) {
		x.TermDays, x.TermDate, x.Price = 0, today.Format(time.DateOnly), nil
	}))

	l := draft(t)
	empty := message(order.Publish, customer, terms())
	empty.Body = nil
	require.Equal(t, order.CodeNoForm, l.judge(empty).Code)
}

func TestEmployerTurnsOutNobodyElses(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := contracting(t)
	l.refused(order.CodeNotConcerned, order.EmployerStatus, employer, l.saysOf(responder, false))
	require.Len(t, l.s.Responses, 2)
}

func TestCandidateWithoutStatusIsLost(t *testing.T) {
	acceptance.Covers(t, "S-18")
	l := offer(t)
	d := l.send(order.RegistryStatus, registry, l.saysOf(offered, false))
	require.Nil(t, l.s.Offer)
	require.True(t, told(d, order.RoleCustomer, order.NoticeEngineerLost))
	l.send(order.RegistryStatus, registry, l.saysOf(responder, false))
	require.Len(t, l.s.Responses, 1)
	require.Equal(t, order.Selection, l.s.Stage)
	l.refused(order.CodeNotConcerned, order.RegistryStatus, registry, l.saysOf(responder, false))
	l.refused(order.CodeNotConcerned, order.RegistryStatus, registry, l.saysOf(performer, true))
}

func TestOtherResponsesLiveAgainAndAreTold(t *testing.T) {
	acceptance.Covers(t, "S-13")
	for name, leave := range map[string]func(*life) order.Decision{
		"исполнитель отказался": func(l *life) order.Decision { return l.send(order.LeaveOrder, performer, nil) },
		"заказчик отказался":    func(l *life) order.Decision { return l.send(order.DismissEngineer, customer, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			d := leave(contracting(t))
			require.True(t, toldParty(d, "responder", order.NoticeReopened))
			require.False(t, toldParty(d, "performer", order.NoticeReopened))
		})
	}
}

func TestAmendmentTellsThoseWhomItConcerns(t *testing.T) {
	acceptance.Covers(t, "S-9", "S-10")
	d := contracting(t).send(order.Amend, customer, terms())
	require.True(t, toldParty(d, "performer", order.NoticeTermsChanged))
	require.False(t, toldParty(d, "responder", order.NoticeTermsChanged), "he can answer only when he can be chosen")
	moved := terms()
	moved.WorkKind = "map-plan"
	d = contracting(t).send(order.Amend, customer, moved)
	require.True(t, toldParty(d, "responder", order.NoticeReopenedChanged))
	require.True(t, toldParty(d, "performer", order.NoticeReopenedChanged))
}
