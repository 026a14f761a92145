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

// record is the table of verdicts.
const record = "order_messages"

// inProgress is how many messages are being processed when a process gets the stop signal.
const inProgress = 20

// stream opens a person's event stream and returns a channel that is closed when the server ends
// the stream.
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

// An API server that gets the stop signal answers every open request, ends its streams properly and
// accepts nothing new.
func TestAPIServerEndsGracefully(t *testing.T) {
	p := running(t)
	api, by := p.apis[0], p.people.customers
	require.NoError(t, p.allReady(t.Context()))
	start := api.KeepDown()
	defer start()
	stream := p.stream(t, by[0])
	requests := `select count(*) from requests`
	before := scalar[int](t, p.database, requests)
	release := p.lockTable(t, record)
	type answer struct {
		status int
		err    error
	}
	answers := make(chan answer, inProgress)
	messages := make([]*message, inProgress)
	for i := range inProgress {
		messages[i] = p.newMessage(by[i], i, order.Amend, terms(20+i), form())
		go func() {
			m := messages[i]
			status, err := p.fast(m.by).Do(t.Context(), http.MethodPost, m.path, m.key, m.body(), nil)
			answers <- answer{status, err}
		}()
	}
	eventually(t, time.Minute, "all messages are in progress", func() bool { return scalar[int](t, p.database, requests) == before+inProgress })

	end := make(chan string, 1)
	go func() { end <- api.Stop() }()
	eventually(t, time.Minute, "nothing new is accepted", func() bool {
		status, _ := p.fast(by[0]).Do(t.Context(), http.MethodGet, "/api/orders/"+p.people.orders[0].String(), "", nil, nil)
		return status == 0 || status == http.StatusServiceUnavailable
	})
	release()
	for range inProgress {
		a := <-answers
		require.NotZero(t, a.status, "a request in progress was lost: %v", a.err)
		require.Contains(t, []int{http.StatusOK, http.StatusAccepted, http.StatusConflict}, a.status, a.err)
	}
	require.NoError(t, <-stream, "the stream was not ended properly")
	require.Equal(t, "exit status 0", <-end)
	start()
	require.NoError(t, p.allReady(t.Context()))
	for _, m := range messages {
		p.send(t, m)
	}
	p.check(t)
}

// A worker that gets the stop signal completes the records in progress; the messages that it
// leaves, and those that come meanwhile, are decided later.
func TestWorkerEndsGracefully(t *testing.T) {
	p := running(t)
	require.NoError(t, p.allReady(t.Context()))
	var sent sync.WaitGroup
	defer sent.Wait()
	worker := p.workers[0]
	start := worker.KeepDown()
	defer start()
	startOther := func() {}
	if p.replicated { // only one may have the work
		startOther = p.workers[1].KeepDown()
		defer startOther()
		p.workers[1].Kill()
	}
	release := p.lockTable(t, record)
	defer release()
	messages := make([]*message, inProgress)
	for i := range inProgress {
		m := p.newMessage(p.people.customers[i], i, order.WithdrawOffer, nil, nil)
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
	late := p.newMessage(p.people.customers[inProgress], inProgress, order.WithdrawOffer, nil, nil)
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
	require.GreaterOrEqual(t, recorded, recording, "the records in progress at the stop signal")
	start()
	startOther()
	sent.Wait()
	p.check(t)
}
