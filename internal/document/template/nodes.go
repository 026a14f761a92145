package template

import "epkr/internal/document"

// node is a parsed block: *block, *conditional, *table, *columns, *signatures or *code.
type node any

type blockKind int

const (
	titleBlock blockKind = iota
	headingBlock
	clauseBlock
	paragraphBlock
)

type block struct {
	kind  blockKind
	level int // of a clause
	label string
	align document.Align
	text  []inline
}

// condition is true if the name is present, or absent if it is inverted.
type condition struct {
	name     string
	inverted bool
}

type conditional struct {
	condition       condition
	then, otherwise []node
}

type table struct {
	name    string
	columns []column
	cells   [][]inline
	totals  [][]inline // nil for none
}

type column struct {
	header []inline
	width  int
	align  document.Align
}

// columns has blocks and conditionals.
type columns struct{ columns [][]node }

type signatures struct{ places []signature }

type signature struct{ role, name []inline }

type code struct {
	name string
	alt  []inline
	side int
}

// inline is a part of a text: exactly one of its kinds.
type inline struct {
	kind            inlineKind
	text            string // a literal text, or the name of a value or of a label
	bold            bool
	condition       condition
	then, otherwise []inline
}

type inlineKind int

const (
	literal inlineKind = iota
	value
	reference
	choice
)
