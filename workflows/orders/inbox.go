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

// inbox is the one queue of an order's signals, in the order of its history whatever their names: a Selector over named
// channels would lose the order between two names.
type inbox struct {
	queue []workflowapi.Incoming
	// rejoin is set by the operators' signal, which is about the order's record and no message of it.
	rejoin bool
}

func (b *inbox) put(name string, args *commonpb.Payloads) {
	if name == workflowapi.RejoinSignal {
		b.rejoin = true
		return
	}
	b.queue = append(b.queue, workflowapi.Incoming{Name: name, Payload: readable(args)})
}

func (b *inbox) take() (workflowapi.Incoming, bool) {
	if len(b.queue) == 0 {
		return workflowapi.Incoming{}, false
	}
	first := b.queue[0]
	b.queue = b.queue[1:]
	return first, true
}

// size is how many bytes came with the signals of the queue.
func (b *inbox) size() (bytes int) {
	for _, in := range b.queue {
		bytes += sizeOf(in)
	}
	return bytes
}

func sizeOf(in workflowapi.Incoming) int { return len(in.Name) + len(in.Payload) }

const (
	// maxWhole is how many bytes of signals are kept whole for the next run.
	maxWhole = 1 << 20
	// maxCarried leaves room for the state below the 2 MiB that the server takes as the input of a run; above them it would
	// fail the workflow.
	maxCarried = 3 << 19
	// wrapping is what a signal takes in the input of the next run beside its name and its payload, in bytes.
	wrapping = 48
)

// carried is how many bytes the queue takes in the input of the next run.
func (b *inbox) carried() int { return b.size() + wrapping*len(b.queue) }

// shed leaves only the id, under which its sender waits, of every message that came after the first [maxWhole] bytes: it is
// refused in its turn, see [order.Flooded]. The word on an engineer stays whole: it is small, and told again under the same id
// only.
func (b *inbox) shed() {
	queue := slices.Clone(b.queue)
	whole := 0
	for i, in := range queue {
		if whole += sizeOf(in); whole > maxWhole && !order.IsStanding(order.Kind(in.Name)) {
			queue[i] = workflowapi.Incoming{Name: in.Name, Payload: idAlone(in.Payload), Shed: true}
		}
	}
	b.queue = queue
}

// maxPayload is far above any message of the platform; what is larger is not kept, and refused as unreadable.
const maxPayload = 64 << 10

// readable keeps a payload that is JSON of a sane size. Anything else becomes nothing, and its message gets a verdict too.
func readable(args *commonpb.Payloads) json.RawMessage {
	if len(args.GetPayloads()) != 1 {
		return nil
	}
	data := args.GetPayloads()[0].GetData()
	if len(data) > maxPayload || !json.Valid(data) {
		return nil
	}
	return data
}

// Interceptor leads every signal of an order into its inbox.
type Interceptor struct {
	interceptor.WorkerInterceptorBase
}

// InterceptWorkflow gives each run an inbox of its own.
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
