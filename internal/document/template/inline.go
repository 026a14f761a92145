package template

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// token is a placeholder, a switch of the weight, or a text without either.
var token = regexp.MustCompile(`\{\{[^{}]*\}\}|\*\*|[^{}*]+|[{}*]`)

// inlines parses a text.
func (p *parser) inlines(s string) []inline {
	r := &inlineParser{parser: p, tokens: token.FindAllString(s, -1)}
	parts, end := r.parts()
	if end != "" {
		p.fail("{{%s}} has nothing to close", end)
	}
	if r.bold {
		p.fail("** has no end")
	}
	return parts
}

type inlineParser struct {
	*parser
	tokens []string
	bold   bool
}

// parts parses up to {{иначе}} or {{/если}}, which it returns, or to the end of the text.
func (r *inlineParser) parts() (parts []inline, end string) {
	for len(r.tokens) > 0 {
		t := r.tokens[0]
		r.tokens = r.tokens[1:]
		word, isDirective := strings.CutPrefix(t, "{{")
		switch {
		case t == "**":
			r.bold = !r.bold
		case !isDirective:
			if t == "{" || t == "}" {
				r.fail("a single brace: write {{ and }} around a name")
			}
			parts = append(parts, inline{kind: literal, text: t, bold: r.bold})
		default:
			word = strings.Join(strings.Fields(strings.TrimSuffix(word, "}}")), " ")
			if word == "иначе" || word == "/если" {
				return parts, word
			}
			parts = append(parts, r.placeholder(word))
		}
	}
	return parts, ""
}

func (r *inlineParser) placeholder(word string) inline {
	name, argument, _ := strings.Cut(word, " ")
	switch {
	case name == "#если":
		return r.choice(argument)
	case name == "пункт":
		r.mentions = append(r.mentions, mention{argument, r.at, slices.Clone(r.guards)})
		return inline{kind: reference, text: argument, bold: r.bold}
	}
	presence, known := r.valuePresence(word)
	switch {
	case !known:
		r.fail("{{%s}}: unknown name", word)
	case presence != Required && !r.holds(word, presence):
		r.fail("{{%s}} may be absent: put it inside {{#если %s}}", word, cmp.Or(presence.leader(), word))
	}
	return inline{kind: value, text: word, bold: r.bold}
}

// valuePresence is presence without codes. A cell may be empty, so a column needs no condition.
func (r *inlineParser) valuePresence(name string) (presence Presence, known bool) {
	if _, isColumn := r.row[name]; isColumn {
		return Required, true
	}
	presence, known = r.schema.Values[name]
	return presence, known
}

// choice parses a condition inside a text. Both branches end in the weight in which they began.
func (r *inlineParser) choice(argument string) inline {
	c := inline{kind: choice, condition: r.condition(argument)}
	weight := r.bold
	var end string
	branch := func(parts *[]inline) func() {
		return func() {
			*parts, end = r.parts()
			if r.bold != weight {
				r.fail("** begins outside a condition and ends inside, or the other way round")
				r.bold = weight
			}
		}
	}
	r.under(c.condition, branch(&c.then))
	if end == "иначе" {
		r.under(c.condition.negated(), branch(&c.otherwise))
	}
	if end != "/если" {
		r.fail("%s has no {{/если}} in the same text", c.condition)
	}
	return c
}

// holds reports whether the parser is under a condition by which the name is present.
func (p *parser) holds(name string, presence Presence) bool {
	leader := presence.leader()
	return slices.Contains(p.guards, condition{name: name}) || leader != "" && slices.Contains(p.guards, condition{name: leader})
}
