package faults

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"epkr/dev/browser"
)

// upload brings a small file to an order, each step until it is done. The local S3 that is killed while it joins the parts of an upload
// has neither them nor the file afterwards: its sender is told to send it again, and does.
func (p *platform) upload(t *testing.T, i int) {
	ctx, cancel := context.WithTimeout(t.Context(), verdictLimit)
	defer cancel()
	content := []byte("%PDF-1.7\n" + uuid.NewString())
	send := func() error {
		_, err := p.people.customers[i].Upload(ctx, p.people.orders[i], "договор.pdf", "application/pdf", content)
		return err
	}
	before := p.s3.Kills()
	err := send()
	if errors.Is(err, browser.ErrRejected) && p.s3.Kills() > before {
		p.say("%v", err)
		err = send()
	}
	if err != nil {
		t.Errorf("uploading a file: %v", err)
		return
	}
	p.book.mu.Lock()
	p.book.uploads++
	p.book.mu.Unlock()
}
