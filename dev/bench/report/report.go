// Package report presents the results of benchmarks: a table and a comparison with the targets. It
// prints them on a terminal and writes them to one Markdown document. It measures nothing.
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
	// Name is the name of the benchmark. It marks the section in the document, so that another run
	// can replace it.
	Name  string
	Title string
	// Columns are the headings; every row has the same number of cells.
	Columns []string
	Rows    [][]string
	Targets []Target
	// Note describes in Markdown what was done and how it was measured.
	Note string
}

// Target is one requirement and its measured value.
type Target struct {
	What string
	// Limit and Measured include their units.
	Limit    string
	Measured string
	Met      bool
}

// AtMost compares a measured number with an upper limit; format formats both.
func AtMost(what, format string, measured, limit float64) Target {
	return Target{What: what, Limit: "≤ " + fmt.Sprintf(format, limit), Measured: fmt.Sprintf(format, measured), Met: measured <= limit}
}

// AtLeast compares a measured number with a lower limit; format formats both.
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

// Print prints a section on a terminal, as in the document but without the setting.
func (s Section) Print(out io.Writer) { fmt.Fprint(out, "\n"+s.markdown()) }

func (t Target) verdict() string {
	if t.Met {
		return "met"
	}
	return "MISSED"
}

// Document is the content of docs/benchmarks.md.
type Document struct {
	// Setting is the machine, the date and the versions. Every section shows it, because sections
	// can be of several runs.
	Setting  []Fact
	Sections []Section
}

// Fact is one line of a setting.
type Fact struct{ What, Value string }

const preamble = "# Benchmarks\n\n" +
	"`make bench` writes this page. `make bench ONLY=name` replaces single sections. Every ratio is\n" +
	"measured within one run on the same servers: a real Postgres that commits to the disk, Temporal on\n" +
	"it, and worker, apiserver and the floors as separate processes.\n"

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

// table writes a Markdown table with aligned columns.
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

// Replace replaces the document's sections in the file at path and keeps the other sections. It
// appends sections that the file does not have yet, and creates the file if it does not exist.
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
