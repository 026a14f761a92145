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

// Fetched is a snapshot that was copied to the platform's storage, or one that is already known.
type Fetched struct {
	// Manifest describes the one data file that was stored.
	Manifest registry.Manifest `json:"manifest"`
	// Known is the result of an earlier snapshot with this date: registry.EarlierApplied or one of
	// the others. It is empty for a new snapshot.
	Known string `json:"known,omitempty"`
}

// fetchAttempts is how often a snapshot that does not match its manifest is read before it is
// refused, each time from the manifest on. The source may have replaced its files in the meantime.
const fetchAttempts = 3

// clockDrift is how far the registry's clock may be ahead of the platform's. A snapshot dated
// further ahead would make every later one count as older.
const clockDrift = time.Hour

// FetchSnapshot reads the manifest of the newest snapshot. If the snapshot is new, it stores the
// data file after checking its size and SHA-256 against the manifest. A second run stores the same
// file again.
func (a *Activities) FetchSnapshot(ctx context.Context) (Fetched, error) {
	ctx, stop := heartbeat.Start(ctx)
	defer stop()
	var fault *registry.Error
	for try := 1; ; try++ {
		fetched, err := a.fetch(ctx, a.saveFile)
		if try < fetchAttempts && errors.As(err, &fault) && fault.Code == registry.CodeMismatch {
			continue
		}
		return fetched, toSnapshotError(err)
	}
}

// snapshotHandler receives the data file of a manifest after it has been verified.
type snapshotHandler func(ctx context.Context, m registry.Manifest, content io.ReadSeeker) error

func (a *Activities) saveFile(ctx context.Context, m registry.Manifest, content io.ReadSeeker) error {
	return a.files.PutSnapshot(ctx, m.Files[0].SHA256, content, m.Files[0].Bytes)
}

func (a *Activities) fetch(ctx context.Context, handle snapshotHandler) (Fetched, error) {
	from, err := a.openSource()
	if err != nil {
		return Fetched{}, err
	}
	m, err := readManifest(ctx, from)
	if err != nil {
		return Fetched{}, err
	}
	if err := a.checkNotFuture(m.AsOf); err != nil {
		return Fetched{}, err
	}
	known, err := a.store.KnownSnapshot(ctx, m.AsOf)
	if err != nil {
		return Fetched{}, fmt.Errorf("finding the snapshot: %w", err)
	}
	switch {
	case known.Known != "":
		return Fetched{Manifest: m, Known: known.Known}, nil
	case m.AsOf.Truncate(time.Microsecond).Before(known.Newest): // the precision of the database
		return Fetched{}, &registry.Error{Code: CodeOlder, Message: "снимок старше того, который уже загружен"}
	case m.Files[0].Bytes > a.limits.Total:
		return Fetched{}, &registry.Error{Code: registry.CodeTooLarge, Message: "файл больше допустимого"}
	}
	return Fetched{Manifest: m}, a.fetchFile(ctx, from, m, handle)
}

func (a *Activities) checkNotFuture(asOf time.Time) error {
	if asOf.After(a.now().Add(clockDrift)) {
		return &registry.Error{Code: CodeFuture, Message: "дата снимка ещё не наступила"}
	}
	return nil
}

// readManifest reads the manifest and reduces its files to the one data file that will be read.
func readManifest(ctx context.Context, from source) (registry.Manifest, error) {
	body, err := from.open(ctx, "manifest.json")
	if err != nil {
		return registry.Manifest{}, err
	}
	defer body.Close()
	raw, err := io.ReadAll(io.LimitReader(body, 2<<20)) // the parser refuses a larger one
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

// fetchFile copies the data file to a temporary file, verifies it and passes it to handle.
func (a *Activities) fetchFile(ctx context.Context, from source, m registry.Manifest, handle snapshotHandler) error {
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
	return handle(ctx, m, copied)
}

// source opens the files of the registry's newest snapshot.
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
	// Without this header Go would request gzip and decompress the answer, so that a compressed
	// file would no longer match its manifest.
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
