package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

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

func shown(format string, value float64) string { return fmt.Sprintf(format, value) }
