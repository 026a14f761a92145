// Package report is what a benchmark found: a table, and how it compares with what is demanded. It is shown on a terminal and
// kept in one Markdown document. It measures nothing.
package report

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
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

// Print shows a section on a terminal, as it stands in the document but for the setting.
func (s Section) Print(out io.Writer) { fmt.Fprint(out, "\n"+s.markdown()) }

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
		b.WriteString("\n" + d.section(s))
	}
	return b.String()
}

func opening(name string) string { return "<!-- " + name + " -->\n" }
func closing(name string) string { return "<!-- /" + name + " -->\n" }

func (s Section) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", s.Title)
	table(&b, s.Columns, s.Rows)
	if len(s.Targets) > 0 {
		var rows [][]string
		for _, t := range s.Targets {
			rows = append(rows, []string{t.What, t.Limit, t.Measured, t.verdict()})
		}
		b.WriteString("\n")
		table(&b, []string{"target", "limit", "measured", ""}, rows)
	}
	if s.Note != "" {
		b.WriteString("\n" + strings.TrimSpace(s.Note) + "\n")
	}
	return b.String()
}

// table writes a Markdown table whose columns stand below each other.
func table(out io.Writer, columns []string, rows [][]string) {
	aligned := tabwriter.NewWriter(out, 0, 0, 1, ' ', 0)
	rule := slices.Repeat([]string{"---"}, len(columns))
	for _, cells := range slices.Concat([][]string{columns, rule}, rows) {
		fmt.Fprintf(aligned, "| %s\t|\n", strings.Join(cells, "\t| "))
	}
	aligned.Flush()
}

func (d Document) section(s Section) string {
	facts := make([]string, len(d.Setting))
	for i, f := range d.Setting {
		facts[i] = f.What + " " + f.Value
	}
	return opening(s.Name) + s.markdown() + fmt.Sprintf("\nMeasured: %s.\n", strings.Join(facts, "; ")) + closing(s.Name)
}

// Write writes the whole document.
func (d Document) Write(path string) error {
	return write(path, d.Markdown())
}

func write(path, document string) error {
	if err := os.WriteFile(path, []byte(document), 0o644); err != nil {
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
		document = replaced(document, s.Name, d.section(s))
	}
	return write(path, document)
}

func replaced(document, name, section string) string {
	before, rest, found := strings.Cut(document, opening(name))
	if !found {
		return document + "\n" + section
	}
	_, after, _ := strings.Cut(rest, closing(name))
	return before + section + after
}
