package main

import (
	"fmt"
	"regexp"
	"strings"
)

// claim is the status of a row in docs/requirements.md.
type claim string

const (
	built    claim = "built"
	partly   claim = "partly"
	notBuilt claim = "not built"
	// reading is the claim of a row of the conflict table: the row settles what other rows mean,
	// and those carry the claims.
	reading claim = "reading"
)

// row is one row of the requirements.
type row struct {
	id, text string
	claim    claim
}

var (
	// «- R-GEN-4 [0,1] Users receive notifications. — built»,
	// «| 16a | who | precondition | result | documents | built |» and «| C-1 | conflict | reading |»
	listed  = regexp.MustCompile(`^- ((?:R-[A-Z]+|S|B)-\d+) (.*)$`)
	tabled  = regexp.MustCompile(`^\| (\d+[ab]?|C-\d+) \| (.*) \|$`)
	claimed = regexp.MustCompile(`^(.*) (?:—|\|) (?:(built)|(partly): .+|(not built)(?:: .+)?)$`)
)

// parseRows returns the rows of the text, and the ids of rows without a claim or listed twice.
func parseRows(text string) ([]row, []string) {
	var (
		rows     []row
		findings []string
	)
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		r, found := parseRow(strings.TrimSpace(line))
		if !found {
			continue
		}
		switch {
		case seen[r.id]:
			findings = append(findings, fmt.Sprintf("%s stands twice", r.id))
			continue
		case r.claim == "":
			findings = append(findings, fmt.Sprintf("%s does not end in built, partly: … or not built", r.id))
		}
		seen[r.id] = true
		rows = append(rows, r)
	}
	return rows, findings
}

func parseRow(line string) (r row, found bool) {
	if m := listed.FindStringSubmatch(line); m != nil {
		r = row{id: m[1], text: m[2]}
	} else if m := tabled.FindStringSubmatch(line); m != nil {
		if strings.HasPrefix(m[1], "C-") {
			return row{id: m[1], text: m[2], claim: reading}, true
		}
		r = row{id: "T-" + m[1], text: m[2]}
	}
	if m := claimed.FindStringSubmatch(r.text); m != nil {
		r.text, r.claim = m[1], claim(m[2]+m[3]+m[4])
	}
	return r, r.id != ""
}
