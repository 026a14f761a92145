// Package grown_test walks every query of the platform on a database as years of work leave it, with EPKR_GROWN=1 (`make test-grown`).
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
	// large is how many rows a table has that nobody reads whole.
	large = 10_000
	// slow is what no query takes of a processor, at the best of several tries: a busy machine makes it no slower.
	slow  = 50 * time.Millisecond
	tries = 12
)

// excuse is why a query may do what others may not.
type excuse struct {
	// whole is why it rightly reads a large table whole, long why it may take its time; empty where it may not.
	whole, long string
}

// Whatever plan the server makes of a query, for the values at hand or once for all, it reads no large table row by row and is done soon:
// with every set of arguments, and so is every statement inside the functions and triggers that the query runs.
func TestEveryQueryIsServedByIndexesOnAGrownDatabase(t *testing.T) {
	if os.Getenv("EPKR_GROWN") == "" {
		t.Skip("make test-grown runs it")
	}
	address := testenv.Database(t)
	require.NoError(t, grown.Fill(t.Context(), address))
	walk, names := arguments(t, address), queries(t)
	for name := range walk {
		require.Contains(t, names, name, "no query has this name: remove its arguments")
	}
	for name := range excused {
		require.Contains(t, names, name, "no query has this name: remove the reason")
	}
	watched := watch(t, address)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			require.NotEmpty(t, walk[name], "a new query needs arguments in arguments_test.go")
			var longest time.Duration
			var whole bool
			for i, arguments := range walk[name] {
				for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
					used, read := watched.ask(t, name, mode, arguments)
					longest, whole = max(longest, used), whole || len(read) > 0
					if used >= slow && excused[name].long == "" {
						t.Errorf("arguments %d, %s: takes %v", i+1, mode, used)
					}
					if len(read) > 0 && excused[name].whole == "" {
						t.Errorf("arguments %d, %s: reads whole\n%s", i+1, mode, strings.Join(read, "\n"))
					}
				}
			}
			// A walk that sees nothing would find nothing, and an excuse that nothing needs hides what comes.
			if excused[name].whole != "" && !whole {
				t.Errorf("no large table is read whole: remove the excuse (%s)", excused[name].whole)
			}
			if excused[name].long != "" && longest < slow/5 {
				t.Errorf("done in %v: remove the excuse (%s)", longest, excused[name].long)
			}
		})
	}
}

var named = regexp.MustCompile(`(?m)^-- name: (\w+) :\w+`)

// queries are the names of all queries that the platform's code is generated from.
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

// watcher asks queries on a connection that tells the plan of every statement, those inside functions and triggers too.
type watcher struct {
	conn  *pgx.Conn
	large map[string]bool
	told  []statement
	used  time.Duration
}

// statement is one that ran, as the server explains it.
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

func watch(t *testing.T, address string) *watcher {
	t.Helper()
	w := &watcher{large: map[string]bool{}}
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
			w.told = append(w.told, s)
		}
	}
	w.conn, err = pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { _ = w.conn.Close(context.Background()) })
	// Without parallel workers, whose time the server counts apart.
	_, err = w.conn.Exec(t.Context(), `load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
		set auto_explain.log_analyze = on; set auto_explain.log_timing = off; set auto_explain.log_format = json; set auto_explain.log_level = notice;
		set client_min_messages = log; set log_executor_stats = on; set max_parallel_workers_per_gather = 0`)
	require.NoError(t, err)
	return w
}

// errUndo rolls back what a query has done.
var errUndo = errors.New("undo")

// ask runs the query by its generated method, and undoes what it did. It says what the query used of a processor, and what it read whole.
func (w *watcher) ask(t *testing.T, name, mode string, arguments []any) (used time.Duration, read []string) {
	t.Helper()
	// To explain takes longer than some queries do: the tries after the first one are not.
	w.told = nil
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
		require.ErrorIs(t, err, errUndo, "arguments that find nothing show nothing")
		if used < slow || excused[name].long != "" {
			break
		}
	}
	for _, s := range w.told {
		for _, table := range s.Plan.readWhole(w.large) {
			read = append(read, table+" in\n"+s.Text)
		}
	}
	return used, read
}

// call calls the method of the query's name.
func call(ctx context.Context, queries *sqlcgen.Queries, name string, arguments []any) error {
	given := []reflect.Value{reflect.ValueOf(ctx)}
	for _, a := range arguments {
		given = append(given, reflect.ValueOf(a))
	}
	answers := reflect.ValueOf(queries).MethodByName(name).Call(given)
	err, _ := answers[len(answers)-1].Interface().(error)
	return err
}

// readWhole are the large tables that the plan has read row by row.
func (n *node) readWhole(large map[string]bool) (tables []string) {
	if n.Type == "Seq Scan" && n.Loops > 0 && large[n.Relation] {
		tables = append(tables, n.Relation)
	}
	for i := range n.Plans {
		tables = append(tables, n.Plans[i].readWhole(large)...)
	}
	return tables
}
