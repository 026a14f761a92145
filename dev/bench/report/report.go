// Package report presents the results of benchmarks, a table and a comparison with the targets, in
// Markdown: on a terminal and as sections of one document. It measures nothing.
package report

import (
	"fmt"
	"io"
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
	return target(what, "≤ ", format, measured, limit, measured <= limit)
}

// AtLeast compares a measured number with a lower limit; format formats both.
func AtLeast(what, format string, measured, limit float64) Target {
	return target(what, "≥ ", format, measured, limit, measured >= limit)
}

func target(what, sign, format string, measured, limit float64, met bool) Target {
	return Target{what, sign + fmt.Sprintf(format, limit), fmt.Sprintf(format, measured), met}
}

// Markdown renders the section.
func (s Section) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s\n\n", s.Title)
	table(&b, s.Columns, s.Rows)
	if len(s.Targets) > 0 {
		var rows [][]string
		for _, t := range s.Targets {
			verdict := map[bool]string{true: "met", false: "MISSED"}[t.Met]
			rows = append(rows, []string{t.What, t.Limit, t.Measured, verdict})
		}
		b.WriteString("\n")
		table(&b, []string{"target", "limit", "measured", ""}, rows)
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

// Replace replaces the sections in the document at path and keeps everything else, such as the text
// that says what a benchmark does. It appends sections that the document does not have yet. setting
// describes the machine, the date and the versions; every section shows it, because sections can be
// of several runs.
func Replace(path, setting string, sections ...Section) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the benchmarks before: %w", err)
	}
	document := string(text)
	for _, s := range sections {
		opening, closing := "<!-- "+s.Name+" -->\n", "<!-- /"+s.Name+" -->\n"
		before, rest, found := strings.Cut(document, opening)
		_, after, _ := strings.Cut(rest, closing)
		if !found {
			before += "\n"
		}
		section := s.Markdown() + "\nMeasured: " + setting + ".\n"
		document = before + opening + section + closing + after
	}
	if err := os.WriteFile(path, []byte(document), 0o644); err != nil {
		return fmt.Errorf("writing the benchmarks: %w", err)
	}
	return nil
}
