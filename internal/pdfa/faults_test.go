package pdfa

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/testenv/preflight"
)

// broken is a document of level 1a with one change, or of another part.
type broken struct {
	name   string
	change func(d *document)
	faults []Code // in their order; none if the change is allowed
	// differs says why Preflight says otherwise; only for part 1.
	differs string
	after   func(data []byte) []byte // changes the file, if it is not nil
	part    int                      // 1 if it is 0
	level   string
}

// hybrid adds what Word does: an empty table that leads to the table and to a stream for new programs.
func hybrid(data []byte) []byte {
	trailer := data[bytes.LastIndex(data, []byte("trailer\n<<"))+len("trailer\n<<") : bytes.LastIndex(data, []byte(">>\nstartxref"))]
	older, at := bytes.LastIndex(data, []byte("\nxref\n"))+1, len(data)
	data = fmt.Appendf(bytes.Clone(data), "999 0 obj\n%s\nendobj\n", stream("/Type/XRef/W[1 2 1]/Size 1", make([]byte, 4)))
	last := len(data)
	return fmt.Appendf(data, "xref\n0 0\ntrailer\n<<%s/Prev %d/XRefStm %d>>\nstartxref\n%d\n%%%%EOF\n", trailer, older, at, last)
}

// form is a form XObject with keys of its dictionary, as a resource of the pages.
func (d *document) form(keys string) {
	d.resources("/XObject<</X " + d.addStream("/Type/XObject/Subtype/Form/BBox[0 0 1 1]"+keys, "q Q") + ">>")
}

// image is an image of one pixel, as a resource of the pages.
func (d *document) image(keys string) {
	d.resources("/XObject<</X " + d.addStream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8"+keys, "abcd") + ">>")
}

// state adds a graphics state.
func (d *document) state(keys string) { d.resources("/ExtGState<</G<</Type/ExtGState" + keys + ">>>>") }

// action adds an action to the opening of the document.
func (d *document) action(keys string) {
	d.replace("/OpenAction[", "/OpenAction<</Type/Action"+keys+">>/Other[")
}

// annotation adds an annotation of a kind.
func (d *document) annotation(kind, keys string) {
	d.replace("/Annots[\n", "/Annots["+d.add("<</Type/Annot/Subtype/%s/Rect[0 0 9 9]/F 4%s>>", kind, keys)+" \n")
}

// drawn is an appearance of an annotation.
func (d *document) drawn() string {
	return "/AP<</N " + d.addStream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "q Q") + ">>"
}

// file adds a file, and returns a reference to its specification.
func (d *document) file(data, keys string) string {
	return d.add("<</Type/Filespec/F(a)/UF(a)/EF<</F %s>>%s>>", d.addStream("/Type/EmbeddedFile/Subtype/text#2Fplain", data), keys)
}

// attached adds a file to the document.
func (d *document) attached(data, keys string) {
	file := d.file(data, keys)
	d.catalog("/Names<</EmbeddedFiles<</Names[(a) " + file + "]>>>>/AF[" + file + "]")
}

const notRead = "Preflight does not look at it"

// part1 are changes of a document of level 1a.
var part1 = []broken{
	{name: "unchanged", change: func(*document) {}},
	{name: "for new programs too", change: func(*document) {}, after: hybrid},
	{name: "after the end", change: func(*document) {}, after: func(data []byte) []byte { return append(data, "x\n"...) }, faults: []Code{CodeAfterEnd}},

	{name: "header without bytes", change: func(d *document) { d.head = "%PDF-1.4\n" }, faults: []Code{CodeHeader}},
	{name: "header with letters", change: func(d *document) { d.head = "%PDF-1.4\n%abcd\n" }, faults: []Code{CodeHeader}},
	{name: "header of PDF 2", change: func(d *document) { d.head = "%PDF-2.0\n%\xE4\xF6\xFC\xDF\n" }, faults: []Code{CodeHeader}},
	{name: "no id", change: func(d *document) { d.trailer = strings.ReplaceAll(d.trailer, "/ID", "/XX") }, faults: []Code{CodeNoID}},
	{name: "wrong length", change: func(d *document) {
		d.form("")
		form := &d.objects[len(d.objects)-1]
		*form = bytes.Replace(*form, []byte("/Length 3"), []byte("/Length 2"), 1)
	}, faults: []Code{CodeStreamLength}},
	{name: "no end of line", change: func(d *document) { d.form(""); d.replace("q Q\nend", "q Qend") }, faults: []Code{CodeStreamLength}},
	{name: "content elsewhere", change: func(d *document) { d.form("/F(other)") }, faults: []Code{CodeExternalStream}},
	{name: "LZW", change: func(d *document) { d.form("/Filter/LZWDecode") }, faults: []Code{CodeFilter}},
	{name: "JPEG 2000", change: func(d *document) { d.image("/Filter/JPXDecode") }, faults: []Code{CodeFilter}},
	{name: "no object", change: func(d *document) { d.replace("/Contents ", "/Contents 999 0 R/Other ") }},

	{name: "no metadata", change: func(d *document) { d.replace("/Metadata ", "/Other ") }, faults: []Code{CodeNoClaim}},
	{name: "no claim", change: func(d *document) { d.replace("pdfaid:part", "pdfaid:port") }, faults: []Code{CodeNoClaim}},
	{name: "another namespace", change: func(d *document) { d.replace("/pdfa/ns/id/", "/pdfa/ns/id") }, faults: []Code{CodeNoClaim}},
	{name: "part 5", change: func(d *document) { d.replace(">1</pdfaid:part>", ">5</pdfaid:part>") }, faults: []Code{CodeUnknownClaim}},
	{name: "level C", change: func(d *document) { d.replace(">A</pdfaid", ">C</pdfaid") }, faults: []Code{CodeUnknownClaim}},
	{name: "level U of part 1", change: func(d *document) { d.replace(">A</pdfaid", ">U</pdfaid") }, faults: []Code{CodeUnknownClaim}},
	{name: "metadata are no XML", change: func(d *document) { d.replace("</x:xmpmeta>", "</x>") }, faults: []Code{CodeMetadata}},
	{name: "packet with an encoding", change: func(d *document) { d.replace(" id=\"W5M0", " encoding=\"UTF-8\" id=\"W5M0") }, faults: []Code{CodeMetadata}},
	{name: "another title", change: func(d *document) { d.replace("подряда № 7</rdf:li>", "подряда № 8</rdf:li>") }, faults: []Code{CodeInfoDiffers}},
	{name: "another date", change: func(d *document) { d.replace("<xmp:CreateDate>2026", "<xmp:CreateDate>2025") }, faults: []Code{CodeInfoDiffers}, differs: "it does not read the zone Z' of LibreOffice"},
	{name: "an author only outside of the metadata", change: func(d *document) { d.info("/Author(A)") }, faults: []Code{CodeInfoDiffers}},
	{name: "the author in both", change: func(d *document) {
		d.info("/Author(A)")
		d.xmp(`xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>A</rdf:li></rdf:Seq></dc:creator>`)
	}},
	{name: "a property nobody describes", change: func(d *document) { d.xmp(`xmlns:a="urn:a"><a:b>c</a:b>`) }, faults: []Code{CodeMetadataSchema}},

	{name: "no output intent", change: func(d *document) { d.replace("/OutputIntents[", "/Other[") }, faults: []Code{CodeNoOutputIntent}},
	{name: "an output intent for printing", change: func(d *document) { d.replace("GTS_PDFA1", "GTS_PDFX") }, faults: []Code{CodeNoOutputIntent}},
	{name: "no profile", change: func(d *document) { d.replace("/DestOutputProfile", "/Other") }, faults: []Code{CodeNoOutputIntent}},
	{name: "profile of other colours", change: func(d *document) { d.replace("<</N 3", "<</N 4") }, faults: []Code{CodeProfile}},
	{name: "profile is none", change: func(d *document) {
		d.replace("/DestOutputProfile ", "/DestOutputProfile "+d.addStream("/N 3", strings.Repeat("profile ", 20))+"/Other ")
	}, faults: []Code{CodeProfile}},
	{name: "colours of another device", change: func(d *document) { d.image("/ColorSpace/DeviceCMYK") }, faults: []Code{CodeDeviceColor}},
	{name: "colours of the device", change: func(d *document) { d.image("/ColorSpace/DeviceRGB") }},
	{name: "an indexed colour of another device", change: func(d *document) {
		d.image("/ColorSpace[/Indexed/DeviceCMYK 0<00000000>]")
	}, faults: []Code{CodeDeviceColor}},

	{name: "no pages", change: func(d *document) { d.replace("/Kids[", "/Kids[]/Other[") }, faults: []Code{CodeNoPages}, differs: notRead},
	{name: "transparency group of the page", change: func(d *document) { d.page("/Group<</S/Transparency/CS/DeviceRGB>>") }, faults: []Code{CodeTransparency}},
	{name: "transparency group of a form", change: func(d *document) { d.form("/Group<</S/Transparency>>") }, faults: []Code{CodeTransparency}},
	{name: "opacity", change: func(d *document) { d.state("/ca .5") }, faults: []Code{CodeTransparency}},
	{name: "full opacity", change: func(d *document) { d.state("/ca 1/CA 1.0/SMask/None/BM/Normal") }},
	{name: "mode", change: func(d *document) { d.state("/BM/Multiply") }, faults: []Code{CodeTransparency}},
	{name: "mask", change: func(d *document) { d.state("/SMask<</S/Luminosity>>") }, faults: []Code{CodeTransparency}},
	{name: "mask of an image", change: func(d *document) {
		mask := d.addStream("/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray", "a")
		d.image("/ColorSpace/DeviceRGB/SMask " + mask)
	}, faults: []Code{CodeTransparency}},
	{name: "transfer function", change: func(d *document) { d.state("/TR/Identity") }, faults: []Code{CodeTransfer}},
	{name: "interpolation", change: func(d *document) { d.image("/ColorSpace/DeviceRGB/Interpolate true") }, faults: []Code{CodeImage}},
	{name: "alternate images", change: func(d *document) { d.image("/ColorSpace/DeviceRGB/Alternates[]") }, faults: []Code{CodeImage}},
	{name: "PostScript", change: func(d *document) {
		d.resources("/XObject<</X " + d.addStream("/Type/XObject/Subtype/PS", "showpage") + ">>")
	}, faults: []Code{CodeExternalContent}},
	{name: "PostScript of a form", change: func(d *document) { d.form("/Subtype2/PS") }, faults: []Code{CodeExternalContent}},
	{name: "reference to another file", change: func(d *document) { d.form("/Ref<</F(other.pdf)/Page 1>>") }, faults: []Code{CodeExternalContent}},
	{name: "substitute for printing", change: func(d *document) { d.image("/ColorSpace/DeviceRGB/OPI<<>>") }, faults: []Code{CodeExternalContent}},

	{name: "fonts not embedded", change: func(d *document) { d.replace("/FontFile2", "/Other") }, faults: []Code{CodeFontNotEmbedded}},
	{name: "a standard font", change: func(d *document) {
		d.replace("<</F1 ", "<</H<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>/F1 ")
	}, faults: []Code{CodeFontIncomplete, CodeFontNotEmbedded}, differs: "no text uses the font"},
	{name: "font is none", change: func(d *document) {
		d.replace("/FontFile2 ", "/FontFile2 "+d.addStream("", "letters")+"/Other ")
	}, faults: []Code{CodeFontProgram}},
	{name: "font without widths", change: func(d *document) { d.replace("/Widths[", "/Other[") }, faults: []Code{CodeFontIncomplete}},
	{name: "symbols with an encoding", change: func(d *document) { d.replace("/FirstChar", "/Encoding/WinAnsiEncoding/FirstChar") }, faults: []Code{CodeFontEncoding}},
	{name: "letters without an encoding", change: func(d *document) { d.replace("/Flags 4", "/Flags 32") }, faults: []Code{CodeFontEncoding}},
	{name: "no text", change: func(d *document) { d.replace("/ToUnicode", "/Other") }, faults: []Code{CodeFontText}, differs: "it judges level B"},

	{name: "sound", change: func(d *document) { d.annotation("Sound", d.drawn()) }, faults: []Code{CodeAnnotationKind}},
	{name: "an attached note", change: func(d *document) { d.annotation("FileAttachment", d.drawn()) }, faults: []Code{CodeAnnotationKind}},
	{name: "an unknown annotation", change: func(d *document) { d.annotation("Unknown", d.drawn()) }, faults: []Code{CodeAnnotationKind}},
	{name: "a link that is not printed", change: func(d *document) { d.replace("/F 4", "/F 0") }, faults: []Code{CodeAnnotationFlags}},
	{name: "a hidden link", change: func(d *document) { d.replace("/F 4", "/F 6") }, faults: []Code{CodeAnnotationFlags}},
	{name: "a link without flags", change: func(d *document) { d.replace("/F 4", "") }, faults: []Code{CodeAnnotationFlags}},
	{name: "opacity of an annotation", change: func(d *document) { d.annotation("Square", "/CA .5"+d.drawn()) }, faults: []Code{CodeTransparency}},
	{name: "appearance under the pointer", change: func(d *document) {
		d.annotation("Square", "/AP<</N "+d.addStream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]", "q Q")+"/D null/R 1 0 R>>")
	}, faults: []Code{CodeAnnotationAppearance}},
	{name: "transparency in an appearance", change: func(d *document) {
		d.annotation("Square", "/AP<</N "+d.addStream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Group<</S/Transparency>>", "q Q")+">>")
	}, faults: []Code{CodeTransparency}},

	{name: "JavaScript", change: func(d *document) { d.action("/S/JavaScript/JS(app)") }, faults: []Code{CodeJavaScript}},
	{name: "JavaScript by name", change: func(d *document) {
		d.catalog("/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(app)>>]>>>>")
	}, faults: []Code{CodeJavaScript}},
	{name: "JavaScript after an action", change: func(d *document) {
		d.action("/S/URI/URI(https://example.ru/)/Next[<</S/JavaScript/JS(app)>>]")
	}, faults: []Code{CodeJavaScript}},
	{name: "launching a program", change: func(d *document) { d.action("/S/Launch/F(program)") }, faults: []Code{CodeAction}},
	{name: "an action of a link", change: func(d *document) { d.replace("/S/URI/URI(", "/S/ImportData/F(") }, faults: []Code{CodeAction}},
	{name: "an unknown named action", change: func(d *document) { d.action("/S/Named/N/Print") }, faults: []Code{CodeAction}},
	{name: "a named action", change: func(d *document) { d.action("/S/Named/N/NextPage") }},
	{name: "actions of the document", change: func(d *document) { d.catalog("/AA<<>>") }, faults: []Code{CodeAction}},
	{name: "an allowed action of the page", change: func(d *document) { d.page("/AA<</O<</S/Named/N/NextPage>>>>") }},
	{name: "JavaScript of the page", change: func(d *document) { d.page("/AA<</O<</S/JavaScript/JS(app)>>>>") }, faults: []Code{CodeJavaScript}},
	{name: "an action of the outline", change: func(d *document) {
		item := d.add("<</Title(A)/Parent 1 0 R/A<</S/Launch/F(program)>>>>")
		outline := d.add("<</Type/Outlines/First %s/Last %s/Count 1>>", item, item)
		d.catalog("/Outlines " + outline)
	}, faults: []Code{CodeAction}},
	{name: "fields drawn by the program", change: func(d *document) { d.catalog("/AcroForm<</Fields[]/NeedAppearances true>>") }, faults: []Code{CodeForm}},
	{name: "a form of XFA", change: func(d *document) { d.catalog("/AcroForm<</Fields[]/XFA[]>>") }, faults: []Code{CodeForm}, differs: notRead},
	{name: "an action of a field", change: func(d *document) {
		d.catalog("/AcroForm<</Fields[" + d.add("<</FT/Tx/T(a)/AA<<>>>>") + "]>>")
	}, faults: []Code{CodeAction}},
	{name: "an attached file", change: func(d *document) { d.attached("text", "") }, faults: []Code{CodeAttachments}},
	{name: "a list of attached files", change: func(d *document) { d.catalog("/Names<</EmbeddedFiles<</Names[]>>>>") }, faults: []Code{CodeAttachments}},
	{name: "an attached file without a name", change: func(d *document) {
		d.catalog("/AF[" + d.file("text", "") + "]")
	}, faults: []Code{CodeAttachments}},
	{name: "layers", change: func(d *document) { d.catalog("/OCProperties<</OCGs[]/D<<>>>>") }, faults: []Code{CodeOptionalContent}},
	{name: "no structure", change: func(d *document) { d.replace("/StructTreeRoot ", "/Other ") }, faults: []Code{CodeNotTagged}, differs: "it judges level B"},
	{name: "no structure at level B", change: func(d *document) {
		d.replace("/StructTreeRoot ", "/Other ")
		d.replace(">A</pdfaid", ">B</pdfaid")
	}},
}

// TestPart1 breaks a document one fault at a time. Preflight finds it invalid where faults are found
// here, and valid where none are, except where it is noted why not.
func TestPart1(t *testing.T) {
	t.Parallel()
	folder, all := t.TempDir(), append(slices.Clone(part1), contained...)
	var paths []string
	for _, c := range all {
		d := level1A(t)
		c.change(d)
		data := d.bytes()
		if c.after != nil {
			data = c.after(data)
		}
		paths = append(paths, filepath.Join(folder, c.name+".pdf"))
		require.NoError(t, os.WriteFile(paths[len(paths)-1], data, 0o600))
	}
	verdicts := preflight.Judge(t, paths...)
	for i, c := range all {
		t.Run(c.name, func(t *testing.T) {
			data, err := os.ReadFile(paths[i])
			require.NoError(t, err)
			r := judge(t, data)
			require.Equal(t, c.faults, codes(r))
			require.Equal(t, c.differs == "", r.Accepted() == verdicts[i].Valid, "Preflight: %v", verdicts[i])
		})
	}
}

// later are changes of documents of the later parts, which Preflight does not judge.
var later = []broken{
	{name: "unchanged", part: 2, level: "B", change: func(*document) {}},
	{name: "unchanged", part: 2, level: "U", change: func(*document) {}},
	{name: "unchanged", part: 3, level: "A", change: func(*document) {}},
	{name: "unchanged", part: 4, change: func(*document) {}},
	{name: "unchanged", part: 4, level: "F", change: func(*document) {}},
	{name: "unchanged", part: 4, level: "E", change: func(*document) {}},
	{name: "level B of part 4", part: 4, level: "B", change: func(*document) {}, faults: []Code{CodeUnknownClaim}},
	{name: "no year of part 4", part: 4, change: func(d *document) { d.replace("pdfaid:rev", "pdfaid:ref") }, faults: []Code{CodeMetadata}},
	{name: "header of PDF 1", part: 4, change: func(d *document) { d.head = "%PDF-1.7\n%\xE4\xF6\xFC\xDF\n" }, faults: []Code{CodeHeader}},
	{name: "document information", part: 4, change: func(d *document) { d.trailer += "/Info 1 0 R" }, faults: []Code{CodeInfoForbidden}},
	{name: "requirements", part: 2, level: "B", change: func(d *document) { d.catalog("/Requirements[]") }, faults: []Code{CodeRequirements}},
	{name: "another title", part: 2, level: "B", change: func(d *document) { d.replace("подряда № 7</rdf:li>", "подряда № 8</rdf:li>") }},
	{name: "undescribed property", part: 3, level: "B", change: func(d *document) { d.xmp(`xmlns:a="urn:a"><a:b>c</a:b>`) }, faults: []Code{CodeMetadataSchema}},
	{name: "undescribed property", part: 4, change: func(d *document) { d.xmp(`xmlns:a="urn:a"><a:b>c</a:b>`) }},
	{name: "described property", part: 2, level: "B", change: func(d *document) {
		d.xmp(`xmlns:a="urn:a"><a:b>c</a:b>`)
		d.xmp(`xmlns:e="http://www.aiim.org/pdfa/ns/extension/" xmlns:s="http://www.aiim.org/pdfa/ns/schema#"><e:schemas><rdf:Bag>` +
			`<rdf:li rdf:parseType="Resource"><s:namespaceURI>urn:a</s:namespaceURI></rdf:li></rdf:Bag></e:schemas>`)
	}},
	{name: "transparency", part: 2, level: "B", change: func(d *document) {
		d.page("/Group<</S/Transparency/CS/DeviceRGB>>")
		d.state("/ca .5/BM/Multiply")
	}},
	{name: "mode", part: 2, level: "B", change: func(d *document) { d.state("/BM/Other") }, faults: []Code{CodeBlendMode}},
	{name: "halftone origin", part: 2, level: "B", change: func(d *document) { d.state("/HTO[0 0]") }, faults: []Code{CodeTransfer}},
	{name: "JPEG 2000", part: 2, level: "B", change: func(d *document) { d.image("/Filter/JPXDecode") }},
	{name: "group of another device", part: 2, level: "B", change: func(d *document) { d.form("/Group<</S/Transparency/CS/DeviceCMYK>>") }, faults: []Code{CodeDeviceColor}},
	{name: "a default of another device", part: 2, level: "B", change: func(d *document) {
		d.image("/ColorSpace/DeviceCMYK")
		d.resources("/ColorSpace<</DefaultCMYK[/Indexed/DeviceRGB 0<000000>]>>")
	}},
	{name: "several profiles", part: 2, level: "B", change: func(d *document) {
		other := d.addStream("/N 3", strings.Repeat("profile ", 20))
		d.replace("/OutputIntents[", "/OutputIntents[<</S/GTS_PDFX/DestOutputProfile "+other+">>")
	}, faults: []Code{CodeProfile}},
	{name: "symbols of OpenType", part: 2, level: "B", change: func(d *document) {
		d.replace("/FontFile2 ", "/FontFile3 "+d.addStream("/Subtype/OpenType", "OTTO")+"/Other ")
	}},
	{name: "font program of no kind", part: 2, level: "B", change: func(d *document) {
		d.replace("/FontFile2 ", "/FontFile3 "+d.addStream("/Subtype/Type2C", "OTTO")+"/Other ")
	}, faults: []Code{CodeFontProgram}},
	{name: "no text", part: 2, level: "B", change: func(d *document) { d.replace("/ToUnicode", "/Other") }},
	{name: "no text", part: 2, level: "U", change: func(d *document) { d.replace("/ToUnicode", "/Other") }, faults: []Code{CodeFontText}},
	{name: "no structure", part: 3, level: "A", change: func(d *document) { d.replace("/Marked true", "/Marked false") }, faults: []Code{CodeNotTagged}},
	{name: "undrawn annotation", part: 2, level: "B", change: func(d *document) { d.annotation("Square", "") }, faults: []Code{CodeAnnotationAppearance}},
	{name: "undrawn annotation without an area", part: 2, level: "B", change: func(d *document) { d.annotation("Square", "/Rect[1 1 1 1]") }},
	{name: "polygon", part: 2, level: "B", change: func(d *document) { d.annotation("Polygon", d.drawn()) }},
	{name: "sound", part: 2, level: "B", change: func(d *document) { d.annotation("Sound", d.drawn()) }, faults: []Code{CodeAnnotationKind}},
	{name: "a model", part: 4, level: "E", change: func(d *document) { d.annotation("3D", d.drawn()) }},
	{name: "a model", part: 4, change: func(d *document) { d.annotation("3D", d.drawn()) }, faults: []Code{CodeAnnotationKind}},
	{name: "JavaScript", part: 4, level: "E", change: func(d *document) { d.action("/S/JavaScript/JS(app)") }, faults: []Code{CodeJavaScript}},
	{name: "actions of the page", part: 2, level: "B", change: func(d *document) { d.page("/AA<<>>") }, faults: []Code{CodeAction}},
	{name: "LZW in the mask of an image", part: 2, level: "B", change: func(d *document) {
		d.image("/ColorSpace/DeviceRGB/SMask " + d.addStream("/Type/XObject/Subtype/Image/Width 1/Height 1/Filter/LZWDecode", "a"))
	}, faults: []Code{CodeFilter}},
	{name: "LZW in the mask of a state", part: 2, level: "B", change: func(d *document) {
		d.state("/SMask<</S/Luminosity/G " + d.addStream("/Type/XObject/Subtype/Form/BBox[0 0 1 1]/Filter/LZWDecode", "q Q") + ">>")
	}, faults: []Code{CodeFilter}},
	{name: "an unknown filter", part: 2, level: "B", change: func(d *document) { d.form("/Filter/OtherDecode") }, faults: []Code{CodeFilter}},
	{name: "compressed metadata", part: 2, level: "B", change: func(d *document) { d.deflate() }},
	{name: "a profile of version 4", part: 2, level: "B", change: func(d *document) { d.profile(4, "mntr", "acsp") }},
	{name: "other presentations", part: 2, level: "B", change: func(d *document) {
		d.catalog("/Names<</AlternatePresentations<<>>>>")
	}, faults: []Code{CodeAction}},
	{name: "presentation steps", part: 2, level: "B", change: func(d *document) { d.page("/PresSteps<<>>") }, faults: []Code{CodeAction}},
	{name: "an attached text", part: 2, level: "B", change: func(d *document) { d.attached("text", "") }, faults: []Code{CodeAttachments}},
	{name: "an attached PDF", part: 2, level: "B", change: func(d *document) { d.attached("%PDF-1.4", "") }},
	{name: "an attached text", part: 3, level: "B", change: func(d *document) { d.attached("text", "/AFRelationship/Source") }},
	{name: "an attached text of no relation", part: 3, level: "B", change: func(d *document) { d.attached("text", "") }, faults: []Code{CodeAttachmentRelation}},
	{name: "an attached text deep in the list", part: 3, level: "B", change: func(d *document) {
		d.catalog("/Names<</EmbeddedFiles<</Kids[<</Kids[<</Names[(a)" + d.file("text", "") + "]>>]>>]>>>>")
	}, faults: []Code{CodeAttachmentRelation}},
	{name: "an attached text outside of the list", part: 3, level: "B", change: func(d *document) {
		d.catalog("/AF[" + d.file("text", "") + "]")
	}, faults: []Code{CodeAttachmentRelation}},
	{name: "a note with a text", part: 3, level: "B", change: func(d *document) {
		d.annotation("FileAttachment", "/FS "+d.file("text", "")+d.drawn())
	}, faults: []Code{CodeAttachmentRelation}},
	{name: "an attached text", part: 4, change: func(d *document) { d.attached("text", "/AFRelationship/Source") }, faults: []Code{CodeAttachments}},
	{name: "an attached text", part: 4, level: "F", change: func(d *document) { d.attached("text", "/AFRelationship/Source") }},
	{name: "layers", part: 2, level: "B", change: func(d *document) { d.catalog("/OCProperties<</OCGs[]/D<</Name(a)>>>>") }},
	{name: "layers without a name", part: 2, level: "B", change: func(d *document) { d.catalog("/OCProperties<</OCGs[]/D<<>>>>") }, faults: []Code{CodeOptionalContent}},
	{name: "layers that switch themselves", part: 2, level: "B", change: func(d *document) {
		d.catalog("/OCProperties<</OCGs[]/D<</Name(a)/AS[]>>>>")
	}, faults: []Code{CodeOptionalContent}},
}

func TestLaterParts(t *testing.T) {
	t.Parallel()
	for _, c := range later {
		t.Run(fmt.Sprintf("%d%s %s", c.part, c.level, c.name), func(t *testing.T) {
			d := claiming(t, c.part, c.level)
			c.change(d)
			require.Equal(t, c.faults, codes(judge(t, d.bytes())))
		})
	}
}
