package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"epkr/db/sqlcgen"
)

// Pipeline is a transaction in few round trips. One goroutine uses it.
type Pipeline struct {
	// Immediate runs queries as usual.
	Immediate *sqlcgen.Queries
	// Deferred takes queries without a result (:exec). They are sent together with the next query of Immediate, or with
	// the commit. That call returns the error of a deferred query, and the transaction is rolled back.
	Deferred *sqlcgen.Queries

	conn  *pgx.Conn
	ahead *pgx.Batch
	// waiting holds, for each statement ahead, the query of a batch that waits for its answer; nil where none does.
	waiting []*batchQuery
}

func pipelineOn(conn *pgx.Conn) *Pipeline {
	p := &Pipeline{conn: conn, ahead: &pgx.Batch{}}
	tx := pipelineDBTX{p, p.askNow}
	p.Immediate, p.Deferred = sqlcgen.New(tx), sqlcgen.New(deferredDBTX{tx})
	return p
}

// InPipeline runs do in one transaction like [Store.InTx], in fewer round trips.
func (s *Store) InPipeline(ctx context.Context, do func(*Pipeline) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("taking a connection: %w", err)
	}
	defer conn.Release() // one that is still in a transaction, as after a panic, is closed
	p := pipelineOn(conn.Conn())
	p.queue(nil, "begin", nil)
	if err := do(p); err != nil {
		return errors.Join(err, p.rollback(ctx))
	}
	done, err := pipelineDBTX{p, p.askNow}.Exec(ctx, "commit")
	if err != nil {
		return errors.Join(err, p.rollback(ctx))
	}
	if done.String() != "COMMIT" { // do passed over a failed query
		return pgx.ErrTxCommitRollback
	}
	return nil
}

func (p *Pipeline) queue(by *batchQuery, statement string, args []any) {
	p.ahead.Queue(statement, args...)
	p.waiting = append(p.waiting, by)
}

// send sends the statements ahead and returns what waits for each answer.
func (p *Pipeline) send(ctx context.Context) (pgx.BatchResults, []*batchQuery) {
	batch, waiting := p.ahead, p.waiting
	p.ahead, p.waiting = &pgx.Batch{}, nil
	return p.conn.SendBatch(ctx, batch), waiting
}

// askNow sends the statement after what is ahead, and reads up to its answer.
func (p *Pipeline) askNow(ctx context.Context, statement string, args []any) (pgx.BatchResults, error) {
	before := p.ahead.Len()
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

// rollbackLimit bounds the end of a transaction whose own time is over.
const rollbackLimit = 5 * time.Second

func (p *Pipeline) rollback(ctx context.Context) error {
	if p.conn.IsClosed() || p.conn.PgConn().TxStatus() == 'I' { // nothing has been sent, or nothing can be
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackLimit)
	defer cancel()
	_, err := p.conn.Exec(ctx, "rollback")
	return err
}
