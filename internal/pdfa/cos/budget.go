package cos

import (
	"errors"
	"fmt"
)

// The limits of the work for one file. A contract of 500 tagged pages needs a tenth of them.
const (
	// MaxParsed is how many bytes are parsed, of the file and of its object streams.
	MaxParsed = 32 << 20
	// MaxValues is how many objects are parsed, with the parts of arrays and dictionaries.
	MaxValues = 250_000
	// MaxEntries is how many entries of cross-reference sections are read.
	MaxEntries = 200_000
	// MaxInflated is how many bytes are decoded, of all streams together.
	MaxInflated = 16 << 20
	// MaxEncoded is how many bytes of streams are read to decode them: some take much time and give
	// nothing.
	MaxEncoded = 4 << 20
	// MaxString is how many bytes of a string are kept.
	MaxString = 64 << 10

	// maxDepth limits the arrays and dictionaries inside each other.
	maxDepth = 64
	// maxToken is the length of the longest name, number or keyword. PDF 1.7 allows 127 bytes.
	maxToken = 512
	// maxIndirections limits the references on the way to one object, such as the length of the stream
	// that has it.
	maxIndirections = 8
	// decoding is what beginning to decode a stream takes of MaxInflated.
	decoding = 512
)

var (
	// ErrLimit means that reading the file would take more than one of the limits.
	ErrLimit = errors.New("cos: the file takes too much work")
	// ErrDamaged means that the file, or an object of it, does not have the form of a PDF.
	ErrDamaged = errors.New("cos: damaged")
	// ErrFilter means that the bytes of a stream are encoded in a way that is not decoded here. It is an
	// ErrDamaged.
	ErrFilter = fmt.Errorf("%w: a filter that is not decoded", ErrDamaged)
	// ErrTruncated means that the file does not end as a PDF does.
	ErrTruncated = errors.New("cos: the end of the file is missing")
)

// budget is what is left of the limits.
type budget struct {
	parsed, values, entries, inflated, encoded int64
}

func newBudget() budget {
	return budget{parsed: MaxParsed, values: MaxValues, entries: MaxEntries, inflated: MaxInflated, encoded: MaxEncoded}
}

// spend takes an amount of one of the limits.
func spend(left *int64, amount int64) error {
	if *left -= amount; *left < 0 {
		*left = 0
		return ErrLimit
	}
	return nil
}
