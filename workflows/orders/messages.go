package orders

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"go.temporal.io/sdk/workflow"

	"epkr/internal/order"
	"epkr/internal/strictjson"
	"epkr/internal/workflowapi"
)

// decode decodes a signal. A signal that cannot be decoded or must not come from outside is marked
// as unreadable, and refused like any other message. A signal without an id gets a derived one, so
// that every signal gets a verdict.
func (o *orderRun) decode(in workflowapi.Incoming) order.Message {
	m := order.ParseMessage(in.Name, in.Payload)
	switch {
	case in.PayloadDropped:
		m.Unreadable = order.Flooded
	case m.Unreadable == "":
		m.Unreadable = validate(m, in.Payload)
	}
	if m.Unreadable != "" {
		// Only the name and the id are kept; the sender waits for a verdict under this id.
		m = order.Message{ID: idOf(in.Payload), Kind: m.Kind, Unreadable: m.Unreadable}
	}
	// The database cannot store NUL in text.
	m.Kind = order.Kind(strings.ReplaceAll(in.Name, "\x00", "\uFFFD"))
	id, err := uuid.Parse(m.ID)
	if err != nil || isInternalKind(m.Kind) {
		id = workflowapi.UnreadableMessageID(o.state.ID, o.state.Seq+1)
		m = order.Message{Kind: m.Kind, Unreadable: "no message id, or no message for others to send"}
	}
	m.ID = id.String()
	return m
}

// validate returns why a decoded message cannot be recorded, "" if it can. The text occurs only in
// the recorded message and in no command of the workflow, so it may change without a patch.
func validate(m order.Message, payload []byte) string {
	switch {
	case strictjson.Unmarshal(payload, &order.Message{}) != nil:
		return "more than one way to read it"
	case bytes.Contains(payload, []byte(`\u0000`)):
		return "a NUL character in a text"
	case !isID(m.Actor.Person) || !isID(m.Actor.Party):
		return "the sender is named by no uuid"
	case m.Kind == order.Create && (m.Actor.Person == "" || m.Actor.Party == ""):
		return "a new order without its customer"
	}
	return ""
}

func isID(text string) bool { return text == "" || uuid.Validate(text) == nil }

// isInternalKind reports whether only the order itself creates messages of this kind, and never as
// signals.
func isInternalKind(k order.Kind) bool { return k == order.DeadlineDue || k == order.EffectFinished }

// isInternal reports whether the order itself created the message. A signal that imitates such a
// message is marked as unreadable.
func isInternal(m order.Message) bool { return isInternalKind(m.Kind) && m.Unreadable == "" }

// messageID decodes only the id of a message.
type messageID struct {
	ID string `json:"id"`
}

// idOnly returns a payload with only the message's id.
func idOnly(payload []byte) json.RawMessage {
	id, err := uuid.Parse(idOf(payload))
	if err != nil {
		return nil
	}
	return details(messageID{ID: id.String()})
}

// idOf returns the id of a message that cannot be decoded as a whole.
func idOf(payload []byte) string {
	var named messageID
	if err := json.Unmarshal(payload, &named); err != nil {
		return ""
	}
	return named.ID
}

func deadlineDue(orderID string, due order.Due) order.Message {
	return order.Message{
		ID: workflowapi.DueMessageID(orderID, due).String(), Kind: order.DeadlineDue,
		Actor: order.Actor{Role: order.RolePlatform}, ReceivedAt: due.At,
		Details: details(order.DueNow{Due: due.ID}),
	}
}

func effectFinished(ctx workflow.Context, orderID, key string) order.Message {
	return order.Message{
		ID: workflowapi.EffectMessageID(orderID, key).String(), Kind: order.EffectFinished,
		Actor: order.Actor{Role: order.RolePlatform}, ReceivedAt: workflow.Now(ctx),
		Details: details(order.EffectResult{Effect: key}),
	}
}

func details(d any) json.RawMessage {
	data, err := json.Marshal(d)
	if err != nil {
		panic(fmt.Errorf("encoding a message of the order itself: %w", err))
	}
	return data
}
