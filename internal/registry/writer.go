package registry

import (
	"bufio"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"
)

// Write writes a data file of a snapshot and describes it for the manifest under that name. The same rows and date give the same bytes.
// A row that a reader would refuse is an error.
func Write(w io.Writer, name string, enc Encoding, asOf time.Time, rows []Row) (File, error) {
	sum := sha256.New()
	counted := &counter{w: io.MultiWriter(w, sum)}
	gz, err := gzip.NewWriterLevel(counted, gzip.BestSpeed)
	if err != nil {
		return File{}, fmt.Errorf("opening gzip: %w", err)
	}
	buffered := bufio.NewWriter(gz)
	header := Header{Format: FormatVersion, AsOf: asOf.UTC(), Rows: len(rows)}
	switch enc {
	case CSV:
		err = writeCSV(buffered, header, rows)
	case JSONL:
		err = writeJSONL(buffered, header, rows)
	default:
		err = fmt.Errorf("unknown encoding %q", enc)
	}
	if err != nil {
		return File{}, fmt.Errorf("writing snapshot %s: %w", name, err)
	}
	if err := buffered.Flush(); err != nil {
		return File{}, fmt.Errorf("writing snapshot %s: %w", name, err)
	}
	if err := gz.Close(); err != nil {
		return File{}, fmt.Errorf("closing snapshot %s: %w", name, err)
	}
	return File{Name: name, Encoding: enc, Bytes: counted.n, SHA256: hex.EncodeToString(sum.Sum(nil))}, nil
}

func writeJSONL(w io.Writer, header Header, rows []Row) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	if err := out.Encode(header); err != nil {
		return err
	}
	for i, row := range rows {
		if fault := row.validate(); fault != "" {
			return fmt.Errorf("row %d: %s", i+1, fault)
		}
		if err := out.Encode(row); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return nil
}

func writeCSV(w io.Writer, header Header, rows []Row) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{header.Format, header.AsOf.Format(time.RFC3339Nano), strconv.Itoa(header.Rows)}); err != nil {
		return err
	}
	cells := make([]string, len(csvColumns))
	for i, c := range csvColumns {
		cells[i] = c.name
	}
	if err := out.Write(cells); err != nil {
		return err
	}
	for i, row := range rows {
		if fault := row.validate(); fault != "" {
			return fmt.Errorf("row %d: %s", i+1, fault)
		}
		for k, c := range csvColumns {
			cell, err := c.get(row)
			if err != nil {
				return fmt.Errorf("row %d, %s: %w", i+1, c.name, err)
			}
			cells[k] = cell
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	out.Flush()
	return out.Error()
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
