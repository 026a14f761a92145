package faults

import (
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// record is the table of the verdicts.
const record = "order_messages"

// inHand is how many messages are being worked on when a process is told to end.
const inHand = 20

// stream opens a person's events and gives the channel that closes when the server ends them.
func (p *platform) stream(t *testing.T, by person) <-chan error {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.urls[0]+"/api/events", nil)
	require.NoError(t, err)
	request.Header.Set("Cookie", "epkr_session="+by.Session)
	response, err := (&http.Client{Transport: &http.Transport{}}).Do(request)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode)
	ended := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, response.Body)
		ended <- err
		response.Body.Close()
	}()
	return ended
}

// An API server that is told to end answers every request that it has, ends its streams properly and takes nothing new.
func TestAPIServerEndsGracefully(t *testing.T) {
	p := running(t)
	api, by := p.apis[0], p.people.customers
	require.NoError(t, p.allReady(t.Context()))
	start := api.KeepDown()
	defer start()
	stream := p.stream(t, by[0])
	requests := `select count(*) from requests`
	before := scalar[int](t, p.database, requests)
	release := p.hold(t, record)
	type answer struct {
		status int
		err    error
	}
	answers := make(chan answer, inHand)
	messages := make([]*message, inHand)
	for i := range inHand {
		messages[i] = p.compose(by[i], i, order.Amend, terms(20+i), form())
		go func() {
			m := messages[i]
			status, err := p.hasty(m.by).Ask(t.Context(), http.MethodPost, m.path, m.key, m.body(), nil)
			answers <- answer{status, err}
		}()
	}
	eventually(t, time.Minute, "all messages are in hand", func() bool { return scalar[int](t, p.database, requests) == before+inHand })

	end := make(chan string, 1)
	go func() { end <- api.Stop() }()
	eventually(t, time.Minute, "nothing new is taken", func() bool {
		status, _ := p.hasty(by[0]).Ask(t.Context(), http.MethodGet, "/api/orders/"+p.people.orders[0].String(), "", nil, nil)
		return status == 0 || status == http.StatusServiceUnavailable
	})
	release()
	for range inHand {
		a := <-answers
		require.NotZero(t, a.status, "a request in hand was lost: %v", a.err)
		require.Contains(t, []int{http.StatusOK, http.StatusAccepted, http.StatusConflict}, a.status, a.err)
	}
	require.NoError(t, <-stream, "the stream was broken off")
	require.Equal(t, "exit status 0", <-end)
	start()
	require.NoError(t, p.allReady(t.Context()))
	for _, m := range messages {
		p.send(t, m)
	}
	p.check(t)
}

// A worker that is told to end finishes what it is recording; what it leaves, and what comes meanwhile, is judged all the same.
func TestWorkerEndsGracefully(t *testing.T) {
	p := running(t)
	require.NoError(t, p.allReady(t.Context()))
	var sent sync.WaitGroup
	defer sent.Wait()
	worker := p.workers[0]
	start := worker.KeepDown()
	defer start()
	startOther := func() {}
	if p.replicated { // only one is to have the work
		startOther = p.workers[1].KeepDown()
		defer startOther()
		p.workers[1].Kill()
	}
	release := p.hold(t, record)
	defer release()
	messages := make([]*message, inHand)
	for i := range inHand {
		m := p.compose(p.people.customers[i], i, order.WithdrawOffer, nil, nil)
		m.signalled, messages[i] = true, m
		sent.Go(func() { p.send(t, m) })
	}
	eventually(t, time.Minute, "the worker records", func() bool { return p.waiting(t, record) > 0 })

	end := make(chan string, 1)
	go func() { end <- worker.Stop() }()
	eventually(t, time.Minute, "the worker is ending", func() bool {
		_, err := http.Get(p.workerURL + "/healthz")
		return err != nil
	})
	late := p.compose(p.people.customers[inHand], inHand, order.WithdrawOffer, nil, nil)
	late.signalled = true
	sent.Go(func() { p.send(t, late) })
	recording := p.waiting(t, record)
	require.Positive(t, recording)
	release()
	require.Equal(t, "exit status 0", <-end)
	recorded := 0
	for _, m := range messages {
		recorded += scalar[int](t, p.database, `select count(*) from order_messages where id = $1`, m.id)
	}
	require.GreaterOrEqual(t, recorded, recording, "what the worker was recording when it was told to end")
	start()
	startOther()
	sent.Wait()
	p.check(t)
}
