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
	require.Len(t, l.s.Responses, 2, "the responses stay")
	require.Equal(t, order.WaitChoice, l.s.Wait.For)
	l.send(order.OfferOrder, customer, choiceOf(other))
}

func TestOneOpenOfferAtATime(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l := offer(t)
	l.requireRefused(order.CodeOfferOpen, order.OfferOrder, customer, choiceOf(other))
	d := l.send(order.WithdrawOffer, customer, nil)
	require.True(t, notifiedParty(d, "offered", order.NoticeOfferWithdrawn))
	l.send(order.OfferOrder, customer, choiceOf(other))
}

func TestAnswerToAnOfferAtItsExpiry(t *testing.T) {
	acceptance.Covers(t, "S-14")
	inTime := offer(t).advance(3*day - time.Millisecond)
	inTime.send(order.AcceptOffer, offered, inTime.currentRevision())

	late := offer(t).advance(3 * day)
	late.requireRefused(order.CodeOfferExpired, order.AcceptOffer, offered, late.currentRevision())
	late.requireRefused(order.CodeOfferExpired, order.DeclineOffer, offered, nil)
	d := late.fireNext(order.DueOfferExpiry)
	require.Nil(t, late.s.Offer)
	require.True(t, notified(d, order.RoleCustomer, order.NoticeOfferExpired))
	require.True(t, notifiedParty(d, "offered", order.NoticeOfferExpired))
	late.requireRefused(order.CodeOfferExpired, order.AcceptOffer, offered, late.currentRevision())
}

func TestAnswerGivenInTimeCountsAfterAnOutage(t *testing.T) {
	acceptance.Covers(t, "S-14", "S-35")
	l := offer(t)
	m := message(order.AcceptOffer, offered, l.currentRevision())
	m.ReceivedAt = l.now.Add(2 * day)
	d := decide(t, l.s, m, factsFor(&l.s, m, l.now.Add(5*day)))
	require.Equal(t, order.Contracting, d.After.Stage)
	require.Equal(t, l.now.Add(2*day), d.At)
}

func TestEffectiveTimeIsNotInTheFuture(t *testing.T) {
	l := offer(t)
	m := message(order.DeclineOffer, offered, nil)
	m.ReceivedAt = l.now.Add(100 * day)
	d := decide(t, l.s, m, factsFor(&l.s, m, l.now.Add(day)))
	require.Equal(t, l.now.Add(day), d.At)
	require.Equal(t, order.Applied, d.Verdict)

	// The order's own clock may be slightly ahead, but not by hours.
	due, _ := l.s.NextDue()
	m = message(order.DeadlineDue, platform, order.DueNow{Due: due.ID})
	m.ReceivedAt = due.At
	require.Equal(t, order.Applied, decide(t, l.s, m, factsFor(&l.s, m, due.At.Add(-time.Minute))).Verdict)
	require.Equal(t, order.CodeNotDue, decide(t, l.s, m, factsFor(&l.s, m, due.At.Add(-2*time.Hour))).Code)
}

func TestEveryOfferHasItsOwnDeadline(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l := offer(t)
	first, _ := l.s.NextDue()
	l.send(order.WithdrawOffer, customer, nil)
	l.advance(time.Hour).send(order.OfferOrder, customer, choiceOf(offered))
	second, _ := l.s.NextDue()
	require.NotEqual(t, first.ID, second.ID)
	l.advance(10*day).requireRefused(order.CodeNotDue, order.DeadlineDue, platform, order.DueNow{Due: first.ID})
	require.NotNil(t, l.s.Offer)
}

func TestChoiceNotifiesTheOthers(t *testing.T) {
	acceptance.Covers(t, "S-14")
	l := offer(t)
	d := l.send(order.Choose, customer, choiceOf(performer))
	require.Nil(t, l.s.Offer)
	require.True(t, notifiedParty(d, "offered", order.NoticeOfferWithdrawn))
	require.True(t, notifiedParty(d, "responder", order.NoticeResponseClosed))
	require.False(t, notifiedParty(d, "performer", order.NoticeResponseClosed))
	require.True(t, notifiedParty(d, "performer", order.NoticeChosen))
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
	require.True(t, notifiedParty(d, "performer", order.NoticeTermsChanged))
	require.True(t, notifiedParty(d, "responder", order.NoticeTermsChanged))
	require.Len(t, l.s.Responses, 2, "responses are kept")

	l.requireRefused(order.CodeStaleResponse, order.Choose, customer, choiceOf(responder))
	l.requireRefused(order.CodeOldRevision, order.AcceptChanges, responder, order.Revised{Revision: 1})
	l.send(order.AcceptChanges, responder, l.currentRevision())
	l.requireRefused(order.CodeNothingChanged, order.AcceptChanges, responder, l.currentRevision())
	l.requireRefused(order.CodeStaleResponse, order.Choose, customer, choiceOf(performer))
	l.send(order.WithdrawResponse, performer, nil)
	l.requireRefused(order.CodeNoResponse, order.Choose, customer, choiceOf(performer))
	l.send(order.Choose, customer, choiceOf(responder))
}

func TestNobodyAcceptsConditionsHeHasNotSeen(t *testing.T) {
	acceptance.Covers(t, "S-9", "T-6")
	l := offer(t)
	old := l.currentRevision()
	d := l.send(order.Amend, customer, terms())
	require.True(t, notifiedParty(d, "offered", order.NoticeTermsChanged))
	l.requireRefused(order.CodeOldRevision, order.AcceptOffer, offered, old)
	l.send(order.AcceptOffer, offered, l.currentRevision())
}

func TestChangeAfterTheChoiceMustBeAccepted(t *testing.T) {
	acceptance.Covers(t, "S-10")
	l := contracting(t)
	cheaper := terms()
	cheaper.Price = ptr(order.Kopecks(50_000_00))
	l.send(order.Amend, customer, cheaper)
	require.True(t, l.s.Reaccept)
	require.Equal(t, order.WaitReacceptance, l.s.Wait.For)
	l.requireRefused(order.CodeReaccept, order.SendContract, performer, contract(0, false))
	l.requireRefused(order.CodeNotParty, order.AcceptChanges, responder, l.currentRevision())
	l.send(order.AcceptChanges, performer, l.currentRevision())
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
		require.True(t, notifiedParty(d, "performer", order.NoticeReopenedChanged))
		require.Len(t, d.Notices, 2, "the performer, who also responded, is notified once")
		l.requireRefused(order.CodeStaleResponse, order.Choose, customer, choiceOf(performer))
	}
}

func TestNoChangeUnderASignedContract(t *testing.T) {
	acceptance.Covers(t, "S-10")
	l := sentWithAdvance(t)
	l.requireRefused(order.CodeContractSent, order.Amend, customer, terms())
	l.send(order.WithdrawContract, performer, nil)
	l.send(order.Amend, customer, terms())
}

func TestDraftIsDeletedPublishedOrderIsCancelled(t *testing.T) {
	acceptance.Covers(t, "S-11")
	l := draft(t)
	l.requireRefused(order.CodeStage, order.Cancel, customer, nil)
	l.send(order.Delete, customer, nil)
	require.Equal(t, order.Deleted, l.s.Stage)
	require.False(t, l.s.Closed(), "the effect that purges the files has not finished")
	l.send(order.EffectFinished, platform, order.EffectResult{Effect: l.s.Effects[0].Key})
	require.True(t, l.s.Closed())
	l.requireRefused(order.CodeClosed, order.Publish, customer, terms())

	l = selection(t)
	l.requireRefused(order.CodeStage, order.Delete, customer, nil)
	l.send(order.Cancel, customer, nil)
	require.Equal(t, order.ByCustomer, l.s.Cause)
	require.True(t, l.s.Closed())
}

func TestCancelAndSignatureExcludeEachOther(t *testing.T) {
	acceptance.Covers(t, "S-12", "R-CANC-2")
	l := sentWithAdvance(t)
	l.send(order.Cancel, customer, nil)
	l.requireRefused(order.CodeClosed, order.SignContract, customer, signature())
	require.Equal(t, "Отменен заказчиком", l.s.StageLabel())

	l = sentWithAdvance(t)
	l.send(order.SignContract, customer, signature())
	l.requireRefused(order.CodeContractSigned, order.Cancel, customer, nil)
	require.Equal(t, order.Prepayment, l.s.Stage)
}

func TestEngineerLeavesWithAReason(t *testing.T) {
	acceptance.Covers(t, "S-13")
	for _, from := range []func(testing.TB) *testOrder{contracting, sentWithAdvance} {
		l := from(t)
		silent := message(order.LeaveOrder, performer, nil)
		silent.Body = nil
		require.Equal(t, order.CodeNoReason, l.decide(silent).Code)
		d := l.send(order.LeaveOrder, performer, nil)
		require.True(t, notified(d, order.RoleCustomer, order.NoticeEngineerLeft))
		require.Equal(t, order.Selection, l.s.Stage)
		require.Nil(t, l.s.Contract)
		l.requireRefused(order.CodeNoResponse, order.Choose, customer, choiceOf(performer))
		l.send(order.Choose, customer, choiceOf(responder))
	}
	l := work(t, 0, false)
	l.requireRefused(order.CodeContractSigned, order.LeaveOrder, performer, nil)
	l.requireRefused(order.CodeContractSigned, order.DismissEngineer, customer, nil)
}

func TestDismissalDropsTheResponse(t *testing.T) {
	acceptance.Covers(t, "S-7")
	l := sentWithAdvance(t)
	d := l.send(order.DismissEngineer, customer, nil)
	require.True(t, notifiedParty(d, "performer", order.NoticeDismissed))
	require.Equal(t, order.Selection, l.s.Stage)
	l.requireRefused(order.CodeNoResponse, order.Choose, customer, choiceOf(performer))
	l.send(order.Respond, performer, bid())
	l.send(order.Choose, customer, choiceOf(responder))
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
		t.Run(row.name, func(t *testing.T) { draft(t).requireRefused(row.code, order.Publish, customer, row.t) })
	}
	draft(t).send(order.Publish, customer, change(func(x *order.Terms) {
		x.TermDays, x.TermDate, x.Price = 0, today.Format(time.DateOnly), nil
	}))

	l := draft(t)
	empty := message(order.Publish, customer, terms())
	empty.Body = nil
	require.Equal(t, order.CodeNoForm, l.decide(empty).Code)
}

func TestEmployerCannotRemoveOtherEngineers(t *testing.T) {
	acceptance.Covers(t, "S-16")
	l := contracting(t)
	l.requireRefused(order.CodeNotConcerned, order.EmployerStatus, employer, l.statusOf(responder, false))
	require.Len(t, l.s.Responses, 2)
}

func TestInactiveCandidateIsRemoved(t *testing.T) {
	acceptance.Covers(t, "S-18")
	l := offer(t)
	d := l.send(order.RegistryStatus, registry, l.statusOf(offered, false))
	require.Nil(t, l.s.Offer)
	require.True(t, notified(d, order.RoleCustomer, order.NoticeEngineerLost))
	l.send(order.RegistryStatus, registry, l.statusOf(responder, false))
	require.Len(t, l.s.Responses, 1)
	require.Equal(t, order.Selection, l.s.Stage)
	l.requireRefused(order.CodeNotConcerned, order.RegistryStatus, registry, l.statusOf(responder, false))
	l.requireRefused(order.CodeNotConcerned, order.RegistryStatus, registry, l.statusOf(performer, true))
}

func TestOtherResponsesCountAgainAndAreNotified(t *testing.T) {
	acceptance.Covers(t, "S-13")
	for name, leave := range map[string]func(*testOrder) order.Decision{
		"исполнитель отказался": func(l *testOrder) order.Decision { return l.send(order.LeaveOrder, performer, nil) },
		"заказчик отказался":    func(l *testOrder) order.Decision { return l.send(order.DismissEngineer, customer, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			d := leave(contracting(t))
			require.True(t, notifiedParty(d, "responder", order.NoticeReopened))
			require.False(t, notifiedParty(d, "performer", order.NoticeReopened))
		})
	}
}

func TestAmendmentNotifiesThoseConcerned(t *testing.T) {
	acceptance.Covers(t, "S-9", "S-10")
	d := contracting(t).send(order.Amend, customer, terms())
	require.True(t, notifiedParty(d, "performer", order.NoticeTermsChanged))
	require.False(t, notifiedParty(d, "responder", order.NoticeTermsChanged), "a responder can answer only when he can be chosen")
	moved := terms()
	moved.WorkKind = "map-plan"
	d = contracting(t).send(order.Amend, customer, moved)
	require.True(t, notifiedParty(d, "responder", order.NoticeReopenedChanged))
	require.True(t, notifiedParty(d, "performer", order.NoticeReopenedChanged))
}
