package registry

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/dev/synthetic"
	"epkr/internal/acceptance"
	"epkr/internal/registry"
)

// small is a world of a thousand engineers, which keeps the tests fast.
var small = synthetic.New(1).Rows()[:1000]

func start(t *testing.T) *httptest.Server {
	t.Helper()
	morning := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	sim, err := New(small, func() time.Time { return morning })
	require.NoError(t, err)
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	return server
}

func get(t *testing.T, url string) *http.Response {
	t.Helper()
	resp, err := http.Get(url)
	require.NoError(t, err)
	t.Cleanup(func() { resp.Body.Close() })
	return resp
}

func post(t *testing.T, url, body string) (int, State) {
	t.Helper()
	resp, err := http.Post(url, "application/json", strings.NewReader(body))
	require.NoError(t, err)
	defer resp.Body.Close()
	var s State
	if resp.StatusCode == http.StatusOK {
		require.NoError(t, json.NewDecoder(resp.Body).Decode(&s))
	}
	return resp.StatusCode, s
}

// fetch reads a whole snapshot as a platform does: first the manifest, then the file that it
// describes.
func fetch(t *testing.T, base string, enc registry.Encoding) (registry.Manifest, map[string]registry.Row) {
	t.Helper()
	m, err := registry.ParseManifest(get(t, base+"/snapshot/manifest.json").Body)
	require.NoError(t, err)
	file, ok := m.File(enc)
	require.True(t, ok)
	reader, err := m.Open(get(t, base+"/snapshot/"+file.Name).Body, enc, registry.DefaultLimits())
	require.NoError(t, err)
	rows := map[string]registry.Row{}
	for row, err := range reader.Rows() {
		require.NoError(t, err)
		rows[row.SNILS] = row
	}
	return m, rows
}

func TestSnapshotIsServedWhole(t *testing.T) {
	server := start(t)
	for _, enc := range []registry.Encoding{registry.CSV, registry.JSONL} {
		m, rows := fetch(t, server.URL, enc)
		require.Equal(t, len(small), m.Rows)
		require.Len(t, rows, len(small))
		for _, row := range small {
			require.Equal(t, row, rows[row.SNILS])
		}
	}
}

func TestUnchangedFileIsNotSentAgain(t *testing.T) {
	server := start(t)
	for _, name := range []string{"manifest.json", "engineers.csv.gz", "engineers.jsonl.gz"} {
		first := get(t, server.URL+"/snapshot/"+name)
		body, err := io.ReadAll(first.Body)
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(len(body)), first.Header.Get("Content-Length"))
		etag := first.Header.Get("ETag")
		require.NotEmpty(t, etag)

		again := func() int {
			req, err := http.NewRequest(http.MethodGet, server.URL+"/snapshot/"+name, nil)
			require.NoError(t, err)
			req.Header.Set("If-None-Match", etag)
			resp, err := http.DefaultClient.Do(req)
			require.NoError(t, err)
			defer resp.Body.Close()
			return resp.StatusCode
		}
		require.Equal(t, http.StatusNotModified, again())
		code, _ := post(t, server.URL+"/control/as-of", `{}`)
		require.Equal(t, http.StatusOK, code)
		require.Equal(t, http.StatusOK, again(), "a new snapshot has a new ETag")
	}
	require.Equal(t, http.StatusNotFound, get(t, server.URL+"/snapshot/other.gz").StatusCode)
}

func TestDropAndRestoreMakeNewerSnapshots(t *testing.T) {
	acceptance.Covers(t, "B-4")
	server := start(t)
	before, _ := fetch(t, server.URL, registry.CSV)
	gone, excluded := small[0].SNILS, small[1].SNILS

	code, s := post(t, server.URL+"/control/drop", `{"snils":["`+gone+`"]}`)
	require.Equal(t, http.StatusOK, code)
	require.Equal(t, State{AsOf: s.AsOf, Rows: len(small) - 1, Changed: 1}, s)
	code, _ = post(t, server.URL+"/control/drop", `{"snils":["`+excluded+`"],"status":"excluded"}`)
	require.Equal(t, http.StatusOK, code)

	after, rows := fetch(t, server.URL, registry.CSV)
	require.True(t, after.AsOf.After(before.AsOf))
	require.Equal(t, len(small)-1, after.Rows)
	require.NotContains(t, rows, gone)
	require.Equal(t, registry.StatusExcluded, rows[excluded].Status)
	require.False(t, rows[excluded].SROOut.IsZero())

	code, _ = post(t, server.URL+"/control/restore", `{"snils":["`+gone+`"]}`)
	require.Equal(t, http.StatusOK, code)
	_, rows = fetch(t, server.URL, registry.CSV)
	require.Equal(t, small[0], rows[gone])
	require.Equal(t, registry.StatusExcluded, rows[excluded].Status, "the other engineer is unchanged")

	code, s = post(t, server.URL+"/control/restore", `{}`)
	require.Equal(t, http.StatusOK, code)
	require.Zero(t, s.Changed)
	last, rows := fetch(t, server.URL, registry.CSV)
	require.True(t, last.AsOf.After(after.AsOf))
	require.Equal(t, small[1], rows[excluded])
}

func TestAsOfCanBeSet(t *testing.T) {
	server := start(t)
	code, _ := post(t, server.URL+"/control/as-of", `{"as_of":"2025-12-31T23:00:00+03:00"}`)
	require.Equal(t, http.StatusOK, code)
	m, rows := fetch(t, server.URL, registry.JSONL)
	require.Equal(t, time.Date(2025, 12, 31, 20, 0, 0, 0, time.UTC), m.AsOf, "an older date than the last is accepted")
	require.Len(t, rows, len(small))
}

func TestControlRefusesAndChangesNothing(t *testing.T) {
	server := start(t)
	before, _ := fetch(t, server.URL, registry.CSV)
	for _, c := range []struct {
		path, body string
		code       int
	}{
		{"drop", `{"snils":["` + small[0].SNILS + `","000-000-600 15"]}`, http.StatusNotFound},
		{"drop", `{"snils":[]}`, http.StatusBadRequest},
		{"drop", `{"snils":["` + small[0].SNILS + `"],"status":"retired"}`, http.StatusBadRequest},
		{"drop", `{"snils":[]}`, http.StatusBadRequest},
		{"drop", `not JSON`, http.StatusBadRequest},
		{"restore", `{"snils":["000-000-600 15"]}`, http.StatusNotFound},
		{"as-of", `{"as_of":"yesterday"}`, http.StatusBadRequest},
	} {
		code, _ := post(t, server.URL+"/control/"+c.path, c.body)
		require.Equal(t, c.code, code, c.body)
	}
	require.Equal(t, http.StatusMethodNotAllowed, get(t, server.URL+"/control/drop").StatusCode)
	after, rows := fetch(t, server.URL, registry.CSV)
	require.Equal(t, before, after)
	require.Len(t, rows, len(small))
}

func TestFilesOfDifferentSnapshotsDoNotMatch(t *testing.T) {
	acceptance.Covers(t, "S-18")
	server := start(t)
	m, err := registry.ParseManifest(get(t, server.URL+"/snapshot/manifest.json").Body)
	require.NoError(t, err)
	code, _ := post(t, server.URL+"/control/as-of", `{}`)
	require.Equal(t, http.StatusOK, code)
	_, err = m.Open(get(t, server.URL+"/snapshot/engineers.csv.gz").Body, registry.CSV, registry.DefaultLimits())
	var fault *registry.Error
	require.ErrorAs(t, err, &fault)
	require.Equal(t, registry.CodeMismatch, fault.Code)
}

func TestConcurrentControlRequestsLoseNothing(t *testing.T) {
	server := start(t)
	var wg sync.WaitGroup
	codes := make([]int, 8)
	for i := range codes {
		wg.Go(func() {
			resp, err := http.Post(server.URL+"/control/drop", "application/json", strings.NewReader(`{"snils":["`+small[i].SNILS+`"]}`))
			if err == nil {
				codes[i] = resp.StatusCode
				resp.Body.Close()
			}
		})
	}
	wg.Wait()
	for _, code := range codes {
		require.Equal(t, http.StatusOK, code)
	}
	m, _ := fetch(t, server.URL, registry.CSV)
	require.Equal(t, len(small)-len(codes), m.Rows)
}
