package faults

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/prometheus/procfs"
	"github.com/stretchr/testify/require"

	"epkr/dev/browser"
	"epkr/dev/stack"
	"epkr/internal/order"
)

const (
	// hostileTime is how long the attack of one person, and then of three, lasts.
	hostileTime = time.Minute
	// hostileThreads is how many requests of each kind one attacker has open at a time.
	hostileThreads = 8
	// quietTime is how long the others are measured alone, before and after the attack, because the
	// machine may become slower by itself.
	quietTime = 10 * time.Second
	// turnPause is the pause between two turns of an honest person. A turn is three requests, which
	// is more than a person sends and within the limits.
	turnPause = 500 * time.Millisecond
	// slower is how many times longer than without the attack the others may wait. Below leastP95
	// differences are noise of the machine.
	slower   = 3
	leastP95 = 50 * time.Millisecond
	// maxResident limits the memory of the API and of the worker during the attack, in bytes.
	maxResident = 256 << 20
)

// One person, then three, attack the public API. All other orders keep working, the others wait
// hardly longer, memory is limited, and the metrics show operators what is refused.
func TestHostileLoad(t *testing.T) {
	p := running(t)
	honest := p.honest(t)
	p.measure(t, honest, 3*time.Second) // warm-up
	for _, attackers := range []int{1, 3} {
		quiet := p.measure(t, honest, quietTime)
		p.logf("quiet: %s", quiet)
		before := p.throttled(t)
		ctx, end := context.WithCancel(t.Context())
		var attack sync.WaitGroup
		hits := &tally{counts: map[string]int{}}
		for n := range attackers {
			a := p.attacker(n)
			attack.Go(func() { a.attack(ctx, hits) })
		}
		memory := p.watchMemory(ctx, t)
		under := p.measure(t, honest, hostileTime)
		end()
		attack.Wait()
		top := memory()
		p.logf("%d hostile: %s; %s; resident at most: apiserver %d MB, worker %d MB; refused by limits: %.0f", attackers, under, hits, top[0]>>20, top[1]>>20, p.throttled(t)-before)
		require.Zero(t, under.failed, "requests of the others failed")
		after := p.measure(t, honest, quietTime)
		p.logf("quiet again: %s", after)
		require.LessOrEqual(t, under.p95, slower*max(quiet.p95, after.p95, leastP95), "the others wait too long")
		require.Less(t, top[0], int64(maxResident), "the API's memory")
		require.Less(t, top[1], int64(maxResident), "the worker's memory")
		require.Greater(t, p.throttled(t), before, "the metrics show the refusals")
	}
	require.Zero(t, p.apis[0].Ends()+p.workers[0].Ends(), "a process ended by itself")
	p.check(t)
}

// honestPerson is a customer who works with his own order as people do.
type honestPerson struct {
	person
	i int
}

func (p *platform) honest(t *testing.T) []honestPerson {
	t.Helper()
	var all []honestPerson
	for i := range 16 {
		all = append(all, honestPerson{p.people.customers[i], i})
	}
	return all
}

// waits are the durations of the others' requests.
type waits struct {
	n, failed int
	p50, p95  time.Duration
}

func (w waits) String() string {
	return fmt.Sprintf("%d requests of the others, %d failed, median %d ms, p95 %d ms", w.n, w.failed, w.p50.Milliseconds(), w.p95.Milliseconds())
}

// measure makes each of the others read his card, his list and his notifications, and amend his
// order, with pauses between.
func (p *platform) measure(t *testing.T, who []honestPerson, during time.Duration) waits {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), during)
	defer cancel()
	var mu sync.Mutex
	var took []time.Duration
	var failed int
	do := func(do func() error) {
		began := time.Now()
		err := do()
		mu.Lock()
		defer mu.Unlock()
		if took = append(took, time.Since(began)); err != nil {
			failed++
			t.Logf("an honest person: %v", err)
		}
	}
	var all sync.WaitGroup
	for _, one := range who {
		h := one
		h.person = p.fast(one.person)
		all.Go(func() {
			for turn := 0; browser.Pause(ctx, turnPause) == nil; turn++ {
				path := "/api/orders/" + p.people.orders[h.i].String()
				do(func() error { return h.Get(t.Context(), path, nil) })
				do(func() error { return h.Get(t.Context(), "/api/orders", nil) })
				do(func() error { return h.Get(t.Context(), "/api/notifications", nil) })
				if turn%5 == 0 {
					m := p.newMessage(h.person, h.i, order.Amend, terms(20+turn%40), form())
					do(func() error { p.send(t, m); return nil })
				}
			}
		})
	}
	all.Wait()
	slices.Sort(took)
	require.NotEmpty(t, took)
	return waits{n: len(took), failed: failed, p50: took[len(took)/2], p95: took[len(took)*95/100]}
}

// tally counts the answers to an attacker.
type tally struct {
	mu     sync.Mutex
	counts map[string]int
}

func (h *tally) add(what string, status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.counts[what+" "+strconv.Itoa(status)]++
}

func (h *tally) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return fmt.Sprint(h.counts)
}

// attacker is a customer with an order of his own.
type attacker struct {
	p     *platform
	by    person
	order string
	http  *http.Client
}

func (p *platform) attacker(n int) *attacker {
	i := orders - 1 - n
	p.hostile[p.people.orders[i]] = true
	return &attacker{p: p, by: p.people.customers[i], order: p.people.orders[i].String(), http: &http.Client{
		Timeout: 20 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 200},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// A pause keeps the attackers' own processor time from slowing the others down: they run on the
// same machine.
const (
	pause     = 100 * time.Millisecond
	longPause = 500 * time.Millisecond
)

// attack sends all kinds of requests at once until ctx ends.
func (a *attacker) attack(ctx context.Context, hits *tally) {
	const conditions = `"details":{"region":"77","workKind":"parcel-formation","termDays":30,"prepayment":false,"registration":false}`
	long, huge := strings.Repeat("<", 9_000), strings.Repeat("<", 900<<10)
	at, others := "/api/orders/"+a.order, "/api/orders/"+a.p.people.orders[20].String()
	var nth atomic.Int64
	kinds := map[string]func() int{
		"amendments": func() int {
			return a.requestStatus(ctx, http.MethodPost, at+"/amend", `{`+conditions+`,"text":{"address":"x","description":"`+long+`"}}`)
		},
		"messages to others": func() int { return a.requestStatus(ctx, http.MethodPost, others+"/cancel", `{"text":{"note":"x"}}`) },
		"drafts": func() int {
			return a.requestStatus(ctx, http.MethodPost, "/api/orders/"+uuid.NewString()+"/delete", `{}`)
		},
		"reads":     func() int { return a.requestStatus(ctx, http.MethodGet, at, "") },
		"histories": func() int { return a.requestStatus(ctx, http.MethodGet, at+"/history", "") },
		"searches":  func() int { return a.requestStatus(ctx, http.MethodGet, "/api/orders?limit=100&number=%25", "") },
		"sign-ins":  func() int { return a.requestStatus(ctx, http.MethodGet, "/api/auth/login", "") },
		"uploads": func() int {
			sum := sha256.Sum256([]byte(strconv.FormatInt(nth.Add(1), 10)))
			return a.requestStatus(ctx, http.MethodPost, at+"/files", `{"name":"a","size":1,"sha256":"`+hex.EncodeToString(sum[:])+`"}`)
		},
	}
	var all sync.WaitGroup
	repeat := func(name string, rest time.Duration, do func() int) {
		all.Go(func() {
			for browser.Pause(ctx, rest) == nil {
				hits.add(name, do())
			}
		})
	}
	for range hostileThreads {
		for name, do := range kinds {
			repeat(name, pause, do)
		}
		repeat("huge texts", longPause, func() int {
			return a.requestStatus(ctx, http.MethodPost, at+"/cancel", `{"text":{"note":"`+huge+`"}}`)
		})
	}
	for range 4 * hostileThreads {
		all.Go(func() { a.neverRead(ctx, hits) })
		all.Go(func() { a.stream(ctx, hits) })
		all.Go(func() { a.unfinished(ctx, hits) })
	}
	all.Wait()
}

func (a *attacker) request(ctx context.Context, method, path, body string) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, a.p.urls[0]+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body == "" {
		request.Body = http.NoBody
	}
	request.Header.Set("Cookie", "epkr_session="+a.by.Session)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Idempotency-Key", uuid.NewString())
	return request, nil
}

// requestStatus returns the status of the answer, 0 for none.
func (a *attacker) requestStatus(ctx context.Context, method, path, body string) int {
	request, err := a.request(ctx, method, path, body)
	if err != nil {
		return 0
	}
	response, err := a.http.Do(request)
	if err != nil {
		return 0
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

// dial opens a connection and writes text to it.
func (a *attacker) dial(ctx context.Context, text string) (net.Conn, bool) {
	c, err := (&net.Dialer{}).DialContext(ctx, "tcp", strings.TrimPrefix(a.p.urls[0], "http://"))
	if err != nil {
		return nil, false
	}
	if _, err := io.WriteString(c, text); err != nil {
		_ = c.Close()
		return nil, false
	}
	return c, true
}

// neverRead sends many requests on one connection, repeatedly, and reads no answers.
func (a *attacker) neverRead(ctx context.Context, hits *tally) {
	one := "GET " + "/api/orders/" + a.order + "/history HTTP/1.1\r\nHost: x\r\nCookie: epkr_session=" + a.by.Session + "\r\n\r\n"
	for ctx.Err() == nil {
		if c, ok := a.dial(ctx, strings.Repeat(one, 50)); ok {
			_ = browser.Pause(ctx, 10*time.Second)
			_ = c.Close()
		}
		hits.add("deaf", 0)
	}
}

// unfinished announces a request body and does not send it.
func (a *attacker) unfinished(ctx context.Context, hits *tally) {
	head := "POST /api/notifications/read HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\nCookie: epkr_session=" +
		a.by.Session + "\r\n\r\n{"
	for ctx.Err() == nil {
		if c, ok := a.dial(ctx, head); ok {
			_ = browser.Pause(ctx, 10*time.Second)
			_ = c.Close()
		}
		hits.add("unfinished", 0)
	}
}

// stream opens one event stream after another and leaves them open.
func (a *attacker) stream(ctx context.Context, hits *tally) {
	for ctx.Err() == nil {
		c, ok := a.dial(ctx, "GET /api/events HTTP/1.1\r\nHost: x\r\nCookie: epkr_session="+a.by.Session+"\r\n\r\n")
		if !ok {
			hits.add("streams", 0)
			continue
		}
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Second))
		status := make([]byte, len("HTTP/1.1 200"))
		_, _ = io.ReadFull(c, status)
		code, _ := strconv.Atoi(string(bytes.TrimPrefix(status, []byte("HTTP/1.1 "))))
		hits.add("streams", code)
		_ = browser.Pause(ctx, 500*time.Millisecond)
		defer c.Close()
	}
}

// watchMemory samples the memory of the API and the worker until ctx ends; top returns the peak of
// each.
func (p *platform) watchMemory(ctx context.Context, t *testing.T) (top func() [2]int64) {
	t.Helper()
	var found [2]int64
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			for i, of := range []*stack.Unit{p.apis[0], p.workers[0]} {
				found[i] = max(found[i], resident(of))
			}
			if browser.Pause(ctx, 100*time.Millisecond) != nil {
				return
			}
		}
	})
	return func() [2]int64 { watching.Wait(); return found }
}

// resident returns the resident memory of a process in bytes; 0 while it does not run.
func resident(of *stack.Unit) int64 {
	process := of.Process()
	if process == nil {
		return 0
	}
	p, err := procfs.NewProc(process.PID())
	if err != nil {
		return 0
	}
	status, err := p.NewStatus()
	if err != nil {
		return 0
	}
	return int64(status.VmRSS)
}

// throttled returns how many requests the limits have refused.
func (p *platform) throttled(t *testing.T) (sum float64) {
	t.Helper()
	response, err := http.Get(p.internalURL + "/metrics")
	require.NoError(t, err)
	defer response.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(response.Body)
	require.NoError(t, err)
	for _, metric := range families["epkr_throttled_total"].GetMetric() {
		sum += metric.GetCounter().GetValue()
	}
	return sum
}
