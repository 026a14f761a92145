package pdf

import (
	"bytes"
	"encoding/xml"
	"fmt"

	"epkr/internal/document"
)

// creator names the program that made a file.
const creator = "ЭПКР"

// namespace is that of the platform's own properties.
const namespace = "https://epkr.rosreestr.ru/ns/document/1.0/"

// property is a property of a schema that PDF/A-1 does not know: it is described in the file itself
// (ISO 19005-1, 6.7.8).
type property struct{ name, kind, description string }

// xmp returns the metadata of a file: they state its conformance, repeat what stands in the
// information dictionary, and name the template.
func xmp(m document.Meta) []byte {
	var b bytes.Buffer
	created := m.Created.UTC().Format("2006-01-02T15:04:05Z")
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n")
	describe(&b, "pdfaid", "http://www.aiim.org/pdfa/ns/id/", "<pdfaid:part>1</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>")
	describe(&b, "pdfuaid", "http://www.aiim.org/pdfua/ns/id/", "<pdfuaid:part>1</pdfuaid:part>")
	describe(&b, "dc", "http://purl.org/dc/elements/1.1/", alternative("dc:title", m.Title)+alternative("dc:description", m.Subject)+
		"<dc:language><rdf:Bag><rdf:li>"+escaped(m.Language)+"</rdf:li></rdf:Bag></dc:language>")
	describe(&b, "xmp", "http://ns.adobe.com/xap/1.0/", tag("xmp:CreatorTool", creator)+
		tag("xmp:CreateDate", created)+tag("xmp:ModifyDate", created)+tag("xmp:MetadataDate", created))
	describe(&b, "pdf", "http://ns.adobe.com/pdf/1.3/", tag("pdf:Producer", creator))
	describe(&b, "epkr", namespace, tag("epkr:TemplateName", m.Template.Name)+
		tag("epkr:TemplateVersion", m.Template.Version)+tag("epkr:TemplateSHA256", m.Template.SHA256))
	describeSchemas(&b)
	b.WriteString("</rdf:RDF></x:xmpmeta>\n<?xpacket end=\"r\"?>")
	return b.Bytes()
}

func describe(b *bytes.Buffer, prefix, uri, content string) {
	fmt.Fprintf(b, "<rdf:Description rdf:about=\"\" xmlns:%s=\"%s\">%s</rdf:Description>\n", prefix, uri, content)
}

func tag(name, value string) string {
	return "<" + name + ">" + escaped(value) + "</" + name + ">"
}

func alternative(name, value string) string {
	return "<" + name + "><rdf:Alt><rdf:li xml:lang=\"x-default\">" + escaped(value) + "</rdf:li></rdf:Alt></" + name + ">"
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}

// describeSchemas describes the properties of PDF/UA and of the platform.
func describeSchemas(b *bytes.Buffer) {
	b.WriteString("<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" " +
		"xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">" +
		"<pdfaExtension:schemas><rdf:Bag>\n")
	describeSchema(b, "PDF/UA", "http://www.aiim.org/pdfua/ns/id/", "pdfuaid", []property{
		{"part", "Integer", "Part of ISO 14289 to which the file conforms"},
	})
	describeSchema(b, "EPKR", namespace, "epkr", []property{
		{"TemplateName", "Text", "Name of the template of the document"},
		{"TemplateVersion", "Text", "Version of the template"},
		{"TemplateSHA256", "Text", "SHA-256 of the file of the template"},
	})
	b.WriteString("</rdf:Bag></pdfaExtension:schemas></rdf:Description>\n")
}

func describeSchema(b *bytes.Buffer, name, uri, prefix string, properties []property) {
	fmt.Fprintf(b, "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>%s</pdfaSchema:schema>"+
		"<pdfaSchema:namespaceURI>%s</pdfaSchema:namespaceURI><pdfaSchema:prefix>%s</pdfaSchema:prefix>"+
		"<pdfaSchema:property><rdf:Seq>\n", name, uri, prefix)
	for _, p := range properties {
		fmt.Fprintf(b, "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>%s</pdfaProperty:name>"+
			"<pdfaProperty:valueType>%s</pdfaProperty:valueType><pdfaProperty:category>internal</pdfaProperty:category>"+
			"<pdfaProperty:description>%s</pdfaProperty:description></rdf:li>\n", p.name, p.kind, p.description)
	}
	b.WriteString("</rdf:Seq></pdfaSchema:property></rdf:li>\n")
}
