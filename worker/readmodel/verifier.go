package readmodel

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"

	"epkr/internal/order"
)

// Verifier compares the orders of one platform. Database is opened with the driver "pgx". Rows are
// read as JSON and written by column name, so that any set of columns works; there are no generated
// queries for that.
type Verifier struct {
	Database *sql.DB
	Temporal client.Client
	// TaskQueue is the task queue of the platform's workflows.
	TaskQueue string
	// Repair enables rewriting of the rows that follow from the record.
	Repair bool
}

// Difference is one difference that was found. The texts are Russian, for operators.
type Difference struct {
	// Order is zero for a difference that concerns no order.
	Order  uuid.UUID
	Number string // empty if the order has none
	What   string
	// Repaired reports whether the row has been rewritten; Cannot explains why it cannot be.
	Repaired bool
	Cannot   string

	repair func(context.Context, *sql.Tx) error
}

func (d Difference) String() string {
	text := d.What
	if d.Order != uuid.Nil {
		text = fmt.Sprintf("заказ %s (%s): %s", numberText(d.Number), d.Order, d.What)
	}
	switch {
	case d.Repaired:
		text += " — исправлено"
	case d.Cannot != "":
		text += " — само не исправляется: " + d.Cannot
	}
	return text
}

func numberText(number string) string {
	if number == "" {
		return "без номера"
	}
	return number
}

// Report counts what was compared and lists what differs.
type Report struct {
	Orders, Messages int
	Differences      []Difference
}

// Clean reports whether no unrepaired difference is left.
func (r Report) Clean() bool {
	for _, d := range r.Differences {
		if !d.Repaired {
			return false
		}
	}
	return true
}

// maxConcurrentOrders is how many orders are compared at a time: enough that the waits for their
// workflows overlap.
const maxConcurrentOrders = 16

// Verify compares every order that has a row, a record or a workflow.
func (v *Verifier) Verify(ctx context.Context) (Report, error) {
	ids, err := v.orders(ctx)
	if err != nil {
		return Report{}, err
	}
	parts := make([]Report, len(ids))
	group, limited := errgroup.WithContext(ctx)
	group.SetLimit(maxConcurrentOrders)
	for i, id := range ids {
		group.Go(func() (err error) {
			parts[i], err = v.verifyOne(limited, id)
			return err
		})
	}
	err = group.Wait()
	if err == nil {
		var engineers Report
		engineers.Differences, err = v.statisticsDifferences(ctx)
		parts = append(parts, engineers)
	}
	var report Report
	for _, part := range parts {
		report.Orders += part.Orders
		report.Messages += part.Messages
		report.Differences = append(report.Differences, part.Differences...)
	}
	return report, err
}

func (v *Verifier) verifyOne(ctx context.Context, id uuid.UUID) (Report, error) {
	one, err := v.readSettled(ctx, id)
	if err != nil {
		return Report{}, fmt.Errorf("comparing order %s: %w", id, err)
	}
	report := Report{Orders: 1, Messages: len(one.rows.Messages), Differences: one.differences(ctx, v)}
	if v.Repair {
		if err := v.repairAll(ctx, report.Differences); err != nil {
			return report, fmt.Errorf("repairing order %s: %w", id, err)
		}
	}
	return report, nil
}

// An order that is processing a message is read again until its rows and its workflow are at the
// same message. An order that stops changing before that differs.
const (
	maxReads          = 10
	maxUnchangedReads = 5
	readPause         = 300 * time.Millisecond
)

// readSettled reads an order until its workflow and its record are at the same message. An order
// that does not reach that in time differs.
func (v *Verifier) readSettled(ctx context.Context, id uuid.UUID) (*compared, error) {
	var before [2]int
	for n, unchanged := 1, 0; ; n++ {
		live, noStateReason, err := v.queryState(ctx, id)
		if err != nil {
			return nil, err
		}
		rows, err := v.read(ctx, id)
		if err != nil {
			return nil, err
		}
		c := &compared{id: id, rows: rows, live: live, noStateReason: noStateReason}
		if live == nil || live.Seq == len(rows.Messages) || n == maxReads || unchanged == maxUnchangedReads {
			return c, errors.Join(c.replay(), v.checkRun(ctx, c))
		}
		if now := [2]int{live.Seq, len(rows.Messages)}; now == before {
			unchanged++
		} else {
			unchanged, before = 0, now
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(readPause):
		}
	}
}

// compared is one order: its rows, its workflow's state, and the states computed from the record of
// its messages.
type compared struct {
	id   uuid.UUID
	rows rows
	// live is the workflow's state, or nil. noStateReason then explains why; it is empty if the
	// workflow no longer exists.
	live          *order.State
	noStateReason string
	// stopped is how the workflow of an unfinished order has ended; empty if it runs or never
	// existed.
	stopped string
	// states are the order's states before the first message and after each message; nil if the
	// record has gaps.
	states []order.State
}

// replay computes the states of the order from its record.
func (c *compared) replay() error {
	states := []order.State{{ID: c.id.String()}}
	for i, m := range c.rows.Messages {
		if m.Seq != i+1 {
			return nil
		}
		next := states[i]
		if err := next.Apply(m.Outcome); err != nil {
			return err
		}
		states = append(states, next)
	}
	c.states = states
	return nil
}

// state returns the state that the rows are compared with: the record's, if the record is complete.
func (c *compared) state() *order.State {
	if c.states != nil {
		return &c.states[len(c.states)-1]
	}
	return c.live
}

func (c *compared) number() string {
	if s := c.state(); s != nil {
		return s.Number
	}
	return ""
}

// differences returns all differences of an order. Rows that depend on an incomplete record are not
// compared.
func (c *compared) differences(ctx context.Context, v *Verifier) []Difference {
	found := c.recordDifferences()
	if len(found) == 0 {
		found = append(found, c.eventDifferences()...)
		found = append(found, c.derivedDifferences(ctx, v)...)
	}
	for i := range found {
		found[i].Order, found[i].Number = c.id, c.number()
	}
	return found
}

func (v *Verifier) repairAll(ctx context.Context, found []Difference) error {
	tx, err := v.Database.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("beginning a repair: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	for i := range found {
		if found[i].repair == nil {
			continue
		}
		if err := found[i].repair(ctx, tx); err != nil {
			return fmt.Errorf("%s: %w", found[i].What, err)
		}
		found[i].Repaired = true
	}
	return tx.Commit()
}
