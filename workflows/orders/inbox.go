package orders

import (
	"encoding/json"
	"slices"
	"strings"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"

	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// inbox is the single queue of all signals of an order, in the order of the history. A Selector
// over channels by name would lose the order between two names.
type inbox struct {
	queue []workflowapi.Incoming
	// rejoin is set by the operators' signal, which is not a message of the order.
	rejoin bool
}

func (b *inbox) put(name string, args *commonpb.Payloads) {
	if name == workflowapi.RejoinSignal {
		b.rejoin = true
		return
	}
	b.queue = append(b.queue, workflowapi.Incoming{Name: name, Payload: validPayload(args)})
}

func (b *inbox) take() (workflowapi.Incoming, bool) {
	if len(b.queue) == 0 {
		return workflowapi.Incoming{}, false
	}
	first := b.queue[0]
	b.queue = b.queue[1:]
	return first, true
}

// size returns the bytes of the queued signals.
func (b *inbox) size() (bytes int) {
	for _, in := range b.queue {
		bytes += sizeOf(in)
	}
	return bytes
}

func sizeOf(in workflowapi.Incoming) int { return len(in.Name) + len(in.Payload) }

const (
	// maxFullBytes is how many bytes of queued signals the next run receives with full payloads.
	maxFullBytes = 1 << 20
	// maxNextRunBytes leaves room for the state within the 2 MiB that the server accepts as the
	// input of a run. A larger input would fail the workflow.
	maxNextRunBytes = 3 << 19
	// perSignalOverhead is the number of bytes that a signal adds to the input of the next run
	// besides its name and payload.
	perSignalOverhead = 48
)

// encodedSize returns the bytes of the queue in the input of the next run.
func (b *inbox) encodedSize() int { return b.size() + perSignalOverhead*len(b.queue) }

// dropPayloads reduces every message after the first [maxFullBytes] to its id, for which its sender
// waits. Such a message is refused later, see [order.Flooded]. Messages with an engineer status
// keep their payload: they are small, and would only be sent again under the same id.
func (b *inbox) dropPayloads() {
	queue := slices.Clone(b.queue)
	fullBytes := 0
	for i, in := range queue {
		if fullBytes += sizeOf(in); fullBytes > maxFullBytes && !order.IsStatusMessage(order.Kind(in.Name)) {
			queue[i] = workflowapi.Incoming{Name: in.Name, Payload: idOnly(in.Payload), PayloadDropped: true}
		}
	}
	b.queue = queue
}

// maxPayload is far above the size of any message of the platform. A larger payload is dropped and
// the message refused as unreadable.
const maxPayload = 64 << 10

// validPayload returns the payload if it is JSON of at most [maxPayload] bytes, else nil. A message
// without a payload gets a verdict too.
func validPayload(args *commonpb.Payloads) json.RawMessage {
	if len(args.GetPayloads()) != 1 {
		return nil
	}
	data := args.GetPayloads()[0].GetData()
	if len(data) > maxPayload || !json.Valid(data) {
		return nil
	}
	return data
}

// Interceptor puts every signal of an order into its inbox.
type Interceptor struct {
	interceptor.WorkerInterceptorBase
}

// InterceptWorkflow creates an inbox for each run.
func (*Interceptor) InterceptWorkflow(
	_ workflow.Context, next interceptor.WorkflowInboundInterceptor,
) interceptor.WorkflowInboundInterceptor {
	in := &inbound{}
	in.Next = next
	return in
}

type inbound struct {
	interceptor.WorkflowInboundInterceptorBase
	inbox inbox
}

type inboxKey struct{}

func (i *inbound) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	return i.Next.ExecuteWorkflow(workflow.WithValue(ctx, inboxKey{}, &i.inbox), in)
}

func (i *inbound) HandleSignal(ctx workflow.Context, in *interceptor.HandleSignalInput) error {
	isOrder := workflow.GetInfo(ctx).WorkflowType.Name == workflowapi.OrderWorkflow
	if !isOrder || strings.HasPrefix(in.SignalName, "__") { // the SDK's own
		return i.Next.HandleSignal(ctx, in)
	}
	i.inbox.put(in.SignalName, in.Arg)
	return nil
}
