package registry

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"strconv"
	"time"
	"unicode/utf8"
)

// Limits bound what a snapshot may cost its reader.
type Limits struct {
	Line  int   // bytes of one line
	Total int64 // bytes, of the compressed and of the decompressed file alike
	Rows  int   // engineers
}

// DefaultLimits leave a snapshot of the whole country (some 40,000 engineers, 30 MB) room to grow fivefold.
func DefaultLimits() Limits {
	return Limits{Line: 64 << 10, Total: 256 << 20, Rows: 200_000}
}

// Reader reads one data file of a snapshot as a stream: memory is one line and the numbers seen so far.
type Reader struct {
	lines  *bufio.Scanner
	line   int
	limits Limits
	header Header
	parse  func(line []byte) (Row, error)

	numbers, snils map[string]struct{}
}

// NewReader decompresses r and reads the header. Errors are *Error. Prefer Manifest.Open where there is a manifest.
func NewReader(r io.Reader, enc Encoding, limits Limits) (*Reader, error) {
	gz, err := gzip.NewReader(&bounded{r: r, left: limits.Total})
	if err != nil {
		return nil, sourceFault(err, 0)
	}
	lines := bufio.NewScanner(&bounded{r: gz, left: limits.Total})
	lines.Buffer(make([]byte, 0, min(limits.Line, 16<<10)), limits.Line)
	reader := &Reader{lines: lines, limits: limits, numbers: map[string]struct{}{}, snils: map[string]struct{}{}}
	switch enc {
	case CSV:
		err = reader.openCSV()
	case JSONL:
		err = reader.openJSONL()
	default:
		err = &Error{Code: CodeFormat, Message: "неизвестный вид файла"}
	}
	if err != nil {
		return nil, err
	}
	return reader, nil
}

// Header is what the file says of itself.
func (r *Reader) Header() Header { return r.header }

// Rows iterates over the rows once. A fault is yielded as *Error and ends the iteration. Only an iteration that ends without one has
// read a whole snapshot.
func (r *Reader) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		count := 0
		for {
			row, err := r.next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				yield(Row{}, err)
				return
			}
			if count++; count > r.header.Rows {
				break
			}
			if !yield(row, nil) {
				return
			}
		}
		if count != r.header.Rows {
			yield(Row{}, &Error{Code: CodeIncomplete, Line: r.line, Message: "число строк не такое, как в заголовке"})
		}
	}
}

func (r *Reader) next() (Row, error) {
	line, err := r.nextLine()
	if err != nil {
		return Row{}, err
	}
	row, err := r.parse(line)
	if err != nil {
		return Row{}, &Error{Code: CodeRow, Line: r.line, Message: "строка не разобрана", Err: err}
	}
	if fault := row.validate(); fault != "" {
		return Row{}, &Error{Code: CodeRow, Line: r.line, Message: fault}
	}
	if _, seen := r.numbers[row.RegistryNumber]; seen {
		return Row{}, &Error{Code: CodeDuplicate, Line: r.line, Message: "регистрационный номер повторяется"}
	}
	if _, seen := r.snils[row.SNILS]; seen {
		return Row{}, &Error{Code: CodeDuplicate, Line: r.line, Message: "СНИЛС повторяется"}
	}
	r.numbers[row.RegistryNumber] = struct{}{}
	r.snils[row.SNILS] = struct{}{}
	return row, nil
}

// nextLine is the next line without its end, valid until the next call; io.EOF after the last.
func (r *Reader) nextLine() ([]byte, error) {
	if !r.lines.Scan() {
		if err := r.lines.Err(); err != nil {
			return nil, sourceFault(err, r.line+1)
		}
		return nil, io.EOF
	}
	r.line++
	// After a failed read the scanner still hands out what it had of the last line.
	if err := r.lines.Err(); err != nil {
		return nil, sourceFault(err, r.line)
	}
	line := r.lines.Bytes()
	if !utf8.Valid(line) {
		return nil, &Error{Code: CodeUTF8, Line: r.line, Message: "строка не в кодировке UTF-8"}
	}
	return line, nil
}

func (r *Reader) openJSONL() error {
	line, err := r.nextLine()
	if err != nil {
		return headerFault(err)
	}
	if err := json.Unmarshal(line, &r.header); err != nil {
		return headerFault(err)
	}
	r.parse = func(line []byte) (row Row, err error) {
		err = json.Unmarshal(line, &row)
		return row, err
	}
	return r.checkHeader()
}

func (r *Reader) openCSV() error {
	line, err := r.nextLine()
	if err != nil {
		return headerFault(err)
	}
	fields, err := splitCSV(line)
	if err != nil || len(fields) != 3 {
		return headerFault(err)
	}
	asOf, err := time.Parse(time.RFC3339Nano, fields[1])
	if err != nil {
		return headerFault(err)
	}
	rows, err := strconv.Atoi(fields[2])
	if err != nil {
		return headerFault(err)
	}
	r.header = Header{Format: fields[0], AsOf: asOf, Rows: rows}
	if err := r.checkHeader(); err != nil {
		return err
	}
	line, err = r.nextLine()
	if err != nil {
		return headerFault(err)
	}
	names, err := splitCSV(line)
	if err != nil {
		return headerFault(err)
	}
	r.parse, err = csvParser(names)
	return err
}

func (r *Reader) checkHeader() error {
	if r.header.Format != FormatVersion {
		return &Error{Code: CodeFormat, Line: 1, Message: "неизвестная версия формата"}
	}
	if r.header.AsOf.IsZero() || r.header.Rows < 0 {
		return headerFault(nil)
	}
	if r.header.Rows > r.limits.Rows {
		return &Error{Code: CodeTooLarge, Line: 1, Message: "заявлено слишком много строк"}
	}
	r.header.AsOf = r.header.AsOf.UTC()
	return nil
}

// headerFault keeps a fault that was found below it and calls everything else a wrong header.
func headerFault(err error) error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return &Error{Code: CodeFormat, Line: 1, Message: "нет заголовка снимка", Err: err}
}

func sourceFault(err error, line int) error {
	var known *Error
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, bufio.ErrTooLong):
		return &Error{Code: CodeLineTooLong, Line: line, Message: "строка слишком длинная"}
	}
	return &Error{Code: CodeUnreadable, Message: "файл повреждён или прочитан не до конца", Err: err}
}

// bounded fails, instead of ending quietly, when more bytes come than may.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, &Error{Code: CodeTooLarge, Message: "файл больше допустимого"}
	}
	return n, err
}
