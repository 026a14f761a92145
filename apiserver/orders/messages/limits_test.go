package messages

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/apiserver/httpapi/problems"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

// A signal is measured as it is sent, without HTML escaping. A signal that is too large is refused
// with the name of the field, and nothing is stored.
func TestSignalIsMeasuredBeforeItIsStored(t *testing.T) {
	t.Parallel()
	actor := order.Actor{Role: order.RoleEngineer, Person: uuid.NewString(), Party: uuid.NewString()}
	build := func(way string) error {
		m := messageRequest{kind: order.SubmitResults, order: uuid.New(), key: "k", details: order.ResultsDelivery{Way: order.Way(way)}}
		require.NoError(t, m.assignID(actor, uuid.MustParse(actor.Person)))
		return m.buildSignal(actor, time.Now())
	}
	require.NoError(t, build(strings.Repeat("<", 60<<10)), "six times as much once escaped")
	var p *problems.Problem
	require.ErrorAs(t, build(strings.Repeat("x", 64<<10)), &p)
	require.Equal(t, http.StatusRequestEntityTooLarge, p.Status)
	require.Equal(t, problems.MessageTooLarge, p.Code)
	require.Equal(t, "details.way", p.Errors[0].Field)
}

// Strangers share separate limits and do not use up those of the order's parties.
func TestLimitsOfAnOrder(t *testing.T) {
	t.Parallel()
	require.True(t, openToStrangers(order.Respond))
	require.False(t, openToStrangers(order.AcceptOffer))
	require.False(t, openToStrangers(order.Choose))
	for name, c := range map[string]struct {
		stranger bool
		kept     sqlcgen.InsertRequestRow
		bytes    int
		code     string
	}{
		"nothing waits":          {false, sqlcgen.InsertRequestRow{}, 60_000, ""},
		"one sender's":           {false, sqlcgen.InsertRequestRow{OwnWaiting: 50}, 1, problems.TooManyPending},
		"one sender's bytes":     {false, sqlcgen.InsertRequestRow{OwnBytes: 320 << 10}, 1, problems.TooManyPending},
		"all senders'":           {false, sqlcgen.InsertRequestRow{Waiting: 100}, 1, problems.OrderBusy},
		"all senders' bytes":     {false, sqlcgen.InsertRequestRow{WaitingBytes: 640 << 10}, 1, problems.OrderBusy},
		"a stranger's":           {true, sqlcgen.InsertRequestRow{OwnWaiting: 10}, 1, problems.TooManyPending},
		"all strangers'":         {true, sqlcgen.InsertRequestRow{Waiting: 50}, 1, problems.OrderBusy},
		"strangers' in a minute": {true, sqlcgen.InsertRequestRow{Lately: 60}, 1, problems.OrderBusy},
		"a stranger's in a day":  {true, sqlcgen.InsertRequestRow{OwnToday: 100}, 1, problems.TooManyToday},
	} {
		err := limitsOf(c.stranger).check(c.kept, c.bytes)
		if c.code == "" {
			require.NoError(t, err, name)
			continue
		}
		var p *problems.Problem
		require.ErrorAs(t, err, &p, name)
		require.Equal(t, c.code, p.Code, name)
		require.Equal(t, http.StatusTooManyRequests, p.Status, name)
	}
	bytes := strangerLimits.bytes + partyLimits.bytes
	require.Less(t, bytes, int64(1<<20), "the waiting messages of both fit completely into the next run of an order")
}
