// Package report presents the results of benchmarks, a table and a comparison with the targets, in
// Markdown: on a terminal and as sections of one document. It measures nothing.
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
	return Target{what, fmt.Sprintf("≤ "+format, limit), fmt.Sprintf(format, measured), measured <= limit}
}

// AtLeast compares a measured number with a lower limit; format formats both.
func AtLeast(what, format string, measured, limit float64) Target {
	return Target{what, fmt.Sprintf("≥ "+format, limit), fmt.Sprintf(format, measured), measured >= limit}
}

func (t Target) verdict() string {
	if t.Met {
		return "met"
	}
	return "MISSED"
}

// Markdown renders the section.
func (s Section) Markdown() string {
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

const preamble = "# Benchmarks\n\n" +
	"`make bench` writes this page. `make bench ONLY=name` replaces single sections. Every ratio is\n" +
	"measured within one run on the same servers: a real Postgres that commits to the disk, Temporal on\n" +
	"it, and worker, apiserver and the floors as separate processes.\n"

// Replace replaces the sections in the document at path and keeps its other sections. It appends
// sections that the document does not have yet, and creates the document if it does not exist.
// setting describes the machine, the date and the versions; every section shows it, because
// sections can be of several runs.
func Replace(path, setting string, sections ...Section) error {
	text, err := os.ReadFile(path)
	document := string(text)
	if errors.Is(err, fs.ErrNotExist) {
		document, err = preamble, nil
	}
	if err != nil {
		return fmt.Errorf("reading the benchmarks before: %w", err)
	}
	for _, s := range sections {
		opening, closing := "<!-- "+s.Name+" -->\n", "<!-- /"+s.Name+" -->\n"
		before, rest, found := strings.Cut(document, opening)
		_, after, _ := strings.Cut(rest, closing)
		if !found {
			before += "\n"
		}
		document = before + opening + s.Markdown() + "\nMeasured: " + setting + ".\n" + closing + after
	}
	if err := os.WriteFile(path, []byte(document), 0o644); err != nil {
		return fmt.Errorf("writing the benchmarks: %w", err)
	}
	return nil
}
