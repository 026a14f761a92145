package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"epkr/db/sqlcgen"
)

// Pipeline is a transaction in few round trips. Whoever has one asks it alone, from one goroutine.
type Pipeline struct {
	// Now answers as any queries do.
	Now *sqlcgen.Queries
	// Later takes queries that answer nothing (:exec): they are sent together with the next one of Now, or with the commit. What is
	// wrong with one comes back from there, and nothing is kept.
	Later *sqlcgen.Queries

	conn  *pgx.Conn
	ahead *pgx.Batch
	// askers are who waits for the answer to each statement ahead; nil where nobody does.
	askers []*asker
}

func pipelineOn(conn *pgx.Conn) *Pipeline {
	p := &Pipeline{conn: conn, ahead: &pgx.Batch{}}
	now := hand{p, p.askNow}
	p.Now, p.Later = sqlcgen.New(now), sqlcgen.New(deferring{now})
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
	done, err := hand{p, p.askNow}.Exec(ctx, "commit")
	if err != nil {
		return errors.Join(err, p.rollback(ctx))
	}
	if done.String() != "COMMIT" { // do passed over a failed query
		return pgx.ErrTxCommitRollback
	}
	return nil
}

func (p *Pipeline) queue(by *asker, statement string, args []any) {
	p.ahead.Queue(statement, args...)
	p.askers = append(p.askers, by)
}

// send sends what is ahead and tells who waits for what.
func (p *Pipeline) send(ctx context.Context) (pgx.BatchResults, []*asker) {
	batch, askers := p.ahead, p.askers
	p.ahead, p.askers = &pgx.Batch{}, nil
	return p.conn.SendBatch(ctx, batch), askers
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
