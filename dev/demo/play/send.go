package play

import (
	"fmt"
	"net/http"
	"time"

	"epkr/dev/browser"
)

// send sends a message and waits for its verdict. It returns nil if the message was applied and a
// [browser.Problem] if it was refused.
func (p *person) send(r *run, orderID string, m message) error {
	return p.submit(r, "/api/orders/"+orderID+"/"+string(m.kind), m.key, browser.Message(m.details, m.text), nil)
}

// submit posts with a key and repeats the request as long as the platform asks for that.
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
