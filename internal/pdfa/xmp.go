package pdfa

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// The namespaces that have a meaning here.
const (
	nsRDF       = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	nsDC        = "http://purl.org/dc/elements/1.1/"
	nsXMP       = "http://ns.adobe.com/xap/1.0/"
	nsPDF       = "http://ns.adobe.com/pdf/1.3/"
	nsID        = "http://www.aiim.org/pdfa/ns/id/"
	nsExtension = "http://www.aiim.org/pdfa/ns/extension/"
	nsSchema    = "http://www.aiim.org/pdfa/ns/schema#"
)

const (
	// maxXMP is the size in bytes of the largest metadata. They have 3 to 20 kB.
	maxXMP = 512 << 10
	// maxNodes is how many elements and texts they have at most.
	maxNodes = 20_000
)

var errXMP = errors.New("the metadata are no XMP")

// xmp is what is needed of metadata (ISO 16684-1).
type xmp struct {
	// values are the values of the top-level properties, of lists each item.
	values map[xml.Name][]string
	// described are the namespaces that the metadata describe themselves.
	described map[string]bool
	// declared reports that the packet names its size or encoding, which PDF/A forbids.
	declared bool
}

// parseXMP reads metadata. It reads elements one after the other, expands no entity but those of XML,
// and refuses a document type, which could define others.
func parseXMP(data []byte) (*xmp, error) {
	x := &xmp{values: map[xml.Name][]string{}, described: map[string]bool{}}
	decoder := xml.NewDecoder(bytes.NewReader(data))
	var path []xml.Name
	for range maxNodes {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			if len(x.values) == 0 {
				return nil, errXMP
			}
			return x, nil
		}
		if err != nil {
			return nil, errors.Join(errXMP, err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return nil, errXMP
		case xml.ProcInst:
			x.declared = x.declared || t.Target == "xpacket" && hasAttribute(string(t.Inst))
		case xml.StartElement:
			path = append(path, t.Name)
			x.start(path, t.Attr)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			x.text(path, strings.TrimSpace(string(t)))
		}
	}
	return nil, errXMP
}

// hasAttribute reports whether the head of a packet has one of the attributes that PDF/A forbids.
func hasAttribute(head string) bool {
	return strings.Contains(head, "bytes=") || strings.Contains(head, "encoding=")
}

// properties returns how many elements of a path lead to the properties of a description: 0 if it has
// no description at that place.
func properties(path []xml.Name) int {
	for i := range min(len(path), 3) {
		if path[i] == (xml.Name{Space: nsRDF, Local: "RDF"}) {
			if i+1 < len(path) && path[i+1] == (xml.Name{Space: nsRDF, Local: "Description"}) {
				return i + 2
			}
			return 0
		}
	}
	return 0
}

// start reads an element: a property, or a description whose attributes are properties.
func (x *xmp) start(path []xml.Name, attributes []xml.Attr) {
	depth := properties(path)
	switch {
	case depth == 0:
	case len(path) == depth:
		for _, a := range attributes {
			if a.Name.Space != nsRDF && a.Name.Space != "xmlns" && a.Name.Space != "" && a.Name.Local != "xmlns" {
				x.values[a.Name] = append(x.values[a.Name], a.Value)
			}
		}
	case len(path) == depth+1:
		if _, known := x.values[path[depth]]; !known {
			x.values[path[depth]] = nil
		}
	}
	if depth > 0 && len(path) > depth && path[depth] == (xml.Name{Space: nsExtension, Local: "schemas"}) {
		for _, a := range attributes {
			if a.Name == (xml.Name{Space: nsSchema, Local: "namespaceURI"}) {
				x.described[a.Value] = true
			}
		}
	}
}

// text reads the text of a property or of an item of its list.
func (x *xmp) text(path []xml.Name, text string) {
	depth := properties(path)
	if text == "" || depth == 0 || len(path) <= depth {
		return
	}
	x.values[path[depth]] = append(x.values[path[depth]], text)
	if path[len(path)-1] == (xml.Name{Space: nsSchema, Local: "namespaceURI"}) {
		x.described[text] = true
	}
}

// value returns the first value of a property, and whether the metadata have the property.
func (x *xmp) value(space, local string) (string, bool) {
	values, has := x.values[xml.Name{Space: space, Local: local}]
	if len(values) == 0 {
		return "", has
	}
	return values[0], true
}
