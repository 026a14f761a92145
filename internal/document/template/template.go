package template

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"epkr/internal/document"
)

// Template is a parsed text. It may be used by several goroutines.
type Template struct {
	identity document.Template
	schema   Schema
	footer   []inline
	nodes    []node
}

// Identity returns the name and the version that the text states, and the hash of its bytes.
func (t *Template) Identity() document.Template { return t.identity }

// Parse parses a text. The error lists every fault, a line each: file, line number and what is wrong.
func Parse(file string, source []byte, schema Schema) (*Template, error) {
	if !utf8.Valid(source) {
		return nil, fmt.Errorf("%s: the file is not UTF-8", file)
	}
	sum := sha256.Sum256(source)
	text := strings.ReplaceAll(strings.TrimPrefix(string(source), "\ufeff"), "\r\n", "\n")
	p := &parser{file: file, lines: strings.Split(text, "\n"), schema: schema, labels: map[string]label{}}
	t := &Template{schema: schema}
	t.identity, t.footer = p.head()
	t.identity.SHA256 = hex.EncodeToString(sum[:])
	t.nodes, _ = p.blocks()
	if len(t.nodes) == 0 || !isTitle(t.nodes[0]) {
		p.fail("the first block must be the title, a line that begins with #")
	}
	p.checkReferences()
	if len(p.faults) > 0 {
		return nil, errors.Join(p.faults...)
	}
	return t, nil
}

func isTitle(n node) bool {
	b, is := n.(*block)
	return is && b.kind == titleBlock
}

// label is a labelled clause or section, with the conditions around it.
type label struct{ guards []condition }

// mention is a reference to a label.
type mention struct {
	label  string
	line   int
	guards []condition
}

// parser reads the lines of a text once, from the first to the last.
type parser struct {
	file   string
	lines  []string
	at     int // the number of lines that were read
	schema Schema
	// row has the columns of the table whose cells are being parsed.
	row map[string]Presence
	// guards are the conditions that hold where the parser is.
	guards   []condition
	labels   map[string]label
	mentions []mention
	titles   int
	faults   []error
}

func (p *parser) fail(format string, args ...any) { p.failAt(p.at, format, args...) }

func (p *parser) failAt(line int, format string, args ...any) {
	p.faults = append(p.faults, fmt.Errorf("%s:%d: %s", p.file, line, fmt.Sprintf(format, args...)))
}

// next returns the next line that is no comment; false at the end.
func (p *parser) next() (string, bool) {
	for p.at < len(p.lines) {
		line := p.lines[p.at]
		p.at++
		if !strings.HasPrefix(strings.TrimSpace(line), "//") {
			return strings.TrimRight(line, " \t"), true
		}
	}
	return "", false
}

// head reads the lines up to the first empty one.
func (p *parser) head() (identity document.Template, footer []inline) {
	for {
		line, more := p.next()
		if !more || line == "" {
			break
		}
		key, text, _ := strings.Cut(line, ":")
		text = strings.TrimSpace(text)
		switch key {
		case "название":
			identity.Name = text
		case "версия":
			identity.Version = text
		case "колонтитул":
			footer = p.inlines(text)
		default:
			p.fail("the head has only название, версия and колонтитул, and ends with an empty line; found %q", line)
			return identity, footer
		}
	}
	if identity.Name == "" || identity.Version == "" || len(footer) == 0 {
		p.fail("the head needs название, версия and колонтитул")
	}
	return identity, footer
}

// checkReferences compares the references with the labels: a labelled clause must be there whenever
// a reference to it is.
func (p *parser) checkReferences() {
	for _, m := range p.mentions {
		target, known := p.labels[m.label]
		if !known {
			p.failAt(m.line, "{{пункт %s}}: no clause or section has this label", m.label)
			continue
		}
		for _, g := range target.guards {
			if !slices.Contains(m.guards, g) {
				p.failAt(m.line, "{{пункт %s}}: the clause is there only under the condition %s, and the reference is not", m.label, g)
			}
		}
	}
}

// String returns the condition as a text writes it.
func (c condition) String() string {
	if c.inverted {
		return "{{#если не " + c.name + "}}"
	}
	return "{{#если " + c.name + "}}"
}

func (c condition) negated() condition { return condition{c.name, !c.inverted} }

// under parses something that is there only under a condition.
func (p *parser) under(c condition, parse func()) {
	p.guards = append(p.guards, c)
	parse()
	p.guards = p.guards[:len(p.guards)-1]
}
