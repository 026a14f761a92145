package files

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/gost"
	"epkr/internal/pdfa"
)

// Inspection is what a check of a PDF found.
type Inspection struct {
	report pdfa.Report
	// streebog256 and streebog512 are the digests that GOST signatures are made over, in lower-case hex.
	streebog256, streebog512 string
}

// inspectedAtOnce limits the temporary files and the memory of checks: a check needs up to 64 MB.
const inspectedAtOnce = 2

// inspect reads a stored PDF once, into a temporary file: the check of PDF/A reads here and there.
func (a *Activities) inspect(ctx context.Context, hash string) (*Inspection, error) {
	select {
	case a.inspecting <- struct{}{}:
		defer func() { <-a.inspecting }()
	case <-ctx.Done():
		return nil, ctx.Err() //nolint:wrapcheck // the worker stops
	}
	content, _, err := a.files.Open(ctx, hash)
	if err != nil {
		return nil, fmt.Errorf("opening a stored PDF: %w", err)
	}
	defer content.Close()
	copied, err := os.CreateTemp("", "epkr-pdf-*")
	if err != nil {
		return nil, fmt.Errorf("making a temporary file: %w", err)
	}
	defer os.Remove(copied.Name())
	defer copied.Close()
	short, long := gost.New256(), gost.New512()
	size, err := io.Copy(io.MultiWriter(copied, short, long), content)
	if err != nil {
		return nil, fmt.Errorf("reading a stored PDF: %w", err)
	}
	report, err := pdfa.Check(copied, size)
	if err != nil {
		return nil, err
	}
	return &Inspection{report, hex.EncodeToString(short.Sum(nil)), hex.EncodeToString(long.Sum(nil))}, nil
}

// InspectContent checks a PDF in memory, such as one that the platform made.
func InspectContent(content []byte) (*Inspection, error) {
	report, err := pdfa.Check(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, err
	}
	short, long := gost.Sum256(content), gost.Sum512(content)
	return &Inspection{report, hex.EncodeToString(short[:]), hex.EncodeToString(long[:])}, nil
}

// Insert stores what was found with the file, once.
func (i *Inspection) Insert(ctx context.Context, q *sqlcgen.Queries, file uuid.UUID, at time.Time) error {
	report, err := json.Marshal(i.report)
	if err != nil {
		return fmt.Errorf("encoding a report: %w", err)
	}
	return q.InsertFileCheck(ctx, sqlcgen.InsertFileCheckParams{
		FileID: file, Report: report, Streebog256: i.streebog256, Streebog512: i.streebog512, CheckedAt: at,
	})
}
