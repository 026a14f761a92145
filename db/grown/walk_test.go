// Package grown_test runs every query of the platform on a database of the size of several years,
// with EPKR_GROWN=1 (`make test-grown`).
package grown_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"epkr/db/grown"
	"epkr/db/sqlcgen"
	"epkr/internal/testenv"
)

const (
	// large is the number of rows from which a table must not be read completely.
	large = 10_000
	// slow is the limit of processor time for a query, in the best of several tries, on a machine
	// that runs the yardstick in yardstickTime. On a slower machine, and on one that is busy, which
	// makes every instruction slower, the limit grows with the time of the yardstick.
	slow  = 50 * time.Millisecond
	tries = 12
	// yardstick is a query whose processor time depends only on the machine.
	yardstick     = "select count(distinct md5(n::text)) from generate_series(1, 20000) as n"
	yardstickTime = 40 * time.Millisecond
)

// exemption is the reason why a query may exceed the limits.
type exemption struct {
	// whole is why it may read a large table completely, long why it may exceed the time limit;
	// empty means that it may not.
	whole, long string
	// sometimes means that the plan depends on whether Postgres has analysed what was just written.
	sometimes bool
}

// No query scans a large table sequentially or exceeds the time limit, whether Postgres uses a
// custom or a generic plan, with every set of arguments. This includes the statements inside
// functions and triggers that the query runs.
func TestEveryQueryUsesIndexesOnAGrownDatabase(t *testing.T) {
	if os.Getenv("EPKR_GROWN") == "" {
		t.Skip("make test-grown runs it")
	}
	address := testenv.Database(t)
	require.NoError(t, grown.Fill(t.Context(), address))
	walk, names := arguments(t, address), queries(t)
	for name := range walk {
		require.Contains(t, names, name, "no query has this name: remove its arguments")
	}
	for name := range exemptions {
		require.Contains(t, names, name, "no query has this name: remove the exemption")
	}
	watched := newPlanRecorder(t, address)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			require.NotEmpty(t, walk[name], "a new query needs arguments in arguments_test.go")
			var longest time.Duration
			var whole bool
			for i, arguments := range walk[name] {
				for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
					used, read := watched.run(t, name, mode, arguments)
					longest, whole = max(longest, used), whole || len(read) > 0
					if used >= slow && exemptions[name].long == "" {
						t.Errorf("arguments %d, %s: takes %v", i+1, mode, used)
					}
					if len(read) > 0 && exemptions[name].whole == "" {
						t.Errorf("arguments %d, %s: reads completely\n%s", i+1, mode, strings.Join(read, "\n"))
					}
				}
			}
			// An exemption that is not needed fails the test, because it would hide a later
			// regression. This also shows that the recorder sees sequential scans at all.
			if exemptions[name].whole != "" && !whole && !exemptions[name].sometimes {
				t.Errorf("reads no large table completely: remove the exemption (%s)", exemptions[name].whole)
			}
			if exemptions[name].long != "" && longest < slow/5 {
				t.Errorf("takes only %v: remove the exemption (%s)", longest, exemptions[name].long)
			}
		})
	}
}

var named = regexp.MustCompile(`(?m)^-- name: (\w+) :\w+`)

// queries returns the names of all queries from which code is generated.
func queries(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../queries/*.sql")
	require.NoError(t, err)
	var names []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, match := range named.FindAllStringSubmatch(string(text), -1) {
			names = append(names, match[1])
		}
	}
	require.NotEmpty(t, names)
	return names
}

// planRecorder runs queries on a connection that reports the plan of every statement, including
// those inside functions and triggers.
type planRecorder struct {
	conn       *pgx.Conn
	large      map[string]bool
	statements []statement
	used       time.Duration
}

// statement is an executed statement with its plan, as auto_explain reports it.
type statement struct {
	Text string `json:"Query Text"`
	Plan node
}

type node struct {
	Type     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Loops    float64 `json:"Actual Loops"`
	Plans    []node
}

func newPlanRecorder(t *testing.T, address string) *planRecorder {
	t.Helper()
	w := &planRecorder{large: map[string]bool{}}
	for _, table := range testenv.Column[string](t, address, `select relname::text from pg_class where relkind = 'r' and reltuples > $1`, large) {
		w.large[table] = true
	}
	config, err := pgx.ParseConfig(address)
	require.NoError(t, err)
	config.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) {
		var user, system float64
		if _, err := fmt.Sscanf(strings.TrimPrefix(notice.Detail, "! system usage stats:\n!\t"), "%f s user, %f s system", &user, &system); err == nil {
			w.used += time.Duration((user + system) * float64(time.Second))
		}
		if _, plan, found := strings.Cut(notice.Message, " plan:\n"); found {
			var s statement
			if err := json.Unmarshal([]byte(plan), &s); err != nil {
				t.Errorf("an explained statement: %v", err)
			}
			w.statements = append(w.statements, s)
		}
	}
	w.conn, err = pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { _ = w.conn.Close(context.Background()) })
	// Parallel workers are disabled, because the server counts their time separately.
	_, err = w.conn.Exec(t.Context(), `load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
		set auto_explain.log_analyze = on; set auto_explain.log_timing = off; set auto_explain.log_format = json; set auto_explain.log_level = notice;
		set client_min_messages = log; set log_executor_stats = on; set max_parallel_workers_per_gather = 0`)
	require.NoError(t, err)
	return w
}

// errUndo makes the transaction of a query roll back.
var errUndo = errors.New("undo")

// run executes the query by its generated method and rolls it back. It returns the tables that the
// query read completely and the processor time that it used; a time above the limit is converted to
// the machine of yardstickTime.
func (w *planRecorder) run(t *testing.T, name, mode string, arguments []any) (used time.Duration, read []string) {
	t.Helper()
	// Explaining takes longer than some queries, so only the first try is explained.
	w.statements = nil
	var machine time.Duration // the least time of the yardstick, if it was needed
	for try := range tries {
		err := pgx.BeginFunc(t.Context(), w.conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), "set local plan_cache_mode = "+mode); err != nil {
				return err
			}
			if try > 0 {
				if _, err := tx.Exec(t.Context(), "set local auto_explain.log_min_duration = -1"); err != nil {
					return err
				}
			}
			w.used = 0
			err := call(t.Context(), sqlcgen.New(tx), name, arguments)
			if try == 0 || w.used < used {
				used = w.used
			}
			return cmp.Or(err, errUndo)
		})
		require.ErrorIs(t, err, errUndo, "the query fails; arguments that match nothing prove nothing")
		if used < slow || exemptions[name].long != "" {
			break
		}
		if now := w.yardstick(t); try == 0 || now < machine {
			machine = now
		}
	}
	if machine > yardstickTime {
		used = time.Duration(float64(used) * float64(yardstickTime) / float64(machine))
	}
	for _, s := range w.statements {
		for _, table := range s.Plan.seqScans(w.large) {
			read = append(read, table+" in\n"+s.Text)
		}
	}
	return used, read
}

// yardstick returns the processor time that the query yardstick takes at this moment.
func (w *planRecorder) yardstick(t *testing.T) time.Duration {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), w.conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "set local auto_explain.log_min_duration = -1"); err != nil {
			return err
		}
		w.used = 0
		_, err := tx.Exec(t.Context(), yardstick)
		return err
	})
	require.NoError(t, err)
	return w.used
}

// call calls the generated method with the query's name.
func call(ctx context.Context, queries *sqlcgen.Queries, name string, arguments []any) error {
	given := []reflect.Value{reflect.ValueOf(ctx)}
	for _, a := range arguments {
		given = append(given, reflect.ValueOf(a))
	}
	answers := reflect.ValueOf(queries).MethodByName(name).Call(given)
	err, _ := answers[len(answers)-1].Interface().(error)
	return err
}

// seqScans returns the large tables that the plan has scanned sequentially.
func (n *node) seqScans(large map[string]bool) (tables []string) {
	if n.Type == "Seq Scan" && n.Loops > 0 && large[n.Relation] {
		tables = append(tables, n.Relation)
	}
	for i := range n.Plans {
		tables = append(tables, n.Plans[i].seqScans(large)...)
	}
	return tables
}
