package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pipelineDBTX is the sqlcgen.DBTX of a pipeline. send sends a statement and returns results, the
// next of which is the statement's.
type pipelineDBTX struct {
	p    *Pipeline
	send func(ctx context.Context, statement string, args []any) (pgx.BatchResults, error)
}

// Exec, Query, QueryRow and CopyFrom implement sqlcgen.DBTX.

func (d pipelineDBTX) Exec(ctx context.Context, statement string, args ...any) (pgconn.CommandTag, error) {
	results, err := d.send(ctx, statement, args)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	if closing := results.Close(); err == nil {
		err = closing
	}
	return tag, err
}

func (d pipelineDBTX) Query(ctx context.Context, statement string, args ...any) (pgx.Rows, error) {
	results, err := d.send(ctx, statement, args)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		_ = results.Close() // there are no rows that the caller could close
	}
	return pipelinedRows{rows, results}, err
}

func (d pipelineDBTX) QueryRow(ctx context.Context, statement string, args ...any) pgx.Row {
	results, err := d.send(ctx, statement, args)
	if err != nil {
		return pipelinedRow{err: err}
	}
	return pipelinedRow{row: results.QueryRow(), results: results}
}

func (d pipelineDBTX) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, source pgx.CopyFromSource) (int64, error) {
	results, _ := d.p.send(ctx)
	if err := results.Close(); err != nil {
		return 0, err
	}
	return d.p.conn.CopyFrom(ctx, table, columns, source)
}

// pipelinedRows close their batch when they are closed.
type pipelinedRows struct {
	pgx.Rows
	results pgx.BatchResults
}

func (r pipelinedRows) Close() {
	r.Rows.Close()
	_ = r.results.Close() // the rows report the error
}

// pipelinedRow is the one row of a query, or its error.
type pipelinedRow struct {
	row     pgx.Row
	results pgx.BatchResults
	err     error
}

func (r pipelinedRow) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	err := r.row.Scan(into...)
	_ = r.results.Close() // the row has reported the error
	return err
}

// deferredDBTX queues statements and sends them with a later one.
type deferredDBTX struct{ pipelineDBTX }

func (d deferredDBTX) Exec(_ context.Context, statement string, args ...any) (pgconn.CommandTag, error) {
	d.p.queue(nil, statement, args)
	return pgconn.CommandTag{}, nil
}
