// Package report is what a benchmark found: a table, and how it compares with what is demanded. It is shown on a terminal and
// kept in one Markdown document. It measures nothing.
package report

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
	return Target{What: what, Limit: "≤ " + shown(format, limit), Measured: shown(format, measured), Met: measured <= limit}
}

// AtLeast holds a measured number to a lower limit; format shows both.
func AtLeast(what, format string, measured, limit float64) Target {
	return Target{What: what, Limit: "≥ " + shown(format, limit), Measured: shown(format, measured), Met: measured >= limit}
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
