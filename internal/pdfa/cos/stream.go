package cos

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
)

// decoder is what decoding reuses, so that many small streams need no more memory than one.
type decoder struct {
	in   *bufio.Reader
	zlib io.ReadCloser
	out  bytes.Buffer
}

// Decode returns at most limit of the decoded bytes of a stream, and whether these are all of them. It
// decodes FlateDecode with the predictors of PNG. The error is ErrFilter, ErrDamaged, or that of
// [File.Err].
func (f *File) Decode(s Stream, limit int64) (data []byte, whole bool, err error) {
	if f.err != nil {
		return nil, false, f.err
	}
	data, whole, err = f.decode(s, limit)
	if err != nil && !errors.Is(err, ErrDamaged) {
		f.fail(err)
	}
	return data, whole, err
}

// Ends reports whether the stream is as long as its dictionary says, and an end of line follows it.
func (f *File) Ends(s Stream) bool {
	const longest = "\r\nendstream"
	length := f.Int(s.Dict["Length"])
	if length < 0 || length > f.size-s.offset {
		return false
	}
	end := make([]byte, len(longest))
	n, err := f.in.ReadAt(end, s.offset+length)
	if err != nil && !errors.Is(err, io.EOF) {
		f.fail(err)
		return true
	}
	line, _, found := bytes.Cut(end[:n], []byte("endstream"))
	return found && (string(line) == "\n" || string(line) == "\r\n" || string(line) == "\r")
}

// Filters returns the names of the filters of a stream.
func (f *File) Filters(s Stream) []Name {
	v := f.Resolve(s.Dict["Filter"])
	if name, isName := v.(Name); isName {
		return []Name{name}
	}
	var names []Name
	for _, v := range f.Array(v) {
		names = append(names, f.Name(v))
	}
	return names
}

func (f *File) decode(s Stream, limit int64) (data []byte, whole bool, err error) {
	if err := spend(&f.left.inflated, decoding); err != nil {
		return nil, false, err
	}
	length := f.Int(s.Dict["Length"])
	if length < 0 || length > f.size-s.offset {
		return nil, false, fmt.Errorf("%w: a stream is longer than the file", ErrDamaged)
	}
	reader, err := f.filtered(s, &metered{io.NewSectionReader(f.in, s.offset, length), &f.left.encoded})
	if err != nil {
		return nil, false, f.ofDecoder(err)
	}
	out := &f.decoder.out
	out.Reset()
	_, err = out.ReadFrom(io.LimitReader(reader, min(limit, f.left.inflated)+1))
	if limitErr := spend(&f.left.inflated, int64(out.Len())); limitErr != nil {
		return nil, false, limitErr
	}
	if err != nil && !errors.Is(err, zlib.ErrChecksum) {
		return nil, false, f.ofDecoder(err)
	}
	whole = int64(out.Len()) <= limit
	return bytes.Clone(out.Bytes()[:min(limit, int64(out.Len()))]), whole, nil
}

// metered takes what is read from a limit.
type metered struct {
	in   io.Reader
	left *int64
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.in.Read(p)
	if limitErr := spend(m.left, int64(n)); limitErr != nil {
		return 0, limitErr
	}
	return n, err
}

// filtered returns a reader of the decoded bytes.
func (f *File) filtered(s Stream, raw io.Reader) (io.Reader, error) {
	filters := f.Filters(s)
	if len(filters) == 0 {
		return raw, nil
	}
	if len(filters) > 1 || filters[0] != "FlateDecode" && filters[0] != "Fl" {
		return nil, fmt.Errorf("%w: %.40q", ErrFilter, filters)
	}
	d := &f.decoder
	if d.in == nil {
		d.in = bufio.NewReaderSize(raw, 1024)
	}
	d.in.Reset(raw)
	inflated, err := d.inflate()
	if err != nil {
		return nil, err
	}
	parameters := f.Resolve(s.Dict["DecodeParms"])
	if array, isArray := parameters.(Array); isArray && len(array) > 0 {
		parameters = array[0]
	}
	return f.predicted(f.Dict(parameters), inflated)
}

func (d *decoder) inflate() (io.Reader, error) {
	if d.zlib == nil {
		reader, err := zlib.NewReader(d.in)
		if err == nil {
			d.zlib = reader
		}
		return reader, err
	}
	return d.zlib, d.zlib.(zlib.Resetter).Reset(d.in, nil)
}

// ofDecoder returns the error of a decoder: the reader's if there was one, damage otherwise.
func (f *File) ofDecoder(err error) error {
	if f.in.err != nil || errors.Is(err, ErrDamaged) || errors.Is(err, ErrLimit) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// objectStream is a decoded object stream.
type objectStream struct {
	data    []byte
	offsets map[int64]int64 // by the number of the object
}

// maxObjectStream is the size in bytes of the largest decoded object stream. Writers put 100 or 200
// objects into one.
const maxObjectStream = 4 << 20

// loadCompressed reads an object of an object stream.
func (f *File) loadCompressed(number, stream int64) (Value, error) {
	o, known := f.streams[stream]
	if !known {
		var err error
		o, err = f.readObjectStream(stream)
		f.streams[stream] = o // also one that is damaged: it is not read again
		if err != nil {
			return nil, fmt.Errorf("reading object stream %d: %w", stream, err)
		}
	}
	offset, has := o.offsets[number]
	if !has || offset < 0 || offset >= int64(len(o.data)) {
		return nil, fmt.Errorf("%w: object stream %d does not have it", ErrDamaged, stream)
	}
	return f.lexerOf(bytes.NewReader(o.data[offset:]), offset).value()
}

// readObjectStream decodes an object stream (ISO 32000-1 clause 7.5.7), and reads where its objects
// are.
func (f *File) readObjectStream(number int64) (objectStream, error) {
	if e := f.entries[number]; e.stream != 0 {
		return objectStream{}, fmt.Errorf("%w: it is in an object stream", ErrDamaged)
	}
	v, err := f.load(number)
	if err != nil {
		return objectStream{}, err
	}
	s, isStream := v.(Stream)
	if !isStream {
		return objectStream{}, fmt.Errorf("%w: it is none", ErrDamaged)
	}
	data, whole, err := f.decode(s, maxObjectStream)
	if err != nil {
		return objectStream{}, err
	}
	if !whole {
		return objectStream{}, ErrLimit
	}
	o := objectStream{data, map[int64]int64{}}
	first, count := f.Int(s.Dict["First"]), f.Int(s.Dict["N"])
	l := f.lexerOf(bytes.NewReader(data), 0)
	for range count {
		member, err := l.integer()
		if err != nil {
			return objectStream{}, err
		}
		offset, err := l.integer()
		if err != nil {
			return objectStream{}, err
		}
		o.offsets[member] = first + offset
	}
	return o, nil
}
