package registry_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	activities "epkr/activities/registry"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/acceptance"
	"epkr/internal/registry"
	"epkr/internal/storage"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

var asOf = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

func row(i int) registry.Row {
	return registry.Row{
		RegistryNumber: fmt.Sprint(i), SNILS: fmt.Sprintf("100-000-%03d 00", i), LastName: "Фамилия", FirstName: "Имя",
		SROName: "СРО", SRONumber: "1", SROIn: registry.NewDate(2020, 1, 1), Status: registry.StatusActive,
	}
}

// files returns the files of a snapshot of the rows by name.
func files(t *testing.T, rows ...registry.Row) map[string][]byte {
	t.Helper()
	var data bytes.Buffer
	file, err := registry.Write(&data, "engineers.csv.gz", registry.CSV, asOf, rows)
	require.NoError(t, err)
	manifest, err := json.Marshal(registry.Manifest{Format: registry.FormatVersion, AsOf: asOf, Rows: len(rows), Files: []registry.File{file}})
	require.NoError(t, err)
	return map[string][]byte{"manifest.json": manifest, file.Name: data.Bytes()}
}

// platform is a database and a bucket with activities that read the registry from a URL.
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
	p.store, err = db.Open(t.Context(), testenv.AsProcess(t, p.url))
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

// put stores an object in the bucket, as another system would.
func (p *platform) put(t *testing.T, key string, data []byte) {
	t.Helper()
	c := s3.New(s3.Options{
		BaseEndpoint: &p.bucket.Endpoint, Region: p.bucket.Region, UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(p.bucket.AccessKey, p.bucket.SecretKey, ""),
	})
	_, err := c.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &p.bucket.Name, Key: &key, Body: bytes.NewReader(data)})
	require.NoError(t, err)
}

func (p *platform) registry(url string) *activities.Activities {
	return activities.New(p.store, p.files, nil, activities.Settings{
		URL: url, LossLimit: registry.DefaultLossLimit(), Limits: registry.DefaultLimits(),
	}, time.Now)
}

// beginRun opens the report of a run.
func beginRun(t *testing.T, acts *activities.Activities) (run string) {
	t.Helper()
	run = uuid.NewString()
	require.NoError(t, acts.BeginRun(t.Context(), activities.RunOwner{RunID: run, WorkflowID: "registry-sync", WorkflowRunID: run}))
	return run
}

// serve answers each request with what files returns.
func serve(t *testing.T, files func(name string) []byte) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(files(path.Base(r.URL.Path)))
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// If the source replaces its files between the manifest and the data, both are read again.
func TestSnapshotReplacedWhileItIsRead(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-4")
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
	require.NoError(t, p.registry(url).StageSnapshot(t.Context(), run, fetched.Manifest), "a second run starts over")
	require.Equal(t, 2, testenv.Scalar[int](t, p.url, `select count(*)::int from registry_staging`))
}

func TestSnapshotIsTakenFromABucket(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-4")
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

func TestPreviewChangesNothing(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := newPlatform(t)
	content := files(t, row(1), row(2))
	acts := p.registry(serve(t, func(name string) []byte { return content[name] }))
	testenv.Exec(t, p.url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of)
		values (gen_random_uuid(), '999-999-999 99', '9', 'Фамилия', 'Имя', true, '2026-01-01')`)
	// The staged rows are never committed, so a killed preview leaves nothing either.
	testenv.Exec(t, p.url, `create function uncommitted() returns trigger language plpgsql as $$ begin
		if exists (select from registry_staging where xmin <> pg_current_xact_id()::xid) then raise exception 'committed'; end if;
		return new; end $$`)
	testenv.Exec(t, p.url, `create trigger uncommitted before insert on registry_changes for each row execute function uncommitted()`)
	preview, err := activities.PreviewSnapshot(t.Context(), acts)
	require.NoError(t, err)
	require.Equal(t, 2, preview.Added)
	require.Equal(t, 1, preview.Lost)
	require.Len(t, preview.Engineers, 3)
	require.NotEmpty(t, preview.Exceeded, "the only active engineer would be lost")
	for _, table := range []string{"registry_staging", "registry_changes", "registry_runs", "registry_snapshots"} {
		require.Zero(t, testenv.Scalar[int](t, p.url, `select count(*)::int from `+table), table)
	}
	require.Equal(t, 1, testenv.Scalar[int](t, p.url, `select count(*)::int from engineers where in_registry`))
}

// manyRows returns n rows, each with another СНИЛС.
func manyRows(n int) []registry.Row {
	rows := make([]registry.Row, n)
	for i := range rows {
		rows[i] = row(i)
		rows[i].SNILS = fmt.Sprintf("100-%03d-%03d 00", i/1000, i%1000)
	}
	return rows
}

// The preview names the lost engineers, however many are new.
func TestPreviewNamesEveryKind(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := newPlatform(t)
	content := files(t, manyRows(300)...)
	acts := p.registry(serve(t, func(name string) []byte { return content[name] }))
	for _, engineer := range []struct {
		snils  string
		active bool
	}{{"999-999-999 99", true}, {"100-000-007 00", false}} {
		testenv.Exec(t, p.url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of)
			values (gen_random_uuid(), $1, '9', 'Фамилия', 'Имя', $2, '2026-01-01')`, engineer.snils, engineer.active)
	}
	preview, err := activities.PreviewSnapshot(t.Context(), acts)
	require.NoError(t, err)
	named := map[string]int{}
	for _, e := range preview.Engineers {
		named[e.Kind]++
	}
	require.Equal(t, map[string]int{"lost": 1, "restored": 1, "added": 100}, named)
}

// A second run of any part after a crash does what is left.
func TestInterruptedApplyIsCompleted(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := newPlatform(t)
	content := files(t, manyRows(1000)...)
	acts := p.registry(serve(t, func(name string) []byte { return content[name] }))
	fetched, err := acts.FetchSnapshot(t.Context())
	require.NoError(t, err)
	run := beginRun(t, acts)
	require.NoError(t, acts.StageSnapshot(t.Context(), run, fetched.Manifest))
	found, err := acts.CompareSnapshot(t.Context(), run)
	require.NoError(t, err)
	require.Equal(t, 1000, found.Added)
	// The trigger makes only the second batch fail.
	testenv.Exec(t, p.url, `create function stumble() returns trigger language plpgsql as $$ begin
		if (select count(*) from engineers) >= 500 then raise exception 'stumbled'; end if; return new; end $$`)
	testenv.Exec(t, p.url, `create trigger stumble before insert on engineers for each row execute function stumble()`)
	require.Error(t, acts.ApplySnapshot(t.Context(), run, fetched.Manifest))
	require.Equal(t, 500, testenv.Scalar[int](t, p.url, `select count(*)::int from engineers`))
	require.Zero(t, testenv.Scalar[int](t, p.url, `select count(*)::int from registry_snapshots`), "an incompletely applied snapshot is not the newest")
	testenv.Exec(t, p.url, `drop trigger stumble on engineers`)
	for range 2 {
		require.NoError(t, acts.ApplySnapshot(t.Context(), run, fetched.Manifest))
	}
	require.Equal(t, 1000, testenv.Scalar[int](t, p.url, `select count(*)::int from engineers where in_registry`))
	require.Equal(t, 1, testenv.Scalar[int](t, p.url, `select count(*)::int from registry_snapshots`))
	require.Zero(t, testenv.Scalar[int](t, p.url, `select count(*)::int from registry_staging`))
}

// compareNext fetches, stages and compares the registry's snapshot in a new run.
func compareNext(t *testing.T, acts *activities.Activities) (run string, m registry.Manifest) {
	t.Helper()
	fetched, err := acts.FetchSnapshot(t.Context())
	require.NoError(t, err)
	run = beginRun(t, acts)
	require.NoError(t, acts.StageSnapshot(t.Context(), run, fetched.Manifest))
	_, err = acts.CompareSnapshot(t.Context(), run)
	require.NoError(t, err)
	return run, fetched.Manifest
}

// A run whose report is closed applies nothing more, although its worker does not know that it was
// terminated.
func TestClosedRunAppliesNothing(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := newPlatform(t)
	content := files(t, row(1), row(2))
	acts := p.registry(serve(t, func(name string) []byte { return content[name] }))
	over, m := compareNext(t, acts)
	testenv.Exec(t, p.url, `update registry_runs set status = 'failed', code = 'terminated', ended_at = now()`)
	var refused *temporal.ApplicationError
	require.ErrorAs(t, acts.ApplySnapshot(t.Context(), over, m), &refused)
	require.True(t, refused.NonRetryable())
	require.Zero(t, testenv.Scalar[int](t, p.url, `select count(*)::int from engineers`))

	next, m := compareNext(t, acts)
	require.NoError(t, acts.ApplySnapshot(t.Context(), next, m), "the closed run has not made the changes")
	require.Equal(t, 2, testenv.Scalar[int](t, p.url, `select count(*)::int from engineers`))
	testenv.Exec(t, p.url, `update registry_runs set status = 'failed', code = 'terminated', ended_at = now() where id = $1`, next)
	testenv.Exec(t, p.url, `delete from registry_snapshots`)
	require.Error(t, acts.ApplySnapshot(t.Context(), next, m), "the run is closed, although nothing is left to change")
	require.Zero(t, testenv.Scalar[int](t, p.url, `select count(*)::int from registry_snapshots`), "a closed run records no snapshot")
}

// Closing the report of a run waits for the transaction of the run.
func TestClosingAReportWaitsForChanges(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := newPlatform(t)
	testenv.Exec(t, p.url, `insert into engineers (id, snils, registry_number, last_name, first_name, in_registry, registry_as_of)
		values (gen_random_uuid(), $1, '9', 'Фамилия', 'Имя', true, '2026-01-01')`, row(1).SNILS)
	content := files(t, row(1))
	acts := p.registry(serve(t, func(name string) []byte { return content[name] }))
	run, m := compareNext(t, acts)
	waiting := func(count int) {
		testenv.Eventually(t, fmt.Sprintf("%d wait for a lock", count), func() bool {
			return testenv.Scalar[int](t, p.url, `select count(*)::int from pg_stat_activity
				where datname = current_database() and wait_event_type = 'Lock'`) == count
		})
	}
	applied, closed := make(chan error, 1), make(chan error, 1)
	require.NoError(t, p.store.InTx(t.Context(), func(q *sqlcgen.Queries) error {
		ids := testenv.Column[uuid.UUID](t, p.url, `select id from engineers`)
		if _, err := q.LockEngineers(t.Context(), ids); err != nil {
			return err
		}
		go func() { applied <- acts.ApplySnapshot(t.Context(), run, m) }()
		waiting(1)
		go func() {
			closed <- acts.ConcludeRun(t.Context(), workflowapi.RegistryReport{RunID: run, Verdict: workflowapi.VerdictFailed})
		}()
		waiting(2)
		return nil
	}))
	require.NoError(t, <-closed)
	<-applied // applied before the report was closed, or refused after it
	require.Equal(t, "1", testenv.Scalar[string](t, p.url, `select registry_number from engineers`))
}

// The staged rows of closed runs are removed, except those of runs awaiting approval.
func TestStagedRowsOfClosedRunsAreRemoved(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := newPlatform(t)
	content := files(t, row(1), row(2))
	acts := p.registry(serve(t, func(name string) []byte { return content[name] }))
	for _, status := range []string{"failed", "completed", "held", "running"} {
		run, _ := compareNext(t, acts)
		if status != "running" {
			testenv.Exec(t, p.url, `update registry_runs set status = $1, ended_at = now() where id = $2`, status, run)
		}
		testenv.Exec(t, p.url, `update registry_runs set as_of = null`) // so that the snapshot still counts as new
	}
	fetched, err := acts.FetchSnapshot(t.Context())
	require.NoError(t, err)
	require.NoError(t, acts.StageSnapshot(t.Context(), uuid.NewString(), fetched.Manifest), "a run without a report")
	require.NoError(t, acts.RemoveOldSnapshots(t.Context()))
	for _, table := range []string{"registry_staging", "registry_changes"} {
		left := testenv.Column[string](t, p.url, `select distinct coalesce(r.status, 'unknown') from `+table+` s left join registry_runs r on r.id = s.run_id order by 1`)
		require.Equal(t, []string{"held", "running"}, left, table)
	}
}

// The files of all old snapshots are removed, also the newest of many.
func TestOldSnapshotsAreRemoved(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := newPlatform(t)
	keep := func(content string, age time.Duration, status string) (hash string) {
		sum := sha256.Sum256([]byte(content))
		hash = hex.EncodeToString(sum[:])
		require.NoError(t, p.files.PutSnapshot(t.Context(), hash, strings.NewReader(content), int64(len(content))))
		at := time.Now().Add(-age)
		testenv.Exec(t, p.url, `insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at, sha256)
			values (gen_random_uuid(), 'w', 'r', $1, $2, $2, $3)`, status, at, hash)
		return hash
	}
	const day = 24 * time.Hour
	testenv.Exec(t, p.url, `insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at, sha256)
		select gen_random_uuid(), 'w', 'r', 'completed', now() - make_interval(days => 40 + n), now(), encode(sha256(n::text::bytea), 'hex')
		from generate_series(1, 2000) n`)
	gone := []string{keep("a", 31*day, "completed"), keep("b", 32*day, "failed")}
	stay := []string{keep("c", 29*day, "completed"), keep("d", 60*day, "held"), keep("e", 60*day, "completed")}
	testenv.Exec(t, p.url, `insert into registry_snapshots (id, as_of, rows, sha256) values (gen_random_uuid(), now(), 1, $1)`, stay[2])
	require.NoError(t, p.registry("http://127.0.0.1:1").RemoveOldSnapshots(t.Context()))
	for _, hash := range gone {
		_, err := p.files.OpenSnapshot(t.Context(), hash)
		require.ErrorIs(t, err, storage.ErrNotFound)
	}
	for _, hash := range stay {
		body, err := p.files.OpenSnapshot(t.Context(), hash)
		require.NoError(t, err)
		require.NoError(t, body.Close())
	}
}

// A second report of a missed run returns the same, and the moderators are notified once.
func TestMissedRunReportIsIdempotent(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := newPlatform(t)
	acts := p.registry("")
	due := time.Now().Add(-time.Hour).Truncate(time.Second)
	owner := activities.RunOwner{WorkflowID: "missed", WorkflowRunID: "r"}
	for range 2 {
		missed, err := acts.ReportMissed(t.Context(), owner, due)
		require.NoError(t, err)
		require.True(t, missed)
	}
	for _, table := range []string{"notifications", "registry_runs"} {
		require.Equal(t, 1, testenv.Scalar[int](t, p.url, `select count(*)::int from `+table), table)
	}
}

// A run counts as missed unless another run was in progress or began around the scheduled time.
func TestRunsThatCountForTheSchedule(t *testing.T) {
	acceptance.Covers(t, "S-18")
	due := time.Now().Add(-time.Hour).Truncate(time.Second)
	at := func(d time.Duration) *time.Time { t := due.Add(d); return &t }
	for _, c := range []struct {
		name     string
		status   string
		began    time.Duration
		ended    *time.Time
		operator string
		missed   bool
	}{
		{"вовремя", "completed", time.Second, at(time.Minute), "", false},
		{"часы отстают", "completed", -200 * time.Millisecond, at(time.Minute), "", false},
		{"ещё идёт", "running", time.Second, nil, "", false},
		{"шла в это время", "noop", -2 * time.Minute, at(2 * time.Minute), "", false},
		{"задержана в это время", "held", -2 * time.Minute, at(2 * time.Minute), "", false},
		{"висит", "running", -2 * time.Minute, nil, "", true},
		{"кончилась раньше", "completed", -2 * time.Minute, at(-61 * time.Second), "", true},
		{"вчерашняя, отклонена сегодня", "rejected", -24 * time.Hour, at(time.Minute), "Дежурный", true},
		{"вчерашняя, подтверждена сегодня", "completed", -24 * time.Hour, at(time.Minute), "Дежурный", true},
		{"вчерашняя пропущена", "missed", -24 * time.Hour, at(-23 * time.Hour), "", true},
	} {
		p := newPlatform(t)
		testenv.Exec(t, p.url, `insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at, operator)
			values (gen_random_uuid(), 'w', 'r', $1, $2, $3, $4)`, c.status, due.Add(c.began), c.ended, c.operator)
		missed, err := p.registry("").ReportMissed(t.Context(), activities.RunOwner{}, due)
		require.NoError(t, err)
		require.Equal(t, c.missed, missed, c.name)
	}
}

// The notification count of a sync run does not overwrite the report of a run that an operator has
// confirmed in the meantime.
func TestNotificationCountKeepsConfirmedReports(t *testing.T) {
	acceptance.Covers(t, "S-18")
	p := newPlatform(t)
	acts := p.registry("")
	for status, notified := range map[string]int{"held": 3, "failed": 3, "rejected": 3, "superseded": 3, "completed": 7, "running": 7} {
		run := uuid.New()
		testenv.Exec(t, p.url, `insert into registry_runs (id, workflow_id, workflow_run_id, status, started_at, ended_at, notified)
			values ($1, 'w', 'r', $2, now(), case when $2 <> 'running' then now() end, 7)`, run, status)
		require.NoError(t, acts.ReportNotified(t.Context(), workflowapi.RegistryReport{RunID: run.String(), Notified: 3}))
		require.Equal(t, notified, testenv.Scalar[int](t, p.url, `select notified from registry_runs where id = $1`, run), status)
	}
}

// A server that declares the file's own compression as a content encoding does not change the file.
func TestCompressedFileIsNotDecompressed(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-4")
	p := newPlatform(t)
	content := files(t, row(1))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".gz") {
			w.Header().Set("Content-Encoding", "gzip")
		}
		_, _ = w.Write(content[path.Base(r.URL.Path)])
	}))
	defer server.Close()
	_, err := p.registry(server.URL).FetchSnapshot(t.Context())
	require.NoError(t, err)
}
