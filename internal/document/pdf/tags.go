package pdf

// element is an element of the structure tree, which tells what the pieces of the pages are (ISO
// 32000-1, 14.7; ISO 14289-1, 7).
type element struct {
	kind kind
	kids []kid
	alt  string // of a Figure
	box  [4]int // of a Figure: left, bottom, right, top
}

// kind is a standard structure type.
type kind string

const (
	documentKind kind = "Document"
	sectionKind  kind = "Sect"
	titleKind    kind = "H1"
	headingKind  kind = "H2"
	textKind     kind = "P"
	tableKind    kind = "Table"
	rowKind      kind = "TR"
	headerKind   kind = "TH"
	cellKind     kind = "TD"
	figureKind   kind = "Figure"
)

// kid is an element, or marked content of a page.
type kid struct {
	element *element
	page    *page
	mcid    int
}

// add appends a new element.
func (e *element) add(k kind) *element {
	child := &element{kind: k}
	e.kids = append(e.kids, kid{element: child})
	return child
}
