package pdf

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"unicode/utf16"
)

// writeFonts embeds the characters of each used face and returns the entries of the dictionary of
// fonts.
func (f *file) writeFonts() string {
	var entries []string
	for w, face := range f.faces {
		if len(face.glyphs) > 1 {
			entries = append(entries, fmt.Sprintf("/F%d %v", w, f.writeFont(face)))
		}
	}
	return strings.Join(entries, " ")
}

// writeFont embeds a face as a font whose codes are CIDs, which are the glyphs of the embedded file
// (ISO 32000-1, 9.7; ISO 19005-1, 6.3).
func (f *file) writeFont(face *face) ref {
	data, count := face.font.Subset(face.glyphs)
	name := subsetTag(data) + "+" + face.name
	program := f.compressed(fmt.Sprintf(" /Length1 %d", len(data)), data)
	font := face.font
	descriptor := f.add("<</Type /FontDescriptor /FontName /%s /Flags 4 /FontBBox [%d %d %d %d] /ItalicAngle 0 "+
		"/Ascent %d /Descent %d /CapHeight %d /StemV 80 /FontFile2 %v /CIDSet %v>>",
		name, font.Box[0], font.Box[1], font.Box[2], font.Box[3], font.Ascent, font.Descent, font.CapHeight,
		program, f.compressed("", firstBits(count)))
	var widths bytes.Buffer
	for _, g := range face.glyphs {
		fmt.Fprintf(&widths, "%d ", font.Advance(g))
	}
	descendant := f.add("<</Type /Font /Subtype /CIDFontType2 /BaseFont /%s /CIDSystemInfo <</Registry (Adobe) /Ordering (Identity) "+
		"/Supplement 0>> /FontDescriptor %v /CIDToGIDMap /Identity /DW 0 /W [0 [%s]]>>", name, descriptor, widths.Bytes())
	return f.add("<</Type /Font /Subtype /Type0 /BaseFont /%s /Encoding /Identity-H /DescendantFonts [%v] /ToUnicode %v>>",
		name, descendant, f.compressed("", toUnicode(face.characters)))
}

// subsetTag returns six capital letters that distinguish subsets of one font.
func subsetTag(data []byte) string {
	sum := sha256.Sum256(data)
	tag := make([]byte, 6)
	for i := range tag {
		tag[i] = 'A' + sum[i]%26
	}
	return string(tag)
}

// firstBits returns a set with the first n members.
func firstBits(n int) []byte {
	set := bytes.Repeat([]byte{0xFF}, n/8)
	if rest := n % 8; rest > 0 {
		set = append(set, 0xFF<<(8-rest))
	}
	return set
}

// maxMappings is the largest number of mappings in one block of a CMap.
const maxMappings = 100

// toUnicode returns the CMap from codes to characters (Adobe Technical Note 5411).
func toUnicode(characters []rune) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	for first := 1; first < len(characters); first += maxMappings {
		block := characters[first:min(first+maxMappings, len(characters))]
		fmt.Fprintf(&b, "%d beginbfchar\n", len(block))
		for i, r := range block {
			fmt.Fprintf(&b, "<%04X> <", first+i)
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, "%04X", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return b.Bytes()
}
