// Package report is what a benchmark found: a table, and how it compares with what is demanded. It is shown on a terminal and
// kept in one Markdown document. It measures nothing.
package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"text/tabwriter"
)

// Section is the result of one benchmark.
type Section struct {
	// Name is that of the benchmark; in the document it marks the section, so that another run can replace it.
	Name  string
	Title string
	// Columns are the headings; every row has as many cells.
	Columns []string
	Rows    [][]string
	Targets []Target
	// Note says what was done and how it was measured, as Markdown.
	Note string
}

// Target is one demand and what was measured.
type Target struct {
	What string
	// Limit and Measured carry their units.
	Limit    string
	Measured string
	Met      bool
}

// AtMost holds a measured number to an upper limit; format shows both.
func AtMost(what, format string, measured, limit float64) Target {
	return Target{What: what, Limit: "≤ " + fmt.Sprintf(format, limit), Measured: fmt.Sprintf(format, measured), Met: measured <= limit}
}

// AtLeast holds a measured number to a lower limit; format shows both.
func AtLeast(what, format string, measured, limit float64) Target {
	return Target{What: what, Limit: "≥ " + fmt.Sprintf(format, limit), Measured: fmt.Sprintf(format, measured), Met: measured >= limit}
}

// Missed counts the targets that were not met.
func Missed(sections []Section) (missed int) {
	for _, s := range sections {
		for _, t := range s.Targets {
			if !t.Met {
				missed++
			}
		}
	}
	return missed
}

// Print shows a section on a terminal.
func (s Section) Print(out io.Writer) {
	fmt.Fprintf(out, "\n%s\n\n", s.Title)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{s.Columns}, s.Rows...) {
		fmt.Fprintln(table, "  "+strings.Join(row, "\t"))
	}
	table.Flush()
	if len(s.Targets) == 0 {
		return
	}
	fmt.Fprintln(out)
	for _, t := range s.Targets {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", t.verdict(), t.What, t.Measured, t.Limit)
	}
	table.Flush()
}

func (t Target) verdict() string {
	if t.Met {
		return "met"
	}
	return "MISSED"
}

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
