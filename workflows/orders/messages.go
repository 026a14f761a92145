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

// readable decodes a signal. What cannot be read, or must not come from outside, is marked and refused like any other
// message; one without an id gets an id of its own, so that every signal gets a verdict.
func (o *orderRun) readable(in workflowapi.Incoming) order.Message {
	m := order.ParseMessage(in.Name, in.Payload)
	switch {
	case in.Shed:
		m.Unreadable = order.Flooded
	case m.Unreadable == "":
		m.Unreadable = unacceptable(m, in.Payload)
	}
	if m.Unreadable != "" {
		// Nothing of it is kept but its name and its id, under which its sender waits.
		m = order.Message{ID: idOf(in.Payload), Kind: m.Kind, Unreadable: m.Unreadable}
	}
	// The record keeps text, which has no NUL.
	m.Kind = order.Kind(strings.ReplaceAll(in.Name, "\x00", "\uFFFD"))
	id, err := uuid.Parse(m.ID)
	if err != nil || ownKind(m.Kind) {
		id = workflowapi.UnreadableMessageID(o.state.ID, o.state.Seq+1)
		m = order.Message{Kind: m.Kind, Unreadable: "no message id, or no message for others to send"}
	}
	m.ID = id.String()
	return m
}

// unacceptable says why a decoded message could not be recorded; empty if it can. What it says takes part in no command of the workflow,
// only in what is recorded of the message: it may change without a patch.
func unacceptable(m order.Message, payload []byte) string {
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

// ownKind says that only the order itself sends such a message, and never as a signal.
func ownKind(k order.Kind) bool { return k == order.DeadlineDue || k == order.EffectFinished }

// isOwn tells a message of the order itself from a signal that poses as one.
func isOwn(m order.Message) bool { return ownKind(m.Kind) && m.Unreadable == "" }

// identified is all that is kept of a message that is not.
type identified struct {
	ID string `json:"id"`
}

// idAlone is a payload without everything but the message's id.
func idAlone(payload []byte) json.RawMessage {
	id, err := uuid.Parse(idOf(payload))
	if err != nil {
		return nil
	}
	return details(identified{ID: id.String()})
}

// idOf finds the id of a message that cannot be read as a whole.
func idOf(payload []byte) string {
	var named identified
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
