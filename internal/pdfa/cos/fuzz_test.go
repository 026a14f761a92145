package cos

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

var objectHead = regexp.MustCompile(`(?:^|\n)(\d{1,6}) 0 obj\b`)

// tabled writes a table of the objects in a body, so that changed bytes stay a file that can be read.
func tabled(body []byte, trailer string) []byte {
	b := newFile()
	offset := b.Len()
	b.Write(body)
	b.WriteString("\n")
	var numbers []int
	for _, m := range objectHead.FindAllSubmatchIndex(body, -1) {
		number, _ := strconv.Atoi(string(body[m[2]:m[3]]))
		b.at[number] = offset + m[2]
		numbers = append(numbers, number)
	}
	return b.end(b.table(trailer, numbers...))
}

// FuzzReader reads every object of a file, as it is and with a table that fits its objects. Whatever
// the bytes are, the reader ends within its limits, and says nothing but damage and limits.
func FuzzReader(f *testing.F) {
	b := newFile().object(1, "<</A[2 0 R(b\\051\\n)<63>]/B/C#20/D true>>").stream(2, "/Type/ObjStm/N 1/First 4", "4 0 [1 -2.5 null]").object(3, "3 0 R")
	f.Add(b.end(b.table("/Root 1 0 R/Prev 9", 1, 2, -3)))
	b = newFile().object(1, "<<>>").stream(2, "/Type/ObjStm/N 1/First 4", "4 0 [1 -2.5 null]")
	at := b.Len()
	b.stream(3, "/Type/XRef/W[1 1 1]/Size 5/Root 1 0 R", string([]byte{0, 0, 0, 1, byte(b.at[1]), 0, 1, byte(b.at[2]), 0, 1, byte(at), 0, 2, 2, 0}))
	f.Add(b.end(at))
	f.Add([]byte("1 0 obj\n<</Length 3 0 R/Filter/FlateDecode/DecodeParms<</Predictor 15/Columns 2>>>>stream\n" +
		"x\x9cb`d\x62\x62\x06\x04\x00\x00\xff\xff\nendstream\nendobj\n3 0 obj 17 endobj"))
	f.Fuzz(func(t *testing.T, data []byte) {
		readAll(t, data)
		readAll(t, tabled(data, "/Root 1 0 R"))
		readAll(t, tabled(data, fmt.Sprintf("/Root 1 0 R/XRefStm %d", len(data)/2)))
	})
}

// readAll reads every object of a file and decodes every stream.
func readAll(t *testing.T, data []byte) {
	t.Helper()
	file, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		require.ErrorContains(t, err, "cos: ")
		return
	}
	for number := range file.entries {
		s, isStream := file.Stream(Ref{number, 0})
		if !isStream {
			continue
		}
		file.Ends(s)
		if _, _, err := file.Decode(s, 1<<20); err != nil && file.Err() == nil {
			require.ErrorIs(t, err, ErrDamaged)
		}
	}
	if err := file.Err(); err != nil {
		require.ErrorIs(t, err, ErrLimit)
	}
	if err := file.Damage(); err != nil {
		require.ErrorIs(t, err, ErrDamaged)
	}
	for _, left := range []int64{file.left.parsed, file.left.values, file.left.entries, file.left.inflated, file.left.encoded} {
		require.GreaterOrEqual(t, left, int64(0))
	}
}
