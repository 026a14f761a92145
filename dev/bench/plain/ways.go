package plain

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/db"
	"epkr/dev/bench/people"
	"epkr/dev/bench/platform"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// way is how a client tells an order something and learns the verdict.
type way interface {
	// tell returns when the message is applied; the one that creates the order starts its workflow.
	tell(ctx context.Context, id uuid.UUID, m order.Message) error
}

// ours signals the platform's workflow and hears of the verdict's row as apiserver does.
type ours struct {
	*platform.Platform
	stop context.CancelFunc

	mu      sync.Mutex
	waiting map[string]chan struct{}
}

// listen makes the platform's way; it ends with stop.
func listen(ctx context.Context, p *platform.Platform) (*ours, error) {
	o := &ours{Platform: p, waiting: map[string]chan struct{}{}}
	listening := make(chan struct{})
	ready := sync.OnceFunc(func() { close(listening) })
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	o.stop = stop
	go db.NewListener(func(c db.Changed) { o.ring(c.Message) }, ready).Run(background, p.OwnDatabaseURL)
	select {
	case <-listening:
		return o, nil
	case <-ctx.Done():
		stop()
		return nil, ctx.Err()
	}
}

func (o *ours) ring(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if judged, found := o.waiting[id]; found {
		close(judged)
		delete(o.waiting, id)
	}
}

func (o *ours) tell(ctx context.Context, id uuid.UUID, m order.Message) error {
	judged := make(chan struct{})
	o.mu.Lock()
	o.waiting[m.ID] = judged
	o.mu.Unlock()
	if err := o.signal(ctx, id, m); err != nil {
		return err
	}
	select {
	case <-judged:
	case <-ctx.Done():
		return ctx.Err()
	}
	var verdict, reason string
	err := o.Database.QueryRowContext(ctx, `select verdict, reason from order_messages where id = $1`, m.ID).Scan(&verdict, &reason)
	if err == nil && verdict != string(order.Applied) {
		err = errors.New(reason)
	}
	return err
}

func (o *ours) signal(ctx context.Context, id uuid.UUID, m order.Message) error {
	workflow := workflowapi.OrderWorkflowID(id)
	// The record takes a person's message only if the platform kept it first.
	if _, err := o.Database.ExecContext(ctx, `insert into requests (message_id, order_id, person_id, kind, request_sha256, created_at)
		values ($1, $2, $3, $4, repeat('0', 64), $5)`, m.ID, id, m.Actor.Person, string(m.Kind), m.ReceivedAt); err != nil {
		return fmt.Errorf("keeping a message: %w", err)
	}
	if m.Kind != order.Create {
		return o.Temporal.SignalWorkflow(ctx, workflow, "", string(m.Kind), m)
	}
	_, err := o.Temporal.SignalWithStartWorkflow(ctx, workflow, string(m.Kind), m, workflowapi.StartOptions(id, o.TaskQueue),
		workflowapi.OrderWorkflow, workflowapi.OrderInput{State: order.State{ID: id.String()}})
	return err
}

// plainly signals the plain workflow and asks it until it knows the verdict.
type plainly struct{ *platform.Platform }

// askEvery is how long a client waits between two queries.
const askEvery = 20 * time.Millisecond

func (w plainly) tell(ctx context.Context, id uuid.UUID, m order.Message) error {
	workflow, sent := "plain-"+id.String(), envelope{Kind: m.Kind, Message: m}
	var err error
	if m.Kind == order.Create {
		options := client.StartWorkflowOptions{ID: workflow, TaskQueue: Worker().Name, WorkflowTaskTimeout: 10 * time.Second}
		_, err = w.Temporal.SignalWithStartWorkflow(ctx, workflow, messageSignal, sent, options, workflowName, id.String())
	} else {
		err = w.Temporal.SignalWorkflow(ctx, workflow, "", messageSignal, sent)
	}
	if err != nil {
		return err
	}
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		answer, err := w.Temporal.QueryWorkflow(ctx, workflow, "", verdictQuery, m.ID)
		if err != nil {
			return err
		}
		var verdict order.Verdict
		if err := answer.Get(&verdict); err != nil {
			return err
		}
		switch verdict {
		case order.Applied:
			return nil
		case "":
		default:
			return errors.New(string(verdict))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// message makes one of a step, with its text stored as apiserver stores it.
func message(ctx context.Context, p *platform.Platform, id uuid.UUID, by order.Actor, kind order.Kind, details, text any) (order.Message, error) {
	m := order.Message{ID: uuid.NewString(), Kind: kind, Actor: by, ReceivedAt: time.Now().UTC()}
	var err error
	if details != nil {
		if m.Details, err = json.Marshal(details); err != nil {
			return m, err
		}
	}
	if text == nil {
		return m, nil
	}
	body, err := json.Marshal(text)
	if err != nil {
		return m, err
	}
	sum := sha256.Sum256(body)
	m.Body = &order.BodyRef{ID: uuid.NewString(), SHA256: hex.EncodeToString(sum[:])}
	_, err = p.Database.ExecContext(ctx, `insert into message_bodies (id, order_id, author_id, body, sha256) values ($1, $2, $3, $4, $5)`,
		m.Body.ID, id, by.Person, body, m.Body.SHA256)
	if err != nil {
		return m, fmt.Errorf("storing a text: %w", err)
	}
	return m, nil
}

// store makes the rows of the files that the steps name.
func store(ctx context.Context, p *platform.Platform, id uuid.UUID) func(order.Actor, string) (order.FileRef, error) {
	return func(by order.Actor, contentType string) (order.FileRef, error) {
		return people.StoreFile(ctx, p, by, id, contentType)
	}
}
