package registry

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"regexp"
	"time"

	"epkr/internal/strictjson"
)

const maxManifest = 1 << 20 // bytes

var (
	fileName   = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,99}$`)
	sha256Form = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// ParseManifest reads and checks a manifest. File names must not contain a path. Errors are *Error.
func ParseManifest(r io.Reader) (Manifest, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxManifest+1))
	if err != nil {
		return Manifest{}, &Error{Code: CodeUnreadable, Message: "не удалось прочитать описание", Err: err}
	}
	if len(raw) > maxManifest {
		return Manifest{}, &Error{Code: CodeTooLarge, Message: "описание слишком велико"}
	}
	var read struct {
		Manifest
		Rows *int `json:"rows"` // a pointer, to detect a missing member
	}
	if err := strictjson.UnmarshalExtended(bytes.TrimPrefix(raw, []byte(byteOrderMark)), &read); err != nil {
		return Manifest{}, &Error{Code: CodeManifest, Message: "описание не разобрано", Err: err}
	}
	if read.Rows == nil {
		return Manifest{}, &Error{Code: CodeManifest, Message: "в описании нет числа строк"}
	}
	m := read.Manifest
	m.Rows = *read.Rows
	if m.Format != FormatVersion {
		return Manifest{}, &Error{Code: CodeFormat, Message: "неизвестная версия формата"}
	}
	if fault := m.validate(); fault != "" {
		return Manifest{}, &Error{Code: CodeManifest, Message: fault}
	}
	m.AsOf = m.AsOf.UTC()
	return m, nil
}

func (m Manifest) validate() string {
	if m.AsOf.IsZero() {
		return "в описании нет даты снимка"
	}
	if m.Rows < 0 || len(m.Files) == 0 {
		return "в описании отрицательное число строк или нет файлов"
	}
	seen := map[Encoding]bool{}
	for _, f := range m.Files {
		if f.Encoding != CSV && f.Encoding != JSONL || seen[f.Encoding] {
			return "в описании неизвестный или повторённый вид файла"
		}
		if !fileName.MatchString(f.Name) || f.Bytes <= 0 || !sha256Form.MatchString(f.SHA256) {
			return "в описании неверны имя, размер или контрольная сумма файла"
		}
		seen[f.Encoding] = true
	}
	return ""
}

// File returns the data file with that encoding.
func (m Manifest) File(enc Encoding) (File, bool) {
	for _, f := range m.Files {
		if f.Encoding == enc {
			return f, true
		}
	}
	return File{}, false
}

// Open returns a reader of the data file with that encoding and checks the file against the
// manifest: date and number of rows immediately, size and SHA-256 when the rows have been read to
// the end. Therefore the caller must not act on any row before the iteration has ended without an
// error.
func (m Manifest) Open(r io.Reader, enc Encoding, limits Limits) (*Reader, error) {
	file, ok := m.File(enc)
	if !ok {
		return nil, &Error{Code: CodeManifest, Message: "в описании нет файла нужного вида"}
	}
	reader, err := NewReader(&verifyingReader{r: r, want: file, hash: sha256.New()}, enc, limits)
	if err != nil {
		return nil, err
	}
	if h := reader.Header(); !h.AsOf.Equal(m.AsOf) || h.Rows != m.Rows {
		return nil, &Error{Code: CodeMismatch, Line: 1, Message: "дата или число строк не такие, как в описании"}
	}
	return reader, nil
}

// verifyingReader passes bytes through. Instead of io.EOF it returns an error if size or SHA-256
// differ from the manifest.
type verifyingReader struct {
	r    io.Reader
	want File
	hash hash.Hash
	n    int64
}

func (v *verifyingReader) Read(p []byte) (int, error) {
	n, err := v.r.Read(p)
	v.n += int64(n)
	v.hash.Write(p[:n])
	if v.n > v.want.Bytes {
		return n, &Error{Code: CodeMismatch, Message: "файл больше, чем в описании"}
	}
	if errors.Is(err, io.EOF) {
		if v.n < v.want.Bytes {
			return n, &Error{Code: CodeMismatch, Message: "файл меньше, чем в описании"}
		}
		if hex.EncodeToString(v.hash.Sum(nil)) != v.want.SHA256 {
			return n, &Error{Code: CodeMismatch, Message: "контрольная сумма файла не такая, как в описании"}
		}
	}
	return n, err
}

// Header is the first line of a data file.
type Header struct {
	Format string    `json:"format"` // FormatVersion
	AsOf   time.Time `json:"as_of"`  // UTC
	Rows   int       `json:"rows"`   // rows that follow
}
