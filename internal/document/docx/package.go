package docx

import (
	"fmt"
	"strings"

	"epkr/internal/document"
)

const declaration = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const contentTypes = declaration +
	`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
	`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
	`<Default Extension="xml" ContentType="application/xml"/>` +
	`<Default Extension="png" ContentType="image/png"/>` +
	`<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>` +
	`<Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/>` +
	`<Override PartName="/word/settings.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.settings+xml"/>` +
	`<Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>` +
	`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>` +
	`<Override PartName="/docProps/app.xml" ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>` +
	`<Override PartName="/docProps/custom.xml" ContentType="application/vnd.openxmlformats-officedocument.custom-properties+xml"/>` +
	`</Types>`

// The bases of the types of relations.
const (
	officeRelation  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	packageRelation = "http://schemas.openxmlformats.org/package/2006/relationships/"
)

const packageRelations = declaration +
	`<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
	`<Relationship Id="rId1" Type="` + officeRelation + `officeDocument" Target="word/document.xml"/>` +
	`<Relationship Id="rId2" Type="` + packageRelation + `metadata/core-properties" Target="docProps/core.xml"/>` +
	`<Relationship Id="rId3" Type="` + officeRelation + `extended-properties" Target="docProps/app.xml"/>` +
	`<Relationship Id="rId4" Type="` + officeRelation + `custom-properties" Target="docProps/custom.xml"/>` +
	`</Relationships>`

const appProperties = declaration +
	`<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">` +
	`<Application>ЭПКР</Application></Properties>`

func coreProperties(m document.Meta) string {
	created := m.Created.UTC().Format("2006-01-02T15:04:05Z")
	return declaration + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" ` +
		`xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>` + escaped(m.Title) + `</dc:title><dc:subject>` + escaped(m.Subject) + `</dc:subject>` +
		`<dc:language>` + escaped(m.Language) + `</dc:language>` +
		`<dcterms:created xsi:type="dcterms:W3CDTF">` + created + `</dcterms:created>` +
		`<dcterms:modified xsi:type="dcterms:W3CDTF">` + created + `</dcterms:modified></cp:coreProperties>`
}

// customProperties name the template, under the names that the metadata of the PDF have.
func customProperties(t document.Template) string {
	var b strings.Builder
	b.WriteString(declaration + `<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" ` +
		`xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">`)
	for i, p := range []struct{ name, value string }{
		{"TemplateName", t.Name}, {"TemplateVersion", t.Version}, {"TemplateSHA256", t.SHA256},
	} {
		fmt.Fprintf(&b, `<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="%d" name="%s"><vt:lpwstr>%s</vt:lpwstr></property>`,
			i+2, p.name, escaped(p.value))
	}
	b.WriteString(`</Properties>`)
	return b.String()
}

// relations names the parts of the text: styles, settings, the footer and the pictures.
func relations(pictures int) string {
	var b strings.Builder
	b.WriteString(declaration + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rId1" Type="` + officeRelation + `styles" Target="styles.xml"/>` +
		`<Relationship Id="rId2" Type="` + officeRelation + `settings" Target="settings.xml"/>` +
		`<Relationship Id="rId3" Type="` + officeRelation + `footer" Target="footer1.xml"/>`)
	for i := range pictures {
		fmt.Fprintf(&b, `<Relationship Id="picture%d" Type="%simage" Target="media/code%d.png"/>`, i+1, officeRelation, i+1)
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}

func settings(language string) string {
	return declaration + `<w:settings xmlns:w="` + wordNamespace + `"><w:autoHyphenation w:val="true"/>` +
		`<w:consecutiveHyphenLimit w:val="2"/><w:compat><w:compatSetting w:name="compatibilityMode" ` +
		`w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat><w:themeFontLang w:val="` + escaped(language) + `"/></w:settings>`
}

// footer repeats the text and the page numbers of the PDF.
func footer(text string) string {
	field := func(name string) string {
		return `<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> ` + name +
			` </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>`
	}
	return declaration + `<w:ftr xmlns:w="` + wordNamespace + `"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>` +
		run(text, "") + `<w:r><w:tab/></w:r>` + run("стр. ", "") + field("PAGE") + run(" из ", "") + field("NUMPAGES") + `</w:p></w:ftr>`
}
