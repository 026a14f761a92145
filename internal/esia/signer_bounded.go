package esia

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

const (
	// queuePerSlot is how many signatures may wait for each running one.
	queuePerSlot = 32
	// maxSignerWait bounds the wait for a slot.
	maxSignerWait = 10 * time.Second
)

// errSignerBusy means that too many signatures are requested at the same time.
var errSignerBusy = errors.New("too many signatures at once")

// Bounded returns a signer that makes at most maxConcurrent signatures at the same time: each is a
// process, and people without a session can request one.
func Bounded(s Signer, maxConcurrent int) Signer {
	if maxConcurrent < 1 {
		return s
	}
	return &bounded{signer: s, slots: make(chan struct{}, maxConcurrent)}
}

type bounded struct {
	signer  Signer
	slots   chan struct{}
	waiting atomic.Int64
}

// Sign waits for a free slot. It fails immediately if the queue is full.
func (b *bounded) Sign(ctx context.Context, data []byte) ([]byte, error) {
	if b.waiting.Add(1) > int64(queuePerSlot*cap(b.slots)) {
		b.waiting.Add(-1)
		return nil, errSignerBusy
	}
	timer := time.NewTimer(maxSignerWait)
	defer timer.Stop()
	select {
	case b.slots <- struct{}{}:
		b.waiting.Add(-1)
	case <-timer.C:
		b.waiting.Add(-1)
		return nil, errSignerBusy
	case <-ctx.Done():
		b.waiting.Add(-1)
		return nil, ctx.Err() //nolint:wrapcheck // the caller's own
	}
	defer func() { <-b.slots }()
	return b.signer.Sign(ctx, data)
}
