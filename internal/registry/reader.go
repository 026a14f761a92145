package registry

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"epkr/internal/strictjson"
)

// Limits bound the size of a snapshot.
type Limits struct {
	Line  int   // bytes of one line, without its end
	Total int64 // bytes, of the compressed and of the decompressed file alike
	Rows  int   // engineers
}

// DefaultLimits returns limits of about five times a snapshot of the whole country (some 40,000
// engineers, 30 MB). [Write] applies them too.
func DefaultLimits() Limits {
	return Limits{Line: 1 << 20, Total: 256 << 20, Rows: 200_000}
}

// Reader reads one data file of a snapshot as a stream. It keeps in memory one line and the
// registry numbers and СНИЛС seen so far.
type Reader struct {
	lines  *bufio.Reader
	buffer []byte // holds a line that is longer than the buffer of lines
	line   int
	limits Limits
	header Header
	parse  func(line []byte) (Row, error)
	// separator separates the cells of a line; 0 for JSONL.
	separator rune

	seen seenNumbers
}

// byteOrderMark may precede the header: spreadsheet programs write one.
const byteOrderMark = "\ufeff"

// NewReader decompresses r and reads the header. Errors are *Error. Callers that have a manifest
// use Manifest.Open.
func NewReader(r io.Reader, enc Encoding, limits Limits) (*Reader, error) {
	gz, err := gzip.NewReader(&limitedReader{r: r, left: limits.Total})
	if err != nil {
		return nil, sourceFault(err)
	}
	lines := bufio.NewReaderSize(&limitedReader{r: gz, left: limits.Total}, min(limits.Line, 16<<10))
	if mark, err := lines.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		_, _ = lines.Discard(len(byteOrderMark))
	}
	reader := &Reader{lines: lines, limits: limits}
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

// Header returns the header of the file.
func (r *Reader) Header() Header { return r.header }

// Rows iterates over the rows once. A fault is yielded as *Error and ends the iteration. The
// snapshot is complete only if the iteration ends without a fault.
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
	if r.isBlank(line) {
		return Row{}, r.checkTrailingBlank()
	}
	row, err := r.parse(line)
	if err != nil {
		return Row{}, &Error{Code: CodeRow, Line: r.line, Message: "строка не разобрана", Err: err}
	}
	row.normalize()
	if fault := row.validate(); fault != "" {
		return Row{}, &Error{Code: CodeRow, Line: r.line, Message: fault}
	}
	if field := r.seen.add(row); field != "" {
		return Row{}, &Error{Code: CodeDuplicate, Line: r.line, Message: field + " повторяется"}
	}
	return row, nil
}

// maxBlank is how many blank lines a file may end with.
const maxBlank = 8

// isBlank reports whether a line is blank. A row of empty cells counts as blank, because
// spreadsheet programs write such rows.
func (r *Reader) isBlank(line []byte) bool {
	return len(bytes.TrimFunc(line, func(c rune) bool { return unicode.IsSpace(c) || c == r.separator })) == 0
}

// checkTrailingBlank returns io.EOF if only a few blank lines follow, and an error otherwise.
func (r *Reader) checkTrailingBlank() error {
	first := r.line
	for range maxBlank {
		line, err := r.nextLine()
		if err != nil {
			return err
		}
		if !r.isBlank(line) {
			break
		}
	}
	return &Error{Code: CodeRow, Line: first, Message: "пустая строка перед концом данных"}
}

// seenNumbers are the registry numbers and СНИЛС of the rows so far.
type seenNumbers struct{ numbers, snils map[string]struct{} }

// add records the numbers of a row. It returns the Russian name of a number that was already
// recorded; "" if both are new.
func (s *seenNumbers) add(row Row) string {
	if s.numbers == nil {
		s.numbers, s.snils = map[string]struct{}{}, map[string]struct{}{}
	}
	if _, twice := s.numbers[row.RegistryNumber]; twice {
		return "регистрационный номер"
	}
	if _, twice := s.snils[row.SNILS]; twice {
		return "СНИЛС"
	}
	// A normalised text may be a substring of a long one. Clone lets the long one be freed.
	s.numbers[strings.Clone(row.RegistryNumber)], s.snils[strings.Clone(row.SNILS)] = struct{}{}, struct{}{}
	return ""
}

// nextLine returns the next line without its line break, valid until the next call; io.EOF after
// the last line.
func (r *Reader) nextLine() ([]byte, error) {
	line, err := r.readLine()
	if err != nil {
		return nil, err
	}
	switch {
	case !utf8.Valid(line):
		return nil, &Error{Code: CodeUTF8, Line: r.line, Message: "строка не в кодировке UTF-8"}
	case bytes.IndexByte(line, '\r') >= 0:
		return nil, &Error{Code: CodeRow, Line: r.line, Message: "внутри строки возврат каретки; строки заканчиваются LF или CRLF"}
	}
	return line, nil
}

func (r *Reader) readLine() ([]byte, error) {
	r.buffer = r.buffer[:0]
	for {
		part, err := r.lines.ReadSlice('\n')
		ended := err == nil
		switch {
		case err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF):
			return nil, sourceFault(err)
		case errors.Is(err, io.EOF) && len(part) == 0 && len(r.buffer) == 0:
			return nil, io.EOF
		}
		if len(r.buffer)+len(part) > r.limits.Line+len("\r\n") {
			return nil, &Error{Code: CodeLineTooLong, Line: r.line + 1, Message: tooLong(r.limits.Line)}
		}
		if errors.Is(err, bufio.ErrBufferFull) || len(r.buffer) > 0 {
			r.buffer = append(r.buffer, part...)
			part = r.buffer
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		r.line++
		if ended {
			part = part[:len(part)-1]
			part = bytes.TrimSuffix(part, []byte("\r"))
		}
		if len(part) > r.limits.Line {
			return nil, &Error{Code: CodeLineTooLong, Line: r.line, Message: tooLong(r.limits.Line)}
		}
		return part, nil
	}
}

func tooLong(limit int) string { return fmt.Sprintf("строка длиннее %d байт", limit) }

func (r *Reader) openJSONL() error {
	line, err := r.nextLine()
	if err != nil {
		return headerFault(err)
	}
	var header struct {
		Header
		Rows *int `json:"rows"` // a pointer, to detect a missing member
	}
	if err := strictjson.UnmarshalExtended(line, &header); err != nil {
		return headerFault(err)
	}
	if header.Rows == nil {
		return &Error{Code: CodeFormat, Line: 1, Message: "в заголовке нет числа строк"}
	}
	r.header = header.Header
	r.header.Rows = *header.Rows
	r.parse = parseJSON
	return r.checkHeader()
}

func parseJSON(line []byte) (row Row, err error) {
	err = strictjson.UnmarshalExtended(line, &row)
	var fault *strictjson.Fault
	if err != nil && !errors.As(err, &fault) { // an error of encoding/json may contain the value
		err = errors.New("неверное значение")
	}
	return row, err
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
	rows, err := strconv.ParseUint(fields[2], 10, 31)
	if err != nil {
		return &Error{Code: CodeFormat, Line: 1, Message: "в заголовке нет числа строк"}
	}
	r.header = Header{Format: strings.Clone(fields[0]), AsOf: asOf, Rows: int(rows)}
	if err := r.checkHeader(); err != nil {
		return err
	}
	line, err = r.nextLine()
	if errors.Is(err, io.EOF) {
		return &Error{Code: CodeFormat, Line: 2, Message: "нет строки с именами столбцов"}
	}
	if err != nil {
		return headerFault(err)
	}
	names, err := splitCSV(line)
	if err != nil {
		return &Error{Code: CodeFormat, Line: 2, Message: "имена столбцов не разобраны", Err: err}
	}
	r.separator = ','
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

// headerFault returns err if it is an *Error, and otherwise an *Error for an invalid header.
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

func sourceFault(err error) error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	return &Error{Code: CodeUnreadable, Message: "файл повреждён или прочитан не до конца", Err: err}
}

// limitedReader returns an error if r has more than left bytes. Unlike io.LimitedReader it does not
// end with io.EOF.
type limitedReader struct {
	r    io.Reader
	left int64
}

func (b *limitedReader) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, &Error{Code: CodeTooLarge, Message: "файл больше допустимого"}
	}
	return n, err
}
