package pdf

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // of the colour profile
	"fmt"
	"io"
	"strings"

	"epkr/internal/document"
)

//go:embed resources/sRGB-v2-micro.icc
var colourProfile []byte

// file puts the parts of a document together.
type file struct {
	*objects
	meta  document.Meta
	faces [2]*face
	pages []*page
	root  *element
}

func newFile(meta document.Meta, faces [2]*face, pages []*page, root *element) *file {
	return &file{newObjects(), meta, faces, pages, root}
}

func (f *file) write(w io.Writer) error {
	catalog, tree := f.reserve(), f.reserve()
	fonts := f.writeFonts()
	s := f.writePages(tree, fonts)
	structure := f.writeStructure(s)
	metadata := f.stream(" /Type /Metadata /Subtype /XML", xmp(f.meta))
	profile := f.compressed(" /N 3", colourProfile)
	f.put(catalog, "<</Type /Catalog /Pages %v /Metadata %v /Lang %s /MarkInfo <</Marked true>> /StructTreeRoot %v "+
		"/ViewerPreferences <</DisplayDocTitle true>> /OutputIntents [<</Type /OutputIntent /S /GTS_PDFA1 "+
		"/OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) /DestOutputProfile %v>>]>>",
		tree, metadata, textString(f.meta.Language), structure, profile)
	return f.finish(w, catalog, f.writeInfo(), f.identity())
}

// writeInfo repeats what the XMP metadata say.
func (f *file) writeInfo() ref {
	created := f.meta.Created.UTC().Format("20060102150405")
	return f.add("<</Title %s /Subject %s /Creator %s /Producer %s /CreationDate (D:%s+00'00') /ModDate (D:%s+00'00')>>",
		textString(f.meta.Title), textString(f.meta.Subject), textString(creator), textString(creator), created, created)
}

// identity is the /ID of the file: the hash of its content.
func (f *file) identity() []byte {
	sum := sha256.Sum256(f.objects.file.Bytes())
	return sum[:16]
}

// pageStructure is what the structure needs to know of the pages.
type pageStructure struct {
	refs     map[*page]ref
	parents  ref // the tree from marked content to elements
	elements map[*element]ref
}

func (f *file) writePages(tree ref, fonts string) pageStructure {
	s := pageStructure{refs: make(map[*page]ref, len(f.pages)), parents: f.reserve(), elements: map[*element]ref{}}
	var kids []string
	for i, p := range f.pages {
		content := f.compressed("", p.content)
		r := f.add("<</Type /Page /Parent %v /MediaBox [0 0 %s %s] /Resources <</Font <<%s>>>> /Contents %v /StructParents %d>>",
			tree, appendLength(nil, pageWidth), appendLength(nil, pageHeight), fonts, content, i)
		s.refs[p] = r
		kids = append(kids, r.String())
	}
	f.put(tree, "<</Type /Pages /Count %d /Kids [%s]>>", len(kids), strings.Join(kids, " "))
	return s
}

// writeStructure writes the structure tree, and the tree back from the content to its elements.
func (f *file) writeStructure(s pageStructure) ref {
	root := f.reserve()
	f.number(f.root, s)
	f.writeElement(f.root, root, s)
	var b bytes.Buffer
	for i, p := range f.pages {
		fmt.Fprintf(&b, "%d [", i)
		for _, e := range p.marked {
			fmt.Fprintf(&b, "%v ", s.elements[e])
		}
		b.WriteString("] ")
	}
	f.put(s.parents, "<</Nums [%s]>>", b.Bytes())
	f.put(root, "<</Type /StructTreeRoot /K %v /ParentTree %v /ParentTreeNextKey %d>>", s.elements[f.root], s.parents, len(f.pages))
	return root
}

// number gives each element its object.
func (f *file) number(e *element, s pageStructure) {
	s.elements[e] = f.reserve()
	for _, k := range e.kids {
		if k.element != nil {
			f.number(k.element, s)
		}
	}
}

func (f *file) writeElement(e *element, parent ref, s pageStructure) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "<</Type /StructElem /S /%s /P %v", e.kind, parent)
	switch e.kind {
	case headerKind:
		b.WriteString(" /A <</O /Table /Scope /Column>>")
	case figureKind:
		fmt.Fprintf(&b, " /Alt %s /A <</O /Layout /Placement /Block /BBox [", textString(e.alt))
		for _, edge := range e.box {
			b.Write(append(appendLength(nil, edge), ' '))
		}
		b.WriteString("]>>")
	}
	if len(e.kids) == 1 && e.kids[0].page != nil {
		fmt.Fprintf(&b, " /Pg %v /K %d>>", s.refs[e.kids[0].page], e.kids[0].mcid)
		f.put(s.elements[e], "%s", b.Bytes())
		return
	}
	b.WriteString(" /K [")
	for _, k := range e.kids {
		if k.element != nil {
			fmt.Fprintf(&b, "%v ", s.elements[k.element])
		} else {
			fmt.Fprintf(&b, "<</Type /MCR /Pg %v /MCID %d>> ", s.refs[k.page], k.mcid)
		}
	}
	b.WriteString("]>>")
	f.put(s.elements[e], "%s", b.Bytes())
	for _, k := range e.kids {
		if k.element != nil {
			f.writeElement(k.element, s.elements[e], s)
		}
	}
}
