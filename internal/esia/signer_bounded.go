package esia

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

const (
	// waitingSigners is how many signatures may wait for each that is being made.
	waitingSigners = 32
	// signerPatience bounds the wait for a turn.
	signerPatience = 10 * time.Second
)

// errSignerBusy says that too many signatures are asked for at once.
var errSignerBusy = errors.New("too many signatures at once")

// Bounded lets a signer make so many signatures at once: each is a process, and whoever has no session yet may ask for one.
func Bounded(s Signer, atOnce int) Signer {
	if atOnce < 1 {
		return s
	}
	return &bounded{signer: s, turns: make(chan struct{}, atOnce)}
}

type bounded struct {
	signer  Signer
	turns   chan struct{}
	waiting atomic.Int64
}

// Sign waits for its turn. It gives up at once when the queue is long.
func (b *bounded) Sign(ctx context.Context, data []byte) ([]byte, error) {
	if b.waiting.Add(1) > int64(waitingSigners*cap(b.turns)) {
		b.waiting.Add(-1)
		return nil, errSignerBusy
	}
	patience := time.NewTimer(signerPatience)
	defer patience.Stop()
	select {
	case b.turns <- struct{}{}:
		b.waiting.Add(-1)
	case <-patience.C:
		b.waiting.Add(-1)
		return nil, errSignerBusy
	case <-ctx.Done():
		b.waiting.Add(-1)
		return nil, ctx.Err() //nolint:wrapcheck // the caller's own
	}
	defer func() { <-b.turns }()
	return b.signer.Sign(ctx, data)
}
