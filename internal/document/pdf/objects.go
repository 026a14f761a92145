package pdf

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"strconv"
	"sync"
	"unicode/utf16"
)

// ref is the number of an indirect object.
type ref int

// objects collects the indirect objects of a file (ISO 32000-1, 7.3 and 7.5; PDF/A-1 allows neither
// object streams nor cross-reference streams).
type objects struct {
	file    bytes.Buffer
	offsets []int // by ref; 0 is never used
	packed  bytes.Buffer
}

// compressors are kept, because each takes more than a megabyte. Text needs no better compression than
// that of the best speed.
var compressors = sync.Pool{New: func() any {
	w, err := zlib.NewWriterLevel(io.Discard, zlib.BestSpeed)
	if err != nil { // an unknown level
		panic(err)
	}
	return w
}}

func newObjects() *objects {
	o := &objects{offsets: []int{0}}
	o.file.WriteString("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n")
	return o
}

// reserve returns the number of an object that is written later.
func (o *objects) reserve() ref {
	o.offsets = append(o.offsets, 0)
	return ref(len(o.offsets) - 1)
}

func (o *objects) begin(r ref) {
	o.offsets[r] = o.file.Len()
	fmt.Fprintf(&o.file, "%d 0 obj\n", r)
}

// put writes an object.
func (o *objects) put(r ref, format string, args ...any) {
	o.begin(r)
	fmt.Fprintf(&o.file, format, args...)
	o.file.WriteString("\nendobj\n")
}

// add writes a new object.
func (o *objects) add(format string, args ...any) ref {
	r := o.reserve()
	o.put(r, format, args...)
	return r
}

// stream writes a new stream as it is; dictionary has more entries of its dictionary.
func (o *objects) stream(dictionary string, data []byte) ref {
	r := o.reserve()
	o.begin(r)
	fmt.Fprintf(&o.file, "<<%s /Length %d>>\nstream\n", dictionary, len(data))
	o.file.Write(data)
	o.file.WriteString("\nendstream\nendobj\n")
	return r
}

// compressed writes a new stream, compressed.
func (o *objects) compressed(dictionary string, data []byte) ref {
	compressor := compressors.Get().(*zlib.Writer)
	defer compressors.Put(compressor)
	o.packed.Reset()
	compressor.Reset(&o.packed)
	_, _ = compressor.Write(data) // a buffer takes everything
	_ = compressor.Close()
	return o.stream(dictionary+" /Filter /FlateDecode", o.packed.Bytes())
}

// finish writes the cross-reference table and the trailer to w after all objects.
func (o *objects) finish(w io.Writer, catalog, info ref, id []byte) error {
	at := o.file.Len()
	fmt.Fprintf(&o.file, "xref\n0 %d\n0000000000 65535 f \n", len(o.offsets))
	for _, offset := range o.offsets[1:] {
		fmt.Fprintf(&o.file, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&o.file, "trailer\n<</Size %d /Root %v /Info %v /ID [<%X> <%X>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(o.offsets), catalog, info, id, id, at)
	_, err := o.file.WriteTo(w)
	return err
}

// String returns the reference as a file writes it.
func (r ref) String() string { return strconv.Itoa(int(r)) + " 0 R" }

// textString returns a text for people as a string object: UTF-16 with a byte order mark.
func textString(s string) string {
	b := []byte("<FEFF")
	for _, unit := range utf16.Encode([]rune(s)) {
		b = fmt.Appendf(b, "%04X", unit)
	}
	return string(append(b, '>'))
}
