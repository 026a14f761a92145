package apitest

import (
	"bytes"
	"log/slog"
	"sync"
)

// SafeBuffer takes a log that requests write at once.
type SafeBuffer struct {
	Mu   sync.Mutex
	Text bytes.Buffer
}

func (b *SafeBuffer) Write(p []byte) (int, error) {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	return b.Text.Write(p)
}

func (b *SafeBuffer) String() string {
	b.Mu.Lock()
	defer b.Mu.Unlock()
	return b.Text.String()
}

func (b *SafeBuffer) Logger() *slog.Logger { return slog.New(slog.NewJSONHandler(b, nil)) }
