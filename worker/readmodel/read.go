package readmodel

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"

	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// rows are one order's rows in the database.
type rows struct {
	Order     columns   `json:"order"` // nil if there is none
	Messages  []message `json:"messages"`
	Events    []event   `json:"events"`
	Responses []columns `json:"responses"`
	Offer     columns   `json:"offer"` // nil if there is none
}

// columns is a row as Postgres formats it in JSON, where equal values have equal texts.
type columns map[string]json.RawMessage

// text returns a column's value for the report.
func (c columns) text(name string) string {
	value := c[name]
	if value == nil || bytes.Equal(value, []byte("null")) {
		return "пусто"
	}
	return string(bytes.Trim(value, `"`))
}

type message struct {
	ID          uuid.UUID     `json:"id"`
	Seq         int           `json:"seq"`
	Kind        order.Kind    `json:"kind"`
	ActorRole   string        `json:"actor_role"`
	ActorPerson *uuid.UUID    `json:"actor_person"`
	ActorParty  *uuid.UUID    `json:"actor_party"`
	BodyID      *uuid.UUID    `json:"body_id"`
	Verdict     order.Verdict `json:"verdict"`
	Outcome     order.Outcome `json:"outcome"`
	HappenedAt  time.Time     `json:"happened_at"`
	ReceivedAt  time.Time     `json:"received_at"`
}

type event struct {
	Seq         int         `json:"seq"`
	Kind        order.Kind  `json:"kind"`
	ActorRole   string      `json:"actor_role"`
	ActorPerson *uuid.UUID  `json:"actor_person"`
	ActorParty  *uuid.UUID  `json:"actor_party"`
	StageBefore order.Stage `json:"stage_before"`
	StageAfter  order.Stage `json:"stage_after"`
	BodyID      *uuid.UUID  `json:"body_id"`
	HappenedAt  time.Time   `json:"happened_at"`
}

// orderQuery reads all rows of an order in one statement, hence as of one moment.
const orderQuery = `select jsonb_build_object(
	'order', (select to_jsonb(o) from orders o where o.id = $1),
	'messages', (select coalesce(jsonb_agg(to_jsonb(m) order by m.seq), '[]') from order_messages m where m.order_id = $1),
	'events', (select coalesce(jsonb_agg(to_jsonb(e) order by e.seq), '[]') from order_events e where e.order_id = $1),
	'responses', (select coalesce(jsonb_agg(to_jsonb(r) order by r.engineer_id), '[]') from responses r where r.order_id = $1),
	'offer', (select to_jsonb(f) from offers f where f.order_id = $1))`

func (v *Verifier) read(ctx context.Context, id uuid.UUID) (rows, error) {
	var text []byte
	var r rows
	if err := v.Database.QueryRowContext(ctx, orderQuery, id).Scan(&text); err != nil {
		return r, fmt.Errorf("reading the rows: %w", err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		return r, fmt.Errorf("reading the rows: %w", err)
	}
	return r, nil
}

// queryTimeout limits one query to a workflow; a worker with a cold cache replays the order first.
const queryTimeout = 30 * time.Second

// queryState queries the workflow for its state. noStateReason explains in Russian why there is
// none; it is empty if the workflow no longer exists.
func (v *Verifier) queryState(ctx context.Context, id uuid.UUID) (state *order.State, noStateReason string, err error) {
	ctx, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	answer, err := v.Temporal.QueryWorkflow(ctx, workflowapi.OrderWorkflowID(id), "", workflowapi.StateQuery)
	var failed *serviceerror.QueryFailed
	var notReady *serviceerror.WorkflowNotReady
	switch {
	case workflowapi.IsNotFound(err):
		return nil, "", nil
	case errors.As(err, &failed), errors.As(err, &notReady):
		return nil, "процесс заказа не отвечает: " + err.Error(), nil
	case err != nil:
		return nil, "", fmt.Errorf("asking the workflow for its state (is a worker running?): %w", err)
	}
	state = &order.State{}
	if err := answer.Get(state); err != nil {
		return nil, "", fmt.Errorf("reading the workflow's state: %w", err)
	}
	return state, "", nil
}

// checkRun sets c.stopped if the workflow of an order that is not closed has ended. A closed
// workflow still answers queries.
func (v *Verifier) checkRun(ctx context.Context, c *compared) error {
	if s := c.state(); c.live == nil || s == nil || s.Closed() {
		return nil
	}
	described, err := v.Temporal.DescribeWorkflowExecution(ctx, workflowapi.OrderWorkflowID(c.id), "")
	if err != nil {
		return fmt.Errorf("asking how the workflow is: %w", err)
	}
	status := described.GetWorkflowExecutionInfo().GetStatus()
	if status == enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return nil
	}
	// The order may have been closed since it was read.
	if c.rows, err = v.read(ctx, c.id); err != nil {
		return err
	}
	if c.live, c.noStateReason, err = v.queryState(ctx, c.id); err != nil {
		return err
	}
	if err := c.replay(); err != nil {
		return err
	}
	if s := c.state(); s != nil && !s.Closed() {
		c.stopped = status.String()
	}
	return nil
}

// listPageSize is how many orders are listed at a time.
const listPageSize = 500

// orders lists every order that has a row, a record or a workflow.
func (v *Verifier) orders(ctx context.Context) ([]uuid.UUID, error) {
	known := map[uuid.UUID]bool{}
	if err := v.listStored(ctx, known); err != nil {
		return nil, err
	}
	if err := v.listWorkflows(ctx, known); err != nil {
		return nil, err
	}
	ids := make([]uuid.UUID, 0, len(known))
	for id := range known {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	return ids, nil
}

func (v *Verifier) listStored(ctx context.Context, known map[uuid.UUID]bool) error {
	last := uuid.Nil
	for {
		page, err := v.storedAfter(ctx, last)
		if err != nil {
			return fmt.Errorf("listing the orders of the database: %w", err)
		}
		for _, id := range page {
			known[id], last = true, id
		}
		if len(page) < listPageSize {
			return nil
		}
	}
}

func (v *Verifier) storedAfter(ctx context.Context, last uuid.UUID) ([]uuid.UUID, error) {
	found, err := v.Database.QueryContext(ctx,
		`select id from orders where id > $1 union select order_id from order_messages where order_id > $1 order by 1 limit $2`, last, listPageSize)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	var page []uuid.UUID
	for found.Next() {
		var id uuid.UUID
		if err := found.Scan(&id); err != nil {
			return nil, err
		}
		page = append(page, id)
	}
	return page, found.Err()
}

func (v *Verifier) listWorkflows(ctx context.Context, known map[uuid.UUID]bool) error {
	request := &workflowservice.ListWorkflowExecutionsRequest{
		PageSize: listPageSize, Query: fmt.Sprintf("WorkflowType = '%s' and TaskQueue = '%s'", workflowapi.OrderWorkflow, v.TaskQueue),
	}
	for {
		page, err := v.Temporal.ListWorkflow(ctx, request)
		if err != nil {
			return fmt.Errorf("listing the workflows: %w", err)
		}
		for _, one := range page.GetExecutions() {
			// A workflow under any other id belongs to no order: it fails at its start.
			if id, err := workflowapi.OrderID(one.GetExecution().GetWorkflowId()); err == nil {
				known[id] = true
			}
		}
		if request.NextPageToken = page.GetNextPageToken(); len(request.NextPageToken) == 0 {
			return nil
		}
	}
}
