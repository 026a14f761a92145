package firstload

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"epkr/internal/registry"
)

// Snapshot is a whole snapshot of the registry.
type Snapshot struct {
	AsOf   time.Time // UTC
	SHA256 string    // of the compressed data file, lower-case hex
	Rows   []registry.Row
}

// Fetch reads the snapshot that the registry at base serves under /snapshot/. It gives a whole one or an error: the rows are
// held to the manifest's count, size and SHA-256, and the error is *registry.Error where the content is at fault.
func Fetch(ctx context.Context, client *http.Client, base string) (Snapshot, error) {
	body, err := get(ctx, client, base, "manifest.json")
	if err != nil {
		return Snapshot{}, err
	}
	defer body.Close()
	manifest, err := registry.ParseManifest(body)
	if err != nil {
		return Snapshot{}, fmt.Errorf("reading the manifest: %w", err)
	}
	file, ok := manifest.File(registry.JSONL)
	if !ok {
		return Snapshot{}, fmt.Errorf("the snapshot has no file of the kind %s", registry.JSONL)
	}
	rows, err := fetchRows(ctx, client, base, manifest, file.Name)
	if err != nil {
		return Snapshot{}, fmt.Errorf("reading %s: %w", file.Name, err)
	}
	return Snapshot{AsOf: manifest.AsOf, SHA256: file.SHA256, Rows: rows}, nil
}

func fetchRows(ctx context.Context, client *http.Client, base string, m registry.Manifest, name string) ([]registry.Row, error) {
	body, err := get(ctx, client, base, name)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	reader, err := m.Open(body, registry.JSONL, registry.DefaultLimits())
	if err != nil {
		return nil, err
	}
	var rows []registry.Row
	for row, err := range reader.Rows() {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func get(ctx context.Context, client *http.Client, base, name string) (io.ReadCloser, error) {
	address, err := url.JoinPath(base, "snapshot", name)
	if err != nil {
		return nil, fmt.Errorf("the registry's address: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("asking the registry: %w", err)
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking the registry: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(response.Body, 200))
		response.Body.Close()
		return nil, fmt.Errorf("the registry answered %d to %s: %s", response.StatusCode, address, bytes.TrimSpace(said))
	}
	return response.Body, nil
}
