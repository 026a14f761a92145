package template

import (
	"regexp"
	"slices"
	"strings"

	"epkr/internal/document"
)

var (
	clauseSign = regexp.MustCompile(`^( *)\d+\. +(.*)$`)
	labelSign  = regexp.MustCompile(`^\[([\p{L}\p{N}-]+)\] +`)
	directive  = regexp.MustCompile(`^\{\{([^{}]*)\}\}$`)
	codeSign   = regexp.MustCompile(`^\{\{код ([\p{L}\p{N}.-]+) (\d+)\}\} *(.*)$`)
)

// blocks parses up to a line with one of the directives in ends, which it returns; "" at the end of
// the text.
func (p *parser) blocks(ends ...string) (nodes []node, end string) {
	var open *openBlock // lines that follow continue it
	closeBlock := func() {
		if open != nil {
			nodes = append(nodes, p.finish(open))
			open = nil
		}
	}
	for {
		line, more := p.next()
		if !more {
			closeBlock()
			if len(ends) > 0 {
				p.fail("the end of the text, but {{%s}} is missing", ends[len(ends)-1])
			}
			return nodes, ""
		}
		word := controlWord(line)
		started := p.start(line)
		switch {
		case line == "":
			closeBlock()
		case slices.Contains(ends, word):
			closeBlock()
			return nodes, word
		case word != "":
			closeBlock()
			nodes = append(nodes, p.directive(word)...)
		case codeSign.MatchString(line):
			closeBlock()
			nodes = append(nodes, p.code(line))
		case started.marked || open == nil:
			closeBlock()
			open = &started
		default:
			open.text += " " + strings.TrimSpace(line)
		}
	}
}

// controlWord returns the content of a directive that stands alone on its line and is no value.
func controlWord(line string) string {
	m := directive.FindStringSubmatch(strings.TrimSpace(line))
	if m == nil {
		return ""
	}
	word := strings.Join(strings.Fields(m[1]), " ")
	if strings.HasPrefix(word, "#") || strings.HasPrefix(word, "/") || word == "иначе" || word == "колонка" {
		return word
	}
	return ""
}

// openBlock is a block whose lines are still being read. Its text is parsed when it is complete, as
// a condition may span lines.
type openBlock struct {
	block  block
	text   string
	line   int  // where it begins
	marked bool // it begins with a sign
}

// start returns the block that begins with a line.
func (p *parser) start(line string) openBlock {
	trimmed := strings.TrimSpace(line)
	switch {
	case strings.HasPrefix(line, "# "):
		return openBlock{block{kind: titleBlock}, line[2:], p.at, true}
	case strings.HasPrefix(line, "## "):
		return openBlock{block{kind: headingBlock}, line[3:], p.at, true}
	case strings.HasPrefix(trimmed, "> "):
		return openBlock{block{kind: paragraphBlock, align: document.Right}, trimmed[2:], p.at, true}
	}
	if m := clauseSign.FindStringSubmatch(line); m != nil {
		level := 1
		if len(m[1]) >= 2 {
			level = 2
		}
		return openBlock{block{kind: clauseBlock, level: level}, m[2], p.at, true}
	}
	return openBlock{block{kind: paragraphBlock}, trimmed, p.at, false}
}

// finish parses the text of a block. Its faults are reported at the line where it begins.
func (p *parser) finish(o *openBlock) *block {
	read := p.at
	p.at = o.line
	defer func() { p.at = read }()
	b := o.block
	if b.kind == headingBlock || b.kind == clauseBlock {
		if m := labelSign.FindStringSubmatch(o.text); m != nil {
			b.label = m[1]
			o.text = o.text[len(m[0]):]
			p.define(b.label)
		}
	}
	if b.kind == titleBlock {
		if p.titles++; p.titles > 1 || len(p.guards) > 0 {
			p.fail("the text has one title, and it is under no condition")
		}
	}
	if strings.HasPrefix(o.text, "#") {
		p.fail("a title begins with \"# \", a section with \"## \"")
	}
	b.text = p.inlines(o.text)
	return &b
}

func (p *parser) define(name string) {
	if _, twice := p.labels[name]; twice {
		p.fail("the label [%s] is defined twice", name)
	}
	p.labels[name] = label{slices.Clone(p.guards)}
}

// directive parses what a directive on a line of its own begins.
func (p *parser) directive(word string) []node {
	name, argument, _ := strings.Cut(word, " ")
	switch name {
	case "#если":
		return []node{p.conditional(argument, p.blocks)}
	case "#таблица":
		return []node{p.table(argument)}
	case "#колонки":
		return []node{p.columns()}
	case "#подписи":
		return []node{p.signatures()}
	}
	p.fail("{{%s}} is unknown here, or has nothing to close", word)
	return nil
}

// conditional parses the two branches of a condition around blocks.
func (p *parser) conditional(argument string, parse func(ends ...string) ([]node, string)) *conditional {
	c := &conditional{condition: p.condition(argument)}
	var end string
	p.under(c.condition, func() { c.then, end = parse("иначе", "/если") })
	if end == "иначе" {
		p.under(c.condition.negated(), func() { c.otherwise, _ = parse("/если") })
	}
	return c
}

func (p *parser) condition(argument string) condition {
	c := condition{name: argument}
	if name, inverted := strings.CutPrefix(argument, "не "); inverted {
		c = condition{name, true}
	}
	presence, isValue := p.presence(c.name)
	switch {
	case slices.Contains(p.schema.Flags, c.name):
	case !isValue:
		p.fail("{{#если %s}}: unknown name", c.name)
	case presence == Required:
		p.fail("{{#если %s}}: this value is always there", c.name)
	}
	return c
}

// presence finds a value: of the row of a table, of the document, or a code.
func (p *parser) presence(name string) (presence Presence, known bool) {
	for _, names := range []map[string]Presence{p.row, p.schema.Values, p.schema.Codes} {
		if presence, known = names[name]; known {
			return presence, true
		}
	}
	return Optional, false
}
