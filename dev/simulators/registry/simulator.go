// Package registry simulates АИС «Реестр СРО» for demonstrations and tests: it serves a snapshot of
// synthetic engineers in the format of package internal/registry, and on request makes the next
// snapshot without some engineers or with them again.
//
// It stores nothing on disk and contains no real persons.
package registry

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"sync"
	"time"

	"epkr/internal/registry"
)

// Simulator holds the registry's current content and the one snapshot that it serves.
type Simulator struct {
	http.Handler
	now func() time.Time

	rows []registry.Row // the unchanged rows of the world

	mu       sync.Mutex
	changed  map[string]registry.Status // СНИЛС → status in the snapshot; "" removes the engineer
	manifest registry.Manifest          // of the served snapshot
	files    map[string][]byte          // by name
}

// New returns a simulator with a first snapshot of all rows.
func New(rows []registry.Row, now func() time.Time) (*Simulator, error) {
	s := &Simulator{now: now, rows: rows}
	s.Handler = s.routes()
	_, err := s.replace(s.later(), map[string]registry.Status{})
	return s, err
}

// file returns a file of the current snapshot.
func (s *Simulator) file(name string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, ok := s.files[name]
	return body, ok
}

// Snapshot returns the current snapshot.
func (s *Simulator) Snapshot() (asOf time.Time, sha256 string, rows []registry.Row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file, _ := s.manifest.File(registry.JSONL)
	return s.manifest.AsOf, file.SHA256, shown(s.rows, s.changed, s.manifest.AsOf)
}

// State describes the snapshot and the number of engineers that it lacks or shows with another
// status.
type State struct {
	AsOf    time.Time `json:"as_of"`
	Rows    int       `json:"rows"`    // rows of the snapshot
	Changed int       `json:"changed"` // engineers removed or shown with another status
}

// Drop makes a new snapshot without those engineers or, if status is set, with that status for
// them.
func (s *Simulator) Drop(snils []string, status registry.Status) (State, error) {
	return s.change(snils, func(changed map[string]registry.Status, one string) { changed[one] = status })
}

// Restore makes a new snapshot with those engineers unchanged from the world; without names, all
// engineers.
func (s *Simulator) Restore(snils []string) (State, error) {
	if len(snils) == 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.replace(s.later(), map[string]registry.Status{})
	}
	return s.change(snils, func(changed map[string]registry.Status, one string) { delete(changed, one) })
}

// setAsOf makes a new snapshot of the same engineers with that date; the zero time means now.
func (s *Simulator) setAsOf(asOf time.Time) (State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if asOf.IsZero() {
		asOf = s.later()
	}
	return s.replace(asOf.UTC(), s.changed)
}

func (s *Simulator) change(snils []string, apply func(map[string]registry.Status, string)) (State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := map[string]bool{}
	for _, row := range s.rows {
		known[row.SNILS] = true
	}
	changed := maps.Clone(s.changed)
	for _, one := range snils {
		if !known[one] {
			return State{}, refusal{http.StatusNotFound, "no engineer has the СНИЛС " + one}
		}
		apply(changed, one)
	}
	return s.replace(s.later(), changed)
}

// later returns the current time, or a second after the last snapshot if that is later: a reader
// considers a snapshot with the same date already read.
func (s *Simulator) later() time.Time {
	now := s.now().UTC().Truncate(time.Second)
	if !now.After(s.manifest.AsOf) {
		now = s.manifest.AsOf.Add(time.Second)
	}
	return now
}

// replace replaces the whole snapshot. The caller must hold mu.
func (s *Simulator) replace(asOf time.Time, changed map[string]registry.Status) (State, error) {
	rows := shown(s.rows, changed, asOf)
	files := map[string][]byte{}
	manifest := registry.Manifest{Format: registry.FormatVersion, AsOf: asOf, Rows: len(rows)}
	for _, enc := range []registry.Encoding{registry.CSV, registry.JSONL} {
		var body bytes.Buffer
		file, err := registry.Write(&body, "engineers."+string(enc)+".gz", enc, asOf, rows)
		if err != nil {
			return State{}, err
		}
		manifest.Files = append(manifest.Files, file)
		files[file.Name] = body.Bytes()
	}
	body, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return State{}, err
	}
	files["manifest.json"] = append(body, '\n')
	s.changed, s.manifest, s.files = changed, manifest, files
	return State{AsOf: asOf, Rows: len(rows), Changed: len(changed)}, nil
}

// shown returns the rows of a snapshot: without the removed engineers, and with the changed
// statuses.
func shown(rows []registry.Row, changed map[string]registry.Status, asOf time.Time) []registry.Row {
	if len(changed) == 0 {
		return rows
	}
	out := make([]registry.Row, 0, len(rows))
	for _, row := range rows {
		status, differs := changed[row.SNILS]
		switch {
		case differs && status == "":
			continue
		case differs:
			row.Status = status
			row.SROOut, row.SROOutReason = registry.Date{}, ""
			if status == registry.StatusExcluded || status == registry.StatusDeceased {
				row.SROOut = registry.NewDate(asOf.Year(), asOf.Month(), asOf.Day())
				row.SROOutReason = "запись изменена для демонстрации"
			}
		}
		out = append(out, row)
	}
	return out
}
