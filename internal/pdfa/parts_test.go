package pdfa

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// font adds a font to the resources of the page.
func (d *document) font(keys string) { d.replace("<</F1 ", "<</Y<</Type/Font"+keys+">>/F1 ") }

// embedded is the descriptor of a font whose program is embedded under a key.
func (d *document) embedded(key, program, keys string) string {
	return fmt.Sprintf("/FontDescriptor<</Type/FontDescriptor/FontName/A/Flags 4/%s %s%s>>", key, d.addStream("/Subtype/Type1C", program), keys)
}

// composite is a composite font with keys of its own and of its descendant, which is complete otherwise.
func (d *document) composite(keys, descendant string) {
	d.font("/Subtype/Type0/BaseFont/ABCDEF+A" + keys + "/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+A" + descendant + ">>]")
}

// profile replaces the profile of the output intent by one that is nothing but a header.
func (d *document) profile(version byte, class, signature string) {
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head, 128)
	head[8] = version
	copy(head[12:], class+"RGB XYZ ")
	copy(head[36:], signature)
	d.replace("/DestOutputProfile ", "/DestOutputProfile "+d.addStream("/N 3", string(head))+"/Other ")
}

// deflate compresses the metadata.
func (d *document) deflate() {
	for i, body := range d.objects {
		if at := bytes.Index(body, []byte("stream\n")); bytes.HasPrefix(body, []byte("<</Type/Metadata")) {
			text := body[at+len("stream\n") : len(body)-len("\nendstream")]
			d.objects[i] = []byte(stream("/Type/Metadata/Subtype/XML/Filter/FlateDecode", deflated(d.t, text)))
		}
	}
}

const notUsed = "no text uses the font"

// contained are changes of part 1 inside of fonts, patterns, colour spaces and appearances.
var contained = []broken{
	{name: "a font of drawings", change: func(d *document) {
		d.font("/Subtype/Type3/CharProcs<</a " + d.addStream("", "q Q") + ">>/Resources<</ExtGState<</G<</ca 1>>>>>>")
	}},
	{name: "transparency in a font of drawings", change: func(d *document) {
		d.font("/Subtype/Type3/CharProcs<<>>/Resources<</ExtGState<</G<</ca .5>>>>>>")
	}, faults: []Code{CodeTransparency}},
	{name: "a letter of a font of drawings", change: func(d *document) {
		d.font("/Subtype/Type3/CharProcs<</a " + d.addStream("/Filter/LZWDecode", "q Q") + ">>")
	}, faults: []Code{CodeFilter}},
	{name: "a font of no kind", change: func(d *document) { d.font("/Subtype/Type9/BaseFont/A") }, faults: []Code{CodeFontIncomplete}},
	{name: "a Type 1 font", change: func(d *document) {
		d.font("/Subtype/Type1/BaseFont/ABCDEF+A/Widths[1]" + d.embedded("FontFile", "%!PS", "/CharSet(/A)"))
	}},
	{name: "a Type 1 font without its characters", change: func(d *document) {
		d.font("/Subtype/Type1/BaseFont/ABCDEF+A/Widths[1]" + d.embedded("FontFile", "%!PS", ""))
	}, faults: []Code{CodeFontSubset}, differs: notUsed},
	{name: "a compact font", change: func(d *document) {
		d.font("/Subtype/Type1/BaseFont/A/Widths[1]" + d.embedded("FontFile3", "\x01\x00", ""))
	}},
	{name: "an OpenType font", change: func(d *document) {
		d.font("/Subtype/Type1/BaseFont/A/Widths[1]/FontDescriptor<</FontFile3 " + d.addStream("/Subtype/OpenType", "OTTO") + ">>")
	}, faults: []Code{CodeFontProgram}, differs: notUsed},
	{name: "a composite font", change: func(d *document) {
		d.composite("/Encoding/Identity-H/ToUnicode 1 0 R", "/CIDToGIDMap/Identity"+d.embedded("FontFile2", "true", "/CIDSet "+d.addStream("", "a")))
	}},
	{name: "a composite font without its characters", change: func(d *document) {
		d.composite("/Encoding/Identity-H/ToUnicode 1 0 R", "/CIDToGIDMap/Identity"+d.embedded("FontFile2", "true", ""))
	}, faults: []Code{CodeFontSubset}, differs: notUsed},
	{name: "a composite font without a map", change: func(d *document) {
		d.composite("/Encoding/Identity-H/ToUnicode 1 0 R", d.embedded("FontFile2", "true", "/CIDSet "+d.addStream("", "a")))
	}, faults: []Code{CodeFontEncoding}, differs: notUsed},
	{name: "a composite font without an encoding", change: func(d *document) {
		d.composite("/ToUnicode 1 0 R", "/CIDToGIDMap/Identity"+d.embedded("FontFile2", "true", "/CIDSet "+d.addStream("", "a")))
	}, faults: []Code{CodeFontEncoding}, differs: notUsed},
	{name: "a composite font without text", change: func(d *document) {
		d.composite("/Encoding/Identity-H", "/CIDToGIDMap/Identity"+d.embedded("FontFile2", "true", "/CIDSet "+d.addStream("", "a")))
	}, faults: []Code{CodeFontText}, differs: "it judges level B"},
	{name: "an encoding that is elsewhere", change: func(d *document) {
		d.composite("/ToUnicode 1 0 R/Encoding "+d.addStream("/F(other)", "a"),
			"/CIDToGIDMap/Identity"+d.embedded("FontFile2", "true", "/CIDSet "+d.addStream("", "a")))
	}, faults: []Code{CodeExternalStream}},
	{name: "a composite font that is not embedded", change: func(d *document) {
		d.composite("/Encoding/Identity-H/ToUnicode 1 0 R", "/CIDToGIDMap/Identity")
	}, faults: []Code{CodeFontNotEmbedded}, differs: notUsed},
	{name: "a composite font of nothing", change: func(d *document) {
		d.font("/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 1 0 R/DescendantFonts[]")
	}, faults: []Code{CodeFontIncomplete}},
	{name: "a font of a graphics state", change: func(d *document) { d.state("/Font[<</Subtype/Type9/BaseFont/A>>1]") }, faults: []Code{CodeFontIncomplete}},

	{name: "a spot colour of another device", change: func(d *document) {
		d.image("/ColorSpace[/Separation/Spot/DeviceCMYK<</FunctionType 2/Domain[0 1]/N 1/C0[0 0 0 0]/C1[0 0 0 1]>>]")
	}, faults: []Code{CodeDeviceColor}},
	{name: "a colour space with a profile that is none", change: func(d *document) {
		d.resources("/ColorSpace<</C[/ICCBased " + d.addStream("/N 3", "profile") + "]>>")
	}, faults: []Code{CodeProfile}},
	{name: "shading of another device", change: func(d *document) {
		d.resources("/Shading<</S<</ShadingType 2/Coords[0 0 1 1]/ColorSpace/DeviceCMYK/Function" +
			"<</FunctionType 2/Domain[0 1]/N 1/C0[0 0 0 0]/C1[0 0 0 1]>>>>>>")
	}, faults: []Code{CodeDeviceColor}},
	{name: "a pattern of another device", change: func(d *document) {
		d.resources("/Pattern<</P<</PatternType 2/Shading<</ShadingType 2/Coords[0 0 1 1]/ColorSpace/DeviceCMYK/Function" +
			"<</FunctionType 2/Domain[0 1]/N 1/C0[0 0 0 0]/C1[0 0 0 1]>>>>>>>>")
	}, faults: []Code{CodeDeviceColor}, differs: "no content uses the pattern"},
	{name: "transparency of a pattern", change: func(d *document) {
		d.resources("/Pattern<</P<</PatternType 2/ExtGState<</ca .5>>/Shading<</ShadingType 2/Coords[0 0 1 1]/ColorSpace/DeviceRGB/Function" +
			"<</FunctionType 2/Domain[0 1]/N 1/C0[0 0 0]/C1[0 0 1]>>>>>>>>")
	}, faults: []Code{CodeTransparency}, differs: "no content uses the pattern"},
	{name: "transparency in a pattern", change: func(d *document) {
		d.resources("/Pattern<</P " + d.addStream("/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 1/YStep 1"+
			"/Resources<</ExtGState<</G<</ca .5>>>>>>", "q Q") + ">>")
	}, faults: []Code{CodeTransparency}},
	{name: "LZW in a pattern", change: func(d *document) {
		d.resources("/Pattern<</P " + d.addStream("/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 1/YStep 1"+
			"/Resources<<>>/Filter/LZWDecode", "q Q") + ">>")
	}, faults: []Code{CodeFilter}},
	{name: "transparency of a form in a form", change: func(d *document) {
		d.form("/Resources<</XObject<</Y " + d.addStream("/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Group<</S/Transparency>>", "q Q") + ">>>>")
	}, faults: []Code{CodeTransparency}},
	{name: "content in parts, one of them elsewhere", change: func(d *document) {
		d.replace("/Contents ", "/Contents["+d.addStream("", "q Q")+" "+d.addStream("/F(other)", "")+"]/Other ")
	}, faults: []Code{CodeExternalStream}},
	{name: "LZW in a mask", change: func(d *document) {
		d.image("/ColorSpace/DeviceRGB/Mask " + d.addStream("/Type/XObject/Subtype/Image/ImageMask true/Width 1/Height 1/Filter/LZWDecode", "a"))
	}, faults: []Code{CodeFilter}},
	{name: "an appearance of states", change: func(d *document) {
		d.annotation("Square", "/AP<</N<</On "+d.addStream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Group<</S/Transparency>>", "q Q")+">>>>")
	}, faults: []Code{CodeTransparency}},
	{name: "an action of a field in a field", change: func(d *document) {
		d.catalog("/AcroForm<</Fields[<</T(a)/Kids[" + d.add("<</FT/Tx/T(b)/AA<<>>>>") + "]>>]>>")
	}, faults: []Code{CodeAction}},
	{name: "an action of a button", change: func(d *document) {
		d.annotation("Widget", "/FT/Btn/T(a)/A<</S/URI/URI(https://example.ru/)>>"+d.drawn())
	}, faults: []Code{CodeAction}},
	{name: "an undrawn field", change: func(d *document) { d.annotation("Widget", "/FT/Tx/T(a)") }, faults: []Code{CodeAnnotationAppearance}},
	{name: "an action deep in the outline", change: func(d *document) {
		last := d.add("<</Title(B)/A<</S/Launch/F(program)>>>>")
		child := d.add("<</Title(A)/Next %s>>", last)
		d.catalog("/Outlines<</Type/Outlines/First " + d.add("<</Title(A)/First %s/Last %s>>", child, last) + ">>")
	}, faults: []Code{CodeAction}},
	{name: "a profile elsewhere", change: func(d *document) { d.replace("GTS_PDFA1", "GTS_PDFA1/DestOutputProfileRef<<>>") }, faults: []Code{CodeExternalContent}, differs: notRead},
	{name: "a profile without its signature", change: func(d *document) { d.profile(2, "mntr", "none") }, faults: []Code{CodeProfile}},
	{name: "a profile of version 4", change: func(d *document) { d.profile(4, "mntr", "acsp") }, faults: []Code{CodeProfile}},
	{name: "a profile of a scanner", change: func(d *document) { d.profile(2, "scnr", "acsp") }, faults: []Code{CodeProfile}},
	{name: "compressed metadata", change: func(d *document) { d.deflate() }, faults: []Code{CodeMetadata}},
	{name: "metadata of another type", change: func(d *document) { d.replace("/Type/Metadata", "/Type/Other") }, faults: []Code{CodeMetadata}, differs: notRead},
	{name: "metadata that are not decoded", change: func(d *document) {
		d.replace("/Type/Metadata", "/Filter/LZWDecode/Type/Metadata")
	}, faults: []Code{CodeFilter, CodeMetadata}},
	{name: "JavaScript right after an action", change: func(d *document) {
		d.action("/S/URI/URI(https://example.ru/)/Next<</S/JavaScript/JS(app)>>")
	}, faults: []Code{CodeJavaScript}},
}
