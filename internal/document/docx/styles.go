package docx

import "strings"

const wordNamespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

// Places are in twentieths of a point; the page and its margins are those of the PDF.
const (
	pageWidth, pageHeight     = 11906, 16838
	marginLeft, marginRight   = 1417, 850
	marginTop, marginBottom   = 1020, 1134
	marginFoot                = 567
	textWidth                 = pageWidth - marginLeft - marginRight
	numberWidth, insideWidth  = 700, 840
	gutter                    = 360
	emuPerMillimetre          = 36_000
	signatureRoom, beforeSign = 520, 360
)

// style is a paragraph style: size in half points, leading as a multiple of the font's in 240ths.
type style struct{ id, name, paragraph, run string }

var paragraphStyles = []style{
	{"Title", "Title", `<w:keepNext/><w:spacing w:before="0" w:after="160"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/>`, `<w:b/><w:sz w:val="28"/>`},
	{"Heading1", "heading 1", `<w:keepNext/><w:spacing w:before="240" w:after="80"/><w:jc w:val="center"/><w:outlineLvl w:val="1"/>`, `<w:b/>`},
	{"BodyText", "Body Text", `<w:spacing w:before="40" w:after="40"/><w:jc w:val="both"/>`, ``},
	{"Clause", "Clause", `<w:tabs><w:tab w:val="left" w:pos="700"/></w:tabs><w:spacing w:before="40" w:after="40"/><w:ind w:left="700" w:hanging="700"/><w:jc w:val="both"/>`, ``},
	{"Subclause", "Subclause", `<w:tabs><w:tab w:val="left" w:pos="1540"/></w:tabs><w:spacing w:before="40" w:after="40"/><w:ind w:left="1540" w:hanging="840"/><w:jc w:val="both"/>`, ``},
	{"TableText", "Table Text", `<w:spacing w:before="20" w:after="20"/><w:suppressAutoHyphens/>`, `<w:sz w:val="20"/>`},
	{"Footer", "footer", `<w:pBdr><w:top w:val="single" w:sz="4" w:space="4" w:color="auto"/></w:pBdr><w:tabs><w:tab w:val="right" w:pos="9639"/></w:tabs>`, `<w:sz w:val="16"/>`},
}

// styles returns the part with the styles. The font is one that word processors have; theirs replace
// it if not.
func styles(language string) string {
	var b strings.Builder
	b.WriteString(declaration + `<w:styles xmlns:w="` + wordNamespace + `"><w:docDefaults><w:rPrDefault><w:rPr>` +
		`<w:rFonts w:ascii="PT Serif" w:hAnsi="PT Serif" w:cs="Times New Roman" w:eastAsia="PT Serif"/><w:sz w:val="22"/><w:szCs w:val="22"/>` +
		`<w:lang w:val="` + escaped(language) + `" w:eastAsia="` + escaped(language) + `" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>` +
		`<w:pPrDefault><w:pPr><w:widowControl/></w:pPr></w:pPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>`)
	for _, s := range paragraphStyles {
		b.WriteString(`<w:style w:type="paragraph" w:styleId="` + s.id + `"><w:name w:val="` + s.name + `"/><w:basedOn w:val="Normal"/><w:qFormat/>` +
			`<w:pPr>` + s.paragraph + `</w:pPr><w:rPr>` + s.run + `</w:rPr></w:style>`)
	}
	b.WriteString(`</w:styles>`)
	return b.String()
}
