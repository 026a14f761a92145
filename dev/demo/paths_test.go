package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/demo/play"
	"epkr/internal/acceptance"
	"epkr/internal/order"
)

// The paths themselves check every step: who may do what, its result, and the card. The tests check
// afterwards that the row, the record, the workflow and the notifications agree.

func TestOrderWithPrepaymentAndRegistration(t *testing.T) {
	acceptance.Covers(t, "T-1", "T-2", "T-5", "T-6", "T-11", "T-12", "T-13", "T-14", "T-15", "T-16b",
		"T-18", "T-19", "T-20", "T-21", "R-PREP-5", "R-GEN-10", "R-GKU-1", "R-GKU-3", "S-12", "S-20")
	p := startPlatform(t)
	played := p.play("registration")
	require.Len(t, played, 1)
	o := played[0]
	require.Equal(t, order.Completed, o.State.Stage)
	require.Equal(t, 5, o.State.Rating.Mark)
	p.check(o)
	require.Equal(t, []string{
		"form", "contract", "contract-signature", "contract-signature", "prepayment-invoice", "prepayment-receipt", "result",
		"registration-result", "act", "act-signature", "invoice", "act-signature", "receipt",
	}, query[string](p, "select kind from documents where order_id = $1 order by seq, n", o.ID))
}

func TestOrderWithoutPrepaymentAndRegistration(t *testing.T) {
	acceptance.Covers(t, "T-3", "T-4", "T-16a", "R-PREP-4", "R-WORK-4", "S-1", "B-1", "B-2", "B-5")
	p := startPlatform(t)
	played := p.play("plain")
	require.Len(t, played, 1)
	require.Equal(t, order.Completed, played[0].State.Stage)
	require.Nil(t, played[0].State.Prepayment)
	p.check(played[0])
}

func TestOrderWithDisagreements(t *testing.T) {
	acceptance.Covers(t, "T-7", "S-7", "S-19", "S-24", "S-38")
	p := startPlatform(t)
	played := p.play("rework")
	require.Len(t, played, 1)
	require.Equal(t, order.Completed, played[0].State.Stage)
	require.Equal(t, 2, played[0].State.Rounds)
	require.Equal(t, 1, played[0].State.Payment.Refuted)
	p.check(played[0])
}

func TestCancellationRacesWithSignature(t *testing.T) {
	acceptance.Covers(t, "T-9", "S-12", "S-13", "R-CANC-2")
	p := startPlatform(t)
	played := p.play("race")
	require.Len(t, played, 2)
	for _, o := range played {
		require.Equal(t, order.Cancelled, o.State.Stage)
		signed := o.State.Contract != nil && o.State.Contract.CustomerSignature != nil
		require.Equal(t, signed, o.State.Cause == order.ByAgreement, "a signed order ends only by agreement")
		p.check(o)
	}
}

func TestAmendedOrderNeedsNewAgreement(t *testing.T) {
	acceptance.Covers(t, "T-8", "S-9", "S-10", "R-CUST-6", "R-CANC-1")
	p := startPlatform(t)
	played := p.play("amend")
	require.Len(t, played, 1)
	require.Equal(t, order.Cancelled, played[0].State.Stage)
	require.Equal(t, 4, played[0].State.Revision)
	p.check(played[0])
}

func TestEngineerDroppedByTheRegistryAndRestored(t *testing.T) {
	acceptance.Covers(t, "S-16", "S-17", "S-18", "R-SUSP-1", "T-22")
	p := startPlatform(t)
	played := p.play("registry")
	require.Len(t, played, 4)
	for i, stage := range []order.Stage{order.Cancelled, order.Cancelled, order.Completed, order.Completed} {
		require.Equal(t, stage, played[i].State.Stage)
		p.check(played[i])
	}
	require.Equal(t, []int64{7}, query[int64](p, "select count(*) from order_messages where kind = 'registry-status'"),
		"four orders are notified of the exclusion, the three that he performs of the return")
}

func TestDemonstrationCanBeRepeated(t *testing.T) {
	p := startPlatform(t)
	// The platform is opened by another host name than its public one, as a person may type it.
	address := strings.Replace(p.url, "127.0.0.1", "localhost", 1) + "/"
	env := func(name string) string { return map[string]string{"EPKR_PUBLIC_URL": address}[name] }
	for range 2 {
		var out bytes.Buffer
		require.NoError(t, run(t.Context(), env, []string{"plain"}, &out), out.String())
		require.Contains(t, out.String(), "Вход через ЕСИА")
		require.Contains(t, out.String(), "→ «Завершен»")
		require.Contains(t, out.String(), "пройден")
	}
	require.Equal(t, []int64{2}, query[int64](p, "select count(*) from orders where stage = 'completed'"))
}

func TestDemonstrationFailsWithTheReason(t *testing.T) {
	p := startPlatform(t)
	query[int64](p, "update engineers set blocked = true where array['16'] = regions returning 1::bigint")
	var out bytes.Buffer
	err := run(t.Context(), func(name string) string { return map[string]string{"EPKR_PUBLIC_URL": p.url}[name] }, []string{"plain"}, &out)
	require.ErrorContains(t, err, play.Paths()[1].Title)
	require.Contains(t, out.String(), "НЕ ПРОЙДЕН")
}
