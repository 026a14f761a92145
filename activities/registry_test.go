package activities_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/activities"
	"epkr/db"
	"epkr/internal/registry"
	"epkr/internal/storage"
	"epkr/internal/testenv"
)

var asOf = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func row(i int) registry.Row {
	return registry.Row{
		RegistryNumber: fmt.Sprint(i), SNILS: fmt.Sprintf("100-000-%03d 00", i), LastName: "Фамилия", FirstName: "Имя",
		SROName: "СРО", SRONumber: "1", SROIn: registry.NewDate(2020, 1, 1), Status: registry.StatusActive,
	}
}

// files are a snapshot of the rows by name.
func files(t *testing.T, rows ...registry.Row) map[string][]byte {
	t.Helper()
	var data bytes.Buffer
	file, err := registry.Write(&data, "engineers.csv.gz", registry.CSV, asOf, rows)
	require.NoError(t, err)
	manifest, err := json.Marshal(registry.Manifest{Format: registry.FormatVersion, AsOf: asOf, Rows: len(rows), Files: []registry.File{file}})
	require.NoError(t, err)
	return map[string][]byte{"manifest.json": manifest, file.Name: data.Bytes()}
}

// platform is a database and a bucket, whose owner reads the registry at a URL.
type platform struct {
	url    string
	store  *db.Store
	files  *storage.Store
	bucket testenv.S3Bucket
}

func newPlatform(t *testing.T) *platform {
	t.Helper()
	p := &platform{url: testenv.Database(t)}
	var err error
	p.store, err = db.Open(t.Context(), p.url)
	require.NoError(t, err)
	t.Cleanup(p.store.Close)
	b := testenv.Bucket(t)
	p.bucket = b
	p.files, err = storage.New(storage.Config{
		Endpoint: b.Endpoint, Region: b.Region, Bucket: b.Name, AccessKey: b.AccessKey, SecretKey: b.SecretKey, PathStyle: true,
	})
	require.NoError(t, err)
	return p
}

// put leaves an object in the bucket, as another system would.
func (p *platform) put(t *testing.T, key string, data []byte) {
	t.Helper()
	c := s3.New(s3.Options{
		BaseEndpoint: &p.bucket.Endpoint, Region: p.bucket.Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(p.bucket.AccessKey, p.bucket.SecretKey, ""),
	})
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &p.bucket.Name, Key: &key, Body: bytes.NewReader(data)})
	require.NoError(t, err)
}

func (p *platform) registry(url string) *activities.Registry {
	return activities.NewRegistry(p.store, p.files, nil, activities.RegistrySettings{
		URL: url, Fuse: registry.DefaultFuse(), Limits: registry.DefaultLimits(),
	}, time.Now)
}

// serve answers each request with what files gives.
func serve(t *testing.T, files func(name string) []byte) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(files(path.Base(r.URL.Path)))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// A source that replaces its files between the manifest and the data is read again from the manifest.
func TestSnapshotReplacedWhileItIsRead_R_KPROF_4(t *testing.T) {
	p := newPlatform(t)
	before, after := files(t, row(1)), files(t, row(1), row(2))
	manifests := 0
	url := serve(t, func(name string) []byte {
		if name != "manifest.json" {
			return after[name]
		}
		if manifests++; manifests == 1 {
			return before[name]
		}
		return after[name]
	})
	fetched, err := p.registry(url).FetchSnapshot(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, manifests)
	require.Equal(t, 2, fetched.Manifest.Rows)
	run := uuid.NewString()
	require.NoError(t, p.registry(url).StageSnapshot(t.Context(), run, fetched.Manifest))
	require.NoError(t, p.registry(url).StageSnapshot(t.Context(), run, fetched.Manifest), "a second run begins anew")
	require.Equal(t, 2, testenv.Scalar[int](t, p.url, `select count(*)::int from registry_staging`))
}

func TestSnapshotIsTakenFromABucket_R_KPROF_4(t *testing.T) {
	p, source := newPlatform(t), newPlatform(t)
	content := files(t, row(1), row(2), row(3))
	for name, data := range content {
		source.put(t, "handover/"+name, data)
	}
	fetched, err := p.registry("s3://" + source.bucket.Name + "/handover").FetchSnapshot(t.Context())
	require.NoError(t, err)
	require.Equal(t, 3, fetched.Manifest.Rows)
	kept, err := p.files.OpenSnapshot(t.Context(), fetched.Manifest.Files[0].SHA256)
	require.NoError(t, err)
	require.NoError(t, kept.Close())
}

func TestPreviewChangesNothing_S_18(t *testing.T) {
	p := newPlatform(t)
	content := files(t, row(1), row(2))
	acts := p.registry(serve(t, func(name string) []byte { return content[name] }))
	testenv.Exec(t, p.url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of)
		values (gen_random_uuid(), '999-999-999 99', '9', 'Фамилия', 'Имя', true, '2026-01-01')`)
	preview, err := activities.PreviewSnapshot(t.Context(), acts)
	require.NoError(t, err)
	require.Equal(t, 2, preview.Added)
	require.Equal(t, 1, preview.Lost)
	require.Len(t, preview.Engineers, 3)
	require.NotEmpty(t, preview.Blown, "the only active engineer would be lost")
	for _, table := range []string{"registry_staging", "registry_changes", "registry_runs", "registry_snapshots"} {
		require.Zero(t, testenv.Scalar[int](t, p.url, `select count(*)::int from `+table), table)
	}
	require.Equal(t, 1, testenv.Scalar[int](t, p.url, `select count(*)::int from engineers where in_registry`))
}

// A second run of any part after a crash finds what is left to do.
func TestAppliedPartlyIsAppliedWhole_S_18(t *testing.T) {
	p := newPlatform(t)
	rows := make([]registry.Row, 1000)
	for i := range rows {
		rows[i] = row(i)
		rows[i].SNILS = fmt.Sprintf("100-%03d-%03d 00", i/1000, i%1000)
	}
	content := files(t, rows...)
	acts := p.registry(serve(t, func(name string) []byte { return content[name] }))
	fetched, err := acts.FetchSnapshot(t.Context())
	require.NoError(t, err)
	run := uuid.NewString()
	require.NoError(t, acts.StageSnapshot(t.Context(), run, fetched.Manifest))
	found, err := acts.CompareSnapshot(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, 1000, found.Added)
	// What stands in the way of the second batch alone.
	testenv.Exec(t, p.url, `create function stumble() returns trigger language plpgsql as $$ begin
		if (select count(*) from engineers) >= 500 then raise exception 'stumbled'; end if; return new; end $$`)
	testenv.Exec(t, p.url, `create trigger stumble before insert on engineers for each row execute function stumble()`)
	require.Error(t, acts.ApplySnapshot(t.Context(), run, fetched.Manifest))
	require.Equal(t, 500, testenv.Scalar[int](t, p.url, `select count(*)::int from engineers`))
	require.Zero(t, testenv.Scalar[int](t, p.url, `select count(*)::int from registry_snapshots`), "it is not the newest before it is whole")
	testenv.Exec(t, p.url, `drop trigger stumble on engineers`)
	for range 2 {
		require.NoError(t, acts.ApplySnapshot(t.Context(), run, fetched.Manifest))
	}
	require.Equal(t, 1000, testenv.Scalar[int](t, p.url, `select count(*)::int from engineers where in_registry`))
	require.Equal(t, 1, testenv.Scalar[int](t, p.url, `select count(*)::int from registry_snapshots`))
	require.Zero(t, testenv.Scalar[int](t, p.url, `select count(*)::int from registry_staging`))
}
