package api

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/config"
	"epkr/internal/ratelimit"
)

// class says what a request costs the platform. Each has a rate of its own.
type class string

const (
	classSignIn class = "sign-in" // a signature, and requests to ЕСИА
	classRead   class = "read"
	classSearch class = "search" // looks at many rows
	classWrite  class = "write"
	classUpload class = "upload"
	classStream class = "stream"
	// The rest is of addresses: of all that comes from one, and of what comes from it without a session.
	classAddress   class = "address"
	classAnonymous class = "anonymous"
)

// classOf is the class of an operation that names none.
func classOf(method string) class {
	if method == http.MethodGet {
		return classRead
	}
	return classWrite
}

func rateOf(l config.Limits, c class) ratelimit.Rate {
	return map[class]ratelimit.Rate{
		classSignIn: l.SignIn, classRead: l.Read, classSearch: l.Search, classWrite: l.Write, classUpload: l.Upload, classStream: l.Stream,
		classAddress: l.Address, classAnonymous: l.Anonymous,
	}[c]
}

// throttle refuses what somebody asks too often, over all API servers.
type throttle struct {
	limits  config.Limits
	limiter *ratelimit.Limiter
	// refusals counts them by class.
	refusals *prometheus.CounterVec
}

func newThrottle(store *db.Store, l config.Limits, refusals *prometheus.CounterVec) *throttle {
	ledger := func(ctx context.Context, key string, r ratelimit.Rate, want int) (int, error) {
		granted, err := store.TakeTokens(ctx, sqlcgen.TakeTokensParams{
			Key: key, PerSecond: r.PerSecond, Burst: float64(r.Burst), Want: int32(want),
		})
		return int(granted), err
	}
	// The clock of the machine: what it measures are seconds, and the bucket fills by the database's.
	return &throttle{limits: l, limiter: ratelimit.New(ledger, time.Now), refusals: refusals}
}

// take counts one request of whom, a person's id or an address. It gives the refusal, nil if there is none.
func (t *throttle) take(ctx context.Context, c class, whom string) error {
	wait, ok := t.limiter.Take(ctx, string(c)+":"+whom, rateOf(t.limits, c))
	if ok {
		return nil
	}
	return t.refuse(c, wait)
}

func (t *throttle) refuse(c class, wait time.Duration) error {
	t.refusals.WithLabelValues(string(c)).Inc()
	code := codeTooManyRequests
	if c == classSignIn {
		code = codeTooManySignIns
	}
	return problem(code).after(wait)
}
