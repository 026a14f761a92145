package faults

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"epkr/dev/browser"
)

// countingTransport counts the results of all browsers' requests in the ledger; each request has a
// time limit.
type countingTransport struct {
	*http.Transport
	ledger *ledger
}

// initClients makes the HTTP clients of the users.
func (p *platform) initClients() {
	network := countingTransport{Transport: &http.Transport{MaxIdleConnsPerHost: 256, ResponseHeaderTimeout: 40 * time.Second}, ledger: p.ledger}
	p.once, p.patient = &http.Client{Transport: network}, &http.Client{Transport: &retryingTransport{countingTransport: network, apis: p.hosts}}
}

// fast returns the same person with a browser that sends each request once, to the first API
// server.
func (p *platform) fast(by person) person {
	by.HTTP = p.once
	return by
}

// RoundTrip reads the whole response; an incomplete one is an error.
func (c countingTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := c.Transport.RoundTrip(request)
	if err != nil {
		c.ledger.count(errorKind(err))
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.ledger.count(errorKind(err))
		return nil, err
	}
	c.ledger.count(http.StatusText(response.StatusCode))
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// errorKind returns the kind of a network failure.
func errorKind(err error) string {
	for _, kind := range []string{"refused", "reset", "EOF", "deadline", "timeout"} {
		if strings.Contains(err.Error(), kind) {
			return "no answer: " + kind
		}
	}
	return "no answer: " + err.Error()
}

// retryingTransport repeats a request until an API server answers it and is not overloaded. Each
// try goes to the next API server.
type retryingTransport struct {
	countingTransport
	apis  func() []string // hosts and ports of the running API servers
	tries atomic.Int64
}

func (p *retryingTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	for {
		try := request.Clone(request.Context())
		if apis := p.apis(); slices.Contains(apis, try.URL.Host) {
			try.URL.Host = apis[p.tries.Add(1)%int64(len(apis))]
		}
		if request.GetBody != nil {
			var err error
			if try.Body, err = request.GetBody(); err != nil {
				return nil, err
			}
		}
		response, err := p.countingTransport.RoundTrip(try)
		if err == nil && response.StatusCode < 500 && response.StatusCode != http.StatusTooManyRequests {
			return response, nil
		}
		if browser.Pause(request.Context(), retryPause) != nil {
			return response, err
		}
	}
}

// hosts returns the hosts of the running API servers.
func (p *platform) hosts() []string {
	running := p.urls[:1]
	if p.replicated {
		running = p.urls
	}
	hosts := make([]string, 0, replicas)
	for _, url := range running {
		hosts = append(hosts, strings.TrimPrefix(url, "http://"))
	}
	return hosts
}
