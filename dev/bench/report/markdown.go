package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Document is what a run has to say in docs/benchmarks.md.
type Document struct {
	// Setting is the machine, the date and the versions. It stands under every section, because sections can be of several runs.
	Setting  []Fact
	Sections []Section
}

// Fact is one line of a setting.
type Fact struct{ What, Value string }

const preamble = "# Benchmarks\n\n" +
	"Written by `make bench`; `make bench ONLY=name` replaces single sections. Every ratio is taken within one run on the same servers:\n" +
	"a real Postgres that commits to the disk, Temporal on it, worker and apiserver as processes of their own, the floors too.\n"

// Markdown renders the document.
func (d Document) Markdown() string {
	var b strings.Builder
	b.WriteString(preamble)
	for _, s := range d.Sections {
		b.WriteString("\n" + opening(s.Name) + s.markdown(d.Setting) + closing(s.Name))
	}
	return b.String()
}

func opening(name string) string { return "<!-- " + name + " -->\n" }
func closing(name string) string { return "<!-- /" + name + " -->\n" }

func (s Section) markdown(setting []Fact) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", s.Title)
	line(&b, s.Columns)
	line(&b, strings.Split(strings.Repeat("---|", len(s.Columns)-1)+"---", "|"))
	for _, row := range s.Rows {
		line(&b, row)
	}
	if len(s.Targets) > 0 {
		b.WriteString("\n")
		line(&b, []string{"target", "limit", "measured", ""})
		line(&b, []string{"---", "---", "---", "---"})
		for _, t := range s.Targets {
			line(&b, []string{t.What, t.Limit, t.Measured, t.verdict()})
		}
	}
	if s.Note != "" {
		b.WriteString("\n" + strings.TrimSpace(s.Note) + "\n")
	}
	facts := make([]string, len(setting))
	for i, f := range setting {
		facts[i] = f.What + " " + f.Value
	}
	fmt.Fprintf(&b, "\nMeasured: %s.\n", strings.Join(facts, "; "))
	return b.String()
}

func line(b *strings.Builder, cells []string) {
	b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// Write writes the whole document.
func (d Document) Write(path string) error {
	if err := os.WriteFile(path, []byte(d.Markdown()), 0o644); err != nil {
		return fmt.Errorf("writing the benchmarks: %w", err)
	}
	return nil
}

// Replace puts the sections of the document into the one at path, which keeps its others; where there is none, it begins with these. A
// section that it does not have yet comes to its end.
func (d Document) Replace(path string) error {
	document := preamble
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		document = string(text)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading the benchmarks before: %w", err)
	}
	for _, s := range d.Sections {
		document = replaced(document, s.Name, s.markdown(d.Setting))
	}
	if err := os.WriteFile(path, []byte(document), 0o644); err != nil {
		return fmt.Errorf("writing the benchmarks: %w", err)
	}
	return nil
}

func replaced(document, name, section string) string {
	before, rest, found := strings.Cut(document, opening(name))
	if !found {
		return document + "\n" + opening(name) + section + closing(name)
	}
	_, after, _ := strings.Cut(rest, closing(name))
	return before + opening(name) + section + closing(name) + after
}
