package pdfa

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// What is around a document, and what is none.
func TestStructure(t *testing.T) {
	t.Parallel()
	whole := level1A(t).bytes()
	for name, c := range map[string]struct {
		data   []byte
		faults []Code
	}{
		"whole":               {whole, nil},
		"empty":               {nil, []Code{CodeEmpty}},
		"garbage":             {bytes.Repeat([]byte{7, 200, 13}, 1000), []Code{CodeNotPDF}},
		"text":                {[]byte("договор"), []Code{CodeNotPDF}},
		"cut off":             {whole[:len(whole)/2], []Code{CodeTruncated}},
		"cut off by a byte":   {whole[:len(whole)-2], []Code{CodeTruncated}},
		"without line end":    {whole[:len(whole)-1], nil},
		"only a header":       {whole[:20], []Code{CodeTruncated}},
		"something before it": {append([]byte("\n"), whole...), []Code{CodeHeader}},
		"something after it":  {append(bytes.Clone(whole), "x\n"...), []Code{CodeAfterEnd}},
		"lines after it":      {append(bytes.Clone(whole), "\n\n"...), []Code{CodeAfterEnd}},
		"shifted":             {bytes.Replace(whole, []byte("\n1 0 obj"), []byte("\n\n\n\n1 0 obj"), 1), []Code{CodeDamaged}},
		"an object elsewhere": {bytes.Replace(whole, []byte("/Type/Pages"), []byte("]Type/Pages"), 1), []Code{CodeNoPages, CodeDamaged}},
		"no catalog":          {bytes.Replace(whole, []byte("/Root "), []byte("/Toor "), 1), []Code{CodeDamaged}},
		"encrypted":           {bytes.Replace(whole, []byte("/Root "), []byte("/Encrypt<<>>/Root "), 1), []Code{CodeEncrypted}},
	} {
		require.Equal(t, c.faults, codes(judge(t, c.data)), name)
	}
}

// A streamed table is allowed from part 2 on.
func TestStreamedTable(t *testing.T) {
	t.Parallel()
	metadata := "<</Type/Catalog/Pages<</Kids[]>>/Metadata 2 0 R>>"
	for part, want := range map[string][]Code{"1": {CodeStreamedXRef}, "2": nil} {
		objects := file(metadata, stream("/Type/Metadata/Subtype/XML", []byte(`<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">`+
			`<r:Description xmlns:p="http://www.aiim.org/pdfa/ns/id/" p:part="`+part+`" p:conformance="B"/></r:RDF>`)))
		body := objects[:bytes.Index(objects, []byte("xref"))]
		first, second := bytes.Index(body, []byte("1 0 obj")), bytes.Index(body, []byte("2 0 obj"))
		out := bytes.Clone(body)
		entries := []byte{0, 0, 0, 1, byte(first >> 8), byte(first), 1, byte(second >> 8), byte(second)}
		out = fmt.Appendf(out, "3 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n", stream("/Type/XRef/W[1 2 0]/Size 3/Root 1 0 R/ID[(a)(a)]", entries), len(body))
		r := judge(t, out)
		require.Equal(t, "PDF/A-"+part+"b", r.Standard())
		require.Equal(t, append(want, CodeNoOutputIntent, CodeNoPages), codes(r))
	}
}

// An update that breaks the document is seen, and one that repairs it is too.
func TestUpdates(t *testing.T) {
	t.Parallel()
	update := func(data []byte, number int, body string) []byte {
		at := bytes.LastIndex(data, []byte("startxref\n"))
		var older int
		_, err := fmt.Sscanf(string(data[at:]), "startxref\n%d", &older)
		require.NoError(t, err)
		trailer := data[bytes.LastIndex(data, []byte("trailer\n<<"))+len("trailer\n<<") : at-len(">>\n")]
		object := len(data)
		data = fmt.Appendf(bytes.Clone(data), "%d 0 obj\n%s\nendobj\n", number, body)
		table := len(data)
		return fmt.Appendf(data, "xref\n%d 1\n%010d 00000 n \ntrailer\n<<%s/Prev %d>>\nstartxref\n%d\n%%%%EOF\n", number, object, trailer, older, table)
	}
	d := level1A(t)
	catalog := 0
	for i, body := range d.objects {
		if bytes.HasPrefix(body, []byte("<</Type/Catalog")) {
			catalog = i + 1
		}
	}
	right := string(d.objects[catalog-1])
	data := update(d.bytes(), catalog, "<</AA<<>>"+right[2:])
	require.Equal(t, []Code{CodeAction}, codes(judge(t, data)))
	data = update(data, catalog, right)
	require.Empty(t, codes(judge(t, data)))
}
