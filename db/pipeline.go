package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"epkr/db/sqlcgen"
)

// Pipeline is a transaction in few round trips. It is not safe for concurrent use.
type Pipeline struct {
	// Immediate runs queries at once.
	Immediate *sqlcgen.Queries
	// Deferred queues queries without a result (:exec). They are sent together with the next query
	// of Immediate, or with the commit. That call returns the error of a deferred query, and the
	// transaction is rolled back.
	Deferred *sqlcgen.Queries

	conn    *pgx.Conn
	pending *pgx.Batch
	// waiting holds, for each pending statement, the batch query that waits for its result, or nil.
	waiting []*batchQuery
}

func newPipeline(conn *pgx.Conn) *Pipeline {
	p := &Pipeline{conn: conn, pending: &pgx.Batch{}}
	tx := pipelineDBTX{p, p.sendNow}
	p.Immediate, p.Deferred = sqlcgen.New(tx), sqlcgen.New(deferredDBTX{tx})
	return p
}

// InPipeline runs do in one transaction like [Store.InTx], in fewer round trips.
func (s *Store) InPipeline(ctx context.Context, do func(*Pipeline) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("taking a connection: %w", err)
	}
	defer conn.Release() // closes a connection that is still in a transaction, as after a panic
	p := newPipeline(conn.Conn())
	p.queue(nil, "begin", nil)
	if err := do(p); err != nil {
		return errors.Join(err, p.rollback(ctx))
	}
	done, err := pipelineDBTX{p, p.sendNow}.Exec(ctx, "commit")
	if err != nil {
		return errors.Join(err, p.rollback(ctx))
	}
	if done.String() != "COMMIT" { // do ignored a failed query
		return pgx.ErrTxCommitRollback
	}
	return nil
}

func (p *Pipeline) queue(by *batchQuery, statement string, args []any) {
	p.pending.Queue(statement, args...)
	p.waiting = append(p.waiting, by)
}

// send sends the pending statements and returns the queries that wait for their results.
func (p *Pipeline) send(ctx context.Context) (pgx.BatchResults, []*batchQuery) {
	batch, waiting := p.pending, p.waiting
	p.pending, p.waiting = &pgx.Batch{}, nil
	return p.conn.SendBatch(ctx, batch), waiting
}

// sendNow sends the pending statements and then this one, and reads the results up to its own.
func (p *Pipeline) sendNow(ctx context.Context, statement string, args []any) (pgx.BatchResults, error) {
	before := p.pending.Len()
	p.queue(nil, statement, args)
	results, _ := p.send(ctx)
	for range before {
		if _, err := results.Exec(); err != nil {
			_ = results.Close() // it has failed already
			return nil, err
		}
	}
	return results, nil
}

// rollbackTimeout limits a rollback after the transaction's own context has ended.
const rollbackTimeout = 5 * time.Second

func (p *Pipeline) rollback(ctx context.Context) error {
	if p.conn.IsClosed() || p.conn.PgConn().TxStatus() == 'I' { // nothing has been sent, or the connection is closed
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
	defer cancel()
	_, err := p.conn.Exec(ctx, "rollback")
	return err
}
