package cos

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// entry is where an object is.
type entry struct {
	free   bool
	offset int64 // in the file
	stream int64 // the object stream that has it, if it is not 0
	// section counts the updates backwards. A table and the stream beside it are one.
	section int
}

// tailSize is where the end of the file is looked for.
const tailSize = 2048

// readSections reads the cross-reference sections from the newest to the oldest: those of updates
// (Prev), of linearised files, and of files that have both a table and a stream (XRefStm).
func (f *File) readSections() error {
	at, err := f.startOfSections()
	if err != nil {
		return err
	}
	seen := map[int64]bool{}
	for {
		if seen[at] {
			return fmt.Errorf("%w: the cross-reference sections lead to each other", ErrDamaged)
		}
		seen[at] = true
		trailer, streamed, err := f.readSection(at)
		if err != nil {
			return fmt.Errorf("reading the cross-reference section at %d: %w", at, err)
		}
		f.Streamed = f.Streamed || streamed
		if f.Trailer == nil {
			f.Trailer = trailer
		}
		if hybrid, isHybrid := trailer["XRefStm"].(int64); isHybrid && !seen[hybrid] {
			seen[hybrid] = true
			if _, _, err := f.readSection(hybrid); err != nil {
				return fmt.Errorf("reading the cross-reference stream at %d: %w", hybrid, err)
			}
		}
		older, more := trailer["Prev"].(int64)
		if !more {
			return nil
		}
		at = older
		f.section++
	}
}

// startOfSections returns the position that is written at the end of the file.
func (f *File) startOfSections() (int64, error) {
	tail := make([]byte, min(tailSize, f.size))
	if _, err := f.in.ReadAt(tail, f.size-int64(len(tail))); err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	if end < 0 {
		return 0, ErrTruncated
	}
	start := bytes.LastIndex(tail[:end], []byte("startxref"))
	if start < 0 {
		return 0, ErrTruncated
	}
	f.AfterEnd = tail[end+len("%%EOF"):]
	written := bytes.TrimSpace(tail[start+len("startxref") : end])
	at, err := strconv.ParseInt(string(written), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%w: startxref has no number", ErrDamaged)
	}
	return at, nil
}

// readSection reads the table or the stream at a position, and returns its trailer and whether it is a
// stream. Newer entries, which were read before, stay.
func (f *File) readSection(at int64) (trailer Dict, streamed bool, err error) {
	l, err := f.lexerAt(at)
	if err != nil {
		return nil, false, err
	}
	first, err := l.next()
	if err != nil {
		return nil, false, err
	}
	if first == keyword("xref") {
		trailer, err = f.readTable(l)
		return trailer, false, err
	}
	if l, err = f.lexerAt(at); err != nil {
		return nil, false, err
	}
	v, err := l.indirect(-1)
	if err != nil {
		return nil, false, err
	}
	s, isStream := v.(Stream)
	if !isStream || s.Dict["Type"] != Name("XRef") {
		return nil, false, fmt.Errorf("%w: it is none", ErrDamaged)
	}
	return s.Dict, true, f.readXRefStream(s)
}

// readTable reads the subsections of a table, and its trailer.
func (f *File) readTable(l *lexer) (Dict, error) {
	for {
		token, err := l.next()
		if err != nil {
			return nil, err
		}
		if token == keyword("trailer") {
			break
		}
		first, isNumber := token.(int64)
		count, err := l.integer()
		if err != nil {
			return nil, err
		}
		if !isNumber {
			return nil, fmt.Errorf("%w: a table has no trailer", ErrDamaged)
		}
		for i := range count {
			if err := f.readTableEntry(l, first+i); err != nil {
				return nil, err
			}
		}
	}
	v, err := l.value()
	if err != nil {
		return nil, err
	}
	trailer, isDict := v.(Dict)
	if !isDict {
		return nil, fmt.Errorf("%w: a trailer is no dictionary", ErrDamaged)
	}
	return trailer, nil
}

func (l *lexer) integer() (int64, error) {
	token, err := l.next()
	if err != nil {
		return 0, err
	}
	n, isInteger := token.(int64)
	if !isInteger {
		return 0, fmt.Errorf("%w: no number where one is expected", ErrDamaged)
	}
	return n, nil
}

func (f *File) readTableEntry(l *lexer, number int64) error {
	offset, err := l.integer()
	if err != nil {
		return err
	}
	if _, err := l.integer(); err != nil {
		return err
	}
	kind, err := l.next()
	if err != nil {
		return err
	}
	if kind != keyword("n") && kind != keyword("f") {
		return fmt.Errorf("%w: an entry of a table is of no kind", ErrDamaged)
	}
	return f.add(number, entry{free: kind == keyword("f"), offset: offset})
}

// add adds an entry, unless a newer section has one for the object. What a table calls free may be in
// the stream beside it, hidden from old programs (ISO 32000-1 clause 7.5.8.4).
func (f *File) add(number int64, e entry) error {
	if err := spend(&f.left.entries, 1); err != nil {
		return err
	}
	e.section = f.section
	if newer, has := f.entries[number]; !has || newer.free && newer.section == f.section {
		f.entries[number] = e
	}
	return nil
}

// readXRefStream reads the entries of a cross-reference stream (ISO 32000-1 clause 7.5.8).
func (f *File) readXRefStream(s Stream) error {
	var widths [3]int64
	row := int64(0)
	array, _ := s.Dict["W"].(Array)
	for i := range widths {
		if i < len(array) {
			widths[i], _ = array[i].(int64)
		}
		if widths[i] < 0 || widths[i] > 8 {
			return fmt.Errorf("%w: W of a cross-reference stream", ErrDamaged)
		}
		row += widths[i]
	}
	if row == 0 {
		return fmt.Errorf("%w: W of a cross-reference stream", ErrDamaged)
	}
	rows, whole, err := f.decode(s, MaxEntries*row)
	if err != nil {
		return err
	}
	if !whole {
		return ErrLimit
	}
	index, hasIndex := s.Dict["Index"].(Array)
	if !hasIndex {
		index = Array{int64(0), s.Dict["Size"]}
	}
	for ; len(index) >= 2; index = index[2:] {
		first, _ := index[0].(int64)
		count, _ := index[1].(int64)
		for i := int64(0); i < count && int64(len(rows)) >= row; i++ {
			if err := f.addRow(first+i, rows[:row], widths); err != nil {
				return err
			}
			rows = rows[row:]
		}
	}
	return nil
}

func (f *File) addRow(number int64, row []byte, widths [3]int64) error {
	fields := [3]int64{1} // the kind, if its width is 0
	for i, width := range widths {
		if width > 0 {
			fields[i] = bigEndian(row[:width])
		}
		row = row[width:]
	}
	switch fields[0] {
	case 0:
		return f.add(number, entry{free: true})
	case 1:
		return f.add(number, entry{offset: fields[1]})
	case 2:
		return f.add(number, entry{stream: fields[1], free: fields[1] == 0})
	}
	return nil // an unknown kind is a reference to null
}

func bigEndian(digits []byte) (n int64) {
	for _, b := range digits {
		n = n<<8 | int64(b)
	}
	return n
}
