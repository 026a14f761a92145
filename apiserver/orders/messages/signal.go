package messages

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"go.temporal.io/sdk/converter"

	"epkr/apiserver/httpapi/problems"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// maxSignal is the maximum size of a message to an order in bytes of JSON; a workflow drops larger
// ones.
const maxSignal = 64 << 10

// signal is a message as it is sent to its order.
type signal struct {
	// payload is sent unchanged, so that its measured size is exact.
	payload converter.RawValue
	bytes   int
	// digest is compared with the message when it is recorded.
	digest string
}

// buildSignal builds the signal. A repeated message keeps the time at which the first one was
// received.
func (m *messageRequest) buildSignal(actor order.Actor, receivedAt time.Time) error {
	m.receivedAt = receivedAt
	details := m.details
	if d, ok := details.(timestamped); ok {
		details = d.at(receivedAt)
	}
	message := order.Message{ID: m.id.String(), Kind: m.kind, Actor: actor, ReceivedAt: receivedAt}
	if m.body != nil {
		message.Body = &order.BodyRef{ID: m.body.ID.String(), SHA256: m.body.Sha256}
	}
	var err error
	if details != nil {
		encoded, err := workflowapi.PlainJSON(details)
		if err != nil {
			return err
		}
		message.Details = encoded.Payload().GetData()
	}
	if m.signal.payload, err = workflowapi.PlainJSON(message); err != nil {
		return err
	}
	m.signal.bytes = len(m.signal.payload.Payload().GetData())
	if m.signal.digest, err = message.Digest(m.order.String()); err != nil {
		return fmt.Errorf("hashing a message: %w", err)
	}
	if m.signal.bytes > maxSignal {
		return tooLarge(message.Details)
	}
	return nil
}

// tooLarge returns a problem that names the largest field of the details.
func tooLarge(details json.RawMessage) error {
	p := problems.New(problems.MessageTooLarge)
	p.Errors = []problems.FieldProblem{{Field: largest("details", details), Message: "Сократите: здесь " + kilobytes(len(details)) + ", а всё действие не должно превышать 64 КБ."}}
	return p
}

func kilobytes(n int) string { return strconv.Itoa((n+1023)>>10) + " КБ" }

// largest returns the path of the deepest field that takes more than half of its parent's bytes.
func largest(path string, value json.RawMessage) string {
	var fields map[string]json.RawMessage
	var items []json.RawMessage
	if json.Unmarshal(value, &fields) == nil {
		for name, inner := range fields {
			if len(inner) > len(value)/2 {
				return largest(path+"."+name, inner)
			}
		}
	} else if json.Unmarshal(value, &items) == nil {
		for i, inner := range items {
			if len(inner) > len(value)/2 {
				return largest(path+"["+strconv.Itoa(i)+"]", inner)
			}
		}
	}
	return path
}
