// Package registry simulates АИС «Реестр СРО» for demonstrations and tests: it serves a snapshot of
// synthetic engineers in the format of package internal/registry, and makes the next snapshot lose
// engineers or get them back.
//
// It keeps no state on disk and holds no real persons.
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

// Simulator holds the registry as it is and the one snapshot that it serves.
type Simulator struct {
	http.Handler
	now func() time.Time

	mu      sync.Mutex
	rows    []registry.Row             // as the world has them
	at      map[string]int             // СНИЛС → index in rows
	changed map[string]registry.Status // СНИЛС → what the snapshot says instead; "" leaves the engineer out
	asOf    time.Time                  // of the snapshot served
	parts   map[string]snapshotFile    // by name
	sha256  string                     // of the file of JSON lines
}

// snapshotFile is one file as it is served.
type snapshotFile struct {
	contentType string
	etag        string
	body        []byte
}

const manifestName = "manifest.json"

// New makes the first snapshot, of all rows.
func New(rows []registry.Row, now func() time.Time) (*Simulator, error) {
	s := &Simulator{now: now, rows: rows, at: make(map[string]int, len(rows)), changed: map[string]registry.Status{}}
	for i, row := range rows {
		s.at[row.SNILS] = i
	}
	s.Handler = s.routes()
	_, err := s.replace(s.later(), s.changed)
	return s, err
}

// file is a file of the snapshot that is served now.
func (s *Simulator) file(name string) (snapshotFile, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.parts[name]
	return f, ok
}

// Snapshot is the one that is served now.
func (s *Simulator) Snapshot() (asOf time.Time, sha256 string, rows []registry.Row) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asOf, s.sha256, shown(s.rows, s.changed, s.asOf)
}

// State tells what the snapshot is and how many engineers it lacks or shows with another status.
type State struct {
	AsOf    time.Time `json:"as_of"`
	Rows    int       `json:"rows"`    // rows of the snapshot
	Changed int       `json:"changed"` // engineers dropped or shown with another status
}

// unknownSNILS says which engineer is not in the world.
type unknownSNILS string

func (u unknownSNILS) Error() string { return "no engineer has the СНИЛС " + string(u) }

// Drop makes a new snapshot without those engineers or, with a status, one that shows them so.
func (s *Simulator) Drop(snils []string, status registry.Status) (State, error) {
	return s.change(snils, func(changed map[string]registry.Status, one string) { changed[one] = status })
}

// Restore makes a new snapshot with those engineers as the world has them; with none named, with all.
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

// setAsOf makes a new snapshot with the same engineers as of that moment; the zero time means now.
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

// later is now, or a second after the last snapshot: a reader takes a snapshot of an equal date for the one it has.
func (s *Simulator) later() time.Time {
	now := s.now().UTC().Truncate(time.Second)
	if !now.After(s.asOf) {
		now = s.asOf.Add(time.Second)
	}
	return now
}

// replace swaps the whole snapshot at once; the caller holds mu.
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
	// The sum of a data file covers its date and rows, so that it stands for the manifest too.
	parts[manifestName] = snapshotFile{contentType: "application/json", etag: `"m-` + manifest.Files[0].SHA256 + `"`, body: append(body, '\n')}
	return parts, nil
}

// shown are the rows of a snapshot: without those who are left out, and with the statuses that were asked for.
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
