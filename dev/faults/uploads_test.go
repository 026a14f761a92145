package faults

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/uuid"
)

// upload brings a small file to an order, each step until it is done. A file that S3 lost on the way would be rejected.
func (p *platform) upload(t *testing.T, i int) {
	ctx, cancel := context.WithTimeout(t.Context(), verdictLimit)
	defer cancel()
	content := []byte("%PDF-1.7\n" + uuid.NewString())
	sum := sha256.Sum256(content)
	by, path := p.people.customers[i], "/api/orders/"+p.people.orders[i].String()+"/files"
	f, err := p.step(ctx, by, http.MethodPost, path, map[string]any{
		"name": "договор.pdf", "size": len(content), "sha256": hex.EncodeToString(sum[:]), "type": "application/pdf",
	})
	if err != nil {
		t.Errorf("beginning an upload: %v", err)
		return
	}
	path += "/" + f.File.ID
	if err := p.put(ctx, by, path, content, base64.StdEncoding.EncodeToString(sum[:])); err != nil {
		t.Errorf("sending a file: %v", err)
		return
	}
	for f.File.State != "stored" {
		if f, err = p.step(ctx, by, http.MethodPost, path+"/complete", nil); err != nil || f.File.State == "rejected" {
			t.Errorf("completing an upload: %v, %s %s", err, f.File.State, f.File.Problem)
			return
		}
		if !pause(ctx) {
			t.Errorf("an upload is still %s", f.File.State)
			return
		}
	}
	p.book.mu.Lock()
	p.book.uploads++
	p.book.mu.Unlock()
}

type uploading struct {
	File    struct{ ID, State, Problem string }
	URL     string
	Headers map[string]string
}

// step asks until the answer is one of success.
func (p *platform) step(ctx context.Context, by person, method, path string, body any) (uploading, error) {
	var u uploading
	for n := 0; ; n++ {
		a := p.ask(ctx, p.url(n), method, path, by, "", body)
		if a.err == nil && a.status < 300 {
			return u, json.Unmarshal(a.body, &u)
		}
		if a.err == nil && a.status < 500 && a.status != http.StatusTooManyRequests {
			return u, fmt.Errorf("%s %s: %s", method, path, a.text())
		}
		if !pause(ctx) {
			return u, fmt.Errorf("%s %s: %s", method, path, a.text())
		}
	}
}

// put sends the one part of the file to S3.
func (p *platform) put(ctx context.Context, by person, path string, content []byte, sum string) error {
	signed, err := p.step(ctx, by, http.MethodPost, path+"/parts", map[string]any{"part": 1, "length": len(content), "sha256": sum})
	if err != nil {
		return err
	}
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodPut, signed.URL, bytes.NewReader(content))
		if err != nil {
			return err
		}
		for name, value := range signed.Headers {
			request.Header.Set(name, value)
		}
		a := p.exchange(request)
		if a.err == nil && a.status == http.StatusOK {
			return nil
		}
		if a.err == nil && a.status < 500 {
			return fmt.Errorf("S3: %s", a.text())
		}
		if !pause(ctx) {
			return fmt.Errorf("S3: %s", a.text())
		}
	}
}
