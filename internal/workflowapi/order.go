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

// RejoinSignal tells an order that stopped because its record diverged to take over what the record holds. Only operators
// send it; it carries nothing.
const RejoinSignal = "rejoin"

// StateQuery is the workflow query that answers with the order's state, for operators and to compare with the rows.
const StateQuery = "state"

const orderPrefix = "order-"

// OrderWorkflowID is the workflow id of an order.
func OrderWorkflowID(orderID uuid.UUID) string { return orderPrefix + orderID.String() }

// OrderID is the order of a workflow id, which is one that [OrderWorkflowID] writes: under another spelling of it an order would have a
// second workflow.
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

// RecentIDs is how many message ids an order carries to know a repeated signal without asking the record.
const RecentIDs = 256

// OrderInput starts a run of an order: empty for the first one, carried over for the next.
type OrderInput struct {
	State order.State `json:"state"`
	// Queue are the signals received and not yet judged, in the order in which they came.
	Queue []Incoming `json:"queue,omitempty"`
	// Recent are the ids of the messages judged last.
	Recent []string `json:"recent,omitempty"`
}

// Payload is the input byte for byte as [Incoming] is measured: the SDK's own encoder escapes HTML, which makes six bytes of one, and
// the server ends a workflow whose input is too large.
func (in OrderInput) Payload() (converter.RawValue, error) { return PlainJSON(in) }

// PlainJSON is a value as JSON without HTML escaped, to be handed to Temporal as it is.
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

// Incoming is a signal as it came.
type Incoming struct {
	Name    string          `json:"name"`
	Payload json.RawMessage `json:"payload,omitempty"`
	// Shed says that a flood left nothing of the message but its id.
	Shed bool `json:"shed,omitempty"`
}

// StartOptions start an order or find the one that is open; an id that has been used is never used again.
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
