package wholeorder

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	historypb "go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/proto"

	"epkr/dev/bench/platform"
)

// actions are counts by the server's own names.
type actions map[string]int

func (a actions) total() (sum int) {
	for n := range maps.Values(a) {
		sum += n
	}
	return sum
}

// without returns a less n times the other.
func (a actions) without(other actions, n int) actions {
	rest := actions{}
	for kind, count := range a {
		if left := count - n*other[kind]; left > 0 {
			rest[kind] = left
		}
	}
	return rest
}

// readActions reads the server's metric `action` of the platform's namespace, by type.
func readActions(ctx context.Context, p *platform.Platform) (actions, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.TemporalMetrics, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("asking Temporal for its counts: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking Temporal for its counts: %w", err)
	}
	defer response.Body.Close()
	parser := expfmt.NewTextParser(model.UTF8Validation)
	families, err := parser.TextToMetricFamilies(response.Body)
	if err != nil {
		return nil, fmt.Errorf("reading Temporal's counts: %w", err)
	}
	found := actions{}
	for _, metric := range families["action"].GetMetric() {
		labels := map[string]string{}
		for _, label := range metric.GetLabel() {
			labels[label.GetName()] = label.GetValue()
		}
		if labels["namespace"] == strings.ReplaceAll(p.Name, "-", "_") {
			found[labels["action_type"]] += int(metric.GetCounter().GetValue())
		}
	}
	return found, nil
}

// countActions returns the actions that do cost.
func countActions(ctx context.Context, p *platform.Platform, do func() error) (actions, error) {
	before, err := awaitActions(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := do(); err != nil {
		return nil, err
	}
	after, err := awaitActions(ctx, p)
	return after.without(before, 1), err
}

// awaitActions waits until the server's metric no longer changes: it is updated only every second,
// and the server's own workflows behind the platform's schedules start late.
func awaitActions(ctx context.Context, p *platform.Platform) (actions, error) {
	last, since := actions{}, time.Now()
	err := platform.Await(ctx, "the count of actions", func() (bool, error) {
		now, err := readActions(ctx, p)
		if !maps.Equal(now, last) {
			last, since = now, time.Now()
		}
		return time.Since(since) > 2*time.Second, err
	})
	return last, err
}

// events are the number of events of a kind in a history, and their bytes.
type events struct{ count, bytes int }

// readHistory sums up the history of a workflow by the events' kinds; size is the size of the whole
// as the server reports it.
func readHistory(
	ctx context.Context, p *platform.Platform, workflow string,
) (kinds map[string]events, size int64, err error) {
	kinds = map[string]events{}
	err = p.EachEvent(ctx, workflow, func(event *historypb.HistoryEvent) {
		kind := event.GetEventType().String()
		of := kinds[kind]
		kinds[kind] = events{count: of.count + 1, bytes: of.bytes + proto.Size(event)}
	})
	if err != nil {
		return nil, 0, err
	}
	described, err := p.Temporal.DescribeWorkflowExecution(ctx, workflow, "")
	return kinds, described.GetWorkflowExecutionInfo().GetHistorySizeBytes(), err
}

// settled waits until the workflow has no pending task, so that the last message is completely
// counted.
func settled(ctx context.Context, p *platform.Platform, workflow string) error {
	return platform.Await(ctx, "the end of a workflow task", func() (bool, error) {
		described, err := p.Temporal.DescribeWorkflowExecution(ctx, workflow, "")
		return described.GetPendingWorkflowTask() == nil, err
	})
}
