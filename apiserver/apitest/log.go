package apitest

import (
	"bytes"
	"log/slog"
	"sync"
)

// SafeBuffer stores a log that concurrent requests write.
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
