package registry

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"
)

// Write writes a data file of a snapshot and returns its description, under that name, for the
// manifest. The same rows and date give the same bytes. Write returns an error for rows that a
// reader with [DefaultLimits] would refuse.
func Write(w io.Writer, name string, enc Encoding, asOf time.Time, rows []Row) (File, error) {
	return write(w, name, enc, asOf, rows, DefaultLimits())
}

func write(w io.Writer, name string, enc Encoding, asOf time.Time, rows []Row, limits Limits) (File, error) {
	if asOf.IsZero() || !inRange(asOf.UTC()) || len(rows) > limits.Rows {
		return File{}, fmt.Errorf("snapshot %s: no date, or %d rows instead of %d at most", name, len(rows), limits.Rows)
	}
	sum := sha256.New()
	counted := &countingWriter{w: io.MultiWriter(w, sum), left: limits.Total}
	gz, err := gzip.NewWriterLevel(counted, gzip.BestSpeed)
	if err != nil {
		return File{}, fmt.Errorf("opening gzip: %w", err)
	}
	buffered := bufio.NewWriter(gz)
	lines := &lineWriter{w: &countingWriter{w: buffered, left: limits.Total}, limit: limits.Line}
	header := Header{Format: FormatVersion, AsOf: asOf.UTC(), Rows: len(rows)}
	switch enc {
	case CSV:
		err = writeCSV(lines, header, rows)
	case JSONL:
		err = writeJSONL(lines, header, rows)
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

// lineWriter buffers one line and writes it if it does not exceed the limit of a reader.
type lineWriter struct {
	bytes.Buffer
	w     io.Writer
	limit int
}

func (l *lineWriter) end() error {
	defer l.Reset()
	if l.Len()-len("\n") > l.limit {
		return errors.New(tooLong(l.limit))
	}
	_, err := l.w.Write(l.Bytes())
	return err
}

// eachRow normalises and validates each row and passes it to write.
func eachRow(rows []Row, write func(Row) error) error {
	var before seenNumbers
	for i, row := range rows {
		row.Disciplinary, row.Results = slices.Clone(row.Disciplinary), slices.Clone(row.Results)
		row.normalize()
		fault := row.validate()
		if fault == "" {
			if field := before.add(row); field != "" {
				fault = field + " повторяется"
			}
		}
		if fault != "" {
			return fmt.Errorf("row %d: %s", i+1, fault)
		}
		if err := write(row); err != nil {
			return fmt.Errorf("row %d: %w", i+1, err)
		}
	}
	return nil
}

func writeJSONL(w *lineWriter, header Header, rows []Row) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	line := func(value any) error {
		if err := out.Encode(value); err != nil {
			return err
		}
		return w.end()
	}
	if err := line(header); err != nil {
		return err
	}
	return eachRow(rows, func(row Row) error { return line(row) })
}

func writeCSV(w *lineWriter, header Header, rows []Row) error {
	out := csv.NewWriter(w)
	line := func(cells []string) error {
		if err := out.Write(cells); err != nil {
			return err
		}
		if out.Flush(); out.Error() != nil {
			return out.Error()
		}
		return w.end()
	}
	if err := line([]string{header.Format, header.AsOf.Format(time.RFC3339Nano), strconv.Itoa(header.Rows)}); err != nil {
		return err
	}
	cells := make([]string, len(csvColumns))
	for i, c := range csvColumns {
		cells[i] = c.name
	}
	if err := line(cells); err != nil {
		return err
	}
	return eachRow(rows, func(row Row) (err error) {
		for k, c := range csvColumns {
			if cells[k], err = c.get(row); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
		return line(cells)
	})
}

// countingWriter counts the written bytes and returns an error above the limit of a reader.
type countingWriter struct {
	w       io.Writer
	n, left int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	if c.left -= int64(len(p)); c.left < 0 {
		return 0, errors.New("the file is larger than a reader takes")
	}
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
