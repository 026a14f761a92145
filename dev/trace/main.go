// Command trace prints the rows of docs/requirements.md that no test names. A test names a row by its id in its own name:
// Go tests with underscores (TestConsentAskedAgain_R_AUTH_10, TestCancelRace_S12), browser tests as it stands. It reads
// files and runs nothing.
package main

import (
	"bufio"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

func main() {
	if err := run(".", os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "trace:", err)
		os.Exit(1)
	}
}

// row is one line of the contract.
type row struct{ id, text string }

func run(root string, out *os.File) error {
	rows, err := readRows(filepath.Join(root, "docs", "requirements.md"))
	if err != nil {
		return err
	}
	names, err := testNames(root)
	if err != nil {
		return err
	}
	unnamed := 0
	for _, r := range rows {
		if !named(r.id, names) {
			unnamed++
			fmt.Fprintf(out, "%-12s %s\n", r.id, shortened(r.text))
		}
	}
	fmt.Fprintf(out, "\n%d of %d rows are named by no test\n", unnamed, len(rows))
	return nil
}

var (
	listed = regexp.MustCompile(`^- ((?:R-[A-Z]+|S)-\d+)\b(.*)`)
	inline = regexp.MustCompile(`\b(B-\d+) ([^.]*)`)
	tabled = regexp.MustCompile(`^\| (\d+[ab]?) \| (.*)`)
)

func readRows(path string) ([]row, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the requirements: %w", err)
	}
	var rows []row
	for line := range strings.Lines(string(text)) {
		if m := listed.FindStringSubmatch(line); m != nil {
			rows = append(rows, row{m[1], m[2]})
		}
		if m := tabled.FindStringSubmatch(line); m != nil {
			rows = append(rows, row{"T-" + m[1], m[2]})
		}
		if strings.HasPrefix(line, "- B-1 ") {
			for _, m := range inline.FindAllStringSubmatch(line, -1) {
				rows = append(rows, row{m[1], m[2]})
			}
		}
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("%s has no rows", path)
	}
	return rows, nil
}

// testFunc finds names of Go tests; subtests and browser tests are strings.
var testName = regexp.MustCompile(`^func (Test\w+)|(?:t\.Run|test|it|describe)\(\s*["'` + "`" + `]([^"'` + "`" + `]+)`)

func testNames(root string) (string, error) {
	var names strings.Builder
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if name := entry.Name(); name == "node_modules" || name == ".git" || name == "dist" {
				return filepath.SkipDir
			}
			return nil
		}
		if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, ".spec.ts") || strings.HasSuffix(path, ".test.ts") {
			return collect(path, &names)
		}
		return nil
	})
	return names.String(), err
}

func collect(path string, into *strings.Builder) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("reading a test: %w", err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		for _, m := range testName.FindAllStringSubmatch(lines.Text(), -1) {
			into.WriteString(m[1] + m[2] + "\n")
		}
	}
	return lines.Err()
}

// named finds R-AUTH-10 as R_AUTH_10 or R-AUTH-10, and S-12 also as S12, never as a part of a longer number.
func named(id, names string) bool {
	parts := strings.Split(id, "-")
	pattern := `(?:^|[^A-Za-z0-9])` + strings.Join(parts, `[-_]?`) + `(?:[^0-9ab]|$)`
	return regexp.MustCompile(`(?m)` + pattern).MatchString(names)
}

func shortened(text string) string {
	text = strings.TrimSpace(text)
	if short := []rune(text); len(short) > 110 {
		return string(short[:110]) + "…"
	}
	return text
}
