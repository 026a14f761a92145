package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

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

// classes are those that the method of an operation does not tell.
var classes = map[string]class{
	"begin-login": classSignIn, "finish-login": classSignIn,
	"list-orders": classSearch, "list-open-orders": classSearch, "list-candidates": classSearch, "get-history": classSearch,
	"list-documents": classSearch, "list-responses": classSearch,
	"list-moderated-engineers": classSearch, "list-admission-history": classSearch, "list-registry-runs": classSearch,
	"begin-upload": classUpload, "sign-part": classUpload, "complete-upload": classUpload,
	"follow-events": classStream,
}

func classOf(op huma.Operation) class {
	if known, found := classes[op.OperationID]; found {
		return known
	}
	if op.Method == http.MethodGet {
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
	metrics *metrics
}

func newThrottle(d Dependencies, m *metrics) *throttle {
	ledger := func(ctx context.Context, key string, r ratelimit.Rate, want int) (int, error) {
		granted, err := d.Store.TakeTokens(ctx, sqlcgen.TakeTokensParams{
			Key: key, PerSecond: r.PerSecond, Burst: float64(r.Burst), Want: int32(want),
		})
		return int(granted), err
	}
	// The clock of the machine: what it measures are seconds, and the bucket fills by the database's.
	return &throttle{limits: d.Config.Limits, limiter: ratelimit.New(ledger, time.Now), metrics: m}
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
	t.metrics.throttled.WithLabelValues(string(c)).Inc()
	code := codeTooManyRequests
	if c == classSignIn {
		code = codeTooManySignIns
	}
	return problem(code).after(wait)
}
