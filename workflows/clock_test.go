package workflows_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"

	"epkr/activities/failure"
	orderactivities "epkr/activities/orders"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

const (
	hour = time.Hour
	days = 24 * time.Hour
)

// monday is a Monday morning of a week without holidays.
var monday = time.Date(2026, 3, 16, 10, 0, 0, 0, order.Moscow).UTC()

func mustJSON(v any) json.RawMessage {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

func decode(p *commonpb.Payloads, into any) error {
	return converter.GetDefaultDataConverter().FromPayloads(p, into)
}

// If nobody is chosen in 30 days, the customer is notified once and the stage stays.
func TestSelectionIsOverdueAfter30Days(t *testing.T) {
	acceptance.Covers(t, "S-34")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates, publishes)
	c.check(30*days-time.Second, func(s order.State) { require.False(t, s.Overdue) })
	c.check(200*days, func(s order.State) {
		require.True(t, s.Overdue)
		require.Equal(t, order.Selection, s.Stage)
	})
	c.stopAfter(200 * days)
	c.run()
	require.Equal(t, []decidedMessage{due(30*days, order.NoticeOverdue)}, c.dues())
	require.Equal(t, []time.Duration{30 * days}, c.timers)
}

// An offer that nobody answers expires after three days and leaves the order as it was.
func TestOfferExpiresAfter3Days(t *testing.T) {
	acceptance.Covers(t, "S-14")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates, publishes, offers)
	c.check(3*days-time.Second, func(s order.State) { require.NotNil(t, s.Offer) })
	c.check(3*days+time.Second, func(s order.State) {
		require.Nil(t, s.Offer)
		require.Equal(t, order.WaitChoice, s.Wait.For)
	})
	c.after(4*days, accepts)
	c.stopAfter(5 * days)
	c.run()
	require.Equal(t, []decidedMessage{due(3*days, order.NoticeOfferExpired, order.NoticeOfferExpired)}, c.dues())
	require.Equal(t, order.CodeOfferExpired, c.of(order.AcceptOffer)[0].Code)
}

// The customer's five and ten days to accept the results are working days: the 1st and the 9th of
// May and weekends do not count.
func TestAcceptanceCountsWorkingDays(t *testing.T) {
	acceptance.Covers(t, "S-22", "S-34")
	t.Parallel()
	thursday := time.Date(2026, 4, 30, 12, 0, 0, 0, order.Moscow).UTC()
	c := newSimulatedOrder(t, thursday, toAcceptance...)
	c.stopAfter(60 * days)
	c.run()
	reminder := time.Date(2026, 5, 8, 12, 0, 0, 0, order.Moscow).Sub(thursday)
	overdue := time.Date(2026, 5, 15, 12, 0, 0, 0, order.Moscow).Sub(thursday)
	require.Equal(t, []decidedMessage{due(reminder, order.NoticeReminder), due(overdue, order.NoticeOverdue, order.NoticeOverdue)}, c.dues())
	require.Equal(t, order.Acceptance, c.state.Stage)
}

// A customer whose silence accepts the works by the contract is reminded twice, and on the working day
// after the term they are accepted.
func TestSilenceAcceptsTheWorksByTheContract(t *testing.T) {
	acceptance.Covers(t, "S-22")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates, publishes, responds, chooses, contractsWithSilence, signs, submits)
	c.check(7*days, func(s order.State) { require.Equal(t, order.Acceptance, s.Stage) }) // the weekend does not count
	c.stopAfter(9 * days)
	c.run()
	require.Equal(t, []decidedMessage{
		due(2*days, order.NoticeSilenceAccepts), due(3*days, order.NoticeSilenceAccepts), due(4*days, order.NoticeOverdue, order.NoticeOverdue),
		due(7*days, order.NoticeAcceptedBySilence, order.NoticeAcceptedBySilence),
	}, c.dues())
	require.Equal(t, order.Payment, c.state.Stage)
	require.True(t, c.state.Act.Alone)
}

// An engineer who does not confirm the payment is reminded on days 3 and 7; on day 10 the
// moderators are notified too.
func TestUnconfirmedPaymentIsRemindedAndEscalated(t *testing.T) {
	acceptance.Covers(t, "S-23")
	t.Parallel()
	c := newSimulatedOrder(t, monday, append(toPayment[:len(toPayment):len(toPayment)], pays)...)
	c.stopAfter(30 * days)
	c.run()
	require.Equal(t, []decidedMessage{
		due(3*days, order.NoticeReminder), due(7*days, order.NoticeReminder),
		due(10*days, order.NoticeOverdue, order.NoticeOverdue, order.NoticeEscalated),
	}, c.dues())
	require.Equal(t, []time.Duration{3 * days, 4 * days, 3 * days}, c.timers, "one timer at a time")
}

// Deadlines are frozen from the first hold to the last release, whoever holds the order, and then
// continue with the remaining time.
func TestDeadlinesAreFrozenDuringAnyHold(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates, publishes, responds, chooses) // the contract is due in 10 days
	hold := func(after time.Duration, by order.Actor, kind order.Kind, active bool) {
		c.after(after, action{by, kind, statusOf(active, monday.Add(after))})
	}
	hold(3*days, aRegistry, order.RegistryStatus, false)
	hold(4*days, aModerator, order.ModeratorStatus, false)
	c.check(5*days, func(s order.State) {
		require.Equal(t, order.Suspended, s.ShownStage())
		_, runs := s.NextDue()
		require.False(t, runs, "no deadline runs while the order is suspended")
	})
	hold(6*days, aRegistry, order.RegistryStatus, true)
	c.check(7*days, func(s order.State) { require.Equal(t, order.Suspended, s.ShownStage(), "the moderator still holds it") })
	hold(8*days+hour, aModerator, order.ModeratorStatus, true)
	c.stopAfter(60 * days)
	c.run()
	require.Equal(t, []decidedMessage{due(15*days+hour, order.NoticeOverdue, order.NoticeOverdue)}, c.dues())
	require.Equal(t, []time.Duration{10 * days, 7 * days}, c.timers, "a frozen order has no timer")
}

// Working days that remain at the hold are counted as working days after it.
func TestFrozenWorkingDaysStayWorkingDays(t *testing.T) {
	acceptance.Covers(t, "S-16")
	t.Parallel()
	c := newSimulatedOrder(t, monday, toAcceptance...)
	// Two working days pass, three remain until the reminder; from Friday 10:00 they continue over
	// the weekend.
	c.after(2*days, action{aRegistry, order.RegistryStatus, statusOf(false, monday.Add(2*days))})
	c.after(4*days, action{aRegistry, order.RegistryStatus, statusOf(true, monday.Add(4*days))})
	c.stopAfter(60 * days)
	c.run()
	wednesday := time.Date(2026, 3, 25, 10, 0, 0, 0, order.Moscow).Sub(monday)
	next := time.Date(2026, 4, 1, 10, 0, 0, 0, order.Moscow).Sub(monday)
	require.Equal(t, []decidedMessage{due(wednesday, order.NoticeReminder), due(next, order.NoticeOverdue, order.NoticeOverdue)}, c.dues())
}

// A completed order closes when the time for rating ends: 14 days after completion, or after the
// first mark.
func TestOrderClosesWhenRatingEnds(t *testing.T) {
	acceptance.Covers(t, "S-25")
	t.Parallel()
	t.Run("без оценки", func(t *testing.T) {
		t.Parallel()
		c := newSimulatedOrder(t, monday, toCompleted...)
		require.Nil(t, c.run())
		require.Equal(t, []decidedMessage{due(14 * days)}, c.dues())
	})
	t.Run("с оценкой", func(t *testing.T) {
		t.Parallel()
		c := newSimulatedOrder(t, monday, toCompleted...)
		c.after(10*days, action{aCustomer, order.Rate, order.Mark{Mark: 4}})
		c.after(23*days, action{aCustomer, order.Rate, order.Mark{Mark: 5}})
		require.Nil(t, c.run())
		require.Equal(t, []decidedMessage{due(24 * days)}, c.dues())
		require.Equal(t, 5, c.state.Rating.Mark)
		require.Equal(t, []time.Duration{14 * days, 14 * days}, c.timers)
	})
}

// The timer is restarted only when the earliest deadline moves.
func TestTimerRestartsOnlyWhenTheEarliestDeadlineMoves(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates, publishes)
	for i := range 10 {
		c.after(time.Duration(2*i+1)*hour, responds)
		c.after(time.Duration(2*i+2)*hour, withdraws)
	}
	c.after(2*days, offers)
	c.after(2*days+hour, action{anEngineer, "nonsense", nil})
	c.after(3*days, action{aCustomer, order.WithdrawOffer, nil})
	c.stopAfter(4 * days)
	c.run()
	require.Len(t, c.decided, 24)
	// One for the choice, one for the offer, and one for the choice again after the offer ends.
	require.Equal(t, []time.Duration{30 * days, 3 * days, 30 * days}, c.timers)
}

// The queue of a run is decided before newer signals.
func TestCarriedQueueIsDecidedBeforeNewSignals(t *testing.T) {
	acceptance.Covers(t, "B-2")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates, publishes)
	carried := workflowapi.Incoming{Name: string(order.Respond), Payload: mustJSON(responds.message(monday))}
	c.after(0, chooses)
	c.stopAfter(hour)
	c.runFrom(workflowapi.OrderInput{State: c.state, Queue: []workflowapi.Incoming{carried}})
	require.Equal(t, []order.Kind{order.Respond, order.Choose, "stop"}, c.kinds())
	require.Equal(t, order.Contracting, c.state.Stage)
}

func (c *simulatedOrder) kinds() []order.Kind {
	var kinds []order.Kind
	for _, h := range c.decided {
		kinds = append(kinds, h.Kind)
	}
	return kinds
}

// A queue that is too large for the input of a run is shortened by deciding messages first.
func TestCarriedQueueFitsIntoTheNextRun(t *testing.T) {
	acceptance.Covers(t, "B-2")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates)
	c.SetContinueAsNewSuggested(true)
	large := mustJSON(strings.Repeat("x", 60<<10))
	var queue []workflowapi.Incoming
	for range 50 {
		queue = append(queue, workflowapi.Incoming{Name: "large", Payload: large})
	}
	next := c.runFrom(workflowapi.OrderInput{State: c.state, Queue: queue})
	require.NotNil(t, next)
	require.Less(t, len(mustJSON(next)), 2<<20)
	require.Len(t, c.decided, 50-len(next.Queue))
	require.NotEmpty(t, next.Queue)
}

// A cancel request affects neither the order nor its timer.
func TestCancelRequestLeavesTimersAndOrder(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates, publishes)
	c.RegisterDelayedCallback(c.CancelWorkflow, days)
	c.after(40*days, cancels)
	require.Nil(t, c.run())
	require.Equal(t, []decidedMessage{due(30*days, order.NoticeOverdue)}, c.dues())
	require.Equal(t, order.Cancelled, c.state.Stage)
}

// A deleted draft closes only after its files are removed, however often the removal is retried.
func TestDeletedDraftClosesAfterItsPurge(t *testing.T) {
	acceptance.Covers(t, "S-11")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates)
	c.purging = func(attempt int32) error {
		if attempt < 4 {
			return errors.New("the storage is away")
		}
		return nil
	}
	c.after(0, deletes)
	require.Nil(t, c.run())
	require.Equal(t, []order.Kind{order.Delete, order.EffectFinished}, c.kinds())
	require.Len(t, c.purges, 4)
	require.Equal(t, 1*time.Second+2*time.Second+4*time.Second, c.of(order.EffectFinished)[0].After)
}

// A run that should continue as new waits for its effects until its history has doubled, and then
// cuts them off. The next run starts them again for the same order, and their end counts once.
func TestUnfinishedEffectStartsAgainAfterContinueAsNew(t *testing.T) {
	acceptance.Covers(t, "S-11")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates)
	c.purging = func(int32) error { return activity.ErrResultPending } // runs as long as this run
	c.SetContinueAsNewSuggested(true)
	c.SetCurrentHistoryLength(400)
	c.after(0, deletes)
	c.after(hour, action{aCustomer, "poke", nil})
	c.RegisterDelayedCallback(func() { c.SetCurrentHistoryLength(800) }, 2*hour)
	c.after(3*hour, action{aCustomer, "poke", nil})
	next := c.run()
	require.NotNil(t, next)
	require.Equal(t, []order.Kind{order.Delete, "poke", "poke"}, c.kinds())
	require.Equal(t, 3*hour, c.of("poke")[1].After, "it waits for the effect until the history has doubled")
	require.Len(t, next.State.Effects, 1)

	second := newSimulatedOrder(t, monday.Add(4*hour))
	require.Nil(t, second.runFrom(*next))
	require.Equal(t, []string{next.State.ID}, second.purges)
	require.Equal(t, []order.Kind{order.EffectFinished}, second.kinds())
}

// A requeued message is not lost when the history has just become too long.
func TestReorderedMessageIsNotLostByContinueAsNew(t *testing.T) {
	acceptance.Covers(t, "B-2")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates, publishes)
	first, second := responds.message(monday), chooses.message(monday)
	taken := false
	c.recording = func(in orderactivities.RecordInput) (order.Outcome, error) {
		if in.Kind == order.Choose && !taken { // the record has the response at this place
			taken = true
			return order.Outcome{Verdict: order.Diverged, Other: first.ID}, nil
		}
		return c.decide(in)
	}
	c.SetContinueAsNewSuggested(true)
	queue := []workflowapi.Incoming{
		{Name: string(order.Choose), Payload: mustJSON(second)}, {Name: string(order.Respond), Payload: mustJSON(first)},
	}
	next := c.runFrom(workflowapi.OrderInput{State: c.state, Queue: queue})
	require.NotNil(t, next)
	require.Empty(t, next.Queue)
	require.Equal(t, []order.Kind{order.Respond, order.Choose}, c.kinds())
	require.Equal(t, order.Contracting, next.State.Stage)
}

// A deadline that met a diverged record is decided after the rejoin only if it is still due.
func TestRejoinedOrderDropsAnObsoleteDeadline(t *testing.T) {
	acceptance.Covers(t, "S-14")
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates, publishes, offers)
	withdrawn, err := order.Decide(c.state, action{aCustomer, order.WithdrawOffer, nil}.message(monday.Add(hour)), facts(monday.Add(hour)))
	require.NoError(t, err)
	rejoined := false
	c.recording = func(in orderactivities.RecordInput) (order.Outcome, error) {
		if !rejoined { // the record has the withdrawal of the offer at this place
			return order.Outcome{Verdict: order.Diverged, Other: "another"}, nil
		}
		return c.decide(in)
	}
	c.setRecord([]order.Outcome{withdrawn.Outcome})
	c.RegisterDelayedCallback(func() {
		rejoined = true
		c.SignalWorkflow(workflowapi.RejoinSignal, nil)
	}, 4*days)
	c.after(5*days, cancels)
	require.Nil(t, c.run())
	require.Equal(t, []order.Kind{order.Cancel}, c.kinds())
}

// A violated invariant that only the remote recording met does not block a fixed build.
func TestInvariantErrorInRemoteRecordingIsRetried(t *testing.T) {
	t.Parallel()
	c := newSimulatedOrder(t, monday, creates)
	tries := 0
	c.recording = func(in orderactivities.RecordInput) (order.Outcome, error) {
		switch tries++; {
		case tries <= 3: // the local recording
			return order.Outcome{}, errors.New("the database is away")
		case tries == 4:
			return order.Outcome{}, temporal.NewNonRetryableApplicationError("a rule is broken", failure.TypeInvariant, nil)
		}
		return c.decide(in)
	}
	c.after(0, publishes)
	c.after(days, cancels)
	require.Nil(t, c.run())
	require.Equal(t, []order.Kind{order.Publish, order.Cancel}, c.kinds())
}
