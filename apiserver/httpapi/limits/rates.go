// Package limits refuses what somebody asks too often, and works on so many requests of each person at once.
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

// Class says what a request costs the platform. Each has a rate of its own.
type Class string

// The classes of requests.
const (
	SignIn Class = "sign-in" // a signature, and requests to ЕСИА
	Read   Class = "read"
	Search Class = "search" // looks at many rows
	Write  Class = "write"
	Upload Class = "upload"
	Stream Class = "stream"
	// The rest is of addresses: of all that comes from one, and of what comes from it without a session.
	Address   Class = "address"
	Anonymous Class = "anonymous"
)

// ClassOf is the class of an operation that names none.
func ClassOf(method string) Class {
	if method == http.MethodGet {
		return Read
	}
	return Write
}

// RateOf is the rate of a class in the settings.
func RateOf(l config.Limits, c Class) ratelimit.Rate {
	return map[Class]ratelimit.Rate{
		SignIn: l.SignIn, Read: l.Read, Search: l.Search, Write: l.Write, Upload: l.Upload, Stream: l.Stream,
		Address: l.Address, Anonymous: l.Anonymous,
	}[c]
}

// Throttle refuses what somebody asks too often, over all API servers.
type Throttle struct {
	limits  config.Limits
	limiter *ratelimit.Limiter
	// refusals counts them by class.
	refusals *prometheus.CounterVec
}

// NewThrottle keeps its account in the database, which all API servers share, and counts refusals by class.
func NewThrottle(store *db.Store, l config.Limits, refusals *prometheus.CounterVec) *Throttle {
	ledger := func(ctx context.Context, key string, r ratelimit.Rate, want int) (int, error) {
		granted, err := store.TakeTokens(ctx, sqlcgen.TakeTokensParams{
			Key: key, PerSecond: r.PerSecond, Burst: float64(r.Burst), Want: int32(want),
		})
		return int(granted), err
	}
	// The clock of the machine: what it measures are seconds, and the bucket fills by the database's.
	return &Throttle{limits: l, limiter: ratelimit.New(ledger, time.Now), refusals: refusals}
}

// Take counts one request of whom, a person's id or an address. It gives the refusal, nil if there is none.
func (t *Throttle) Take(ctx context.Context, c Class, whom string) error {
	wait, ok := t.limiter.Take(ctx, string(c)+":"+whom, RateOf(t.limits, c))
	if ok {
		return nil
	}
	return t.Refuse(c, wait)
}

// Refuse counts a refusal, and says when another try may succeed.
func (t *Throttle) Refuse(c Class, wait time.Duration) error {
	t.refusals.WithLabelValues(string(c)).Inc()
	code := problems.TooManyRequests
	if c == SignIn {
		code = problems.TooManySignIns
	}
	return problems.New(code).After(wait)
}
