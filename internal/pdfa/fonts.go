package pdfa

import (
	"bytes"
	"regexp"
	"slices"

	"epkr/internal/pdfa/cos"
)

// subset matches the name of a font of which only some characters are embedded.
var subset = regexp.MustCompile(`^[A-Z]{6}\+`)

// symbolic is the flag of a font with characters of its own (ISO 32000-1 clause 9.8.2).
const symbolic = 1 << 2

// fontFault adds a fault of a font.
func (c *check) fontFault(is bool, code Code, name cos.Name) {
	if is {
		c.found.add(code, quoted(subset.ReplaceAllString(string(name), "")))
	}
}

// font checks a font (ISO 19005-1 clause 6.3, 19005-2 clause 6.2.11).
func (c *check) font(v cos.Value) {
	font := c.file.Dict(v)
	name := c.file.Name(font["BaseFont"])
	switch kind := c.file.Name(font["Subtype"]); kind {
	case "Type0":
		c.composite(font, name)
	case "Type3":
		for _, glyph := range c.file.Dict(font["CharProcs"]).All() {
			c.once("contents", glyph, c.contents)
		}
		c.resources(font["Resources"])
	case "Type1", "MMType1", "TrueType":
		c.fontFault(c.file.Array(font["Widths"]) == nil, CodeFontIncomplete, name)
		descriptor := c.descriptor(font, name)
		if kind == "TrueType" {
			c.trueTypeEncoding(font, descriptor, name)
		} else if c.report.Part == 1 && subset.MatchString(string(name)) {
			c.fontFault(descriptor != nil && descriptor["CharSet"] == nil, CodeFontSubset, name)
		}
	default:
		c.fontFault(true, CodeFontIncomplete, name)
	}
}

// needsText reports whether the level requires that text can be read from the file.
func (c *check) needsText() bool { return c.report.Conformance == "A" || c.report.Conformance == "U" }

// composite checks a font whose characters are numbered by a CMap.
func (c *check) composite(font cos.Dict, name cos.Name) {
	descendants := c.file.Array(font["DescendantFonts"])
	if len(descendants) != 1 {
		c.fontFault(true, CodeFontIncomplete, name)
		return
	}
	encoding := font["Encoding"]
	cmap, embedded := c.file.Stream(encoding)
	if embedded {
		c.stream(cmap)
	}
	c.fontFault(!embedded && c.file.Name(encoding) == "", CodeFontEncoding, name)
	c.fontFault(c.needsText() && font["ToUnicode"] == nil, CodeFontText, name)
	c.once("descendant", descendants[0], func(v cos.Value) {
		descendant := c.file.Dict(v)
		descriptor := c.descriptor(descendant, name)
		if c.file.Name(descendant["Subtype"]) == "CIDFontType2" {
			c.fontFault(descendant["CIDToGIDMap"] == nil, CodeFontEncoding, name)
		}
		if c.report.Part == 1 && subset.MatchString(string(c.file.Name(descendant["BaseFont"]))) {
			_, hasSet := c.file.Stream(descriptor["CIDSet"])
			c.fontFault(descriptor != nil && !hasSet, CodeFontSubset, name)
		}
	})
}

// trueTypeEncoding checks that letters are found by a named encoding, and symbols by the font alone
// (ISO 19005-1 clause 6.3.7).
func (c *check) trueTypeEncoding(font, descriptor cos.Dict, name cos.Name) {
	encoding := c.file.Resolve(font["Encoding"])
	base, _ := encoding.(cos.Name)
	if d, isDict := encoding.(cos.Dict); isDict && c.report.Part != 1 {
		base = c.file.Name(d["BaseEncoding"])
	}
	named := base == "WinAnsiEncoding" || base == "MacRomanEncoding"
	isSymbolic := c.file.Int(descriptor["Flags"])&symbolic != 0
	if descriptor != nil {
		c.fontFault(isSymbolic && encoding != nil || !isSymbolic && !named, CodeFontEncoding, name)
	}
	c.fontFault(c.needsText() && font["ToUnicode"] == nil && !named, CodeFontText, name)
}

// programs are the keys of embedded fonts, each with how such a font begins: Type 1, TrueType, and
// compact or OpenType.
var programs = []struct {
	key    cos.Name
	begins []string
}{
	{"FontFile", []string{"%!", "\x80\x01"}},
	{"FontFile2", []string{"\x00\x01\x00\x00", "true"}},
	{"FontFile3", []string{"\x01\x00", "OTTO", "\x00\x01\x00\x00"}},
}

// descriptor checks the embedded program of a font. It returns the descriptor, nil if there is none.
func (c *check) descriptor(font cos.Dict, name cos.Name) cos.Dict {
	descriptor := c.file.Dict(font["FontDescriptor"])
	for _, program := range programs {
		s, embedded := c.file.Stream(descriptor[program.key])
		if !embedded {
			continue
		}
		if ref, isRef := descriptor[program.key].(cos.Ref); isRef {
			c.once("font program", ref, func(cos.Value) { c.program(s, program.begins, name) })
		}
		if program.key == "FontFile3" {
			allowed := []cos.Name{"Type1C", "CIDFontType0C", "OpenType"}
			if c.report.Part == 1 {
				allowed = allowed[:2]
			}
			c.fontFault(!slices.Contains(allowed, c.file.Name(s.Dict["Subtype"])), CodeFontProgram, name)
		}
		return descriptor
	}
	c.fontFault(true, CodeFontNotEmbedded, name)
	return descriptor
}

// program checks how the program of a font begins.
func (c *check) program(s cos.Stream, begins []string, name cos.Name) {
	c.stream(s)
	head, _, err := c.file.Decode(s, 4)
	if c.file.Err() != nil {
		return
	}
	known := slices.ContainsFunc(begins, func(begin string) bool { return bytes.HasPrefix(head, []byte(begin)) })
	c.fontFault(err != nil || !known, CodeFontProgram, name)
}
