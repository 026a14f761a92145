// Package registry simulates АИС «Реестр СРО» for demonstrations and tests: it serves a snapshot of
// synthetic engineers in the format of package internal/registry, and on request makes the next
// snapshot without some engineers or with them again.
//
// It stores nothing on disk and contains no real persons.
package registry

import (
	"bytes"
	"encoding/json"
	"fmt"
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

	mu      sync.Mutex
	rows    []registry.Row             // the unchanged rows of the world
	at      map[string]int             // СНИЛС → index in rows
	changed map[string]registry.Status // СНИЛС → status in the snapshot; "" removes the engineer
	asOf    time.Time                  // of the served snapshot
	parts   map[string]snapshotFile    // by name
	sha256  string                     // of the file of JSON lines
}

// snapshotFile is a served file.
type snapshotFile struct {
	contentType string
	etag        string
	body        []byte
}

const manifestName = "manifest.json"

// New returns a simulator with a first snapshot of all rows.
func New(rows []registry.Row, now func() time.Time) (*Simulator, error) {
	s := &Simulator{now: now, rows: rows, at: make(map[string]int, len(rows)), changed: map[string]registry.Status{}}
	for i, row := range rows {
		s.at[row.SNILS] = i
	}
	s.Handler = s.routes()
	_, err := s.replace(s.later(), s.changed)
	return s, err
}

// file returns a file of the current snapshot.
func (s *Simulator) file(name string) (snapshotFile, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.parts[name]
	return f, ok
}

// Snapshot returns the current snapshot.
func (s *Simulator) Snapshot() (asOf time.Time, sha256 string, rows []registry.Row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asOf, s.sha256, shown(s.rows, s.changed, s.asOf)
}

// State describes the snapshot and the number of engineers that it lacks or shows with another
// status.
type State struct {
	AsOf    time.Time `json:"as_of"`
	Rows    int       `json:"rows"`    // rows of the snapshot
	Changed int       `json:"changed"` // engineers removed or shown with another status
}

// unknownSNILS is the error for an engineer who is not in the world.
type unknownSNILS string

func (u unknownSNILS) Error() string { return "no engineer has the СНИЛС " + string(u) }

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
		for one := range s.changed {
			snils = append(snils, one)
		}
		s.mu.Unlock()
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
	changed := maps.Clone(s.changed)
	for _, one := range snils {
		if _, known := s.at[one]; !known {
			return State{}, unknownSNILS(one)
		}
		apply(changed, one)
	}
	return s.replace(s.later(), changed)
}

// later returns the current time, or a second after the last snapshot if that is later: a reader
// considers a snapshot with the same date already read.
func (s *Simulator) later() time.Time {
	now := s.now().UTC().Truncate(time.Second)
	if !now.After(s.asOf) {
		now = s.asOf.Add(time.Second)
	}
	return now
}

// replace replaces the whole snapshot. The caller must hold mu.
func (s *Simulator) replace(asOf time.Time, changed map[string]registry.Status) (State, error) {
	parts, err := s.build(asOf, changed)
	if err != nil {
		return State{}, err
	}
	s.asOf, s.changed, s.parts = asOf, changed, parts
	return s.state(), nil
}

func (s *Simulator) state() State {
	gone := 0
	for _, status := range s.changed {
		if status == "" {
			gone++
		}
	}
	return State{AsOf: s.asOf, Rows: len(s.rows) - gone, Changed: len(s.changed)}
}

func (s *Simulator) build(asOf time.Time, changed map[string]registry.Status) (map[string]snapshotFile, error) {
	rows := shown(s.rows, changed, asOf)
	parts := map[string]snapshotFile{}
	manifest := registry.Manifest{Format: registry.FormatVersion, AsOf: asOf, Rows: len(rows)}
	for _, enc := range []registry.Encoding{registry.CSV, registry.JSONL} {
		var body bytes.Buffer
		file, err := registry.Write(&body, "engineers."+string(enc)+".gz", enc, asOf, rows)
		if err != nil {
			return nil, err
		}
		manifest.Files = append(manifest.Files, file)
		if enc == registry.JSONL {
			s.sha256 = file.SHA256
		}
		parts[file.Name] = snapshotFile{contentType: "application/gzip", etag: `"` + file.SHA256 + `"`, body: body.Bytes()}
	}
	body, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding the manifest: %w", err)
	}
	// The checksum of a data file covers its date and rows, so it also identifies the manifest.
	parts[manifestName] = snapshotFile{contentType: "application/json", etag: `"m-` + manifest.Files[0].SHA256 + `"`, body: append(body, '\n')}
	return parts, nil
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
