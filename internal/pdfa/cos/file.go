package cos

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// File is a PDF file. It is not safe for concurrent use.
//
// Its methods return no errors. One that ends the reading is in [File.Err]; after it everything is
// null. An object that is damaged is null too, and is told of by [File.Damage].
type File struct {
	// Trailer is the newest trailer.
	Trailer Dict
	// Streamed reports whether a cross-reference stream stands where before PDF 1.5 a table must, so that
	// old programs cannot read the file.
	Streamed bool
	// AfterEnd is what follows the last end-of-file marker.
	AfterEnd []byte

	in      *source
	size    int64
	left    budget
	entries map[int64]entry
	section int // that is being read
	streams map[int64]objectStream
	tokens  *bufio.Reader
	decoder decoder
	depth   int
	err     error
	damage  error
}

// source keeps the error of a reader, so that it can be told from one of a decoder.
type source struct {
	in  io.ReaderAt
	err error
}

func (s *source) ReadAt(p []byte, at int64) (int, error) {
	n, err := s.in.ReadAt(p, at)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// Open reads the cross-reference sections of a file of a size in bytes. The error is ErrTruncated,
// ErrDamaged, ErrLimit or one of the reader.
func Open(in io.ReaderAt, size int64) (*File, error) {
	f := &File{
		in: &source{in: in}, size: size, left: newBudget(), tokens: bufio.NewReaderSize(nil, 1024),
		entries: map[int64]entry{}, streams: map[int64]objectStream{},
	}
	if err := f.readSections(); err != nil {
		return nil, err
	}
	if f.err != nil {
		return nil, f.err
	}
	return f, nil
}

// Err returns the error that ended the reading: ErrLimit, or one of the reader.
func (f *File) Err() error { return f.err }

// Damage returns the first fault of an object that was read, an ErrDamaged.
func (f *File) Damage() error { return f.damage }

// fail keeps an error. What no limit and no reader caused is damage.
func (f *File) fail(err error) {
	switch {
	case errors.Is(err, ErrDamaged):
		if f.damage == nil {
			f.damage = err
		}
	case f.err == nil:
		f.err = err
	}
}

// Resolve returns the object that a reference leads to, and any other object as it is. An object that
// does not exist is null.
func (f *File) Resolve(v Value) Value {
	for range maxIndirections {
		ref, isRef := v.(Ref)
		if !isRef {
			return v
		}
		if f.err != nil {
			return nil
		}
		var err error
		if v, err = f.load(ref.Number); err != nil {
			f.fail(fmt.Errorf("reading object %d: %w", ref.Number, err))
			return nil
		}
	}
	f.fail(fmt.Errorf("%w: references lead to each other", ErrDamaged))
	return nil
}

// Dict returns a dictionary, or that of a stream; nil if the object is neither.
func (f *File) Dict(v Value) Dict {
	switch v := f.Resolve(v).(type) {
	case Dict:
		return v
	case Stream:
		return v.Dict
	}
	return nil
}

// Stream returns a stream, and whether the object is one.
func (f *File) Stream(v Value) (s Stream, ok bool) {
	s, ok = f.Resolve(v).(Stream)
	return s, ok
}

// Array returns an array; nil if the object is none.
func (f *File) Array(v Value) Array {
	a, _ := f.Resolve(v).(Array)
	return a
}

// Name returns a name; "" if the object is none.
func (f *File) Name(v Value) Name {
	n, _ := f.Resolve(v).(Name)
	return n
}

// Text returns the bytes of a string, and whether the object is one.
func (f *File) Text(v Value) (s String, ok bool) {
	s, ok = f.Resolve(v).(String)
	return s, ok
}

// Int returns a whole number; 0 if the object is none.
func (f *File) Int(v Value) int64 {
	n, _ := f.Resolve(v).(int64)
	return n
}

// Number returns a number, and whether the object is one.
func (f *File) Number(v Value) (x float64, ok bool) {
	switch v := f.Resolve(v).(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// lexerAt returns a lexer of the file from a position on.
func (f *File) lexerAt(at int64) (*lexer, error) {
	if at < 0 || at >= f.size {
		return nil, fmt.Errorf("%w: a position outside of the file", ErrDamaged)
	}
	return f.lexerOf(io.NewSectionReader(f.in, at, f.size-at), at), nil
}

// lexerOf returns a lexer of an input that begins at a position. All share one buffer: a lexer ends
// when the next one begins.
func (f *File) lexerOf(in io.Reader, at int64) *lexer {
	f.tokens.Reset(in)
	return &lexer{f.tokens, at, &f.left}
}

// load reads an indirect object.
func (f *File) load(number int64) (Value, error) {
	e, known := f.entries[number]
	if !known || e.free {
		return nil, nil
	}
	if f.depth == maxIndirections {
		return nil, fmt.Errorf("%w: references lead to each other", ErrDamaged)
	}
	f.depth++
	defer func() { f.depth-- }()
	if e.stream != 0 {
		return f.loadCompressed(number, e.stream)
	}
	l, err := f.lexerAt(e.offset)
	if err != nil {
		return nil, err
	}
	return l.indirect(number)
}

// indirect reads the indirect object that begins here. number is that which is expected, -1 for any.
func (l *lexer) indirect(number int64) (Value, error) {
	var head [3]any
	for i := range head {
		token, err := l.next()
		if err != nil {
			return nil, err
		}
		head[i] = token
	}
	n, isNumber := head[0].(int64)
	if _, isGeneration := head[1].(int64); !isNumber || !isGeneration || head[2] != keyword("obj") || number >= 0 && n != number {
		return nil, fmt.Errorf("%w: another object, or none, is where it should be", ErrDamaged)
	}
	v, end, err := l.body()
	if err != nil {
		return nil, err
	}
	d, isDict := v.(Dict)
	switch {
	case end == "endobj":
		return v, nil
	case end != "stream" || !isDict:
		return nil, fmt.Errorf("%w: an object has no end", ErrDamaged)
	}
	if err := l.endOfLine(); err != nil {
		return nil, err
	}
	return Stream{d, l.at}, nil
}

// endOfLine skips the end of line after the keyword stream.
func (l *lexer) endOfLine() error {
	b, _, err := l.byte()
	if err == nil && b == '\r' {
		b, _, err = l.byte()
	}
	if err == nil && b != '\n' {
		l.back()
	}
	return err
}
