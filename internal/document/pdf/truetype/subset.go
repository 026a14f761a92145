package truetype

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// Subset returns a font file of some glyphs, for a CIDFontType2 of a PDF: it has no table of
// characters. Glyph i of the file is glyphs[i], and glyphs[0] must be 0. The parts of composed glyphs
// follow them. It also returns the number of glyphs in the file.
func (f *Font) Subset(glyphs []GlyphID) (file []byte, count int) {
	numbers := make(map[GlyphID]int, len(glyphs))
	for i, g := range glyphs {
		numbers[g] = i
	}
	all := slices.Clone(glyphs)
	var outlines []byte
	offsets := []uint32{0}
	for i := 0; i < len(all); i++ {
		outline := slices.Clone(f.outline(all[i]))
		for _, at := range components(outline) {
			part := GlyphID(binary.BigEndian.Uint16(outline[at:]))
			if _, known := numbers[part]; !known {
				numbers[part] = len(all)
				all = append(all, part)
			}
			binary.BigEndian.PutUint16(outline[at:], uint16(numbers[part]))
		}
		outlines = append(outlines, outline...)
		for len(outlines)%4 != 0 {
			outlines = append(outlines, 0)
		}
		offsets = append(offsets, uint32(len(outlines)))
	}
	return assemble(f.subsetTables(all, outlines, offsets)), len(all)
}

// outline returns the description of a glyph; empty for a space.
func (f *Font) outline(g GlyphID) []byte {
	loca, glyf := f.tables["loca"], f.tables["glyf"]
	if f.longOffsets {
		return glyf[binary.BigEndian.Uint32(loca[4*int(g):]):binary.BigEndian.Uint32(loca[4*int(g)+4:])]
	}
	return glyf[2*int(binary.BigEndian.Uint16(loca[2*int(g):])) : 2*int(binary.BigEndian.Uint16(loca[2*int(g)+2:]))]
}

// The flags of a part of a composed glyph.
const (
	wordArguments  = 0x0001
	hasScale       = 0x0008
	moreComponents = 0x0020
	hasTwoScales   = 0x0040
	hasMatrix      = 0x0080
)

// components returns where a composed glyph names its parts.
func components(outline []byte) (places []int) {
	if len(outline) == 0 || int16At(outline, 0) >= 0 {
		return nil
	}
	for at := 10; ; {
		flags := binary.BigEndian.Uint16(outline[at:])
		places = append(places, at+2)
		at += 6
		if flags&wordArguments != 0 {
			at += 2
		}
		switch {
		case flags&hasScale != 0:
			at += 2
		case flags&hasTwoScales != 0:
			at += 4
		case flags&hasMatrix != 0:
			at += 8
		}
		if flags&moreComponents == 0 {
			return places
		}
	}
}

type tableData struct {
	name string
	data []byte
}

// subsetTables returns the tables that PDF needs, sorted by name. The hints stay: outlines use them.
func (f *Font) subsetTables(glyphs []GlyphID, outlines []byte, offsets []uint32) (tables []tableData) {
	head := slices.Clone(f.tables["head"])
	binary.BigEndian.PutUint32(head[8:], 0) // the checksum of the file, set by assemble
	binary.BigEndian.PutUint16(head[50:], 1)
	hhea := slices.Clone(f.tables["hhea"])
	binary.BigEndian.PutUint16(hhea[34:], uint16(len(glyphs)))
	maxp := slices.Clone(f.tables["maxp"])
	binary.BigEndian.PutUint16(maxp[4:], uint16(len(glyphs)))
	var hmtx, loca []byte
	for _, g := range glyphs {
		hmtx = append(hmtx, f.metric(g)...)
	}
	for _, offset := range offsets {
		loca = binary.BigEndian.AppendUint32(loca, offset)
	}
	for _, t := range []tableData{
		{"cvt ", f.tables["cvt "]},
		{"fpgm", f.tables["fpgm"]},
		{"glyf", outlines},
		{"head", head},
		{"hhea", hhea},
		{"hmtx", hmtx},
		{"loca", loca},
		{"maxp", maxp},
		{"prep", f.tables["prep"]},
	} {
		if len(t.data) > 0 {
			tables = append(tables, t)
		}
	}
	return tables
}

// metric returns the four bytes of a glyph in hmtx: the advance and the left margin.
func (f *Font) metric(g GlyphID) []byte {
	hmtx := f.tables["hmtx"]
	if int(g) < f.metrics {
		return hmtx[4*int(g) : 4*int(g)+4]
	}
	margin := 4*f.metrics + 2*(int(g)-f.metrics)
	return slices.Concat(hmtx[4*f.metrics-4:4*f.metrics-2], hmtx[margin:margin+2])
}

// assemble writes a font file.
func assemble(tables []tableData) []byte {
	power := bits.Len(uint(len(tables))) - 1
	file := binary.BigEndian.AppendUint32(nil, 0x00010000)
	file = binary.BigEndian.AppendUint16(file, uint16(len(tables)))
	file = binary.BigEndian.AppendUint16(file, uint16(16<<power))
	file = binary.BigEndian.AppendUint16(file, uint16(power))
	file = binary.BigEndian.AppendUint16(file, uint16(16*len(tables)-16<<power))
	at, headAt := 12+16*len(tables), 0
	for _, t := range tables {
		if t.name == "head" {
			headAt = at
		}
		file = append(file, t.name...)
		file = binary.BigEndian.AppendUint32(file, checksum(t.data))
		file = binary.BigEndian.AppendUint32(file, uint32(at))
		file = binary.BigEndian.AppendUint32(file, uint32(len(t.data)))
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		file = append(file, t.data...)
		for len(file)%4 != 0 {
			file = append(file, 0)
		}
	}
	binary.BigEndian.PutUint32(file[headAt+8:], 0xB1B0AFBA-checksum(file))
	return file
}

func checksum(data []byte) (sum uint32) {
	for len(data) >= 4 {
		sum += binary.BigEndian.Uint32(data)
		data = data[4:]
	}
	if len(data) > 0 {
		var last [4]byte
		copy(last[:], data)
		sum += binary.BigEndian.Uint32(last[:])
	}
	return sum
}
