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
	File struct {
		ID       string `json:"id"`
		State    string `json:"state"`
		Problem  string `json:"problem"`
		PartSize int64  `json:"partSize"`
	} `json:"file"`
}

// presigned is where one part goes.
type presigned struct {
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
}

// sentPart is a part that the storage has taken.
type sentPart struct {
	Part   int    `json:"part"`
	SHA256 string `json:"sha256"`
}

// upload sends a file to the order as a browser does: part by part to the storage, past the API.
func (o *live) upload(by *person, name, contentType string, content []byte) paper {
	sum := sha256.Sum256(content)
	p := paper{content: content}
	o.run.do("Загружен файл «"+name+"»", by, func() error {
		declared := map[string]any{"name": name, "size": len(content), "sha256": hex.EncodeToString(sum[:]), "type": contentType}
		var begun uploaded
		base := "/api/orders/" + o.id + "/files"
		if err := by.post(o.run.ctx, base, declared, &begun); err != nil {
			return err
		}
		file := base + "/" + begun.File.ID
		parts, err := by.sendParts(o.run.ctx, file, begun.File.PartSize, content)
		if err != nil {
			return err
		}
		if err := by.complete(o.run, file, parts); err != nil {
			return err
		}
		p.ref = order.FileRef{ID: begun.File.ID, SHA256: hex.EncodeToString(sum[:])}
		o.files[p.ref.ID] = order.FileFacts{SHA256: p.ref.SHA256, ContentType: contentType}
		return nil
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
		if err := put(ctx, where, piece); err != nil {
			return nil, fmt.Errorf("часть %d: %w", number, err)
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// put sends a part to the storage, which has no business with the platform's cookies.
func put(ctx context.Context, where presigned, piece []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPut, where.URL, bytes.NewReader(piece))
	if err != nil {
		return fmt.Errorf("хранилище файлов: %w", err)
	}
	for name, value := range where.Headers {
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("хранилище файлов: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(response.Body, 300))
		return fmt.Errorf("хранилище файлов ответило %d: %s", response.StatusCode, said)
	}
	return nil
}

// complete ends the upload and waits until the platform has checked the file.
func (p *person) complete(r *run, file string, parts []sentPart) error {
	var now uploaded
	if err := p.post(r.ctx, file+"/complete", map[string]any{"parts": parts}, &now); err != nil {
		return err
	}
	for now.File.State != "stored" {
		if now.File.State == "rejected" {
			return errors.New("файл не принят: " + now.File.Problem)
		}
		if err := r.pause(200 * time.Millisecond); err != nil {
			return err
		}
		if err := p.get(r.ctx, file, &now); err != nil {
			return err
		}
	}
	return nil
}
