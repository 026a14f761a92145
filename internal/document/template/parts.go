package template

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"epkr/internal/document"
)

var widthSign = regexp.MustCompile(`^(\d{1,3})(?: *([>^]))?$`)

// table parses the lines of a table up to its end.
func (p *parser) table(name string) *table {
	t := &table{name: name}
	row, known := p.schema.Tables[name]
	if !known {
		p.fail("{{#таблица %s}}: unknown table", name)
	}
	var rows [][]string
	began := p.at
	for {
		line, more := p.next()
		if !more {
			p.failAt(began, "{{#таблица %s}} is not closed", name)
			return t
		}
		if controlWord(line) == "/таблица" {
			break
		}
		line = strings.TrimSpace(line)
		if len(line) < 2 || line[0] != '|' || line[len(line)-1] != '|' {
			p.fail("a line of a table begins and ends with |")
			continue
		}
		rows = append(rows, strings.Split(line[1:len(line)-1], "|"))
	}
	if len(rows) != 3 && len(rows) != 4 {
		p.failAt(began, "a table has a line of headers, of widths, of cells, and perhaps of totals; this one has %d lines", len(rows))
		return t
	}
	for _, cells := range rows {
		if len(cells) != len(rows[0]) {
			p.failAt(began, "the lines of the table differ in their number of cells")
			return t
		}
	}
	p.fillTable(t, rows, row)
	return t
}

func (p *parser) fillTable(t *table, rows [][]string, row map[string]Presence) {
	for i, header := range rows[0] {
		c := column{header: p.inlines(strings.TrimSpace(header)), align: document.Left}
		m := widthSign.FindStringSubmatch(strings.TrimSpace(rows[1][i]))
		if m == nil {
			p.fail("the width of a column is a number, perhaps with > or ^, not %q", rows[1][i])
			continue
		}
		c.width, _ = strconv.Atoi(m[1])
		switch m[2] {
		case ">":
			c.align = document.Right
		case "^":
			c.align = document.Centre
		}
		t.columns = append(t.columns, c)
	}
	p.row = row
	for _, cell := range rows[2] {
		t.cells = append(t.cells, p.inlines(strings.TrimSpace(cell)))
	}
	p.row = nil
	if len(rows) == 4 {
		for _, cell := range rows[3] {
			t.totals = append(t.totals, p.inlines(strings.TrimSpace(cell)))
		}
	}
}

// columns parses texts side by side.
func (p *parser) columns() *columns {
	c := &columns{}
	for {
		nodes, end := p.lineBlocks("колонка", "/колонки")
		c.columns = append(c.columns, nodes)
		if end != "колонка" {
			break
		}
	}
	if n := len(c.columns); n < 2 || n > 3 {
		p.fail("{{#колонки}} has 2 or 3 texts, this one has %d", n)
	}
	return c
}

// lineBlocks is blocks where each line is a paragraph.
func (p *parser) lineBlocks(ends ...string) (nodes []node, end string) {
	for {
		line, more := p.next()
		if !more {
			p.fail("the end of the text, but {{%s}} is missing", ends[len(ends)-1])
			return nodes, ""
		}
		word := controlWord(line)
		switch {
		case line == "":
		case slices.Contains(ends, word):
			return nodes, word
		case strings.HasPrefix(word, "#если "):
			nodes = append(nodes, p.conditional(strings.TrimPrefix(word, "#если "), p.lineBlocks))
		case word != "":
			p.fail("{{%s}} cannot stand inside {{#колонки}}", word)
		default:
			o := p.start(line)
			if o.block.kind != paragraphBlock {
				p.fail("texts side by side have no headings and no numbered clauses")
			}
			if o.block.align == document.Justified {
				o.block.align = document.Left
			}
			nodes = append(nodes, p.finish(&o))
		}
	}
}

// signatures parses the places of signatures.
func (p *parser) signatures() *signatures {
	s := &signatures{}
	for {
		line, more := p.next()
		if !more {
			p.fail("{{#подписи}} is not closed")
			return s
		}
		if controlWord(line) == "/подписи" {
			break
		}
		role, name, found := strings.Cut(line, "|")
		if !found {
			p.fail("a place of a signature has a role, the sign | and the signer")
			continue
		}
		s.places = append(s.places, signature{p.inlines(strings.TrimSpace(role)), p.inlines(strings.TrimSpace(name))})
	}
	if n := len(s.places); n < 1 || n > 3 {
		p.fail("{{#подписи}} has 1 to 3 places, this one has %d", n)
	}
	return s
}

func (p *parser) code(line string) *code {
	m := codeSign.FindStringSubmatch(line)
	c := &code{name: m[1], alt: p.inlines(m[3])}
	c.side, _ = strconv.Atoi(m[2])
	presence, known := p.schema.Codes[c.name]
	switch {
	case !known:
		p.fail("{{код %s}}: unknown code", c.name)
	case presence != Required && !p.holds(c.name, presence):
		p.fail("{{код %s}} may be absent: put it inside {{#если %s}}", c.name, c.name)
	}
	if c.side < 10 || c.side > 120 {
		p.fail("{{код %s}}: a QR code is 10 to 120 mm wide", c.name)
	}
	if len(c.alt) == 0 {
		p.fail("{{код %s}}: the text for those who do not see the code is missing", c.name)
	}
	return c
}
