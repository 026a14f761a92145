package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// invalidTerms are refused on the day of start (16.03.2026 in Moscow).
var invalidTerms = []struct {
	date string
	days int
}{
	{"9999-12-31", 0},
	{"2318-01-01", 0},
	{"2036-03-14", 0}, // a day more than 3650
	{"2026-03-15", 0}, // yesterday
	{"0000-01-01", 0},
	{"0001-01-01", 0},
	{"-001-01-01", 0},
	{"2027-02-29", 0}, // no such day
	{"2026-02-30", 0},
	{"2026-13-01", 0},
	{"10000-01-01", 0},
	{"2026-3-20", 0},
	{"20.03.2026", 0},
	{"2026-03-20T00:00:00Z", 0},
	{"", 0},
	{"", -1},
	{"", 3651},
	{"", 1 << 40},
	{"2026-04-01", 10},
}

var validTerms = []struct {
	date string
	days int
}{
	{"2026-03-16", 0}, {"2028-02-29", 0}, {"2036-03-13", 0}, {"", 1}, {"", 3650},
}

// One rule checks every term that people give: of conditions, published and amended, of a response
// and of a contract.
func TestTermsAreBounded(t *testing.T) {
	acceptance.Covers(t, "S-34")
	given := func(date string, days int) map[string]func(order.Code) {
		send := func(l *testOrder, kind order.Kind, who order.Actor, details any) func(order.Code) {
			return func(want order.Code) {
				t.Helper()
				require.Equal(t, want, l.decide(message(kind, who, details)).Code, "%s with %q, %d", kind, date, days)
			}
		}
		conditions := terms()
		conditions.TermDate, conditions.TermDays = date, days
		c := contract(5000, false)
		c.TermDate = date
		sends := map[string]func(order.Code){
			"publish": send(draft(t), order.Publish, customer, conditions),
			"amend":   send(selection(t), order.Amend, customer, conditions),
			"respond": send(selection(t), order.Respond, performer, order.Bid{Price: 1, TermDate: date, TermDays: days}),
		}
		if days == 0 {
			sends["contract"] = send(contracting(t), order.SendContract, performer, c)
		}
		return sends
	}
	for _, row := range invalidTerms {
		for _, send := range given(row.date, row.days) {
			send(order.CodeBadTerm)
		}
	}
	for _, row := range validTerms {
		for _, send := range given(row.date, row.days) {
			send("")
		}
	}
}

func TestTermProblemNamesTheFieldAndTheBounds(t *testing.T) {
	require.Nil(t, order.CheckTerm("2026-03-16", 0, start))
	p := order.CheckTerm("9999-12-31", 0, start)
	require.Equal(t, "termDate", p.Field)
	require.Equal(t, "Укажите дату не раньше 16.03.2026 и не позже 13.03.2036.", p.Reason)
	require.Equal(t, "termDays", order.CheckTerm("", 4000, start).Field)
}

// A contract that an earlier version accepted may have any date; its deadline is limited all the
// same.
func TestOldContractWithoutBoundsGetsABoundedDeadline(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := contractSent(t, contract(0, false))
	l.s.Contract.TermDate = "9999-12-31"
	l.send(order.SignContract, customer, signature())
	require.Equal(t, l.now.Add(order.MaxTermDays*day), l.s.Deadline())
	l.suspend().advance(day)
	l.sendStatus(order.RegistryStatus, true)
	require.False(t, l.s.Deadline().After(l.now.Add(order.MaxTermDays*day)))
}

// A status must not have a date that would make every later one outdated, or that readers cannot
// represent.
func TestStatusTimeIsLimited(t *testing.T) {
	acceptance.Covers(t, "S-16")
	for _, asOf := range []string{
		"9999-12-31T23:59:59Z", "2126-03-16T09:00:00Z", "0000-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "1999-12-31T23:59:59Z",
	} {
		l := inWork(t)
		details := json.RawMessage(`{"engineer": "performer", "active": false, "asOf": "` + asOf + `"}`)
		for kind, who := range map[order.Kind]order.Actor{
			order.RegistryStatus: registry, order.ModeratorStatus: moderator, order.EmployerStatus: employer,
		} {
			require.Equal(t, order.CodeBadDetails, l.decide(message(kind, who, details)).Code, "%s as of %s", kind, asOf)
		}
		l.send(order.RegistryStatus, registry, l.status(false))
	}
}

// The time of receipt in a signal cannot move the order out of the valid range of times.
func TestReceiptTimeIsLimited(t *testing.T) {
	for name, payload := range map[string]string{
		"год 0":     `{"id": "m", "actor": {"role": "customer", "party": "customer"}, "receivedAt": "0000-01-01T00:00:00+14:00"}`,
		"год 10000": `{"id": "m", "actor": {"role": "customer", "party": "customer"}, "receivedAt": "9999-12-31T23:59:59-14:00"}`,
	} {
		require.NotEmpty(t, order.ParseMessage(string(order.Create), []byte(payload)).Unreadable, name)
	}
	s := order.State{ID: "order"}
	m := message(order.Create, customer, nil)
	m.ID, m.ReceivedAt = "message", time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	d := decide(t, s, m, factsFor(&s, m, start))
	require.Equal(t, start.Add(-30*day), d.At)
	m.ReceivedAt = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
	require.Equal(t, start, decide(t, s, m, factsFor(&s, m, start)).At)
}

// Working days are counted one by one, so a very long span must not block a worker.
func TestCountingOfWorkingDaysIsBounded(t *testing.T) {
	started := time.Now()
	order.WorkingBetween(time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	order.WorkingBetween(time.Time{}, time.Date(1<<20, 1, 1, 0, 0, 0, 0, time.UTC))
	order.AddWorking(start, 1<<63-1)
	require.Less(t, time.Since(started), 5*time.Second)
}

func differences(l *testOrder) map[order.DifferenceField]order.Difference {
	found := map[order.DifferenceField]order.Difference{}
	for _, d := range order.ContractDifferences(&l.s, l.now) {
		found[d.Field] = d
	}
	return found
}

func TestContractIsComparedWithWhatWasAgreed(t *testing.T) {
	acceptance.Covers(t, "S-5")
	withBid := func(b order.Bid, c order.ContractTerms) *testOrder {
		l := selection(t)
		l.send(order.Respond, performer, b)
		l.advance(2*day).send(order.Choose, customer, choiceOf(performer)) // on 18.03.2026
		l.advance(3*day).send(order.SendContract, performer, c)
		return l
	}
	until := func(date string) order.ContractTerms {
		c := contract(0, false)
		c.TermDate = date
		return c
	}
	b := order.Bid{Price: 90_000_00, TermDays: 30}

	require.Empty(t, differences(withBid(b, until("2026-04-17"))), "30 days from the choice")
	later := differences(withBid(b, until("2026-05-27")))
	require.Equal(t, map[order.DifferenceField]order.Difference{order.DifferentTerm: {
		Field: order.DifferentTerm, From: order.AgreedInResponse, WasDate: "2026-04-17", WasDays: 30, IsDate: "2026-05-27", Days: 40,
	}}, later, "a contract for 70 days instead of 30")
	require.Equal(t, -7, differences(withBid(b, until("2026-04-10")))[order.DifferentTerm].Days, "an earlier term is reported as well")

	dated := order.Bid{Price: 90_000_00, TermDate: "2026-04-17"}
	require.Empty(t, differences(withBid(dated, until("2026-04-17"))))
	require.Equal(t, 1, differences(withBid(dated, until("2026-04-18")))[order.DifferentTerm].Days)

	cheap := until("2026-04-17")
	cheap.Price = 80_000_00
	price := differences(withBid(b, cheap))[order.DifferentPrice]
	require.Equal(t, order.Kopecks(90_000_00), *price.WasAmount)
	require.Equal(t, order.Kopecks(80_000_00), *price.IsAmount)

	more := contract(5000, true)
	more.TermDate = "2026-04-17"
	found := differences(withBid(b, more))
	require.True(t, found[order.DifferentRegistration].Is)
	require.Equal(t, more.Advance, *found[order.DifferentAdvance].IsAmount)
	require.Len(t, found, 2)
}

func TestContractOfAnOfferIsComparedWithTheConditions(t *testing.T) {
	acceptance.Covers(t, "S-5")
	l := offeredTo(t, offered)
	l.send(order.AcceptOffer, offered, l.currentRevision())
	c := contract(0, false)
	c.TermDate = "2026-04-16"
	l.send(order.SendContract, offered, c)
	d := differences(l)
	require.Len(t, d, 2, "30 days from 16.03 end on 15.04, and the price differs")
	require.Equal(t, order.AgreedInConditions, d[order.DifferentTerm].From)
	require.Equal(t, 1, d[order.DifferentTerm].Days)
}

func TestDifferencesAreListedUntilTheSignature(t *testing.T) {
	acceptance.Covers(t, "S-5")
	l := contracting(t)
	require.Empty(t, differences(l))
	c := contract(0, false)
	c.Price = 1
	l.send(order.SendContract, performer, c)
	require.NotEmpty(t, differences(l))
	l.now = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	require.Equal(t, c.TermDate, differences(l)[order.TermPassed].IsDate, "the contract's term has passed")

	// For a performer chosen before the time of the choice was recorded, the days count from the
	// day of the contract.
	l.s.Performer.Chosen = time.Time{}
	require.Equal(t, "2026-04-05", differences(l)[order.DifferentTerm].WasDate)
	l.send(order.SignContract, customer, signature())
	require.Empty(t, differences(l))
}

// An engineer who accepts an offer agrees to the conditions of the order, whatever he asked for in
// a response.
func TestContractAfterAnOfferIsComparedWithTheOrder(t *testing.T) {
	acceptance.Covers(t, "S-5")
	l := selection(t) // 100 000 roubles, 30 days
	l.send(order.Respond, performer, order.Bid{Price: 150_000_00, TermDays: 90})
	l.send(order.OfferOrder, customer, choiceOf(performer))
	l.send(order.AcceptOffer, performer, l.currentRevision())
	c := contract(0, false)
	c.Price = 150_000_00
	c.TermDate = l.now.AddDate(0, 0, 90).Format(time.DateOnly)
	l.send(order.SendContract, performer, c)
	require.Contains(t, differences(l), order.DifferentPrice)
	require.Contains(t, differences(l), order.DifferentTerm)
}

// Terms in days and terms as dates compare as last days; days count from today until the performer is
// chosen, and then from the day of the choice.
func TestTermsOfResponsesCompareAsLastDays(t *testing.T) {
	acceptance.Covers(t, "S-5", "R-RESP-3")
	dated := terms()
	dated.TermDays, dated.TermDate = 0, "2026-04-10"
	for _, row := range []struct {
		name  string
		terms order.Terms
		bid   order.Bid
		want  order.TermPromise
	}{
		{"days of days", terms(), order.Bid{Price: 1, TermDays: 20}, order.TermPromise{Until: "2026-04-07", Later: -10}},
		{"as many days", terms(), order.Bid{Price: 1, TermDays: 30}, order.TermPromise{Until: "2026-04-17"}},
		{"a date of days", terms(), order.Bid{Price: 1, TermDate: "2026-04-20"}, order.TermPromise{Until: "2026-04-20", Later: 3}},
		{"days of a date", dated, order.Bid{Price: 1, TermDays: 30}, order.TermPromise{Until: "2026-04-17", Later: 7}},
		{"a date of a date", dated, order.Bid{Price: 1, TermDate: "2026-04-10"}, order.TermPromise{Until: "2026-04-10"}},
	} {
		l := draft(t)
		l.send(order.Publish, customer, row.terms)
		l.send(order.Respond, performer, row.bid)
		l.advance(2 * day) // 18.03.2026
		got, comparable := l.s.Promise(l.s.Responses[0], l.now)
		require.True(t, comparable, row.name)
		require.Equal(t, row.want, got, row.name)

		l.send(order.Choose, customer, choiceOf(performer))
		got, _ = l.s.Promise(l.s.Responses[0], l.now.Add(5*day))
		require.Equal(t, row.want, got, "%s: what the customer chose stays", row.name)
	}
	// Just after midnight in Moscow a new day has begun.
	l := responded(t)
	night := time.Date(2026, 3, 17, 21, 0, 0, 0, time.UTC)
	got, _ := l.s.Promise(l.s.Responses[0], night)
	require.Equal(t, "2026-04-07", got.Until)
	got, _ = l.s.Promise(l.s.Responses[0], night.Add(-time.Second))
	require.Equal(t, "2026-04-06", got.Until)
}
