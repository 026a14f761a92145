package workflows_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/db/sqlcgen"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// gzipped returns a compressed data file of any content with a matching manifest.
func gzipped(t testing.TB, asOf time.Time, rows int, content []byte) (registry.Manifest, []byte) {
	t.Helper()
	var data bytes.Buffer
	w := gzip.NewWriter(&data)
	_, err := w.Write(content)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return manifestOf(asOf, rows, data.Bytes()), data.Bytes()
}

func manifestOf(asOf time.Time, rows int, data []byte) registry.Manifest {
	sum := sha256.Sum256(data)
	return registry.Manifest{Format: registry.FormatVersion, AsOf: asOf, Rows: rows, Files: []registry.File{{
		Name: "engineers.csv.gz", Encoding: registry.CSV, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:]),
	}}}
}

// csvText returns the uncompressed text of a valid snapshot.
func csvText(t testing.TB, asOf time.Time, rows []registry.Row) []byte {
	t.Helper()
	_, data := snapshotOf(t, asOf, rows)
	r, err := gzip.NewReader(bytes.NewReader(data))
	require.NoError(t, err)
	var out bytes.Buffer
	_, err = out.ReadFrom(r)
	require.NoError(t, err)
	return out.Bytes()
}

// An unusable snapshot changes nothing, and the report, the notification and the search attribute
// show it once.
func TestUnusableSnapshotChangesNothing(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	later := n.asOf.Add(24 * time.Hour)
	lastLine := func(b []byte) []byte { return b[bytes.LastIndexByte(bytes.TrimSpace(b), '\n')+1:] }
	cases := []struct {
		name, code string
		serve      func() (registry.Manifest, []byte)
	}{
		{"обрезан", "mismatch", func() (registry.Manifest, []byte) {
			m, data := snapshotOf(t, later, n.rows)
			return m, data[:len(data)/2]
		}},
		{"обрезан до описания", "unreadable", func() (registry.Manifest, []byte) {
			_, data := snapshotOf(t, later, n.rows)
			return manifestOf(later, len(n.rows), data[:len(data)/2]), data[:len(data)/2]
		}},
		{"пустой файл", "unreadable", func() (registry.Manifest, []byte) {
			return manifestOf(later, 0, []byte(" ")), []byte(" ")
		}},
		{"другая кодировка", "utf8", func() (registry.Manifest, []byte) {
			spoilt := bytes.Replace(csvText(t, later, n.rows), []byte("Фамилия"), []byte{0xd4, 0xe0, 0xec}, 1)
			return gzipped(t, later, len(n.rows), spoilt)
		}},
		{"старше прежнего", "older", func() (registry.Manifest, []byte) {
			return snapshotOf(t, n.asOf.Add(-time.Hour), n.rows[:10])
		}},
		{"из будущего", "future", func() (registry.Manifest, []byte) {
			return snapshotOf(t, time.Now().Add(2*time.Hour), n.rows)
		}},
		{"строка дважды", "duplicate", func() (registry.Manifest, []byte) {
			text := csvText(t, later, n.rows[:len(n.rows)-1])
			text = bytes.Replace(text, []byte(",199\n"), []byte(",200\n"), 1)
			return gzipped(t, later, len(n.rows), append(text, lastLine(text)...))
		}},
		{"мусор в строке", "row", func() (registry.Manifest, []byte) {
			text := csvText(t, later, n.rows)
			return gzipped(t, later, len(n.rows), bytes.Replace(text, []byte("100-000-077 00"), []byte("не СНИЛС"), 1))
		}},
		{"не хватает строк", "incomplete", func() (registry.Manifest, []byte) {
			text := csvText(t, later, n.rows)
			return gzipped(t, later, len(n.rows), text[:len(text)-len(lastLine(text))])
		}},
		{"бомба", "line_too_long", func() (registry.Manifest, []byte) {
			text := append(csvText(t, later, n.rows), make([]byte, 64<<20)...)
			return gzipped(t, later, len(n.rows), text)
		}},
		{"10 ГБ в описании", "too_large", func() (registry.Manifest, []byte) {
			m, data := snapshotOf(t, later, n.rows)
			m.Files[0].Bytes = 10 << 30
			return m, data
		}},
	}
	before := n.dataDigest()
	for i, c := range cases {
		n.source.serve(c.serve())
		run := n.startSync()
		report := n.result(run)
		require.Equal(t, workflowapi.VerdictFailed, report.Verdict, c.name)
		require.Equal(t, c.code, report.Code, c.name)
		require.Contains(t, report.Reason, "Снимок реестра", c.name)
		require.Equal(t, before, n.dataDigest(), c.name)
		require.Equal(t, i+1, n.notices(registry.AlarmFailed), c.name)
		require.Equal(t, string(registry.AlarmFailed), n.alarmOf(run.GetID()), c.name)
		row := testenv.Scalar[string](t, n.url, `select status || ' ' || code || ' ' || reason from registry_runs where id = $1`, report.RunID)
		require.Equal(t, "failed "+c.code+" "+report.Reason, row)
	}
	require.Equal(t, workflowapi.VerdictCompleted, n.publishAndSync().Verdict, "the next good snapshot is applied")
}

func (n *registryEnv) engineerColumn(row int, field string) string {
	n.t.Helper()
	return testenv.Scalar[string](n.t, n.url, `select coalesce(`+field+`::text, '') from engineers where snils = $1`, n.rows[row].SNILS)
}

func TestRegistryChangesReachTheEngineers(t *testing.T) {
	acceptance.Covers(t, "R-KPROF-4", "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	employer := uuid.New()
	testenv.Exec(t, n.url, `insert into parties (id, kind, name, ogrn, is_employer, active_engineers) values ($1, 'organisation', 'ООО', '1', true, 3)`, employer)
	testenv.Exec(t, n.url, `update engineers set form = 'employee', employer_id = $1, employment = 'confirmed' where snils = any($2)`,
		employer, []string{n.rows[0].SNILS, n.rows[1].SNILS, n.rows[2].SNILS})
	active := func() int {
		return testenv.Scalar[int](t, n.url, `select active_engineers from parties where id = $1`, employer)
	}

	gone := n.rows[1]
	n.exclude(0)
	n.rows[3].SROName, n.rows[3].SRONumber, n.rows[3].SROIn = "СРО новая", "099", registry.NewDate(2026, 1, 1)
	n.rows[4].AttestatAnnulled = registry.NewDate(2026, 1, 1)
	n.rows[5].Disciplinary = []registry.Disciplinary{{Date: registry.NewDate(2026, 1, 1), Kind: "замечание"}}
	n.rows = append(n.rows[:1], append(n.rows[2:], registryRows(engineerCount + 1)[engineerCount])...)
	report := n.publishAndSync()
	require.Equal(t, workflowapi.VerdictCompleted, report.Verdict, report.Reason)
	require.Equal(t, workflowapi.RegistryDifference{Active: 200, Added: 1, Lost: 3, Changed: 2}, report.RegistryDifference)
	require.Equal(t, "false", n.engineerColumn(0, "in_registry"))
	require.False(t, testenv.Scalar[bool](t, n.url, `select in_registry from engineers where snils = $1`, gone.SNILS), "vanished")
	require.Equal(t, "true СРО новая", n.engineerColumn(2, "in_registry || ' ' || sro"), "another СРО the same day keeps the status")
	require.Equal(t, "false", n.engineerColumn(3, "in_registry"), "annulled attestat")
	require.Equal(t, "замечание", n.engineerColumn(4, "registry_entry->'disciplinary'->0->>'kind'"))
	require.Equal(t, 1, active(), "the employer's active engineers are recounted")

	n.restore(0)
	gone.RegistryNumber = "77777"
	n.rows = append(n.rows, gone)
	report = n.publishAndSync()
	require.Equal(t, 2, report.Restored)
	require.Equal(t, "true 77777", testenv.Scalar[string](t, n.url,
		`select in_registry || ' ' || registry_number from engineers where snils = $1`, gone.SNILS), "restored under another number")
	require.Equal(t, engineerCount+1, testenv.Scalar[int](t, n.url, `select count(*)::int from engineers`), "СНИЛС is the identity")
	require.Equal(t, 3, active())

	require.Equal(t, workflowapi.VerdictNoop, n.sync().Verdict, "an equal date")
	report = n.publishAndSync()
	require.Equal(t, workflowapi.RegistryDifference{Active: 200}, report.RegistryDifference, "an unchanged snapshot")
	require.Zero(t, testenv.Scalar[int](t, n.url, `select count(*)::int from notifications where role = 'moderator'`))
}

func TestOrdersFollowTheRegistry(t *testing.T) {
	acceptance.Covers(t, "R-SUSP-1", "S-16", "S-17", "S-18", "B-4")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer, other := n.customer(), n.engineerOf(7), n.engineerOf(8)
	working := n.orderInWork(customer, engineer)
	untouched := n.orderInWork(customer, other)
	paying := n.orderInWork(customer, engineer)
	paying.delivered(customer, engineer)
	choosing, offering := n.create(customer), n.create(customer)
	choosing.toSelection(customer)
	choosing.requireApplied(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
	choosing.requireApplied(other, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
	offering.toSelection(customer)
	offering.requireApplied(customer, order.OfferOrder, order.EngineerChoice{Engineer: engineer.Party}, nil, order.Selection)
	recorded := working.rowState()
	before, _ := recorded.NextDue()

	n.exclude(7)
	report := n.publishAndSync()
	require.Equal(t, workflowapi.VerdictCompleted, report.Verdict, report.Reason)
	require.Equal(t, 4, report.Notified)
	working.waitStage(order.Suspended)
	testenv.Eventually(t, "the hold on the order in payment", func() bool { return paying.holdCount() == 1 })
	require.Equal(t, string(order.Payment), paying.shownStage())
	testenv.Eventually(t, "the removal of the response", func() bool { return len(choosing.rowState().Responses) == 1 })
	testenv.Eventually(t, "the removal of the offer", func() bool { return offering.rowState().Offer == nil })
	choosing.requireRefused(customer, order.Choose, order.EngineerChoice{Engineer: engineer.Party}, nil, order.CodeNoResponse)
	require.Equal(t, string(order.Work), untouched.shownStage())
	paying.paid(customer, engineer)

	require.Zero(t, n.sync().Notified, "no order is notified twice")
	n.restore(7)
	report = n.publishAndSync()
	require.Equal(t, 1, report.Notified, "the completed order is not notified")
	working.waitStage(order.Work)
	recorded = working.rowState()
	after, _ := recorded.NextDue()
	require.Equal(t, before.ID, after.ID)
	require.Equal(t, 1, testenv.Scalar[int](t, n.url, `select count(*)::int from notifications where order_id = $1 and kind = $2 and role = 'customer'`,
		working.id, string(order.NoticeResumed)))
}

// blockedClient is a client whose signals to orders fail until opened is set.
type blockedClient struct {
	client.Client
	opened atomic.Bool
	tried  atomic.Int64
}

func (d *blockedClient) SignalWorkflow(ctx context.Context, workflowID, runID, signal string, arg any) error {
	if d.tried.Add(1); !d.opened.Load() {
		return errors.New("the signal could not be sent")
	}
	return d.Client.SignalWorkflow(ctx, workflowID, runID, signal, arg)
}

// A run that dies after applying and before notifying leaves an order without the new status. The
// next run notifies it although its snapshot contains nothing new.
func TestMissedOrderIsNotifiedByTheNextRun(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer := n.customer(), n.engineerOf(7)
	o := n.orderInWork(customer, engineer)

	n.queue = testenv.TaskQueue(t)
	deaf := &blockedClient{Client: n.temporal}
	n.startRegistryWorker(deaf)
	n.exclude(7)
	n.publish()
	dying := n.startSync()
	testenv.Eventually(t, "a signal tried", func() bool { return deaf.tried.Load() > 0 })
	require.NoError(t, n.temporal.TerminateWorkflow(t.Context(), dying.GetID(), "", "убит"))
	require.Equal(t, "false", n.engineerColumn(7, "in_registry"), "applied")
	require.Equal(t, string(order.Work), o.shownStage(), "and not notified")

	deaf.opened.Store(true)
	report := n.sync()
	require.Equal(t, workflowapi.VerdictNoop, report.Verdict)
	require.Equal(t, 1, report.Notified)
	o.waitStage(order.Suspended)
	require.Equal(t, 1, n.notices(registry.AlarmFailed), "the terminated run is reported once")
	require.Equal(t, "terminated", testenv.Scalar[string](t, n.url, `select code from registry_runs where status = 'failed'`))
	for _, text := range []string{
		registry.AlarmFailed.Text(), testenv.Scalar[string](t, n.url, `select reason from registry_runs where status = 'failed'`),
	} {
		require.Contains(t, strings.ToLower(text), "что она успела применить, осталось", "the text does not claim that nothing has changed")
	}
}

// interruptedClient is a client for a worker whose first try at a page fails once the first order
// has recorded its message.
type interruptedClient struct {
	client.Client
	answered func(uuid.UUID) bool
	tried    atomic.Int64
	page     int64
	halted   chan struct{}
}

func (o *interruptedClient) SignalWorkflow(ctx context.Context, workflowID, runID, signal string, arg any) error {
	switch n := o.tried.Add(1); {
	case n == 1:
		defer close(o.halted)
		err := o.Client.SignalWorkflow(ctx, workflowID, runID, signal, arg)
		if m := arg.(order.Message); err == nil && !o.answered(uuid.MustParse(m.ID)) {
			err = errors.New("the order does not answer")
		}
		return err
	case n <= o.page:
		<-o.halted
		return errors.New("the worker dies")
	default:
		return o.Client.SignalWorkflow(ctx, workflowID, runID, signal, arg)
	}
}

// A retried page also counts the orders that the first try notified.
func TestRetriedPageCountsEveryOrder(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer := n.customer(), n.engineerOf(7)
	var lives []*testOrder
	for range 3 {
		lives = append(lives, n.orderInWork(customer, engineer))
	}
	n.queue = testenv.TaskQueue(t)
	orders := &interruptedClient{Client: n.temporal, answered: lives[0].waitAnswered, page: int64(len(lives)), halted: make(chan struct{})}
	n.startRegistryWorker(orders)
	n.exclude(7)
	report := n.publishAndSync()
	require.Equal(t, workflowapi.VerdictCompleted, report.Verdict)
	require.Equal(t, int64(2*len(lives)-1), orders.tried.Load(), "the first order has recorded it and is not notified again")
	require.Equal(t, len(lives), report.Notified)
	require.Zero(t, report.Skipped)
	for _, o := range lives {
		o.waitStage(order.Suspended)
	}
}

func TestNotificationContinuesAfterAWorkerStops(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer := n.customer(), n.engineerOf(7)
	o := n.orderInWork(customer, engineer)
	n.queue = testenv.TaskQueue(t)
	deaf := &blockedClient{Client: n.temporal}
	first := n.startRegistryWorker(deaf)
	n.exclude(7)
	n.publish()
	run := n.startSync()
	testenv.Eventually(t, "a signal tried", func() bool { return deaf.tried.Load() > 0 })
	first.Stop()
	n.startRegistryWorker(n.temporal)
	report := n.result(run)
	require.Equal(t, workflowapi.VerdictCompleted, report.Verdict)
	require.Equal(t, 1, report.Notified)
	o.waitStage(order.Suspended)
}

// A run waits while another one is in progress, however it was started.
func TestTwoRunsDoNotOverlap(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer := n.customer(), n.engineerOf(7)
	o := n.orderInWork(customer, engineer)
	n.queue = testenv.TaskQueue(t)
	deaf := &blockedClient{Client: n.temporal}
	n.startRegistryWorker(deaf)
	n.exclude(7)
	n.publish()
	first := n.startSync()
	testenv.Eventually(t, "the first run to notify orders", func() bool { return deaf.tried.Load() > 0 })
	second := n.startSync()
	testenv.Eventually(t, "the second run to wait", func() bool {
		found, err := n.temporal.DescribeWorkflowExecution(t.Context(), second.GetID(), "")
		return err == nil && len(found.GetPendingActivities()) == 1 && found.GetPendingActivities()[0].GetAttempt() > 1
	})
	require.Equal(t, 1, testenv.Scalar[int](t, n.url, `select count(*)::int from registry_runs where status = 'running'`))
	deaf.opened.Store(true)
	require.Equal(t, workflowapi.VerdictCompleted, n.result(first).Verdict)
	require.Equal(t, workflowapi.VerdictNoop, n.result(second).Verdict)
	o.waitStage(order.Suspended)
	require.Equal(t, 1, testenv.Scalar[int](t, n.url, `select count(*)::int from order_messages where order_id = $1 and kind = 'registry-status'`, o.id))
}

// An order that takes an engineer and the snapshot that loses him lock the same row: in either
// sequence the order is suspended or loses him.
func TestEngineerLostWhileBeingTakenOn(t *testing.T) {
	acceptance.Covers(t, "S-18")
	t.Parallel()
	n := newRegistryEnv(t)
	customer, engineer := n.customer(), n.engineerOf(7)
	// Each takes an order to the message that needs the engineer's status, and returns that
	// message.
	ways := map[string]func(*testOrder) (order.Actor, order.Kind, any){
		"выбирают": func(o *testOrder) (order.Actor, order.Kind, any) {
			o.requireApplied(engineer, order.Respond, order.Bid{Price: price, TermDays: 20}, nil, order.Selection)
			return customer, order.Choose, order.EngineerChoice{Engineer: engineer.Party}
		},
		"принимает": func(o *testOrder) (order.Actor, order.Kind, any) {
			o.requireApplied(customer, order.OfferOrder, order.EngineerChoice{Engineer: engineer.Party}, nil, order.Selection)
			return engineer, order.AcceptOffer, order.Revised{Revision: 1}
		},
		"отправляет договор": func(o *testOrder) (order.Actor, order.Kind, any) {
			o.toContracting(customer, engineer)
			return engineer, order.SendContract, withoutAdvance.terms(o, engineer)
		},
	}
	for name, way := range ways {
		for _, actFirst := range []bool{true, false} {
			n.restore(7)
			require.Equal(t, workflowapi.VerdictCompleted, n.publishAndSync().Verdict)
			o := n.create(customer)
			o.toSelection(customer)
			by, kind, details := way(o)
			n.exclude(7)
			n.publish()
			free := n.lockEngineer(engineer)
			var id uuid.UUID
			var run client.WorkflowRun
			steps := []func(){func() { id = o.send(by, kind, details, nil) }, func() { run = n.startSync() }}
			if !actFirst {
				steps[0], steps[1] = steps[1], steps[0]
			}
			for i, step := range steps {
				step()
				n.waitForLocks(i + 1)
			}
			recordedFirst := n.recordingWaitsFirst()
			free()
			require.Equal(t, workflowapi.VerdictCompleted, n.result(run).Verdict)
			verdict := o.verdict(id)
			testenv.Eventually(t, name+": the engineer to be removed or the order suspended, after "+verdict, func() bool {
				s := o.rowState()
				return s.Suspended() || s.Performer == nil && len(s.Responses) == 0 && s.Offer == nil
			})
			if recordedFirst {
				require.Equal(t, "applied", verdict, name)
			} else {
				require.NotEqual(t, "applied", verdict, name)
			}
		}
	}
}

// lockEngineer locks the engineer's row until the returned function is called.
func (n *registryEnv) lockEngineer(engineer order.Actor) (free func()) {
	n.t.Helper()
	locked, release, over := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		over <- n.store.InTx(n.t.Context(), func(q *sqlcgen.Queries) error {
			_, err := q.LockEngineers(n.t.Context(), []uuid.UUID{uuid.MustParse(engineer.Party)})
			close(locked)
			<-release
			return err
		})
	}()
	<-locked
	return func() {
		close(release)
		require.NoError(n.t, <-over)
	}
}

// waitForLocks waits until at least count connections to the test's database wait for a lock.
func (n *registryEnv) waitForLocks(count int) {
	n.t.Helper()
	testenv.Eventually(n.t, "connections to wait for the engineer's row", func() bool {
		return testenv.Scalar[int](n.t, n.url, `select count(*)::int from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock'`) >= count
	})
}

// recordingWaitsFirst reports whether an order's recording has waited longest for the engineer's
// row. It need not be the one that started first: its tries are short, and a new try loses the
// place.
func (n *registryEnv) recordingWaitsFirst() bool {
	n.t.Helper()
	return testenv.Scalar[bool](n.t, n.url, `select query like '%EngineerFacts%' from pg_stat_activity join pg_locks using (pid)
		where datname = current_database() and not granted order by waitstart limit 1`)
}
