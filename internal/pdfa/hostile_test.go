package pdfa

import (
	"bytes"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/internal/pdfa/cos"
	"epkr/internal/testenv/bomb"
	"epkr/internal/testenv/cost"
)

const (
	// maxMemory is what the check of a file may allocate in all, also if it is freed at once.
	maxMemory = 64 << 20
	megabyte  = 1 << 20
)

func deflated(t testing.TB, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := zlib.NewWriterLevel(&out, zlib.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// file writes a file of these objects, from number 1 on, the first of which is the catalog.
func file(objects ...string) []byte {
	d := document{head: "%PDF-1.4\n%\xE4\xF6\xFC\xDF\n", trailer: "/Root 1 0 R/ID[(a)(a)]"}
	for _, o := range objects {
		d.objects = append(d.objects, []byte(o))
	}
	return d.bytes()
}

// streamed writes a file whose cross-reference stream has these keys and this content, after objects
// that it need not name.
func streamed(objects, keys string, content []byte) []byte {
	out := []byte("%PDF-1.5\n%\xE4\xF6\xFC\xDF\n" + objects)
	at := len(out)
	return fmt.Appendf(out, "9 0 obj\n<</Type/XRef/Root 1 0 R%s/Length %d>>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n",
		keys, len(content), content, at)
}

func stream(keys string, content []byte) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", keys, len(content), content)
}

// emptyBlocks returns deflated blocks that each have a table of codes and no byte, which is what takes
// the most time.
func emptyBlocks(size int) []byte {
	bits, count := uint64(0), 0
	out := []byte("\x78\xDA")
	put := func(value uint64, width int) {
		bits |= value << count
		for count += width; count >= 8; count -= 8 {
			out = append(out, byte(bits))
			bits >>= 8
		}
	}
	for len(out) < size {
		put(2<<1, 3)              // a block with codes of its own
		put(0|0<<5|14<<10, 5+5+4) // 257 and 1 of them, with 18 lengths
		put(1<<(2*3), 9)          // that of 18, repeated zeros, is a bit
		put(0, 14*3)              // …
		put(1, 3)                 // that of 1 too
		put(1|127<<1, 8)          // 138 zeros; the code of 1 sorts before that of 18
		put(1|107<<1, 8)          // 118 zeros
		put(0, 1)                 // the end has a code of a bit
		put(0, 1)                 // and so has a distance
		put(0, 1)                 // the end
	}
	return out
}

// until returns what repeats gives, until it is about a megabyte.
func until(size int, part func(i int) string) string {
	var b strings.Builder
	for i := 0; b.Len() < size; i++ {
		b.WriteString(part(i))
	}
	return b.String()
}

func constant(s string) func(int) string { return func(int) string { return s } }

// bombs are files of about a megabyte that are meant to take memory or time.
func bombs(t testing.TB) map[string][]byte {
	gigabyte := bomb.Zeros()
	const flate = "/Filter/FlateDecode"
	catalog := "<</Type/Catalog/Pages 2 0 R/Metadata 3 0 R/OutputIntents[<</S/GTS_PDFA1/DestOutputProfile 3 0 R>>]>>"
	empty := "<</Kids[]>>"
	// An entry of 7 bytes: kind, offset or object stream, index.
	compressed := deflated(t, bytes.Repeat([]byte{2, 0, 0, 2, 0, 0, 0}, 2*cos.MaxEntries))
	members := deflated(t, []byte(until(3*megabyte, func(i int) string { return fmt.Sprintf("%d %d ", i+10, i) })))
	xmp := func(body string) []byte {
		return file(catalog, empty, stream("/Type/Metadata/Subtype/XML", []byte(body)))
	}
	rdf := `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description>`
	return map[string][]byte{
		"a gigabyte in every part":           bomb.PDF(),
		"a gigabyte of metadata and profile": file(catalog, empty, stream(flate, gigabyte)),
		"a gigabyte of references":           streamed("", "/W[1 4 2]/Size 9"+flate, gigabyte),
		"references to object streams":       streamed("", "/W[1 4 2]/Size 900000000"+flate, compressed),
		"references without bytes":           streamed("", "/W[0 0 0]/Size 9000000000000", nil),
		"a row of references is a gigabyte":  streamed("", "/W[1 4 2]/Size 9/DecodeParms<</Predictor 12/Columns 1000000000>>"+flate, gigabyte),
		"an object stream of a gigabyte": streamed("2 0 obj\n"+stream("/N 100/First 10"+flate, gigabyte)+"\nendobj\n",
			"/W[1 1 1]/Size 3", []byte{0, 0, 0, 2, 2, 0, 1, 9, 0}),
		"an object stream of many objects": streamed("2 0 obj\n"+stream("/N 100000000/First 10"+flate, members)+"\nendobj\n",
			"/W[1 1 1]/Size 3", []byte{0, 0, 0, 2, 2, 0, 1, 9, 0}),
		"blocks without bytes": streamed("2 0 obj\n"+stream("/N 9/First 10"+flate, emptyBlocks(megabyte))+"\nendobj\n",
			"/W[1 1 1]/Size 200", append([]byte{0, 0, 0, 2, 2, 0, 1, 9, 0}, bytes.Repeat([]byte{2, 2, 0}, 200)...)),
		"fonts of blocks without bytes": file(append([]string{"<</Pages<</Resources<</Font<<" +
			until(3_000, func(i int) string {
				return fmt.Sprintf("/%d<</Subtype/TrueType/FontDescriptor<</FontFile2 %d 0 R>>>>", i, 2+i%40)
			}) +
			">>>>>>>>"}, slices.Repeat([]string{stream(flate, emptyBlocks(megabyte/40))}, 40)...)...),
		"an object stream in itself":      streamed("", "/W[1 1 1]/Size 4", []byte{0, 0, 0, 2, 2, 0, 2, 2, 0, 2, 1, 0}),
		"nested arrays":                   file(strings.Repeat("[", megabyte)),
		"nested dictionaries":             file(until(megabyte, constant("<</a"))),
		"a long array":                    file("<</Pages 2 0 R>>", "<</Kids["+strings.Repeat("0 ", megabyte/2)+"]>>"),
		"a long array of names":           file("<</Pages 2 0 R>>", "<</Kids["+strings.Repeat("/", megabyte)+"]>>"),
		"a long array of empty arrays":    file("<</Pages 2 0 R>>", "<</Kids["+strings.Repeat("[]", megabyte/2)+"]>>"),
		"many keys":                       file("<<" + until(megabyte, func(i int) string { return fmt.Sprintf("/%x 0", i) }) + ">>"),
		"many direct pages":               file("<</Pages 2 0 R>>", "<</Kids["+strings.Repeat("<<>>", megabyte/4)+"]>>"),
		"many direct annotations":         file("<</Pages<</Contents 2 0 R/Annots["+strings.Repeat("<</A<<>>>>", megabyte/10)+"]>>>>", "null"),
		"pages in a circle":               file("<</Pages 2 0 R>>", "<</Kids["+strings.Repeat("2 0 R 1 0 R ", 80_000)+"]>>"),
		"references in a circle":          file("<</Pages 2 0 R>>", "3 0 R", "2 0 R"),
		"forms in a circle":               file("<</Pages<</Resources 2 0 R>>>>", "<</XObject<</a 3 0 R>>>>", stream("/Subtype/Form/Resources 2 0 R", nil)),
		"an outline in a circle":          file("<</Outlines<</First 2 0 R>>>>", "<</Next 2 0 R/First 2 0 R/A<</S/GoTo/Next 3 0 R>>>>", "<</Next 3 0 R>>"),
		"a length that is its own stream": file("<</Metadata 2 0 R>>", "<</Length 2 0 R>>\nstream\n\nendstream"),
		"a chain of forms":                file(append([]string{"<</Pages<</Resources 2 0 R>>>>"}, forms(9_000)...)...),
		"many names of one object": file(append([]string{"<</Pages 2 0 R>>", "<</Kids[" +
			until(megabyte/3, func(i int) string { return fmt.Sprintf("%d 0 R ", 3+i%15_000) }) + "]>>"}, small(15_000)...)...),
		"many streams": file(append([]string{"<</Pages<</Resources<</Font<<" +
			until(megabyte/6, func(i int) string {
				return fmt.Sprintf("/%d<</Subtype/TrueType/FontDescriptor<</FontFile2 %d 0 R>>>>", i, 2+i)
			}) +
			">>>>>>>>"}, streams(t, 4_000)...)...),
		"overlapping objects":         overlapping(),
		"updates in a circle":         bytes.Replace(file("<</Pages 2 0 R>>"), []byte("/ID"), []byte("/Prev 80/ID"), 1),
		"many updates":                updates(),
		"a long token":                file(strings.Repeat("a", megabyte)),
		"a long string":               file("(" + strings.Repeat("(", megabyte)),
		"a long comment":              file("%" + strings.Repeat("a", megabyte)),
		"metadata of many elements":   xmp(rdf + strings.Repeat("<a/>", megabyte/4)),
		"metadata of many attributes": xmp(strings.TrimSuffix(rdf, ">") + until(500<<10, func(i int) string { return fmt.Sprintf(` r:a%x=""`, i) }) + "/>"),
		"nested metadata":             xmp(strings.Repeat("<a>", 100_000)),
		"metadata of entities": xmp(`<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">` + until(2_000, func(i int) string {
			return fmt.Sprintf(`<!ENTITY a%d "&a;&a;&a;&a;&a;&a;&a;&a;&a;">`, i)
		}) + `]>` + rdf + `&a;`),
		"metadata of unknown entities": xmp(rdf + strings.Repeat("&a;", 100_000)),
	}
}

// forms are resources with a form that has resources with a form, and so on.
func forms(count int) (all []string) {
	for i := range count {
		all = append(all, fmt.Sprintf("<</XObject<</a %d 0 R>>>>", 2*i+3), stream(fmt.Sprintf("/Subtype/Form/Resources %d 0 R", 2*i+4), nil))
	}
	return all
}

func small(count int) (all []string) {
	for range count {
		all = append(all, "<</Type/Page>>")
	}
	return all
}

func streams(t testing.TB, count int) (all []string) {
	content := deflated(t, bytes.Repeat([]byte("true"), 1000))
	for range count {
		all = append(all, stream("/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 60000>>", content))
	}
	return all
}

// overlapping is a file whose many references lead to one long object, each a little further.
func overlapping() []byte {
	long := "[" + strings.Repeat("0 ", 200_000) + "]"
	kids := until(200_000, func(i int) string { return fmt.Sprintf("%d 0 R ", i+3) })
	out := []byte("%PDF-1.4\n1 0 obj\n<</Pages 2 0 R>>\nendobj\n")
	second := len(out)
	out = fmt.Appendf(out, "2 0 obj\n<</Kids[%s]>>\nendobj\n", kids)
	const count = 20_000
	var heads []int
	for i := range count { // 3 0 obj 4 0 obj … and the array in the end: each is damaged, but the last
		heads = append(heads, len(out))
		out = fmt.Appendf(out, "%d 0 obj [\n", i+3)
	}
	out = append(out, long+"\nendobj\n"...)
	at := len(out)
	out = fmt.Appendf(out, "xref\n0 %d\n0000000000 65535 f \n%010d 00000 n \n%010d 00000 n \n", count+3, 9, second)
	for _, head := range heads {
		out = fmt.Appendf(out, "%010d 00000 n \n", head)
	}
	return fmt.Appendf(out, "trailer\n<</Size 9/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", at)
}

// updates is a file of as many updates as a megabyte has.
func updates() []byte {
	out, older := []byte("%PDF-1.4\n1 0 obj\n<</Pages 2 0 R>>\nendobj\n"), ""
	at := 0
	for len(out) < megabyte {
		at = len(out)
		out = fmt.Appendf(out, "xref\n0 1\n0000000000 65535 f \ntrailer\n<</Root 1 0 R%s>>\n", older)
		older = fmt.Sprintf("/Prev %d", at)
	}
	return fmt.Appendf(out, "startxref\n%d\n%%%%EOF\n", at)
}

// counter counts the bytes that are read of a file.
type counter struct {
	data []byte
	read int64
}

func (c *counter) ReadAt(p []byte, at int64) (int, error) {
	n, err := bytes.NewReader(c.data).ReadAt(p, at)
	c.read += int64(n)
	return n, err
}

// No file of a megabyte, whatever is in it, takes 64 MB, reads or inflates more than the limits, or is
// accepted. What limits memory and the bytes that are handled limits time.
func TestBombsAreCheap(t *testing.T) {
	for name, data := range bombs(t) {
		t.Run(name, func(t *testing.T) {
			require.Less(t, len(data), 2*megabyte)
			in := &counter{data: data}
			var r Report
			var err error
			spent := cost.Of(func() { r, err = Check(in, int64(len(data))) })
			require.NoError(t, err)
			t.Logf("%v, %.1f MB read of %.1f: %v", spent, float64(in.read)/megabyte, float64(len(data))/megabyte, codes(r))
			require.NotEmpty(t, r.Faults)
			require.Less(t, spent.Allocated, uint64(maxMemory))
			require.Less(t, spent.CPU, time.Second)
			require.Less(t, in.read, int64(cos.MaxParsed+cos.MaxInflated+megabyte))
		})
	}
}

// An error of the reader is never a fault of the file.
func TestErrorsOfTheReaderAreReturned(t *testing.T) {
	t.Parallel()
	data := sample(t, "streams-3b.pdf")
	failed := errors.New("the disk is gone")
	whole := judge(t, data)
	for allowed := range 100 {
		in := &failing{bytes.NewReader(data), allowed, failed}
		r, err := Check(in, int64(len(data)))
		if err != nil {
			require.ErrorIs(t, err, failed)
			continue
		}
		// A decoder reads ahead, and may not need what it did not get.
		require.Equal(t, whole, r)
	}
	_, err := Check(&failing{bytes.NewReader(data), 0, failed}, int64(len(data)))
	require.Error(t, err)
}

type failing struct {
	in   io.ReaderAt
	left int
	err  error
}

func (f *failing) ReadAt(p []byte, at int64) (int, error) {
	if f.left--; f.left < 0 {
		return 0, f.err
	}
	return f.in.ReadAt(p, at)
}
