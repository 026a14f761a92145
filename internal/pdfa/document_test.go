package pdfa

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// sample returns a file of testdata/samples.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/samples/" + name)
	require.NoError(t, err)
	return data
}

// document is a PDF that a test changes: the bodies of its objects by their numbers, from 1 on, and
// what stands around them.
type document struct {
	t       testing.TB
	head    string
	objects [][]byte
	trailer string
}

var indirect = regexp.MustCompile(`(?s)\n(\d+) 0 obj\n(.*?)\nendobj`)

// level1A returns a document of level 1a by LibreOffice. Its page has a link, a table, fonts.
func level1A(t testing.TB) *document {
	t.Helper()
	data := sample(t, "libreoffice-1.pdf")
	d := &document{t: t, head: "%PDF-1.4\n%\xE4\xF6\xFC\xDF\n"}
	for _, m := range indirect.FindAllSubmatch(data, -1) {
		number, err := strconv.Atoi(string(m[1]))
		require.NoError(t, err)
		for len(d.objects) < number {
			d.objects = append(d.objects, []byte("null"))
		}
		d.objects[number-1] = m[2]
	}
	d.trailer = string(regexp.MustCompile(`(?s)/Root.*?>>\nstartxref`).Find(data))
	d.trailer = d.trailer[:len(d.trailer)-len(">>\nstartxref")]
	require.Contains(t, d.trailer, "/ID")
	return d
}

// claiming returns the document with another claim in its metadata, and with what part 4 asks.
func claiming(t testing.TB, part int, level string) *document {
	t.Helper()
	d := level1A(t)
	d.replace("<pdfaid:part>1</pdfaid:part>", fmt.Sprintf("<pdfaid:part>%d</pdfaid:part>", part))
	conformance := "<pdfaid:conformance>" + level + "</pdfaid:conformance>"
	if part == 4 {
		d.head = "%PDF-2.0\n%\xE4\xF6\xFC\xDF\n"
		d.trailer = regexp.MustCompile(`/Info \d+ 0 R`).ReplaceAllString(d.trailer, "")
		if conformance = "<pdfaid:rev>2020</pdfaid:rev>" + conformance; level == "" {
			conformance = "<pdfaid:rev>2020</pdfaid:rev>"
		}
	}
	d.replace("<pdfaid:conformance>A</pdfaid:conformance>", conformance)
	return d
}

var directLength = regexp.MustCompile(`/Length \d+>>\nstream\n`)

// replace replaces a text wherever it is, at least once.
func (d *document) replace(old, new string) {
	d.t.Helper()
	found := false
	for i, body := range d.objects {
		if !bytes.Contains(body, []byte(old)) {
			continue
		}
		found = true
		body = bytes.ReplaceAll(body, []byte(old), []byte(new))
		if at := directLength.FindIndex(body); at != nil {
			length := len(body) - at[1] - len("\nendstream")
			body = directLength.ReplaceAllLiteral(body, fmt.Appendf(nil, "/Length %d>>\nstream\n", length))
		}
		d.objects[i] = body
	}
	require.True(d.t, found, "%q", old)
}

// add adds an object, and returns a reference to it.
func (d *document) add(format string, args ...any) string {
	d.objects = append(d.objects, fmt.Appendf(nil, format, args...))
	return fmt.Sprintf("%d 0 R", len(d.objects))
}

// addStream adds a stream without a filter, with more keys of its dictionary.
func (d *document) addStream(keys, data string) string {
	return d.add("<<%s/Length %d>>\nstream\n%s\nendstream", keys, len(data), data)
}

// catalog, page, resources and info add keys to these dictionaries.
func (d *document) catalog(keys string) { d.replace("<</Type/Catalog", "<</Type/Catalog"+keys) }
func (d *document) page(keys string)    { d.replace("<</Type/Page/", "<</Type/Page"+keys+"/") }
func (d *document) resources(keys string) {
	d.replace("/ProcSet[/PDF/Text]", "/ProcSet[/PDF/Text]"+keys)
}
func (d *document) info(keys string) { d.replace("/CreationDate(", keys+"/CreationDate(") }

// xmp adds properties to the metadata.
func (d *document) xmp(description string) {
	d.replace(" </rdf:RDF>", "  <rdf:Description rdf:about=\"\" "+description+"</rdf:Description>\n </rdf:RDF>")
}

// bytes writes the file with a cross-reference table.
func (d *document) bytes() []byte {
	out := []byte(d.head)
	table := fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(d.objects)+1)
	for i, body := range d.objects {
		table += fmt.Sprintf("%010d 00000 n \n", len(out))
		out = fmt.Appendf(out, "%d 0 obj\n%s\nendobj\n", i+1, body)
	}
	return fmt.Appendf(out, "%strailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n", table, len(d.objects)+1, d.trailer, len(out))
}

// codes returns the codes of a report.
func codes(r Report) []Code {
	var all []Code
	for _, f := range r.Faults {
		all = append(all, f.Code)
	}
	return all
}

// judge checks a file.
func judge(t testing.TB, data []byte) Report {
	t.Helper()
	r, err := Check(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	return r
}
