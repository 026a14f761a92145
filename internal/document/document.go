package document

import "time"

// Document is a document with its metadata. It is complete: a writer adds nothing but page numbers.
type Document struct {
	Meta Meta
	// Footer stands at the left of each page's foot; at the right a writer puts «стр. 1 из 3».
	Footer string
	Blocks []Block
}

// Meta describes a document to programs.
type Meta struct {
	Language string // BCP 47, for example "ru-RU"
	Title    string
	Subject  string
	// Created is the time that the file records as its creation, to the second. The caller gives it, so
	// that the same content makes the same bytes.
	Created  time.Time
	Template Template
}

// Template identifies the text from which a document was made.
type Template struct {
	Name    string
	Version string
	SHA256  string // of the template's file, 64 hexadecimal digits in lower case
}

// Block is one of [Title], [Heading], [Clause], [Paragraph], [Table], [Columns], [Signatures] and
// [Code].
type Block interface{ isBlock() }

// Text is a text of runs. A line feed inside a run breaks the line.
type Text []Run

// Run is a part of a text in one weight.
type Run struct {
	Text string
	Bold bool
}

// Plain returns a text of one run in the normal weight.
func Plain(s string) Text { return Text{{Text: s}} }

// String returns the text without its weights.
func (t Text) String() string {
	if len(t) == 1 {
		return t[0].Text
	}
	var s string
	for _, run := range t {
		s += run.Text
	}
	return s
}

// Title is the name of the document; a document has one, and it is the first block.
type Title struct{ Text Text }

// Heading begins a section, which lasts until the next heading.
type Heading struct {
	Number string // for example "3."; empty if sections have no numbers
	Text   Text
}

// Clause is a numbered clause of a section.
type Clause struct {
	Number string // for example "3.2."
	Level  int    // 1, or 2 for a clause inside a clause
	Text   Text
}

// Align is the horizontal place of a text.
type Align int

// Justified is the alignment of running text: both edges are straight.
const (
	Justified Align = iota
	Left
	Right
	Centre
)

// Paragraph is a paragraph without a number.
type Paragraph struct {
	Text  Text
	Align Align
}

// Table is a table with a header row, which is repeated on each page.
type Table struct {
	Columns []Column
	Rows    [][]Text // each of len(Columns) cells
	Totals  []Text   // the last row, of len(Columns) cells, set in bold; nil for none
}

// Column is a column of a table.
type Column struct {
	Header Text
	Width  int // a share of the sum of all columns' widths
	Align  Align
}

// Columns are texts side by side, such as the details of the parties: each of one or more paragraphs.
type Columns [][]Paragraph

// Signatures are the places of the signatures, side by side.
type Signatures []Signature

// Signature is one side's place: who signs, and for whom.
type Signature struct {
	Role Text // for example «Заказчик»
	Name Text // the signer with his position
}

// Code is a QR code.
type Code struct {
	Modules Modules
	Alt     string // what the code contains, for those who do not see it
	Side    int    // millimetres, without the quiet zone, which a writer adds
}

// Modules is the square matrix of a QR code: true is dark. It has no quiet zone.
type Modules [][]bool

func (Title) isBlock()      {}
func (Heading) isBlock()    {}
func (Clause) isBlock()     {}
func (Paragraph) isBlock()  {}
func (Table) isBlock()      {}
func (Columns) isBlock()    {}
func (Signatures) isBlock() {}
func (Code) isBlock()       {}
