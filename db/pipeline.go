package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"epkr/db/sqlcgen"
)

// InPipeline runs do in one transaction like [Store.InTx], in fewer round trips: what do asks of later is sent together with its next
// query of now, or with the commit. Only queries that answer nothing (:exec) may be asked of later; what is wrong with one comes
// back from the next query or from the commit, and nothing is kept.
func (s *Store) InPipeline(ctx context.Context, do func(now, later *sqlcgen.Queries) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("taking a connection: %w", err)
	}
	defer conn.Release() // one that is still in a transaction, as after a panic, is closed
	p := &pipeline{conn: conn.Conn(), ahead: &pgx.Batch{}}
	p.ahead.Queue("begin")
	if err := do(sqlcgen.New(p), sqlcgen.New(deferring{p})); err != nil {
		return errors.Join(err, p.rollback(ctx))
	}
	done, err := p.Exec(ctx, "commit")
	if err != nil {
		return errors.Join(err, p.rollback(ctx))
	}
	if done.String() != "COMMIT" { // do passed over a failed query
		return pgx.ErrTxCommitRollback
	}
	return nil
}

// pipeline is a transaction with the statements that have not been sent yet.
type pipeline struct {
	conn  *pgx.Conn
	ahead *pgx.Batch
}

// send sends what is ahead.
func (p *pipeline) send(ctx context.Context) pgx.BatchResults {
	batch := p.ahead
	p.ahead = &pgx.Batch{}
	return p.conn.SendBatch(ctx, batch)
}

// sendWith sends the statement after what is ahead, and reads up to its answer.
func (p *pipeline) sendWith(ctx context.Context, statement string, args []any) (pgx.BatchResults, error) {
	before := p.ahead.Len()
	p.ahead.Queue(statement, args...)
	results := p.send(ctx)
	for range before {
		if _, err := results.Exec(); err != nil {
			_ = results.Close() // it has failed already
			return nil, err
		}
	}
	return results, nil
}

// rollbackLimit bounds the end of a transaction whose own time is over.
const rollbackLimit = 5 * time.Second

func (p *pipeline) rollback(ctx context.Context) error {
	if p.conn.IsClosed() || p.conn.PgConn().TxStatus() == 'I' { // nothing has been sent, or nothing can be
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackLimit)
	defer cancel()
	_, err := p.conn.Exec(ctx, "rollback")
	return err
}

// Exec, Query, QueryRow and CopyFrom make a pipeline what generated queries run on.

func (p *pipeline) Exec(ctx context.Context, statement string, args ...any) (pgconn.CommandTag, error) {
	results, err := p.sendWith(ctx, statement, args)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	if closing := results.Close(); err == nil {
		err = closing
	}
	return tag, err
}

func (p *pipeline) Query(ctx context.Context, statement string, args ...any) (pgx.Rows, error) {
	results, err := p.sendWith(ctx, statement, args)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	return pipelinedRows{rows, results}, err
}

func (p *pipeline) QueryRow(ctx context.Context, statement string, args ...any) pgx.Row {
	results, err := p.sendWith(ctx, statement, args)
	if err != nil {
		return pipelinedRow{err: err}
	}
	return pipelinedRow{row: results.QueryRow(), results: results}
}

func (p *pipeline) CopyFrom(ctx context.Context, table pgx.Identifier, columns []string, source pgx.CopyFromSource) (int64, error) {
	if err := p.send(ctx).Close(); err != nil {
		return 0, err
	}
	return p.conn.CopyFrom(ctx, table, columns, source)
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

// deferring lets the statements of a pipeline wait.
type deferring struct{ *pipeline }

func (d deferring) Exec(_ context.Context, statement string, args ...any) (pgconn.CommandTag, error) {
	d.ahead.Queue(statement, args...)
	return pgconn.CommandTag{}, nil
}
