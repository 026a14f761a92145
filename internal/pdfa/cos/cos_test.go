package cos

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// built is a file that a test writes piece by piece.
type built struct {
	bytes.Buffer
	at map[int]int // the objects
}

func newFile() *built {
	b := &built{at: map[int]int{}}
	b.WriteString("%PDF-1.7\n")
	return b
}

func (b *built) object(number int, format string, args ...any) *built {
	b.at[number] = b.Len()
	fmt.Fprintf(b, "%d 0 obj\n"+format+"\nendobj\n", append([]any{number}, args...)...)
	return b
}

func (b *built) stream(number int, keys, content string) *built {
	return b.object(number, "<<%s/Length %d>>\nstream\n%s\nendstream", keys, len(content), content)
}

// table writes a cross-reference table of these objects, -1 of a free one, and returns its position.
func (b *built) table(trailer string, numbers ...int) int {
	at := b.Len()
	b.WriteString("xref\n")
	for _, n := range numbers {
		if n < 0 {
			fmt.Fprintf(b, "%d 1\n0000000000 00001 f \n", -n)
		} else {
			fmt.Fprintf(b, "%d 1\n%010d 00000 n \n", n, b.at[n])
		}
	}
	fmt.Fprintf(b, "trailer\n<<%s>>\n", trailer)
	return at
}

func (b *built) end(at int) []byte {
	fmt.Fprintf(b, "startxref\n%d\n%%%%EOF\n", at)
	return b.Bytes()
}

func open1(t *testing.T, data []byte) *File {
	t.Helper()
	f, err := Open(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	return f
}

// parsed returns the object that a text is.
func parsed(t *testing.T, text string) (Value, error) {
	t.Helper()
	b := newFile().object(1, "%s", text)
	f := open1(t, b.end(b.table("/Root 1 0 R", 1)))
	v := f.Resolve(Ref{1, 0})
	require.NoError(t, f.Err())
	return v, f.Damage()
}

func TestObjects(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Value{
		"null": nil, "true": true, "false": false, "0": int64(0), "+17": int64(17), "-98": int64(-98), "34.5": 34.5, "-.002": -.002,
		"9223372036854775807": int64(math.MaxInt64), "99999999999999999999": 1e20,
		"/Name": Name("Name"), "/": Name(""), "/A#42#": Name("AB#"), "/A#zz": Name("A#zz"), "/A;B": Name("A;B"),
		"()": String(""), "(a(b)c)": String("a(b)c"), `(\(\)\\\n\r\t\b\f\q)`: String("()\\\n\r\t\b\fq"), `(\101\7a\0053)`: String("A\aa\x053"),
		"(a\\\nb\\\r\nc\\\rd)": String("abcd"), "<>": String(""), "<4 1\n4a4>": String("AJ@"),
		"[]": Array(nil), "[1/a[(b)]<<>>]": Array{int64(1), Name("a"), Array{String("b")}, Dict{}},
		"<</A 1/B<</C null>>/D[2 0 R]>>":                  Dict{"A": int64(1), "B": Dict{"C": nil}, "D": Array{Ref{2, 0}}},
		"<</A 1/A 2>>":                                    Dict{"A": int64(2)},
		"[1 2 3 0 R 4]":                                   Array{int64(1), int64(2), Ref{3, 0}, int64(4)},
		"%comment\r<<%another\n>>":                        Dict{},
		strings.Repeat("[", 60) + strings.Repeat("]", 60): nested(59),
	} {
		got, err := parsed(t, text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
}

func nested(depth int) Value {
	v := Value(Array(nil))
	for range depth {
		v = Array{v}
	}
	return v
}

func TestDamagedObjectsAreNull(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "1 2", "foo", "[", "]", "<<", ">>", "<</A>>", "<<1 2>>", "[1 R]", "[/a 0 R]", "(", "(()", "<4", "<4x>", ">", "{}", "<</A 1]", "[1>>",
		strings.Repeat("[", 64) + strings.Repeat("]", 64), "/" + strings.Repeat("a", 513), "1 0 obj", "[)]",
	} {
		got, err := parsed(t, text)
		require.ErrorIs(t, err, ErrDamaged, text)
		require.Nil(t, got, text)
	}
}

func TestLongStringsAreCut(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"(" + strings.Repeat("a", 2*MaxString) + ")", "<" + strings.Repeat("61", 2*MaxString) + ">"} {
		got, err := parsed(t, "["+text+" 1]")
		require.NoError(t, err)
		require.Equal(t, Array{String(strings.Repeat("a", MaxString)), int64(1)}, got)
	}
}

// Of an object that was changed the newest version is read, and none of one that was deleted.
func TestUpdates(t *testing.T) {
	t.Parallel()
	b := newFile().object(1, "(old)").object(2, "(deleted)").object(3, "(kept)")
	first := b.table("/Root 1 0 R/Old true", 1, 2, 3)
	b.end(first)
	b.object(1, "(new)")
	f := open1(t, b.end(b.table(fmt.Sprintf("/Root 1 0 R/Prev %d", first), 1, -2)))
	require.Equal(t, String("new"), f.Resolve(Ref{1, 0}))
	require.Nil(t, f.Resolve(Ref{2, 0}))
	require.Equal(t, String("kept"), f.Resolve(Ref{3, 0}))
	require.Nil(t, f.Resolve(Ref{4, 0}))
	require.Nil(t, f.Trailer["Old"])
	require.NoError(t, f.Damage())
	require.False(t, f.Streamed)
}

// A file for old and new programs hides objects from the old ones in a stream beside the table.
func TestHybrid(t *testing.T) {
	t.Parallel()
	b := newFile().object(1, "(shown)").stream(5, "/Type/ObjStm/N 2/First 10", "3 0 4 10  (hidden)  [3 0 R]")
	stream := b.Len()
	entries := []byte{2, 0, 5, 0, 2, 0, 5, 1, 1, byte(b.at[5] >> 8), byte(b.at[5]), 0}
	b.stream(6, "/Type/XRef/W[1 2 1]/Index[3 3]/Size 7", string(entries))
	f := open1(t, b.end(b.table(fmt.Sprintf("/Root 1 0 R/XRefStm %d", stream), 1, -3, -4)))
	require.Equal(t, String("shown"), f.Resolve(Ref{1, 0}))
	require.Equal(t, String("hidden"), f.Resolve(Ref{3, 0}))
	require.Equal(t, Array{Ref{3, 0}}, f.Resolve(Ref{4, 0}))
	require.False(t, f.Streamed)
	require.NoError(t, f.Damage())
}

// Word ends its files with an empty table that leads to a table and a stream of the same objects.
func TestHybridOfWord(t *testing.T) {
	t.Parallel()
	b := newFile().object(1, "(shown)").object(2, "(too)")
	table := b.table("/Root 1 0 R", 1, 2)
	b.end(table)
	stream := b.Len()
	b.stream(3, "/Type/XRef/W[1 2 1]/Size 3", string([]byte{0, 0, 0, 0, 1, 0, byte(b.at[1]), 0, 1, 0, byte(b.at[2]), 0}))
	last := b.Len()
	fmt.Fprintf(b, "xref\n0 0\ntrailer\n<</Size 4/Root 1 0 R/Prev %d/XRefStm %d>>\n", table, stream)
	f := open1(t, b.end(last))
	require.Equal(t, String("shown"), f.Resolve(Ref{1, 0}))
	require.Equal(t, String("too"), f.Resolve(Ref{2, 0}))
	require.NoError(t, f.Damage())
	require.False(t, f.Streamed)
}

// Rows of every filter of PNG, of pixels of two bytes, and a row that is cut off.
func TestPredictors(t *testing.T) {
	t.Parallel()
	rows := "\x00\x01\x02\x03\x04" + // none
		"\x01\x01\x01\x01\x01" + // to the left
		"\x02\x01\x01\x01\x01" + // above
		"\x03\x02\x02\x02\x02" + // average
		"\x04\x01\x01\x01\x01" + // Paeth
		"\x00\x09"
	want := "\x01\x02\x03\x04" + "\x01\x01\x02\x02" + "\x02\x02\x03\x03" + "\x03\x03\x05\x05" + "\x04\x04\x06\x06" + "\x09"
	f := &File{left: newBudget()}
	r, err := f.predicted(Dict{"Predictor": int64(15), "Colors": int64(2), "Columns": int64(2)}, strings.NewReader(rows))
	require.NoError(t, err)
	got, err := io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, want, string(got))

	r, err = f.predicted(Dict{"Predictor": int64(1)}, strings.NewReader(rows))
	require.NoError(t, err)
	got, err = io.ReadAll(r)
	require.NoError(t, err)
	require.Equal(t, rows, string(got))

	for _, parameters := range []Dict{
		{"Predictor": int64(2)},
		{"Predictor": int64(12), "Columns": int64(0)},
		{"Predictor": int64(12), "Columns": int64(1 << 40)},
		{"Predictor": int64(12), "Colors": int64(32), "Columns": int64(60000)},
		{"Predictor": int64(12), "BitsPerComponent": int64(17)},
	} {
		_, err := f.predicted(parameters, strings.NewReader(rows))
		require.ErrorIs(t, err, ErrDamaged, parameters)
	}
}

func TestDecode(t *testing.T) {
	t.Parallel()
	b := newFile().stream(1, "", "content").stream(2, "/Filter[/FlateDecode]", "no zlib").stream(3, "/Filter/LZWDecode", "x").
		object(4, "<</Length 6 0 R>>\nstream\r\ncontent\r\nendstream").object(5, "<</Length 9999>>\nstream\ncontent\nendstream").object(6, "7")
	f := open1(t, b.end(b.table("/Root 1 0 R", 1, 2, 3, 4, 5, 6)))
	decode := func(number, limit int64) (string, bool, error) {
		s, isStream := f.Stream(Ref{number, 0})
		require.True(t, isStream)
		data, whole, err := f.Decode(s, limit)
		return string(data), whole, err
	}
	for _, number := range []int64{1, 4} {
		data, whole, err := decode(number, 7)
		require.NoError(t, err)
		require.Equal(t, "content", data)
		require.True(t, whole)
		data, whole, err = decode(number, 4)
		require.NoError(t, err)
		require.Equal(t, "cont", data)
		require.False(t, whole)
	}
	_, _, err := decode(2, 9)
	require.ErrorIs(t, err, ErrDamaged)
	_, _, err = decode(3, 9)
	require.ErrorIs(t, err, ErrFilter)
	_, _, err = decode(5, 9)
	require.ErrorIs(t, err, ErrDamaged)
	require.NoError(t, f.Err())
	for number, ends := range map[int64]bool{1: true, 4: true, 5: false} {
		s, _ := f.Stream(Ref{number, 0})
		require.Equal(t, ends, f.Ends(s), number)
	}
}

// What has no end, no table or a table of nothing is refused at once.
func TestFilesThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	whole := func() ([]byte, int) {
		b := newFile().object(1, "null")
		at := b.table("/Root 1 0 R", 1)
		return b.end(at), at
	}
	change := func(old, new string) []byte {
		data, _ := whole()
		require.Contains(t, string(data), old)
		return bytes.Replace(data, []byte(old), []byte(new), 1)
	}
	cut, at := whole()
	for name, c := range map[string]struct {
		data []byte
		err  error
	}{
		"empty":                  {nil, ErrTruncated},
		"cut off":                {cut[:at], ErrTruncated},
		"no end":                 {change("%%EOF", ""), ErrTruncated},
		"no start":               {change("startxref", "startyref"), ErrTruncated},
		"no number":              {change("startxref\n", "startxref\nx"), ErrDamaged},
		"a number too large":     {change("startxref\n", "startxref\n9"), ErrDamaged},
		"a negative number":      {change("startxref\n", "startxref\n-"), ErrDamaged},
		"no table":               {change("xref\n", "yref\n"), ErrDamaged},
		"no trailer":             {change("trailer", "tailer"), ErrDamaged},
		"trailer no dictionary":  {change("<</Root 1 0 R>>", "[1]"), ErrDamaged},
		"an entry of no kind":    {change("00000 n", "00000 x"), ErrDamaged},
		"an entry of no number":  {change("00000 n", "0000a n"), ErrDamaged},
		"an older one elsewhere": {change("/Root 1 0 R", "/Prev 5"), ErrDamaged},
		"an older one is itself": {change("/Root 1 0 R", fmt.Sprintf("/Prev %d", at)), ErrDamaged},
		"a hybrid of nothing":    {change("/Root 1 0 R", "/XRefStm 5"), ErrDamaged},
	} {
		_, err := Open(bytes.NewReader(c.data), int64(len(c.data)))
		require.ErrorIs(t, err, c.err, name)
	}
}

// An object is read where its number is; another one there is damage.
func TestReferencesThatLeadElsewhere(t *testing.T) {
	t.Parallel()
	b := newFile().object(1, "(one)").object(2, "3 0 R").object(3, "2 0 R").stream(4, "/N 1/First 4", "7 0 (seven)")
	b.at[5], b.at[6] = b.at[1], b.Len()+1_000_000
	f := open1(t, b.end(b.table("/Root 1 0 R", 1, 2, 3, 4, 5, 6)))
	f.entries[7], f.entries[8], f.entries[9] = entry{stream: 4}, entry{stream: 4}, entry{stream: 7}
	require.Equal(t, String("seven"), f.Resolve(Ref{7, 0}))
	require.NoError(t, f.Damage())
	for _, number := range []int64{2, 5, 6, 8, 9} {
		f.damage = nil
		require.Nil(t, f.Resolve(Ref{number, 0}))
		require.ErrorIs(t, f.Damage(), ErrDamaged, number)
	}
}

// Each limit ends the reading for good: what is read after it is null.
func TestLimits(t *testing.T) {
	t.Parallel()
	empty := "\x78\xDA" + strings.Repeat("\x00\x00\x00\xFF\xFF", 200_000) // stored blocks of no bytes
	full := strings.Repeat("x", maxObjectStream)
	var deflated bytes.Buffer
	w := zlib.NewWriter(&deflated)
	_, err := w.Write([]byte(full))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	for name, read := range map[string]func(f *File){
		"encoded":  func(f *File) { s, _ := f.Stream(Ref{1, 0}); _, _, _ = f.Decode(s, 1) },
		"inflated": func(f *File) { s, _ := f.Stream(Ref{2, 0}); _, _, _ = f.Decode(s, maxObjectStream) },
		"parsed":   func(f *File) { f.Resolve(Ref{3, 0}) },
		"values":   func(f *File) { f.Resolve(Ref{4, 0}) },
	} {
		b := newFile().stream(1, "/Filter/FlateDecode", empty).stream(2, "/Filter/FlateDecode", deflated.String()).object(3, "(%s)", full).object(4, "[%s]", strings.Repeat("[]", 10_000))
		f := open1(t, b.end(b.table("/Root 1 0 R", 1, 2, 3, 4)))
		count := 0
		for ; f.Err() == nil && count < 100; count++ {
			read(f)
		}
		require.ErrorIs(t, f.Err(), ErrLimit, name)
		require.Greater(t, count, 3, name)
		require.Nil(t, f.Resolve(Ref{1, 0}), name)
		require.NoError(t, f.Damage(), name)
	}
	b := newFile().object(1, "null")
	at := b.Len()
	fmt.Fprintf(b, "xref\n0 %d\n%strailer\n<<>>\n", MaxEntries+1, strings.Repeat("0 0 f ", MaxEntries+1))
	data := b.end(at)
	_, err = Open(bytes.NewReader(data), int64(len(data)))
	require.ErrorIs(t, err, ErrLimit)
}
