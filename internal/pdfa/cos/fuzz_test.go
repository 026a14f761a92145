package cos

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzReader reads every object that a file has. Whatever the bytes are, the reader ends within its
// limits, and says nothing but damage and limits.
func FuzzReader(f *testing.F) {
	b := newFile().object(1, "<</A[2 0 R(b)<63>]/B/C#20/D true>>").stream(2, "/Type/ObjStm/N 1/First 4", "4 0 [1 -2.5 null]").object(3, "3 0 R")
	f.Add(b.end(b.table("/Root 1 0 R/Prev 9", 1, 2, -3)))
	b = newFile().object(1, "<<>>").stream(2, "/Type/ObjStm/N 1/First 4", "4 0 [1 -2.5 null]")
	at := b.Len()
	b.stream(3, "/Type/XRef/W[1 1 1]/Size 5/Root 1 0 R", string([]byte{0, 0, 0, 1, byte(b.at[1]), 0, 1, byte(b.at[2]), 0, 1, byte(at), 0, 2, 2, 0}))
	f.Add(b.end(at))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			if !bytes.Contains([]byte(err.Error()), []byte("cos: ")) {
				t.Fatal(err)
			}
			return
		}
		for number := range file.entries {
			if s, isStream := file.Stream(Ref{number, 0}); isStream {
				_, _, err := file.Decode(s, 1<<20)
				if err == nil || file.Err() != nil {
					continue
				}
				require.ErrorIs(t, err, ErrDamaged)
				file.Ends(s)
			}
		}
		if err := file.Err(); err != nil {
			require.ErrorIs(t, err, ErrLimit)
		}
		if err := file.Damage(); err != nil {
			require.ErrorIs(t, err, ErrDamaged)
		}
		for _, left := range []int64{file.left.parsed, file.left.values, file.left.entries, file.left.inflated} {
			require.GreaterOrEqual(t, left, int64(0))
		}
	})
}
