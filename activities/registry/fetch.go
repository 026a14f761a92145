package registry

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"epkr/activities/internal/heartbeat"
	"epkr/internal/registry"
)

// Fetched is a snapshot that lies in the platform's own storage, or one that needs no fetching.
type Fetched struct {
	// Manifest describes the one data file that was kept.
	Manifest registry.Manifest `json:"manifest"`
	// Known says what became of an earlier snapshot of that date: registry.KnownApplied and the others, or nothing.
	Known string `json:"known,omitempty"`
}

// fetchTries is how often a snapshot that is not what its manifest says is read again from the manifest on: the source may
// have replaced its files meanwhile.
const fetchTries = 3

// clockDrift is how far the registry's clock may be ahead of the platform's. A date beyond it would make every later snapshot an
// older one.
const clockDrift = time.Hour

// FetchSnapshot reads the newest snapshot's manifest and, if it is a new one, keeps its data file, held to the size and the
// SHA-256 that the manifest states. A second run keeps the same file again.
func (a *Activities) FetchSnapshot(ctx context.Context) (Fetched, error) {
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	var fault *registry.Error
	for try := 1; ; try++ {
		fetched, err := a.fetch(ctx, a.keepFile)
		if try < fetchTries && errors.As(err, &fault) && fault.Code == registry.CodeMismatch {
			continue
		}
		return fetched, condemned(err)
	}
}

// keeper takes over the data file of a manifest once it has been verified.
type keeper func(ctx context.Context, m registry.Manifest, content io.ReadSeeker) error

func (a *Activities) keepFile(ctx context.Context, m registry.Manifest, content io.ReadSeeker) error {
	return a.files.KeepSnapshot(ctx, m.Files[0].SHA256, content, m.Files[0].Bytes)
}

func (a *Activities) fetch(ctx context.Context, keep keeper) (Fetched, error) {
	from, err := a.openSource()
	if err != nil {
		return Fetched{}, err
	}
	m, err := manifestOf(ctx, from)
	if err != nil {
		return Fetched{}, err
	}
	if err := a.notFuture(m.AsOf); err != nil {
		return Fetched{}, err
	}
	known, err := a.store.KnownSnapshot(ctx, m.AsOf)
	if err != nil {
		return Fetched{}, fmt.Errorf("looking for the snapshot: %w", err)
	}
	switch {
	case known.Known != "":
		return Fetched{Manifest: m, Known: known.Known}, nil
	case m.AsOf.Truncate(time.Microsecond).Before(known.Newest): // as the database keeps it
		return Fetched{}, &registry.Error{Code: CodeOlder, Message: "снимок старше того, который уже загружен"}
	case m.Files[0].Bytes > a.limits.Total:
		return Fetched{}, &registry.Error{Code: registry.CodeTooLarge, Message: "файл больше допустимого"}
	}
	return Fetched{Manifest: m}, a.fetchFile(ctx, from, m, keep)
}

func (a *Activities) notFuture(asOf time.Time) error {
	if asOf.After(a.now().Add(clockDrift)) {
		return &registry.Error{Code: CodeFuture, Message: "дата снимка ещё не наступила"}
	}
	return nil
}

// manifestOf reads the manifest and leaves in it the one data file that will be read.
func manifestOf(ctx context.Context, from source) (registry.Manifest, error) {
	body, err := from.open(ctx, "manifest.json")
	if err != nil {
		return registry.Manifest{}, err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, 2<<20)) // what is larger, the parser refuses
	if err != nil {
		return registry.Manifest{}, fmt.Errorf("reading the manifest: %w", err)
	}
	m, err := registry.ParseManifest(bytes.NewReader(raw))
	if err != nil {
		return registry.Manifest{}, err
	}
	file, ok := m.File(registry.CSV)
	if !ok {
		file = m.Files[0]
	}
	m.Files = []registry.File{file}
	return m, nil
}

// fetchFile copies the data file to a temporary one, verifies it and hands it over.
func (a *Activities) fetchFile(ctx context.Context, from source, m registry.Manifest, keep keeper) error {
	file := m.Files[0]
	body, err := from.open(ctx, file.Name)
	if err != nil {
		return err
	}
	defer body.Close()
	copied, err := os.CreateTemp("", "epkr-registry-*")
	if err != nil {
		return fmt.Errorf("making a temporary file: %w", err)
	}
	defer os.Remove(copied.Name())
	defer copied.Close()
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(copied, sum), io.LimitReader(body, file.Bytes+1))
	if err != nil {
		return fmt.Errorf("reading %s: %w", file.Name, err)
	}
	if n != file.Bytes || hex.EncodeToString(sum.Sum(nil)) != file.SHA256 {
		return &registry.Error{Code: registry.CodeMismatch, Message: "размер или контрольная сумма файла не такие, как в описании"}
	}
	if _, err := copied.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("reading the temporary file: %w", err)
	}
	return keep(ctx, m, copied)
}

// source is where the registry leaves its snapshots.
type source interface {
	open(ctx context.Context, name string) (io.ReadCloser, error)
}

func (a *Activities) openSource() (source, error) {
	address, err := url.Parse(a.source)
	if err != nil {
		return nil, fmt.Errorf("reading the registry's address: %w", err)
	}
	if address.Scheme == "s3" {
		return &bucketSource{read: a.files.OpenObject, bucket: address.Host, folder: strings.Trim(address.Path, "/")}, nil
	}
	return &httpSource{base: address.JoinPath("snapshot")}, nil
}

type bucketSource struct {
	read           func(ctx context.Context, bucket, key string) (io.ReadCloser, error)
	bucket, folder string
}

func (s *bucketSource) open(ctx context.Context, name string) (io.ReadCloser, error) {
	return s.read(ctx, s.bucket, path.Join(s.folder, name))
}

type httpSource struct{ base *url.URL }

func (s *httpSource) open(ctx context.Context, name string) (io.ReadCloser, error) {
	address := s.base.JoinPath(name).String()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, fmt.Errorf("asking the registry: %w", err)
	}
	// Unasked for, a compression is the file's own: Go would take it off, and the file would not be what its manifest says.
	request.Header.Set("Accept-Encoding", "identity")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("asking the registry: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("the registry answered %d to %s", response.StatusCode, address)
	}
	return response.Body, nil
}
