package workflows_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
	"google.golang.org/protobuf/proto"

	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// observed collects what the comparison of commands does not cover: the search attributes that a
// workflow set, what it returned, and the handler of an order's state query, to be called after a
// replay.
type observed struct {
	interceptor.WorkerInterceptorBase
	attributes []attributes
	result     any
	queryState func() (order.State, error)
}

// attributes are the search attributes of one command as the server stores them: the JSON of each
// value by name, "" for one that is unset.
type attributes map[string]string

// sameAttributes compares the search attributes with those of the history, command by command.
func (s *observed) sameAttributes(history *historypb.History) error {
	var recorded []attributes
	for _, e := range history.GetEvents() {
		fields := e.GetUpsertWorkflowSearchAttributesEventAttributes().GetSearchAttributes().GetIndexedFields()
		if len(fields) == 0 || fields[changeVersion] != nil {
			continue
		}
		set := attributes{}
		for name, value := range fields {
			set[name] = string(value.GetData())
		}
		recorded = append(recorded, set)
	}
	if len(recorded) != len(s.attributes) {
		return fmt.Errorf("the search attributes are set %d times and were %d times", len(s.attributes), len(recorded))
	}
	for i, was := range recorded {
		if !maps.Equal(was, s.attributes[i]) {
			return fmt.Errorf("the search attributes are %v and were %v", s.attributes[i], was)
		}
	}
	return nil
}

// changeVersion is the attribute that the SDK itself sets for a patch.
const changeVersion = "TemporalChangeVersion"

// sameResult compares what the workflow returned with the end of its history.
func (s *observed) sameResult(history *historypb.History) error {
	last := history.GetEvents()[len(history.GetEvents())-1]
	recorded := last.GetWorkflowExecutionCompletedEventAttributes().GetResult()
	if recorded == nil { // still running, or without a result
		return nil
	}
	now, err := converter.GetDefaultDataConverter().ToPayloads(s.result)
	if err == nil && !proto.Equal(recorded, now) {
		err = fmt.Errorf("the result is %v and was %v", now, recorded)
	}
	return err
}

func (s *observed) InterceptWorkflow(_ workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	in := &observedInbound{seen: s}
	in.Next = next
	return in
}

type observedInbound struct {
	interceptor.WorkflowInboundInterceptorBase
	seen *observed
}

func (i *observedInbound) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (result any, err error) {
	i.seen.result, err = i.Next.ExecuteWorkflow(ctx, in)
	return i.seen.result, err
}

func (i *observedInbound) Init(next interceptor.WorkflowOutboundInterceptor) error {
	out := &observedOutbound{seen: i.seen}
	out.Next = next
	return i.Next.Init(out)
}

type observedOutbound struct {
	interceptor.WorkflowOutboundInterceptorBase
	seen *observed
}

func (o *observedOutbound) SetQueryHandler(ctx workflow.Context, name string, handler any) error {
	if name == workflowapi.StateQuery {
		o.seen.queryState = handler.(func() (order.State, error))
	}
	return o.Next.SetQueryHandler(ctx, name, handler)
}

func (o *observedOutbound) UpsertTypedSearchAttributes(ctx workflow.Context, updates ...temporal.SearchAttributeUpdate) error {
	set, err := attributesOf(updates)
	if err != nil {
		return err
	}
	o.seen.attributes = append(o.seen.attributes, set)
	return o.Next.UpsertTypedSearchAttributes(ctx, updates...)
}

// untouched sets every search attribute to a value that no workflow sets. An update does not say
// which attributes it unsets; these are the ones that are missing after it.
var untouched = []temporal.SearchAttributeUpdate{
	workflowapi.AttrOrderNumber.ValueSet("untouched"), workflowapi.AttrStage.ValueSet("untouched"), workflowapi.AttrWaitsFor.ValueSet("untouched"),
	workflowapi.AttrHold.ValueSet("untouched"), workflowapi.AttrRegionCode.ValueSet("untouched"), workflowapi.AttrEngineerID.ValueSet("untouched"),
	workflowapi.AttrAlarm.ValueSet("untouched"), workflowapi.AttrWaitsSince.ValueSet(time.Time{}), workflowapi.AttrDeadline.ValueSet(time.Time{}),
	workflowapi.AttrOverdue.ValueSet(false),
}

func attributesOf(updates []temporal.SearchAttributeUpdate) (attributes, error) {
	before := temporal.NewSearchAttributes(untouched...).GetUntypedValues()
	after := temporal.NewSearchAttributes(slices.Concat(untouched, updates)...).GetUntypedValues()
	set := attributes{}
	for key := range before {
		if _, left := after[key]; !left {
			set[key.GetName()] = ""
		}
	}
	for key, value := range after {
		if value == before[key] {
			continue
		}
		payload, err := converter.GetDefaultDataConverter().ToPayload(value)
		if err != nil {
			return nil, err
		}
		set[key.GetName()] = string(payload.GetData())
	}
	return set, nil
}
