package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/internal/registry"
)

// snapshots is a registry of the test users; the test starts its sync runs.
type snapshots struct {
	url      string
	temporal client.Client
	queue    string

	mu      sync.Mutex
	dropped []string // logins
	asOf    time.Time
	files   map[string][]byte
}

func newSnapshots(t *testing.T, temporal client.Client, queue string) *snapshots {
	t.Helper()
	s := &snapshots{temporal: temporal, queue: queue, asOf: time.Now().UTC().Truncate(time.Second), files: map[string][]byte{}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		body, found := s.files[path.Base(r.URL.Path)]
		s.mu.Unlock()
		if !found {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *snapshots) Drop(_ context.Context, login string) (time.Time, error) {
	return s.publish(func() { s.dropped = append(s.dropped, login) })
}

func (s *snapshots) Restore(_ context.Context, login string) (time.Time, error) {
	return s.publish(func() { s.dropped = slices.DeleteFunc(s.dropped, func(l string) bool { return l == login }) })
}

func (s *snapshots) publish(change func()) (time.Time, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	rows := slices.Clone(world().Rows()[:userEngineers])
	for _, login := range s.dropped {
		person, _ := world().PersonByLogin(login)
		rows = slices.DeleteFunc(rows, func(r registry.Row) bool { return r.SNILS == person.SNILS })
	}
	s.asOf = s.asOf.Add(time.Second)
	var data bytes.Buffer
	file, err := registry.Write(&data, "engineers.csv.gz", registry.CSV, s.asOf, rows)
	if err != nil {
		return s.asOf, err
	}
	manifest, err := json.Marshal(registry.Manifest{Format: registry.FormatVersion, AsOf: s.asOf, Rows: len(rows), Files: []registry.File{file}})
	s.files = map[string][]byte{"manifest.json": manifest, "engineers.csv.gz": data.Bytes()}
	return s.asOf, err
}

func (s *snapshots) Sync(ctx context.Context) error { return runSync(ctx, s.temporal, s.queue) }

func TestDropAndRestoreCallTheSimulator(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		_, _ = body.ReadFrom(r.Body)
		asked = append(asked, r.URL.Path+" "+body.String())
		_, _ = w.Write([]byte(`{"as_of":"2026-03-01T00:00:00Z","rows":1,"changed":1}`))
	}))
	defer server.Close()
	r := registryOf(func(name string) string { return map[string]string{"EPKR_REGISTRY_URL": server.URL + "/"}[name] })
	person, found := world().PersonByLogin("engineer-moscow")
	require.True(t, found)
	asOf, err := r.Drop(t.Context(), "engineer-moscow")
	require.NoError(t, err)
	require.Equal(t, time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), asOf)
	_, err = r.Restore(t.Context(), "engineer-moscow")
	require.NoError(t, err)
	require.Equal(t, []string{
		`/control/drop {"snils":["` + person.SNILS + `"]}`, `/control/restore {"snils":["` + person.SNILS + `"]}`,
	}, asked)
	_, err = r.Drop(t.Context(), "nobody")
	require.ErrorContains(t, err, "nobody")
}
