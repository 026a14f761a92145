package order_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// replacementProposed returns a suspended order whose performer's employer proposes the colleague.
func replacementProposed(t testing.TB) *testOrder {
	return inWork(t).suspend().then(order.ProposeReplacement, employer, choiceOf(colleague))
}

func replacementAgreed(t testing.TB) *testOrder {
	return replacementProposed(t).advance(time.Hour).then(order.AgreeReplacement, colleague, nil)
}

func TestReplacementIsProposedAgreedAndApproved(t *testing.T) {
	acceptance.Covers(t, "S-17", "S-29", "S-40")
	for name, from := range map[string]func(testing.TB) *testOrder{
		"предоплата": inPrepayment, "работы": inWork, "ГКУ/ГРП": inRegistration,
		"приёмка": func(t testing.TB) *testOrder { return inAcceptance(t, 0, false, order.ByFiles) },
	} {
		t.Run(name, func(t *testing.T) {
			l := from(t)
			stage := l.s.Stage
			l.requireEmployersDecision(false)
			d := l.send(order.ProposeReplacement, employer, choiceOf(colleague))
			require.True(t, notifiedParty(d, colleague.Party, order.NoticeReplacementOffered))
			require.True(t, notified(d, order.RoleCustomer, order.NoticeReplacementProposed))
			require.True(t, notifiedParty(d, performer.Party, order.NoticeReplacementProposed))
			require.Equal(t, colleague.Party, l.s.Substitute())
			require.Equal(t, order.WaitHold, l.s.EffectiveWait().For, "the moderators have nothing to decide yet")

			l.requireRefused(order.CodeNotAgreed, order.ApproveReplacement, moderator, choiceOf(colleague))
			l.requireRefused(order.CodeNotAgreed, order.RejectReplacement, moderator, choiceOf(colleague))
			d = l.send(order.AgreeReplacement, colleague, nil)
			require.True(t, notified(d, order.RoleModerator, order.NoticeReplacementAwaits))
			for _, party := range []string{customer.Party, employer.Party} {
				require.True(t, notifiedParty(d, party, order.NoticeReplacementAgreed), party)
			}
			require.Equal(t, order.Wait{For: order.WaitSettlement, From: order.RoleModerator, Since: l.s.At}, l.s.EffectiveWait())
			l.requireRefused(order.CodeAgreedReplacement, order.AgreeReplacement, colleague, nil)

			d = l.send(order.ApproveReplacement, moderator, choiceOf(colleague))
			require.Equal(t, stage, l.s.ShownStage(), "the order goes on")
			require.Equal(t, colleague.Party, l.s.Performer.ID)
			require.Equal(t, colleague.Person, l.s.Performer.Person)
			require.Equal(t, employer.Party, l.s.Performer.Employer)
			require.Nil(t, l.s.Replacement)
			require.NotEqual(t, order.WaitSettlement, l.s.EffectiveWait().For)
			for _, party := range []string{customer.Party, performer.Party, employer.Party} {
				require.True(t, notifiedParty(d, party, order.NoticeReplaced), party)
			}
			require.True(t, notifiedParty(d, colleague.Party, order.NoticeAssigned))
			require.True(t, notified(d, order.RoleCustomer, order.NoticeResumed))
			l.requireRefused(order.CodeNoReplacement, order.ApproveReplacement, moderator, choiceOf(colleague))
		})
	}
}

func TestReplacementNeedsASuspendedSignedOrder(t *testing.T) {
	acceptance.Covers(t, "S-17", "S-29")
	inWork(t).requireRefused(order.CodeNotSuspended, order.ProposeReplacement, employer, choiceOf(colleague))
	unsigned := contracting(t).requireEmployersDecision(false)
	unsigned.requireRefused(order.CodeStage, order.ProposeReplacement, employer, choiceOf(colleague))
	paying := claimed(t).requireEmployersDecision(false)
	paying.requireRefused(order.CodeStage, order.ProposeReplacement, employer, choiceOf(colleague))
}

// TestReplacementIsForColleaguesWhoFit checks the engineer when he is proposed, when he agrees and
// when the moderator approves.
func TestReplacementIsForColleaguesWhoFit(t *testing.T) {
	acceptance.Covers(t, "S-17", "S-40", "R-RESP-5")
	steps := []struct {
		name string
		from func(testing.TB) *testOrder
		kind order.Kind
		by   order.Actor
	}{
		{"предлагает", func(t testing.TB) *testOrder { return inWork(t).suspend() }, order.ProposeReplacement, employer},
		{"соглашается", replacementProposed, order.AgreeReplacement, colleague},
		{"утверждает", replacementAgreed, order.ApproveReplacement, moderator},
	}
	for name, row := range map[string]struct {
		code   order.Code
		change func(*order.EngineerFacts)
	}{
		"не в реестре":             {order.CodeNotInRegistry, func(e *order.EngineerFacts) { e.InRegistry = false }},
		"заблокирован":             {order.CodeBlocked, func(e *order.EngineerFacts) { e.Blocked = true }},
		"профиль не заполнен":      {order.CodeProfile, func(e *order.EngineerFacts) { e.Complete = false }},
		"приостановлен":            {order.CodeByEmployer, func(e *order.EngineerFacts) { e.Confirmed = false }},
		"единственный":             {order.CodeOnlyEngineer, func(e *order.EngineerFacts) { e.EmployerActive = 1 }},
		"другой регион":            {order.CodeOutsideRegions, func(e *order.EngineerFacts) { e.Regions = []string{"78"} }},
		"другой работодатель":      {order.CodeOtherEmployer, func(e *order.EngineerFacts) { e.Employer = "rival" }},
		"без работодателя":         {order.CodeOtherEmployer, func(e *order.EngineerFacts) { e.Employer, e.SoleProprietor = "", true }},
		"сотрудник заказчика":      {order.CodeOtherEmployer, func(e *order.EngineerFacts) { e.Employer = customer.Party }},
		"сам представляет сторону": {order.CodeOwnOrder, func(e *order.EngineerFacts) { e.Person = customer.Person }},
	} {
		for _, step := range steps {
			t.Run(name+" "+step.name, func(t *testing.T) {
				l := step.from(t)
				before := l.s.Replacement
				l.facts = append(l.facts, func(f *order.Facts) { row.change(f.Engineer) })
				d := l.requireRefused(row.code, step.kind, step.by, validDetails(l, step.kind))
				requireRussian(t, d.Reason)
				require.Equal(t, before, l.s.Replacement)
				require.Equal(t, performer.Party, l.s.Performer.ID)
			})
		}
		e := eligible(colleague.Party)
		row.change(e)
		s := replacementAgreed(t).s
		require.NotEmpty(t, s.WhyNotReplacedBy(order.Facts{Engineer: e}), name)
	}
	s := replacementAgreed(t).s
	require.Empty(t, s.WhyNotReplacedBy(order.Facts{Engineer: eligible(colleague.Party)}))
	inWork(t).suspend().requireRefused(order.CodeSameEngineer, order.ProposeReplacement, employer, choiceOf(performer))
}

func TestReplacementIsAnsweredByThoseWhomItConcerns(t *testing.T) {
	acceptance.Covers(t, "S-17", "S-40")
	l := replacementProposed(t)
	for _, kind := range []order.Kind{order.AgreeReplacement, order.DeclineReplacement} {
		for _, by := range []order.Actor{performer, other, customer, employer, moderator} {
			l.requireRefused(order.CodeNotParty, kind, by, nil)
		}
	}
	l.requireRefused(order.CodeNotParty, order.WithdrawReplacement, otherEmployer, nil)
	l.requireRefused(order.CodeNotParty, order.ProposeReplacement, otherEmployer, choiceOf(colleague))
	l.requireRefused(order.CodeReplacementOpen, order.ProposeReplacement, employer, choiceOf(colleague))
	agreed := replacementAgreed(t)
	for _, kind := range []order.Kind{order.ApproveReplacement, order.RejectReplacement} {
		agreed.requireRefused(order.CodeNotParty, kind, employer, choiceOf(colleague))
		agreed.requireRefused(order.CodeNotParty, kind, customer, choiceOf(colleague))
		agreed.requireRefused(order.CodeNoReplacement, kind, moderator, choiceOf(other))
		silent := message(kind, moderator, choiceOf(colleague))
		silent.Body = nil
		require.Equal(t, order.CodeNoReason, agreed.decide(silent).Code)
	}
	m := message(order.DeclineReplacement, colleague, nil)
	m.Body = nil
	require.Equal(t, order.CodeNoReason, l.decide(m).Code)
}

// An engineer on the employer's side who also acts for the customer proposes nothing.
func TestEmployerOnBothSidesProposesNoReplacement(t *testing.T) {
	acceptance.Covers(t, "S-39")
	l := inWork(t).suspend().withTies(order.Ties{ToCustomer: order.TieRepresents})
	l.requireRefused(order.CodeBothSides, order.ProposeReplacement, employer, choiceOf(colleague))
}

func TestReplacementIsWithdrawnDeclinedOrRejected(t *testing.T) {
	acceptance.Covers(t, "S-17", "S-40")
	everybody := []string{customer.Party, performer.Party}
	for name, row := range map[string]struct {
		from      func(testing.TB) *testOrder
		kind      order.Kind
		by        order.Actor
		told      order.NoticeKind
		also      []order.Addressee
		colleague order.NoticeKind
	}{
		"отозвано": {replacementProposed, order.WithdrawReplacement, employer, order.NoticeReplacementWithdrawn, nil, order.NoticeReplacementOver},
		"отозвано после согласия": {
			replacementAgreed, order.WithdrawReplacement, employer, order.NoticeReplacementWithdrawn,
			[]order.Addressee{{Role: order.RoleModerator}},
			order.NoticeReplacementOver,
		},
		"отказ": {
			replacementProposed, order.DeclineReplacement, colleague, order.NoticeReplacementDeclined,
			[]order.Addressee{{Role: order.RoleEmployer, Party: employer.Party}},
			"",
		},
		"отказ после согласия": {
			replacementAgreed, order.DeclineReplacement, colleague, order.NoticeReplacementDeclined,
			[]order.Addressee{{Role: order.RoleEmployer, Party: employer.Party}, {Role: order.RoleModerator}},
			"",
		},
		"отклонено": {
			replacementAgreed, order.RejectReplacement, moderator, order.NoticeReplacementRejected,
			[]order.Addressee{{Role: order.RoleEmployer, Party: employer.Party}},
			order.NoticeReplacementRefused,
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := row.from(t)
			d := l.send(row.kind, row.by, validDetails(l, row.kind))
			require.Nil(t, l.s.Replacement)
			require.True(t, l.s.Suspended())
			require.Equal(t, performer.Party, l.s.Performer.ID)
			for _, party := range everybody {
				require.True(t, notifiedParty(d, party, row.told), party)
			}
			for _, to := range row.also {
				require.Contains(t, d.Notices, order.Notice{To: to, Kind: row.told})
			}
			if row.colleague != "" {
				require.True(t, notifiedParty(d, colleague.Party, row.colleague))
			}
			l.send(order.ProposeReplacement, employer, choiceOf(colleague))
		})
	}
}

// TestReplacementIsVoidOnceTheColleagueLosesHisStatus tells the order by the same messages that tell
// it of candidates.
func TestReplacementIsVoidOnceTheColleagueLosesHisStatus(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-17", "S-29")
	lost := func(l *testOrder, kind order.Kind, by order.Actor, change func(*order.Facts)) order.Decision {
		l.advance(time.Hour)
		l.facts = append(l.facts, change)
		m := message(kind, by, l.statusOf(colleague, false))
		m.Body = nil
		d := l.decide(m)
		l.facts = nil
		return d
	}
	decided := func(change func(*order.EngineerFacts)) func(*order.Facts) {
		return func(f *order.Facts) {
			f.EmployerDecision = &order.EmployerDecision{At: f.Now}
			change(f.Engineer)
		}
	}
	for name, row := range map[string]struct {
		kind   order.Kind
		by     order.Actor
		change func(*order.Facts)
		why    order.Code
	}{
		"реестр": {order.RegistryStatus, registry, func(*order.Facts) {}, order.CodeNotInRegistry},
		"модератор": {
			order.ModeratorStatus, moderator, func(f *order.Facts) { f.Engineer.Blocked, f.Engineer.DecidedAt = true, f.Now }, order.CodeBlocked,
		},
		"работодатель приостановил": {order.EmployerStatus, employer, decided(func(e *order.EngineerFacts) { e.Confirmed = false }), order.CodeByEmployer},
		"ушёл к другому":            {order.EmployerStatus, employer, decided(func(e *order.EngineerFacts) { e.Employer = "rival" }), order.CodeOtherEmployer},
	} {
		for _, from := range []func(testing.TB) *testOrder{replacementProposed, replacementAgreed} {
			t.Run(name, func(t *testing.T) {
				l := from(t)
				agreed := !l.s.Replacement.Agreed.IsZero()
				d := lost(l, row.kind, row.by, row.change)
				require.Equal(t, order.Applied, d.Verdict, d.Reason)
				require.Equal(t, row.why, l.s.Replacement.Void)
				require.Empty(t, l.s.Substitute())
				require.True(t, notifiedParty(d, colleague.Party, order.NoticeReplacementOver))
				for _, party := range []string{customer.Party, performer.Party, employer.Party} {
					require.True(t, notifiedParty(d, party, order.NoticeReplacementVoid), party)
				}
				require.Equal(t, agreed, notified(d, order.RoleModerator, order.NoticeReplacementVoid))
				require.Equal(t, order.WaitHold, l.s.EffectiveWait().For)
				l.requireRefused(order.CodeNoReplacement, order.ApproveReplacement, moderator, choiceOf(colleague))
				l.requireRefused(order.CodeNoReplacement, order.WithdrawReplacement, employer, nil)
				l.requireRefused(order.CodeNotParty, order.AgreeReplacement, colleague, nil)
				l.send(order.ProposeReplacement, employer, choiceOf(colleague))
				require.Empty(t, l.s.Replacement.Void)
			})
		}
	}
	l := replacementProposed(t).advance(time.Hour)
	l.requireRefused(order.CodeNotConcerned, order.RegistryStatus, registry, l.statusOf(other, false))
	l.requireRefused(order.CodeNotConcerned, order.RegistryStatus, registry, l.statusOf(colleague, true))
	l.send(order.RegistryStatus, registry, l.status(true))
	require.Equal(t, order.Work, l.s.ShownStage())
}

// The proposal is about a performer who cannot act; it ends when he can, or when the order ends.
func TestReplacementEndsWithTheSuspension(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-17")
	for _, from := range []func(testing.TB) *testOrder{replacementProposed, replacementAgreed} {
		l := from(t).advance(time.Hour)
		agreed := !l.s.Replacement.Agreed.IsZero()
		d := l.send(order.RegistryStatus, registry, l.status(true))
		require.Equal(t, order.Work, l.s.ShownStage())
		require.Nil(t, l.s.Replacement)
		for _, party := range []string{customer.Party, performer.Party, employer.Party} {
			require.True(t, notifiedParty(d, party, order.NoticeReplacementEnded), party)
		}
		require.True(t, notifiedParty(d, colleague.Party, order.NoticeReplacementOver))
		require.Equal(t, agreed, notified(d, order.RoleModerator, order.NoticeReplacementEnded))

		l = from(t).then(order.ProposeTermination, customer, nil)
		d = l.send(order.AgreeTermination, performer, nil)
		require.Equal(t, order.Cancelled, l.s.Stage)
		require.Nil(t, l.s.Replacement)
		require.True(t, notifiedParty(d, employer.Party, order.NoticeReplacementEnded))
		require.True(t, notifiedParty(d, colleague.Party, order.NoticeReplacementOver))
	}
	held := replacementProposed(t).hold(order.ModeratorStatus, moderator).advance(time.Hour)
	held.send(order.RegistryStatus, registry, held.status(true))
	require.NotNil(t, held.s.Replacement, "another hold stands")
}

// The moderator may still replace the performer by himself, by the proposed engineer or another.
func TestModeratorsReplacementEndsTheProposal(t *testing.T) {
	acceptance.Covers(t, "S-40")
	l := replacementProposed(t)
	d := l.send(order.ReplaceEngineer, moderator, choiceOf(colleague))
	require.Nil(t, l.s.Replacement)
	require.False(t, notifiedParty(d, colleague.Party, order.NoticeReplacementOver))
	second := order.Actor{Role: order.RoleEngineer, Party: "second", Person: "person-second"}
	l = replacementProposed(t)
	l.facts = append(l.facts, func(f *order.Facts) {
		f.Engineer.SoleProprietor, f.Engineer.Employer, f.Engineer.Confirmed, f.Engineer.EmployerActive = false, employer.Party, true, 2
	})
	d = l.send(order.ReplaceEngineer, moderator, choiceOf(second))
	require.Equal(t, second.Party, l.s.Performer.ID)
	require.Nil(t, l.s.Replacement)
	require.True(t, notifiedParty(d, colleague.Party, order.NoticeReplacementOver))
	require.True(t, notifiedParty(d, employer.Party, order.NoticeReplaced))
}
