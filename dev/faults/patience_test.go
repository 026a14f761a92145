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

// counted are the requests of all browsers; each comes to an end within a limit, and the book knows how.
type counted struct {
	*http.Transport
	book *book
}

// equip makes what people ask the platform with.
func (p *platform) equip() {
	network := counted{Transport: &http.Transport{MaxIdleConnsPerHost: 256, ResponseHeaderTimeout: 40 * time.Second}, book: p.book}
	p.once, p.patient = &http.Client{Transport: network}, &http.Client{Transport: &patient{counted: network, apis: p.hosts}}
}

// hasty is the same person at a browser that takes the first API server's first answer, or none, for the last.
func (p *platform) hasty(by person) person {
	by.HTTP = p.once
	return by
}

// RoundTrip reads the whole answer: one that broke off is none.
func (c counted) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := c.Transport.RoundTrip(request)
	if err != nil {
		c.book.count(shortly(err))
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		c.book.count(shortly(err))
		return nil, err
	}
	c.book.count(http.StatusText(response.StatusCode))
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

// shortly is the kind of a failure of the network.
func shortly(err error) string {
	for _, kind := range []string{"refused", "reset", "EOF", "deadline", "timeout"} {
		if strings.Contains(err.Error(), kind) {
			return "no answer: " + kind
		}
	}
	return "no answer: " + err.Error()
}

// patient sends a request until whoever should answer it is there and has room for it. Each try goes to the next API server.
type patient struct {
	counted
	apis  func() []string // hosts and ports of those that run
	tries atomic.Int64
}

func (p *patient) RoundTrip(request *http.Request) (*http.Response, error) {
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
		response, err := p.counted.RoundTrip(try)
		if err == nil && response.StatusCode < 500 && response.StatusCode != http.StatusTooManyRequests {
			return response, nil
		}
		if browser.Pause(request.Context(), retryPause) != nil {
			return response, err
		}
	}
}

// hosts are those of the API servers that run.
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
