package workflowapi

import (
	"strconv"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"epkr/internal/order"
)

// The type names of the workflows of signatures in «Госключ».
const (
	// GoskeySignatureWorkflow sends one document, waits for the person's answer and brings the
	// signature to the order.
	GoskeySignatureWorkflow = "GoskeySignature"
	// GoskeyPollWorkflow asks ЕПГУ which orders have changed while anybody's answer is awaited. There
	// is one for a task queue.
	GoskeyPollWorkflow = "GoskeyPoll"
)

const (
	// GoskeyChangedSignal tells a signature's workflow that ЕПГУ knows something new. It has no payload.
	GoskeyChangedSignal = "changed"
	// GoskeyAwaitedSignal tells the poll that one more answer is awaited. It has no payload.
	GoskeyAwaitedSignal = "awaited"
)

// GoskeySignatureInput identifies the row of the request, which contains everything else.
type GoskeySignatureInput struct {
	RequestID string `json:"requestId"`
	// Attempts is how often the signature was brought to an order that could not take it. Then the
	// signature is stored.
	Attempts int `json:"attempts,omitempty"`
}

// GoskeyPollInput is the input of a run of the poll.
type GoskeyPollInput struct {
	// Since is the moment after which changes are new; zero for the first run.
	Since time.Time `json:"since,omitzero"`
}

// GoskeySignatureOptions returns the start options of a request. They find one that is running. One
// that has ended may be started again: it finds its end and changes nothing.
func GoskeySignatureOptions(request uuid.UUID, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       goskeySignatureID(request),
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "Подпись документа в Госключе",
	}
}

func goskeySignatureID(request uuid.UUID) string { return "goskey-" + request.String() }

// GoskeyChanged returns the signal that ЕПГУ knows something new of a request.
func GoskeyChanged(request uuid.UUID) Signal {
	return Signal{WorkflowID: goskeySignatureID(request), Name: GoskeyChangedSignal}
}

// GoskeyAwaited returns the signal that one more answer is awaited, which starts the poll if it does
// not run.
func GoskeyAwaited(taskQueue string) Signal {
	return Signal{WorkflowID: GoskeyPollID(taskQueue), Name: GoskeyAwaitedSignal, Start: &Start{
		Workflow: GoskeyPollWorkflow, Input: GoskeyPollInput{},
		Options: client.StartWorkflowOptions{
			TaskQueue: taskQueue, WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
			StaticSummary: "Опрос Госключа: какие документы подписаны",
		},
	}}
}

// GoskeyPollID returns the workflow id of the poll.
func GoskeyPollID(taskQueue string) string { return "goskey-poll-" + taskQueue }

// GoskeyRequestID returns the id of a request that a person makes under an idempotency key.
func GoskeyRequestID(a order.Actor, orderID uuid.UUID, key string) uuid.UUID {
	return derive(httpNamespace, "goskey-request", a.Person, string(a.Role), a.Party, orderID.String(), key)
}

// GoskeyFileID returns the id of the file of a request's signature.
func GoskeyFileID(request uuid.UUID) uuid.UUID {
	return derive(platformNamespace, "goskey-signature", request.String())
}

// GoskeyMessageID returns the id of the message that brings a signature to its order. An order that
// was suspended at one attempt gets another message at the next one.
func GoskeyMessageID(request uuid.UUID, attempt int) uuid.UUID {
	return derive(platformNamespace, "goskey-message", request.String(), strconv.Itoa(attempt))
}
