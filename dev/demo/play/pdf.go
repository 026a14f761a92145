package play

import (
	"bytes"
	_ "embed"
	"fmt"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
)

// paperHead is the start of every document: one page and its font, which is the reader's own. The
// font's encoding is Windows-1251.
//
//go:embed paperhead.txt
var paperHead []byte

// pdf returns a one-page document with a heading and lines of Russian text. Characters outside
// Windows-1251 are replaced.
func pdf(lines ...string) ([]byte, error) {
	var page bytes.Buffer
	page.WriteString("BT /F1 9 Tf 14 TL 48 780 Td\n")
	for _, line := range lines {
		encoded, err := encoding.ReplaceUnsupported(charmap.Windows1251.NewEncoder()).String(line)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&page, "<%x> Tj T*\n", encoded)
	}
	page.WriteString("ET\n")
	out := bytes.NewBuffer(bytes.Clone(paperHead))
	fmt.Fprintf(out, "5 0 obj\n<< /Length %d >>\nstream\n%sendstream\nendobj\n", page.Len(), page.String())
	table := out.Len()
	out.WriteString("xref\n0 6\n0000000000 65535 f \n")
	for object := range 5 {
		place := bytes.Index(out.Bytes(), fmt.Appendf(nil, "%d 0 obj\n", object+1))
		fmt.Fprintf(out, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(out, "trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", table)
	return out.Bytes(), nil
}
