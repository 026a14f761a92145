// Command trace compares docs/requirements.md with the tests. It lists the rows that no test
// declares, with their claims in the file, and exits with 1 if the two contradict each other:
//
//   - a test declares an id that is not a row,
//   - a row is claimed as built and no test declares it,
//   - a row is claimed as not built and a test declares it,
//   - a row has no claim.
//
// It reads files and runs nothing.
package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	findings, err := run(".", os.Stdout)
	for _, finding := range findings {
		fmt.Fprintln(os.Stderr, "trace:", finding)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "trace:", err)
	}
	if err != nil || len(findings) > 0 {
		os.Exit(1)
	}
}

// run writes the list to out and returns the contradictions.
func run(root string, out io.Writer) ([]string, error) {
	path := filepath.Join(root, "docs", "requirements.md")
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the requirements: %w", err)
	}
	rows, findings := parseRows(string(text))
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s has no rows", path)
	}
	declared, err := declarations(root)
	if err != nil {
		return nil, err
	}
	return append(findings, compare(out, rows, declared)...), nil
}

// compare writes the rows that no test declares and the number of rows with each claim. It returns
// the contradictions between claims and declarations.
func compare(out io.Writer, rows []row, declared []declaration) (findings []string) {
	tests := map[string][]string{} // where each row is declared
	for _, r := range rows {
		tests[r.id] = nil
	}
	for _, d := range declared {
		id := d.id
		if _, known := tests[id]; !known {
			id = part.ReplaceAllString(id, "$1")
		}
		if _, known := tests[id]; !known {
			findings = append(findings, fmt.Sprintf("%s declares %s, which is no row of docs/requirements.md", d.at, d.id))
			continue
		}
		tests[id] = append(tests[id], d.at)
	}
	counts := map[claim]int{}
	untested := 0
	for _, r := range rows {
		at := tests[r.id]
		switch {
		case r.claim == built && at == nil:
			findings = append(findings, fmt.Sprintf("%s is claimed as built and no test declares it", r.id))
		case r.claim == notBuilt && at != nil:
			findings = append(findings, fmt.Sprintf("%s is claimed as not built and %s declares it", r.id, at[0]))
		}
		counts[r.claim]++
		if at == nil && r.claim != reading {
			untested++
			fmt.Fprintf(out, "%-11s %-10s %s\n", r.id, r.claim, shortened(r.text))
		}
	}
	fmt.Fprintf(out, "\n%d rows built, %d partly, %d not built; the %d above are declared by no test\n",
		counts[built], counts[partly], counts[notBuilt], untested)
	return findings
}

func shortened(text string) string {
	if short := []rune(text); len(short) > 100 {
		return string(short[:100]) + "…"
	}
	return text
}
