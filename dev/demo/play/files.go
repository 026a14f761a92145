package play

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"epkr/internal/order"
)

// uploaded is a file as the API tells of it.
type uploaded struct {
	ID       string `json:"id"`
	Status   string `json:"status"`
	Problem  string `json:"problem"`
	PartSize int64  `json:"partSize"`
	SHA256   string `json:"sha256"`
}

// presigned is where one part goes.
type presigned struct {
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
}

// sentPart is a part that the storage has taken.
type sentPart struct {
	Part   int    `json:"part"`
	ETag   string `json:"etag"`
	SHA256 string `json:"sha256"`
}

// upload sends a file to the order as a browser does: part by part to the storage, past the API.
func (o *live) upload(by *person, name, contentType string, content []byte) paper {
	sum := sha256.Sum256(content)
	p := paper{content: content}
	o.run.do("Загружен файл «"+name+"»", by, func() (string, error) {
		declared := map[string]any{"name": name, "size": len(content), "sha256": hex.EncodeToString(sum[:]), "type": contentType}
		var file uploaded
		base := "/api/orders/" + o.id + "/files"
		if err := by.post(o.run.ctx, base, declared, &file); err != nil {
			return "", err
		}
		parts, err := by.sendParts(o.run.ctx, base+"/"+file.ID, file.PartSize, content)
		if err != nil {
			return "", err
		}
		if err := by.complete(o.run, base+"/"+file.ID, parts); err != nil {
			return "", err
		}
		p.ref = order.FileRef{ID: file.ID, SHA256: hex.EncodeToString(sum[:])}
		o.files[file.ID] = order.FileFacts{SHA256: p.ref.SHA256, ContentType: contentType}
		return "", nil
	})
	return p
}

func (p *person) sendParts(ctx context.Context, file string, size int64, content []byte) ([]sentPart, error) {
	var parts []sentPart
	for number := 1; len(content) > 0; number++ {
		piece := content[:min(size, int64(len(content)))]
		content = content[len(piece):]
		sum := sha256.Sum256(piece)
		part := sentPart{Part: number, SHA256: base64.StdEncoding.EncodeToString(sum[:])}
		var where presigned
		asked := map[string]any{"part": number, "length": len(piece), "sha256": part.SHA256}
		if err := p.post(ctx, file+"/parts", asked, &where); err != nil {
			return nil, err
		}
		var err error
		if part.ETag, err = put(ctx, where, piece); err != nil {
			return nil, fmt.Errorf("часть %d: %w", number, err)
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// put sends a part to the storage, which gives its tag. It has no cookies of the platform.
func put(ctx context.Context, where presigned, piece []byte) (etag string, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, where.URL, bytes.NewReader(piece))
	if err != nil {
		return "", fmt.Errorf("хранилище файлов: %w", err)
	}
	for name, value := range where.Headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fmt.Errorf("хранилище файлов: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(response.Body, 300))
		return "", fmt.Errorf("хранилище файлов ответило %d: %s", response.StatusCode, said)
	}
	return response.Header.Get("ETag"), nil
}

// complete ends the upload and waits until the platform has checked the file.
func (p *person) complete(r *run, file string, parts []sentPart) error {
	var state uploaded
	if err := p.post(r.ctx, file+"/complete", map[string]any{"parts": parts}, &state); err != nil {
		return err
	}
	for state.Status != "stored" {
		if state.Status == "rejected" {
			return errors.New("файл не принят: " + state.Problem)
		}
		if err := r.pause(200 * time.Millisecond); err != nil {
			return err
		}
		if err := p.get(r.ctx, file, &state); err != nil {
			return err
		}
	}
	return nil
}
