package play

import (
	"fmt"
	"net/http"
	"time"

	"epkr/dev/browser"
)

// send sends a message and waits for its verdict: nil when it was applied, [browser.Problem] when it was refused.
func (p *person) send(r *run, orderID string, m message) error {
	return p.submit(r, "/api/orders/"+orderID+"/"+string(m.kind), m.key, browser.Message(m.details, m.text), nil)
}

// submit posts under a key until there is an answer: what the platform asks to repeat is repeated.
func (p *person) submit(r *run, path, key string, body, into any) error {
	for {
		err := p.Send(r.ctx, path, key, body, into)
		busy := browser.AsProblem(err)
		if busy.Status != http.StatusTooManyRequests && busy.Status != http.StatusServiceUnavailable {
			return err
		}
		if err := browser.Pause(r.ctx, max(time.Second, busy.RetryAfter)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}
