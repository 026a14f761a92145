package faults

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"epkr/dev/browser"
)

// upload uploads a small file to an order and repeats each step until it is done. If the local S3
// is killed while it joins the parts of an upload, both the parts and the file are lost: the sender
// is asked to upload again, and does.
func (p *platform) upload(t *testing.T, i int) {
	ctx, cancel := context.WithTimeout(t.Context(), verdictTimeout)
	defer cancel()
	content := []byte("%PDF-1.7\n" + uuid.NewString())
	send := func() error {
		_, err := p.people.customers[i].Upload(ctx, p.people.orders[i], "договор.pdf", "application/pdf", content)
		return err
	}
	before := p.s3.Kills()
	err := send()
	if errors.Is(err, browser.ErrRejected) && p.s3.Kills() > before {
		p.logf("%v", err)
		err = send()
	}
	if err != nil {
		t.Errorf("uploading a file: %v", err)
		return
	}
	p.ledger.mu.Lock()
	p.ledger.uploads++
	p.ledger.mu.Unlock()
}
