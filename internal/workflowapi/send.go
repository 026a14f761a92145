package workflowapi

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"epkr/internal/order"
)

// Signaler is the part of Temporal's client that sends signals; client.Client implements it.
type Signaler interface {
	SignalWorkflow(ctx context.Context, workflowID, runID, signal string, payload any) error
	SignalWithStartWorkflow(
		ctx context.Context, workflowID, signal string, payload any, options client.StartWorkflowOptions, workflow any, args ...any,
	) (client.WorkflowRun, error)
}

// Signal is one signal to one workflow.
type Signal struct {
	WorkflowID string
	Name       string
	Payload    any
	// Start starts the workflow if none with this id is open. Without it the workflow must be open.
	Start *Start
}

// Start describes the workflow that a signal may start.
type Start struct {
	Workflow string
	Input    any
	Options  client.StartWorkflowOptions
}

// Send sends a signal and, with Start, starts the workflow in the same call. It returns the
// client's error unchanged: NotFound or WorkflowExecutionAlreadyStarted if the workflow has closed.
func Send(ctx context.Context, c Signaler, s Signal) error {
	if s.Start == nil {
		return c.SignalWorkflow(ctx, s.WorkflowID, "", s.Name, s.Payload)
	}
	_, err := sendAndStart(ctx, c, s)
	return err
}

func sendAndStart(ctx context.Context, c Signaler, s Signal) (client.WorkflowRun, error) {
	options := s.Start.Options
	options.ID = s.WorkflowID
	return c.SignalWithStartWorkflow(ctx, s.WorkflowID, s.Name, s.Payload, options, s.Start.Workflow, s.Start.Input)
}

// OrderMessage returns the signal that carries a message to an order. The message that creates the
// order also starts its workflow on the task queue.
func OrderMessage(taskQueue string, orderID uuid.UUID, kind order.Kind, payload any) Signal {
	s := OrderSignal(orderID, string(kind), payload)
	if kind == order.Create {
		s.Start = &Start{
			Workflow: OrderWorkflow,
			Input:    OrderInput{State: order.State{ID: orderID.String()}},
			Options:  StartOptions(orderID, taskQueue),
		}
	}
	return s
}

// OrderSignal returns a signal to an order that exists.
func OrderSignal(orderID uuid.UUID, name string, payload any) Signal {
	return Signal{WorkflowID: OrderWorkflowID(orderID), Name: name, Payload: payload}
}

// RejoinOrder returns the operators' signal to an order whose record diverged.
func RejoinOrder(orderID uuid.UUID) Signal { return OrderSignal(orderID, RejoinSignal, nil) }

// ApprovalSignal returns a signal to the workflow in which a registry run awaits an operator's
// approval.
func ApprovalSignal(runID, name string, payload any) Signal {
	return Signal{WorkflowID: RegistryApprovalID(runID), Name: name, Payload: payload}
}

// IsNotFound reports whether the error says that the called workflow or schedule has closed or
// never existed.
func IsNotFound(err error) bool {
	var missing *serviceerror.NotFound
	return errors.As(err, &missing)
}

// IsClosed reports whether Send's error says that the workflow can receive no more messages: it has
// closed or never existed, or its id may not be used again.
func IsClosed(err error) bool {
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	return IsNotFound(err) || errors.As(err, &started)
}
