package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pipelineDBTX is the sqlcgen.DBTX of a pipeline. ask sends a statement and returns results, of which the next is its
// answer.
type pipelineDBTX struct {
	p   *Pipeline
	ask func(ctx context.Context, statement string, args []any) (pgx.BatchResults, error)
}

// Exec, Query, QueryRow and CopyFrom are those of a connection.

func (d pipelineDBTX) Exec(ctx context.Context, statement string, args ...any) (pgconn.CommandTag, error) {
	results, err := d.ask(ctx, statement, args)
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
	results, err := d.ask(ctx, statement, args)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		_ = results.Close() // nobody closes rows that there are not
	}
	return pipelinedRows{rows, results}, err
}

func (d pipelineDBTX) QueryRow(ctx context.Context, statement string, args ...any) pgx.Row {
	results, err := d.ask(ctx, statement, args)
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

// pipelinedRows end their batch when they are closed.
type pipelinedRows struct {
	pgx.Rows
	results pgx.BatchResults
}

func (r pipelinedRows) Close() {
	r.Rows.Close()
	_ = r.results.Close() // what is wrong, the rows say
}

// pipelinedRow is the one row of a query, or why there is none.
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
	_ = r.results.Close() // what is wrong, the row has said
	return err
}

// deferredDBTX queues statements, to be sent with a later one.
type deferredDBTX struct{ pipelineDBTX }

func (d deferredDBTX) Exec(_ context.Context, statement string, args ...any) (pgconn.CommandTag, error) {
	d.p.queue(nil, statement, args)
	return pgconn.CommandTag{}, nil
}
