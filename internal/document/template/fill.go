package template

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"epkr/internal/document"
)

// Fill makes a document of the values. The language is Russian, and the title that of the text.
// created is the time that the file records. An error means that the values do not fit the schema: a
// required one is empty, or a name is unknown.
func (t *Template) Fill(v Values, created time.Time) (document.Document, error) {
	if err := t.schema.check(v); err != nil {
		return document.Document{}, fmt.Errorf("template %s: %w", t.identity.Name, err)
	}
	f := filler{values: v, numbers: map[string]string{}}
	placed := f.place(t.nodes)
	d := document.Document{Footer: f.text(t.footer, nil).String()}
	for _, p := range placed {
		d.Blocks = append(d.Blocks, f.render(p))
	}
	d.Meta = document.Meta{
		Language: "ru-RU", Title: d.Blocks[0].(document.Title).Text.String(), Subject: t.identity.Name,
		Created: created, Template: t.identity,
	}
	return d, nil
}

func (s Schema) check(v Values) error {
	for name, presence := range s.Values {
		if (presence == Required || v.isPresent(presence.leader())) && v.Text[name] == "" {
			return fmt.Errorf("the value %s is missing", name)
		}
	}
	for name, presence := range s.Codes {
		if presence == Required && v.Codes[name] == nil {
			return fmt.Errorf("the code %s is missing", name)
		}
	}
	for table, columns := range s.Tables {
		for i, row := range v.Tables[table] {
			for name, presence := range columns {
				if presence == Required && row[name] == "" {
					return fmt.Errorf("table %s, row %d: the value %s is missing", table, i+1, name)
				}
			}
		}
	}
	for name := range v.Text {
		if _, known := s.Values[name]; !known {
			return fmt.Errorf("the value %s is unknown", name)
		}
	}
	for name := range v.Flags {
		if !slices.Contains(s.Flags, name) {
			return fmt.Errorf("the flag %s is unknown", name)
		}
	}
	return nil
}

// filler makes the blocks of one document.
type filler struct {
	values                  Values
	numbers                 map[string]string // of labelled clauses and sections
	section, clause, inside int
}

// placedNode is a node that is part of the document, with its number.
type placedNode struct {
	node   node
	number string
}

// place decides the conditions and numbers what remains, so that a text may refer to a later clause.
func (f *filler) place(nodes []node) (placed []placedNode) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *conditional:
			placed = append(placed, f.place(f.branch(n))...)
		case *block:
			p := placedNode{n, f.number(n)}
			if n.label != "" {
				f.numbers[n.label] = p.number
			}
			placed = append(placed, p)
		default:
			placed = append(placed, placedNode{node: n})
		}
	}
	return placed
}

func (f *filler) branch(c *conditional) []node {
	if f.values.isPresent(c.condition.name) != c.condition.inverted {
		return c.then
	}
	return c.otherwise
}

// number returns the next number of the block's kind, without a point at its end.
func (f *filler) number(b *block) string {
	switch {
	case b.kind == headingBlock:
		f.section++
		f.clause, f.inside = 0, 0
		return strconv.Itoa(f.section)
	case b.kind == clauseBlock && b.level == 1:
		f.clause++
		f.inside = 0
		return f.prefix() + strconv.Itoa(f.clause)
	case b.kind == clauseBlock:
		f.inside++
		return f.prefix() + strconv.Itoa(f.clause) + "." + strconv.Itoa(f.inside)
	}
	return ""
}

// prefix is empty before the first section.
func (f *filler) prefix() string {
	if f.section == 0 {
		return ""
	}
	return strconv.Itoa(f.section) + "."
}

func (f *filler) render(p placedNode) document.Block {
	switch n := p.node.(type) {
	case *block:
		return f.block(n, p.number)
	case *table:
		return f.table(n)
	case *columns:
		var c document.Columns
		for _, nodes := range n.columns {
			c = append(c, f.paragraphs(nodes))
		}
		return c
	case *signatures:
		var s document.Signatures
		for _, place := range n.places {
			s = append(s, document.Signature{Role: f.text(place.role, nil), Name: f.text(place.name, nil)})
		}
		return s
	case *code:
		return document.Code{Modules: f.values.Codes[n.name], Alt: f.text(n.alt, nil).String(), Side: n.side}
	}
	panic(fmt.Sprintf("template: unknown node %T", p.node))
}

func (f *filler) block(b *block, number string) document.Block {
	text := f.text(b.text, nil)
	switch b.kind {
	case titleBlock:
		return document.Title{Text: text}
	case headingBlock:
		return document.Heading{Number: number + ".", Text: text}
	case clauseBlock:
		return document.Clause{Number: number + ".", Level: b.level, Text: text}
	}
	return document.Paragraph{Text: text, Align: b.align}
}

// paragraphs renders one of the texts side by side.
func (f *filler) paragraphs(nodes []node) (paragraphs []document.Paragraph) {
	for _, n := range nodes {
		switch n := n.(type) {
		case *conditional:
			paragraphs = append(paragraphs, f.paragraphs(f.branch(n))...)
		case *block:
			paragraphs = append(paragraphs, document.Paragraph{Text: f.text(n.text, nil), Align: n.align})
		}
	}
	return paragraphs
}

func (f *filler) table(t *table) document.Table {
	var out document.Table
	for _, c := range t.columns {
		out.Columns = append(out.Columns, document.Column{Header: f.text(c.header, nil), Width: c.width, Align: c.align})
	}
	for _, values := range f.values.Tables[t.name] {
		out.Rows = append(out.Rows, f.cells(t.cells, values))
	}
	if t.totals != nil {
		out.Totals = f.cells(t.totals, nil)
	}
	return out
}

func (f *filler) cells(cells [][]inline, row map[string]string) []document.Text {
	texts := make([]document.Text, len(cells))
	for i, cell := range cells {
		texts[i] = f.text(cell, row)
	}
	return texts
}

// text puts the values into a text: those of a table's row before those of the document.
func (f *filler) text(parts []inline, row map[string]string) document.Text {
	return tidy(f.runs(nil, parts, row))
}

func (f *filler) runs(runs document.Text, parts []inline, row map[string]string) document.Text {
	for _, part := range parts {
		switch part.kind {
		case literal:
			runs = append(runs, document.Run{Text: withoutSecondPoint(runs, part.text), Bold: part.bold})
		case value:
			runs = append(runs, document.Run{Text: f.value(part.text, row), Bold: part.bold})
		case reference:
			runs = append(runs, document.Run{Text: f.numbers[part.text], Bold: part.bold})
		case choice:
			present := row[part.condition.name] != "" || f.values.isPresent(part.condition.name)
			if present != part.condition.inverted {
				runs = f.runs(runs, part.then, row)
			} else {
				runs = f.runs(runs, part.otherwise, row)
			}
		}
	}
	return runs
}

// withoutSecondPoint drops the point that would follow a value that ends with one, such as a date.
func withoutSecondPoint(before document.Text, text string) string {
	if n := len(before); n > 0 && strings.HasSuffix(before[n-1].Text, ".") {
		return strings.TrimPrefix(text, ".")
	}
	return text
}

func (f *filler) value(name string, row map[string]string) string {
	if v, isColumn := row[name]; isColumn {
		return v
	}
	return f.values.Text[name]
}
