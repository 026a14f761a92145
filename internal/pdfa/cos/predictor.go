package cos

import (
	"errors"
	"fmt"
	"io"
)

// maxRow is the longest row of a predictor in bytes.
const maxRow = 64 << 10

// predicted returns a reader that undoes the predictor of the parameters, if there is one.
func (f *File) predicted(parameters Dict, in io.Reader) (io.Reader, error) {
	predictor := f.Int(parameters["Predictor"])
	if predictor <= 1 {
		return in, nil
	}
	orElse := func(key Name, missing int64) int64 {
		if v := f.Resolve(parameters[key]); v != nil {
			return f.Int(v)
		}
		return missing
	}
	colors, bits, columns := orElse("Colors", 1), orElse("BitsPerComponent", 8), orElse("Columns", 1)
	if predictor < 10 {
		return nil, fmt.Errorf("%w: predictor %d", ErrFilter, predictor)
	}
	if colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 || columns > maxRow {
		return nil, fmt.Errorf("%w: the parameters of a predictor", ErrDamaged)
	}
	row := (colors*bits*columns + 7) / 8
	if row > maxRow {
		return nil, fmt.Errorf("%w: a row of a predictor is too long", ErrDamaged)
	}
	if err := spend(&f.left.inflated, 2*row); err != nil {
		return nil, err
	}
	return &pngReader{in: in, pixel: int((colors*bits + 7) / 8), row: make([]byte, 1+row), above: make([]byte, row)}, nil
}

// pngReader undoes the filters of PNG (RFC 2083 clause 6), which each row names in its first byte.
type pngReader struct {
	in         io.Reader
	pixel      int    // bytes
	row, above []byte // row begins with its filter
	ready      []byte // what of the row was not returned yet
}

func (r *pngReader) Read(p []byte) (int, error) {
	if len(r.ready) == 0 {
		copy(r.above, r.row[1:])
		n, err := io.ReadFull(r.in, r.row)
		if n < 2 || err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, err
		}
		r.undo()
		r.ready = r.row[1:n]
	}
	n := copy(p, r.ready)
	r.ready = r.ready[n:]
	return n, nil
}

func (r *pngReader) undo() {
	row := r.row[1:]
	for i, above := range r.above {
		left, corner := byte(0), byte(0)
		if i >= r.pixel {
			left, corner = row[i-r.pixel], r.above[i-r.pixel]
		}
		switch r.row[0] {
		case 1:
			row[i] += left
		case 2:
			row[i] += above
		case 3:
			row[i] += byte((int(left) + int(above)) / 2)
		case 4:
			row[i] += paeth(left, above, corner)
		}
	}
}

func paeth(left, above, corner byte) byte {
	estimate := int(left) + int(above) - int(corner)
	toLeft, toAbove, toCorner := distance(estimate, left), distance(estimate, above), distance(estimate, corner)
	switch {
	case toLeft <= toAbove && toLeft <= toCorner:
		return left
	case toAbove <= toCorner:
		return above
	}
	return corner
}

func distance(a int, b byte) int {
	if d := a - int(b); d >= 0 {
		return d
	}
	return int(b) - a
}
