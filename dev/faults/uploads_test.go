package faults

import (
	"context"
	"testing"

	"github.com/google/uuid"
)

// upload brings a small file to an order, each step until it is done. A file that S3 lost on the way would be rejected.
func (p *platform) upload(t *testing.T, i int) {
	ctx, cancel := context.WithTimeout(t.Context(), verdictLimit)
	defer cancel()
	content := []byte("%PDF-1.7\n" + uuid.NewString())
	if _, err := p.people.customers[i].Upload(ctx, p.people.orders[i], "договор.pdf", "application/pdf", content); err != nil {
		t.Errorf("uploading a file: %v", err)
		return
	}
	p.book.mu.Lock()
	p.book.uploads++
	p.book.mu.Unlock()
}
