package workflowapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"epkr/internal/order"
)

// OrderWorkflow is the type name of an order's workflow.
const OrderWorkflow = "Order"

// RejoinSignal makes an order that stopped because its record diverged continue from the record.
// Only operators send it; it has no payload.
const RejoinSignal = "rejoin"

// StateQuery is the workflow query that returns the order's state, for operators and for comparison
// with the rows.
const StateQuery = "state"

const orderPrefix = "order-"

// OrderWorkflowID returns the workflow id of an order.
func OrderWorkflowID(orderID uuid.UUID) string { return orderPrefix + orderID.String() }

// OrderID returns the order of a workflow id. It accepts only the spelling that [OrderWorkflowID]
// writes: with any other spelling an order could have a second workflow.
func OrderID(workflowID string) (uuid.UUID, error) {
	id, err := uuid.Parse(strings.TrimPrefix(workflowID, orderPrefix))
	if err != nil {
		return uuid.Nil, err
	}
	if workflowID != OrderWorkflowID(id) {
		return uuid.Nil, fmt.Errorf("%q is not spelt as the workflow id of an order", workflowID)
	}
	return id, nil
}

// RecentIDs is how many message ids an order remembers, to recognise a repeated signal without
// reading the record.
const RecentIDs = 256

// OrderInput is the input of a run of an order: nearly empty for the first run, carried over for
// the next ones.
type OrderInput struct {
	State order.State `json:"state"`
	// Queue are the signals received and not yet decided, in the order in which they came.
	Queue []Incoming `json:"queue,omitempty"`
	// Recent are the ids of the messages decided last.
	Recent []string `json:"recent,omitempty"`
}

// Payload encodes the input without escaping HTML. The SDK's own encoder turns some characters into
// six bytes, so the input would be larger than the measured [Incoming] and could exceed the
// server's limit, at which the server ends the workflow.
func (in OrderInput) Payload() (converter.RawValue, error) { return PlainJSON(in) }

// PlainJSON encodes a value as JSON without escaping HTML, as a payload that Temporal passes on
// unchanged.
func PlainJSON(value any) (converter.RawValue, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return converter.RawValue{}, fmt.Errorf("encoding for Temporal: %w", err)
	}
	return converter.NewRawValue(&commonpb.Payload{
		Metadata: map[string][]byte{converter.MetadataEncoding: []byte(converter.MetadataEncodingJSON)},
		Data:     bytes.TrimSuffix(b.Bytes(), []byte{'\n'}),
	}), nil
}

// Incoming is a received signal.
type Incoming struct {
	Name    string          `json:"name"`
	Payload json.RawMessage `json:"payload,omitempty"`
	// PayloadDropped reports that the payload was reduced to the message id because of a flood.
	PayloadDropped bool `json:"shed,omitempty"`
}

// StartOptions returns the start options of an order. They find a running workflow and never reuse
// the id of a closed one.
func StartOptions(orderID uuid.UUID, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       OrderWorkflowID(orderID),
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		WorkflowTaskTimeout:      10 * time.Second,
		StaticSummary:            "Заказ кадастровых работ",
	}
}
