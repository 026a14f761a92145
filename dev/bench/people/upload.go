package people

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"epkr/dev/bench/platform"
	"epkr/internal/order"
)

// Upload sends a small file of an order as a browser does: declared to the API, its one part put into the storage, checked by the platform.
func (p Person) Upload(ctx context.Context, of uuid.UUID, contentType string) (order.FileRef, error) {
	content := []byte("%PDF-1.4 " + uuid.NewString())
	if contentType != "application/pdf" {
		content = content[len("%PDF-1.4 "):]
	}
	sum := sha256.Sum256(content)
	var file struct{ File struct{ ID, State string } }
	path := "/api/orders/" + of.String() + "/files"
	err := p.ask(ctx, http.MethodPost, path, "", map[string]any{
		"name": "файл", "size": len(content), "sha256": hex.EncodeToString(sum[:]), "type": contentType,
	}, &file)
	if err != nil {
		return order.FileRef{}, err
	}
	ref := order.FileRef{ID: file.File.ID, SHA256: hex.EncodeToString(sum[:])}
	path += "/" + ref.ID
	part := base64.StdEncoding.EncodeToString(sum[:])
	if err := p.putPart(ctx, path, part, content); err != nil {
		return ref, err
	}
	err = p.ask(ctx, http.MethodPost, path+"/complete", "", map[string]any{"parts": []any{map[string]any{"part": 1, "sha256": part}}}, &file)
	if err != nil || file.File.State == "stored" {
		return ref, err
	}
	return ref, platform.Await(ctx, "the check of a file", func() (bool, error) {
		err := p.ask(ctx, http.MethodGet, path, "", nil, &file)
		return file.File.State == "stored", err
	})
}

func (p Person) putPart(ctx context.Context, path, sum string, content []byte) error {
	var where struct {
		URL     string
		Headers map[string]string
	}
	asked := map[string]any{"part": 1, "length": len(content), "sha256": sum}
	if err := p.ask(ctx, http.MethodPost, path+"/parts", "", asked, &where); err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, where.URL, bytes.NewReader(content))
	if err != nil {
		return fmt.Errorf("making a request: %w", err)
	}
	for name, value := range where.Headers {
		request.Header.Set(name, value)
	}
	response, err := browser.Do(request)
	if err != nil {
		return fmt.Errorf("asking the storage: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the storage answered %d", response.StatusCode)
	}
	return nil
}
