package goskey_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/apiserver/apitest"
	"epkr/apiserver/goskey"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// A worker that dies before the number is recorded, or after the document was sent, and workers that do
// the same work at once, send one document. A worker that stops while the person thinks loses nothing.
func TestKilledWorkersSendOneDocument(t *testing.T) {
	acceptance.Covers(t, "S-36")
	s := start(t)
	s.stopWorker()
	request := s.begin().ID
	activities, id := s.Goskey.Activities(), request.String()

	holder, err := s.Database.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = holder.ExecContext(t.Context(), `select from goskey_requests where id = $1 for update`, request)
	require.NoError(t, err)
	dying, kill := context.WithCancel(t.Context())
	died := make(chan error)
	go func() {
		_, err := activities.Reserve(dying, id)
		died <- err
	}()
	testenv.Eventually(t, "the number waits to be recorded", func() bool {
		return apitest.Value[bool](s.Platform, `select exists (select from pg_locks where not granted)`)
	})
	kill()
	require.Error(t, <-died)
	require.NoError(t, holder.Rollback())
	number := func() *int64 {
		return apitest.Value[*int64](s.Platform, `select goskey_order from goskey_requests where id = $1`, request)
	}
	require.Nil(t, number())

	atOnce := func(run func() error) {
		var all sync.WaitGroup
		failures := make([]error, 4)
		for i := range failures {
			all.Go(func() { failures[i] = run() })
		}
		all.Wait()
		for _, err := range failures {
			require.NoError(t, err)
		}
	}
	atOnce(func() error { _, err := activities.Reserve(t.Context(), id); return err })
	reserved := number()
	require.NotNil(t, reserved)
	require.Empty(t, s.Goskey.Sent())
	atOnce(func() error { _, err := activities.Submit(t.Context(), id); return err })
	require.Equal(t, []int64{*reserved}, s.Goskey.Sent())
	_, err = activities.Reserve(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, reserved, number())

	stop := s.StartWorker()
	require.Equal(t, *reserved, s.arrives())
	stop()
	require.NoError(t, s.Goskey.Sign(*reserved))
	s.StartWorker()
	s.awaitState(goskey.Applied)
	require.Equal(t, []int64{*reserved}, s.Goskey.Sent())
	require.Equal(t, order.Work, s.customer.Card(s.order).Stage.Code)
}

// The steps after the answer count once, however often they run.
func TestRepeatedDeliveryCountsOnce(t *testing.T) {
	acceptance.Covers(t, "S-36")
	s := start(t)
	request := s.begin().ID
	number := s.arrives()
	s.stopWorker()
	require.NoError(t, s.Goskey.Sign(number))
	activities := s.Goskey.Activities()
	for range 2 {
		_, err := activities.TakeSignature(t.Context(), request.String())
		require.NoError(t, err)
	}
	require.Equal(t, 1, apitest.Value[int](s.Platform, `select count(*) from files where name = 'договор.pdf.sig' and uploader_role = 'customer'`))
	// A delivery that dies after it has sent the message: nobody decides it yet.
	dying, kill := context.WithCancel(t.Context())
	died := make(chan error)
	in := workflowapi.GoskeySignatureInput{RequestID: request.String(), Attempts: 1}
	go func() {
		_, err := activities.Deliver(dying, in)
		died <- err
	}()
	testenv.Eventually(t, "the message is written down", func() bool {
		return apitest.Value[bool](s.Platform, `select exists (select from requests where message_id = $1)`, workflowapi.GoskeyMessageID(request, 1))
	})
	kill()
	require.Error(t, <-died)
	s.StartWorker()
	// The workflow has not seen what was done beside it.
	require.NoError(t, workflowapi.Send(t.Context(), testenv.Temporal(t), workflowapi.GoskeyChanged(request)))
	s.awaitState(goskey.Applied)
	for range 2 {
		p, err := activities.Deliver(t.Context(), in)
		require.NoError(t, err)
		require.True(t, p.Ended)
	}
	require.Equal(t, 1, apitest.Value[int](s.Platform, `select count(*) from order_messages where order_id = $1 and kind = 'sign-contract'`, s.order))
}

// While ЕПГУ does not answer, the platform repeats its calls; while nothing is awaited it makes none.
func TestOutageAndSilence(t *testing.T) {
	acceptance.Covers(t, "S-36")
	s := start(t)
	s.Goskey.Down.Store(true)
	s.begin()
	testenv.Eventually(t, "the call is repeated", func() bool { return s.Goskey.Calls.Load() > 1 })
	require.Equal(t, goskey.Sending, s.awaitState(goskey.Sending).State)
	s.Goskey.Down.Store(false)
	number := s.arrives()
	require.NoError(t, s.Goskey.Sign(number))
	s.awaitState(goskey.Applied)
	temporal := testenv.Temporal(t)
	require.NoError(t, temporal.GetWorkflow(t.Context(), workflowapi.GoskeyPollID(s.TaskQueue), "").Get(t.Context(), nil), "the poll ends")
	calls := s.Goskey.Calls.Load()
	p, err := s.Goskey.Activities().Poll(t.Context(), time.Time{})
	require.NoError(t, err)
	require.False(t, p.Waits)
	require.Equal(t, calls, s.Goskey.Calls.Load())
}
