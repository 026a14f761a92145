// Package truetype reads a TrueType font and makes subsets of it that can be embedded in a PDF.
//
// golang.org/x/image/font/sfnt reads fonts but makes no subsets, and a subset needs most of the
// reader.
package truetype

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// GlyphID is the number of a glyph in a font; 0 is the box that stands for a missing one.
type GlyphID uint16

// Font is a font with outlines of the format TrueType. All lengths are in thousandths of an em.
type Font struct {
	Ascent, Descent, CapHeight int
	Box                        [4]int // left, bottom, right, top of all glyphs
	tables                     map[string][]byte
	unitsPerEm                 int
	longOffsets                bool // in the table loca
	metrics                    int  // the number of glyphs with an advance of their own
	glyphs                     map[rune]GlyphID
}

var errDamaged = errors.New("truetype: the font is damaged")

// Parse reads a font that is part of the program. A damaged font is an error or a panic.
func Parse(data []byte) (*Font, error) {
	if len(data) < 12 || binary.BigEndian.Uint32(data) != 0x00010000 {
		return nil, errors.New("truetype: not a TrueType font")
	}
	f := &Font{tables: map[string][]byte{}}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		entry := data[12+16*i:]
		offset, length := binary.BigEndian.Uint32(entry[8:]), binary.BigEndian.Uint32(entry[12:])
		if int64(offset)+int64(length) > int64(len(data)) {
			return nil, errDamaged
		}
		f.tables[string(entry[:4])] = data[offset : offset+length]
	}
	for _, name := range []string{"head", "hhea", "maxp", "hmtx", "loca", "glyf", "cmap", "OS/2"} {
		if len(f.tables[name]) == 0 {
			return nil, fmt.Errorf("truetype: the table %s is missing", name)
		}
	}
	f.readMetrics()
	return f, f.readCharacters()
}

func (f *Font) readMetrics() {
	head, hhea, os2 := f.tables["head"], f.tables["hhea"], f.tables["OS/2"]
	f.unitsPerEm = int(binary.BigEndian.Uint16(head[18:]))
	f.longOffsets = binary.BigEndian.Uint16(head[50:]) == 1
	for i := range f.Box {
		f.Box[i] = f.thousandths(int16At(head, 36+2*i))
	}
	f.Ascent, f.Descent = f.thousandths(int16At(hhea, 4)), f.thousandths(int16At(hhea, 6))
	f.metrics = int(binary.BigEndian.Uint16(hhea[34:]))
	f.CapHeight = f.thousandths(int16At(os2, 88))
}

func int16At(table []byte, at int) int { return int(int16(binary.BigEndian.Uint16(table[at:]))) }

func (f *Font) thousandths(units int) int { return units * 1000 / f.unitsPerEm }

// readCharacters reads the subtable of the format 4 for Unicode: segments of characters, each with
// the difference to the glyph or the place of the glyph's number.
func (f *Font) readCharacters() error {
	cmap := f.tables["cmap"]
	var sub []byte
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		entry := cmap[4+8*i:]
		table := cmap[binary.BigEndian.Uint32(entry[4:]):]
		if binary.BigEndian.Uint16(entry) == 3 && binary.BigEndian.Uint16(entry[2:]) == 1 && binary.BigEndian.Uint16(table) == 4 {
			sub = table
		}
	}
	if sub == nil {
		return errors.New("truetype: the font has no characters of Unicode in the format 4")
	}
	f.glyphs = map[rune]GlyphID{}
	n := int(binary.BigEndian.Uint16(sub[6:])) // twice the number of segments
	ends, starts, deltas, places := sub[14:], sub[16+n:], sub[16+2*n:], sub[16+3*n:]
	for i := 0; i < n; i += 2 {
		first, last := binary.BigEndian.Uint16(starts[i:]), binary.BigEndian.Uint16(ends[i:])
		delta, place := binary.BigEndian.Uint16(deltas[i:]), int(binary.BigEndian.Uint16(places[i:]))
		for c := int(first); c <= int(last) && c < 0xFFFF; c++ {
			glyph := uint16(c) + delta
			if place != 0 {
				if glyph = binary.BigEndian.Uint16(places[i+place+2*(c-int(first)):]); glyph != 0 {
					glyph += delta
				}
			}
			if glyph != 0 {
				f.glyphs[rune(c)] = GlyphID(glyph)
			}
		}
	}
	return nil
}

// Glyph returns the glyph of a character, and whether the font has one.
func (f *Font) Glyph(r rune) (GlyphID, bool) {
	g, found := f.glyphs[r]
	return g, found
}

// Advance returns the width of a glyph with its margins.
func (f *Font) Advance(g GlyphID) int {
	i := min(int(g), f.metrics-1)
	return f.thousandths(int(binary.BigEndian.Uint16(f.tables["hmtx"][4*i:])))
}
