package historycheck

import (
	"context"
	"database/sql"
	"fmt"
)

// Finding is one place of an order's history that is not as it was recorded.
type Finding struct {
	Order  string // id
	Number string // empty if the order has no row
	What   string // in Russian
}

func (f Finding) String() string {
	number := f.Number
	if number == "" {
		number = "без номера"
	}
	return fmt.Sprintf("заказ %s (%s): %s", number, f.Order, f.What)
}

// Report counts what was checked. Erased are the texts that were erased: their hashes are in the
// chain, and nothing is left to compare with them.
type Report struct{ Orders, Messages, Erased, Findings int }

// Check checks all orders of the database and calls report for each finding. The database is opened
// with the driver "pgx".
func Check(ctx context.Context, database *sql.DB, report func(Finding)) (Report, error) {
	c := &checker{report: report}
	// All queries see the same moment, between two messages of every order.
	tx, err := database.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return c.Report, fmt.Errorf("reading the histories: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	for _, step := range []func(context.Context, *sql.Tx) error{c.checkRecord, c.findAddedEvents, c.findUnrecordedOrders} {
		if err := step(ctx, tx); err != nil {
			return c.Report, fmt.Errorf("reading the histories: %w", err)
		}
	}
	return c.Report, nil
}

// checker counts and reports.
type checker struct {
	Report
	report func(Finding)
}

func (c *checker) found(order, number, what string, values ...any) {
	c.Findings++
	c.report(Finding{Order: order, Number: number, What: fmt.Sprintf(what, values...)})
}

func (c *checker) checkRecord(ctx context.Context, tx *sql.Tx) error {
	rows, err := tx.QueryContext(ctx, recordQuery)
	if err != nil {
		return err
	}
	defer rows.Close()
	o := &orderCheck{checker: c}
	for rows.Next() {
		var r recorded
		if err := r.scan(rows); err != nil {
			return err
		}
		if r.Order != o.id {
			o.finish()
			o = newOrderCheck(c, &r)
		}
		o.add(&r)
	}
	o.finish()
	return rows.Err()
}

func (c *checker) findAddedEvents(ctx context.Context, tx *sql.Tx) error {
	return c.findOrders(ctx, tx, addedEventsQuery, "событие %d добавлено: выполненного сообщения с таким номером нет")
}

func (c *checker) findUnrecordedOrders(ctx context.Context, tx *sql.Tx) error {
	return c.findOrders(ctx, tx, unrecordedQuery, "нет ни одного сообщения, а должно быть %d")
}

// findOrders reports the orders and numbers that the query returns.
func (c *checker) findOrders(ctx context.Context, tx *sql.Tx, query, what string) error {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, number string
		var n int
		if err := rows.Scan(&id, &number, &n); err != nil {
			return err
		}
		c.found(id, number, what, n)
	}
	return rows.Err()
}
