// Package limits refuses requests above a rate and limits the concurrent requests of each person.
package limits

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"epkr/apiserver/httpapi/problems"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/config"
	"epkr/internal/ratelimit"
)

// Class is the cost class of a request. Each class has its own rate.
type Class string

// The classes of requests.
const (
	SignIn Class = "sign-in" // costs a signature and requests to ЕСИА
	Read   Class = "read"
	Search Class = "search" // reads many rows
	Write  Class = "write"
	Upload Class = "upload"
	Stream Class = "stream"
	Check  Class = "check" // uploads a document and checks a signature, by address
	// The following classes count by address: all requests from it, and those without a session.
	Address   Class = "address"
	Anonymous Class = "anonymous"
)

// ClassOf returns the default class of an operation.
func ClassOf(method string) Class {
	if method == http.MethodGet {
		return Read
	}
	return Write
}

// RateOf returns the rate of a class in the settings.
func RateOf(l config.Limits, c Class) ratelimit.Rate {
	return map[Class]ratelimit.Rate{
		SignIn: l.SignIn, Read: l.Read, Search: l.Search, Write: l.Write, Upload: l.Upload, Stream: l.Stream, Check: l.Check,
		Address: l.Address, Anonymous: l.Anonymous,
	}[c]
}

// Throttle refuses requests above a rate, counted over all API servers.
type Throttle struct {
	limits  config.Limits
	limiter *ratelimit.Limiter
	// refusals counts refusals by class.
	refusals *prometheus.CounterVec
}

// NewThrottle returns a throttle that counts in the database, which all API servers share, and
// counts refusals by class.
func NewThrottle(store *db.Store, l config.Limits, refusals *prometheus.CounterVec) *Throttle {
	ledger := func(ctx context.Context, key string, r ratelimit.Rate, want int) (int, error) {
		granted, err := store.TakeTokens(ctx, sqlcgen.TakeTokensParams{
			Key: key, PerSecond: r.PerSecond, Burst: float64(r.Burst), Want: int32(want),
		})
		return int(granted), err
	}
	// The machine's clock measures only seconds between calls; the bucket refills by the clock of
	// the database.
	return &Throttle{limits: l, limiter: ratelimit.New(ledger, time.Now), refusals: refusals}
}

// Take counts one request of whom, which is a person's id or an address. It returns the refusal, or
// nil.
func (t *Throttle) Take(ctx context.Context, c Class, whom string) error {
	wait, ok := t.limiter.Take(ctx, string(c)+":"+whom, RateOf(t.limits, c))
	if ok {
		return nil
	}
	return t.Refuse(c, wait)
}

// Refuse counts a refusal and returns it with the time after which to retry.
func (t *Throttle) Refuse(c Class, wait time.Duration) error {
	t.refusals.WithLabelValues(string(c)).Inc()
	code := problems.TooManyRequests
	if c == SignIn {
		code = problems.TooManySignIns
	}
	return problems.New(code).After(wait)
}
