package order_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// badTerms are dates and days that nobody can mean, on the day of start (16.03.2026 in Moscow).
var badTerms = []struct {
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

var goodTerms = []struct {
	date string
	days int
}{
	{"2026-03-16", 0}, {"2028-02-29", 0}, {"2036-03-13", 0}, {"", 1}, {"", 3650},
}

// Every term that people give is held against one rule: of conditions, published and amended, of a response and of a contract.
func TestTermsAreBounded(t *testing.T) {
	acceptance.Covers(t, "S-34")
	given := func(date string, days int) map[string]func(order.Code) {
		send := func(l *life, kind order.Kind, who order.Actor, details any) func(order.Code) {
			return func(want order.Code) {
				t.Helper()
				require.Equal(t, want, l.judge(message(kind, who, details)).Code, "%s with %q, %d", kind, date, days)
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
	for _, row := range badTerms {
		for _, send := range given(row.date, row.days) {
			send(order.CodeBadTerm)
		}
	}
	for _, row := range goodTerms {
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

// A contract that an earlier version took may have any date: its deadline stays one that somebody can wait for.
func TestOldContractWithoutBoundsGetsABoundedDeadline(t *testing.T) {
	acceptance.Covers(t, "S-34")
	l := sent(t, contract(0, false))
	l.s.Contract.TermDate = "9999-12-31"
	l.send(order.SignContract, customer, signature())
	require.Equal(t, l.now.Add(order.MaxTermDays*day), l.s.Deadline())
	l.suspended().wait(day)
	l.word(order.RegistryStatus, true)
	require.False(t, l.s.Deadline().After(l.now.Add(order.MaxTermDays*day)))
}

// A statement on an engineer cannot be from a time that would make every later one old news, or that no reader can write.
func TestStatementsAreFromATimeThatCanBe(t *testing.T) {
	acceptance.Covers(t, "S-16")
	for _, asOf := range []string{
		"9999-12-31T23:59:59Z", "2126-03-16T09:00:00Z", "0000-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "1999-12-31T23:59:59Z",
	} {
		l := workPlain(t)
		details := json.RawMessage(`{"engineer": "performer", "active": false, "asOf": "` + asOf + `"}`)
		for kind, who := range map[order.Kind]order.Actor{
			order.RegistryStatus: registry, order.ModeratorStatus: moderator, order.EmployerStatus: employer,
		} {
			require.Equal(t, order.CodeBadDetails, l.judge(message(kind, who, details)).Code, "%s as of %s", kind, asOf)
		}
		l.send(order.RegistryStatus, registry, l.says(false))
	}
}

// What a signal says of its own receipt moves no order out of its time.
func TestReceiptIsFromATimeThatCanBe(t *testing.T) {
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

// Working days are counted one by one: a span of ages must not hold a worker.
func TestCountingOfWorkingDaysIsBounded(t *testing.T) {
	began := time.Now()
	order.WorkingBetween(time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	order.WorkingBetween(time.Time{}, time.Date(1<<20, 1, 1, 0, 0, 0, 0, time.UTC))
	order.AddWorking(start, 1<<63-1)
	require.Less(t, time.Since(began), 5*time.Second)
}

func differences(l *life) map[order.DifferenceField]order.Difference {
	found := map[order.DifferenceField]order.Difference{}
	for _, d := range order.ContractDifferences(&l.s, l.now) {
		found[d.Field] = d
	}
	return found
}

func TestContractIsComparedWithWhatWasAgreed(t *testing.T) {
	acceptance.Covers(t, "S-5")
	bidden := func(b order.Bid, c order.ContractTerms) *life {
		l := selection(t)
		l.send(order.Respond, performer, b)
		l.wait(2*day).send(order.Choose, customer, pick(performer)) // on 18.03.2026
		l.wait(3*day).send(order.SendContract, performer, c)
		return l
	}
	until := func(date string) order.ContractTerms {
		c := contract(0, false)
		c.TermDate = date
		return c
	}
	b := order.Bid{Price: 90_000_00, TermDays: 30}

	require.Empty(t, differences(bidden(b, until("2026-04-17"))), "30 days from the choice")
	later := differences(bidden(b, until("2026-05-27")))
	require.Equal(t, map[order.DifferenceField]order.Difference{order.DifferentTerm: {
		Field: order.DifferentTerm, From: order.AgreedInResponse, WasDate: "2026-04-17", WasDays: 30, IsDate: "2026-05-27", Days: 40,
	}}, later, "a contract for 70 days against 30")
	require.Equal(t, -7, differences(bidden(b, until("2026-04-10")))[order.DifferentTerm].Days, "earlier is told as well")

	dated := order.Bid{Price: 90_000_00, TermDate: "2026-04-17"}
	require.Empty(t, differences(bidden(dated, until("2026-04-17"))))
	require.Equal(t, 1, differences(bidden(dated, until("2026-04-18")))[order.DifferentTerm].Days)

	cheap := until("2026-04-17")
	cheap.Price = 80_000_00
	price := differences(bidden(b, cheap))[order.DifferentPrice]
	require.Equal(t, order.Kopecks(90_000_00), *price.WasAmount)
	require.Equal(t, order.Kopecks(80_000_00), *price.IsAmount)

	more := contract(5000, true)
	more.TermDate = "2026-04-17"
	found := differences(bidden(b, more))
	require.True(t, found[order.DifferentRegistration].Is)
	require.Equal(t, more.Advance, *found[order.DifferentAdvance].IsAmount)
	require.Len(t, found, 2)
}

func TestContractOfAnOfferIsComparedWithTheConditions(t *testing.T) {
	acceptance.Covers(t, "S-5")
	l := offeredTo(t, offered)
	l.send(order.AcceptOffer, offered, l.seen())
	c := contract(0, false)
	c.TermDate = "2026-04-16"
	l.send(order.SendContract, offered, c)
	d := differences(l)
	require.Len(t, d, 2, "30 days from 16.03 are 15.04, and the price is another")
	require.Equal(t, order.AgreedInConditions, d[order.DifferentTerm].From)
	require.Equal(t, 1, d[order.DifferentTerm].Days)
}

func TestDifferencesAreForWhoStillHasToSign(t *testing.T) {
	acceptance.Covers(t, "S-5")
	l := contracting(t)
	require.Empty(t, differences(l))
	c := contract(0, false)
	c.Price = 1
	l.send(order.SendContract, performer, c)
	require.NotEmpty(t, differences(l))
	l.now = time.Date(2026, 7, 1, 9, 0, 0, 0, time.UTC)
	require.Equal(t, c.TermDate, differences(l)[order.TermPassed].IsDate, "it is signed after its term")

	// A performer chosen before the day of the choice was kept: the days count from the day of the contract.
	l.s.Performer.Chosen = time.Time{}
	require.Equal(t, "2026-04-05", differences(l)[order.DifferentTerm].WasDate)
	l.send(order.SignContract, customer, signature())
	require.Empty(t, differences(l))
}

// Who accepts an offer agrees to the conditions of the order, whatever he had asked for in a response.
func TestContractAfterAnOfferIsComparedWithTheOrder(t *testing.T) {
	acceptance.Covers(t, "S-5")
	l := selection(t) // 100 000 roubles, 30 days
	l.send(order.Respond, performer, order.Bid{Price: 150_000_00, TermDays: 90})
	l.send(order.OfferOrder, customer, pick(performer))
	l.send(order.AcceptOffer, performer, l.seen())
	c := contract(0, false)
	c.Price = 150_000_00
	c.TermDate = l.now.AddDate(0, 0, 90).Format(time.DateOnly)
	l.send(order.SendContract, performer, c)
	require.Contains(t, differences(l), order.DifferentPrice)
	require.Contains(t, differences(l), order.DifferentTerm)
}
