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

// Verifier compares the orders of one platform. Database is opened by the driver "pgx": rows are read as JSON and written by
// their columns' names, whatever columns a table has, for which there are no generated queries.
type Verifier struct {
	Database *sql.DB
	Temporal client.Client
	// TaskQueue is that of the platform's workflows.
	TaskQueue string
	// Repair says to rewrite what follows from the record.
	Repair bool
}

// Difference is one thing that is not as it should be. The texts are Russian, for operators.
type Difference struct {
	Order  uuid.UUID
	Number string // empty if the order has none
	What   string
	// Repaired says that the row has been rewritten; Cannot says why it never can be.
	Repaired bool
	Cannot   string

	repair func(context.Context, *sql.Tx) error
}

func (d Difference) String() string {
	text := fmt.Sprintf("заказ %s (%s): %s", named(d.Number), d.Order, d.What)
	switch {
	case d.Repaired:
		text += " — исправлено"
	case d.Cannot != "":
		text += " — само не исправляется: " + d.Cannot
	}
	return text
}

func named(number string) string {
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

// Clean says that nothing is left that differs.
func (r Report) Clean() bool {
	for _, d := range r.Differences {
		if !d.Repaired {
			return false
		}
	}
	return true
}

// maxConcurrentOrders is how many orders are compared at a time: enough that their waiting for the workflows overlaps.
const maxConcurrentOrders = 16

// Verify compares every order that has a row, a record or a workflow.
func (v *Verifier) Verify(ctx context.Context) (Report, error) {
	ids, err := v.orders(ctx)
	if err != nil {
		return Report{}, err
	}
	parts := make([]Report, len(ids))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxConcurrentOrders)
	for i, id := range ids {
		group.Go(func() (err error) {
			parts[i], err = v.verifyOne(ctx, id)
			return err
		})
	}
	err = group.Wait()
	var report Report
	for _, part := range parts {
		report.Orders += part.Orders
		report.Messages += part.Messages
		report.Differences = append(report.Differences, part.Differences...)
	}
	return report, err
}

func (v *Verifier) verifyOne(ctx context.Context, id uuid.UUID) (Report, error) {
	one, err := v.settled(ctx, id)
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

// An order that is being told something is read again until rows and workflow are at the same message. One of which neither moves any more
// differs.
const (
	readings     = 10
	stillReading = 5
	readingWait  = 300 * time.Millisecond
)

// settled reads an order. One whose workflow and record are not at the same message even after a while differs.
func (v *Verifier) settled(ctx context.Context, id uuid.UUID) (*compared, error) {
	var before [2]int
	for n, still := 1, 0; ; n++ {
		live, silent, err := v.live(ctx, id)
		if err != nil {
			return nil, err
		}
		rows, err := v.read(ctx, id)
		if err != nil {
			return nil, err
		}
		c := &compared{id: id, rows: rows, live: live, silent: silent}
		if live == nil || live.Seq == len(rows.Messages) || n == readings || still == stillReading {
			return c, errors.Join(c.fold(), v.lookAtRun(ctx, c))
		}
		if now := [2]int{live.Seq, len(rows.Messages)}; now == before {
			still++
		} else {
			still, before = 0, now
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(readingWait):
		}
	}
}

// compared is one order: what its rows say, what its workflow says, and what follows from the record of its messages.
type compared struct {
	id   uuid.UUID
	rows rows
	// live is the workflow's state, nil if it gave none; silent says why not, empty if there is no such workflow any more.
	live   *order.State
	silent string
	// stopped says how the workflow has ended while its order goes on; empty if it runs, or was never there.
	stopped string
	// states are the order after each message, from the empty one on; nil if the record has gaps.
	states []order.State
}

// fold repeats the order's life from its record.
func (c *compared) fold() error {
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

// state is the one that the rows are held against: the record's, if it is whole.
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

// differences lists all of an order. Rows that depend on a broken record are not judged by it.
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
