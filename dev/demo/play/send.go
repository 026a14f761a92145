package play

import (
	"fmt"
	"net/http"
	"time"
)

// send sends a message and waits for its verdict: nil when it was applied, *problem when it was refused. What the platform asks
// to repeat is repeated under the same key.
func (p *person) send(r *run, orderID string, m message) error {
	body := map[string]any{}
	if m.details != nil {
		body["details"] = m.details
	}
	if m.text != nil {
		body["text"] = m.text
	}
	return p.submit(r, "/api/orders/"+orderID+"/"+string(m.kind), m.key, body, nil)
}

// submit posts under a key until there is an answer.
func (p *person) submit(r *run, path, key string, body, into any) error {
	header := http.Header{"Idempotency-Key": {key}}
	for {
		status, err := p.call(r.ctx, http.MethodPost, path, header, body, into)
		wait := time.Second
		if refused, ok := asProblem(err); ok && (refused.Status == http.StatusTooManyRequests || refused.Status == http.StatusServiceUnavailable) {
			wait = max(wait, refused.retryAfter)
		} else if err != nil || status != http.StatusAccepted {
			return err
		}
		// 202: taken over, the verdict is under way; the same key asks for it again.
		if err := r.pause(wait); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}
