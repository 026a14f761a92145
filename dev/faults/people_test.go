package faults

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/dev/browser"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/workflowapi"
)

const (
	orders    = 200
	engineers = 20
	// inRegistry is large enough that the loss of one engineer stays below the loss limit.
	inRegistry = 60
)

// person is a signed-in person whose browser retries.
type person struct {
	actor order.Actor
	browser.Browser
}

// people are the customers, one for each order, and the engineers.
type people struct {
	customers []person
	engineers []person
	orders    []uuid.UUID
}

// rivals returns the two engineers who take part in an order.
func (p *people) rivals(i int) [2]person {
	return [2]person{p.engineers[i%engineers], p.engineers[(i+7)%engineers]}
}

func snils(i int) string { return fmt.Sprintf("100-000-%03d 00", i) }

// registryRows returns the rows of all engineers in the registry.
func registryRows() (rows []registry.Row) {
	for i := range inRegistry {
		rows = append(rows, registry.Row{
			RegistryNumber: fmt.Sprintf("%05d", i+1), SNILS: snils(i), LastName: "Фамилия", FirstName: "Имя",
			SROName: "СРО", SRONumber: "001", SROIn: registry.NewDate(2020, 1, 1), Status: registry.StatusActive,
		})
	}
	return rows
}

// populate syncs the engineers from the registry, signs everybody in and creates the orders, all
// published.
func (p *platform) populate(t *testing.T) {
	t.Helper()
	require.Equal(t, "completed", p.registryRun(t, p.beginRegistryRun(t)))
	for i := range engineers {
		p.people.engineers = append(p.people.engineers, p.engineer(t, snils(i)))
	}
	for range orders {
		p.people.customers = append(p.people.customers, p.customer(t))
	}
	require.NoError(t, p.people.customers[0].Consent(t.Context(), p.database))
	p.createOrders(t)
}

// scalar reads one value.
func scalar[T any](t *testing.T, database *sql.DB, query string, args ...any) (value T) {
	t.Helper()
	require.NoError(t, database.QueryRowContext(t.Context(), query, args...).Scan(&value), query)
	return value
}

// lockTable blocks writes to a table, but not reads, until release or the end of the database's
// process.
func (p *platform) lockTable(t *testing.T, table string) (release func()) {
	t.Helper()
	tx, err := p.database.BeginTx(context.WithoutCancel(t.Context()), nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(), `lock table `+table+` in share row exclusive mode`)
	require.NoError(t, err)
	release = sync.OnceFunc(func() { _ = tx.Rollback() })
	t.Cleanup(release)
	return release
}

// waiting counts the sessions that wait for a lock on a table.
func (p *platform) waiting(t *testing.T, table string) int {
	t.Helper()
	return scalar[int](t, p.database, `select count(*) from pg_locks where relation = $1::regclass and not granted`, table)
}

func (p *platform) customer(t *testing.T) person {
	t.Helper()
	who, err := browser.NewCustomer(t.Context(), p.database)
	require.NoError(t, err)
	return p.signedIn(t, who)
}

func (p *platform) engineer(t *testing.T, snils string) person {
	t.Helper()
	id := scalar[uuid.UUID](t, p.database, `select id from engineers where snils = $1`, snils)
	who, err := browser.NewEngineer(t.Context(), p.database, id)
	require.NoError(t, err)
	return p.signedIn(t, who)
}

func (p *platform) signedIn(t *testing.T, who order.Actor) person {
	t.Helper()
	token, err := browser.SignIn(t.Context(), p.database, who)
	require.NoError(t, err)
	return person{actor: who, Browser: browser.Browser{URL: p.urls[0], Session: token, HTTP: p.patient}}
}

func (p *platform) createOrders(t *testing.T) {
	t.Helper()
	p.people.orders = make([]uuid.UUID, orders)
	began := time.Now()
	each(orders, clients, func(i int) {
		by := p.people.customers[i]
		key := uuid.NewString()
		p.people.orders[i] = workflowapi.NewOrderID(by.actor, key)
		p.send(t, &message{by: by, order: p.people.orders[i], kind: order.Create, key: key, path: "/api/orders"})
		p.send(t, p.newMessage(by, i, order.Publish, terms(30), form()))
	})
	p.logf("%d orders published in %.0f s", orders, time.Since(began).Seconds())
}

// beginRegistryRun starts a sync run as an operator would, and returns the number of runs before
// it.
func (p *platform) beginRegistryRun(t *testing.T) (before int) {
	t.Helper()
	before = scalar[int](t, p.database, `select count(*) from registry_runs where status <> 'running'`)
	handle := p.client.ScheduleClient().GetHandle(t.Context(), workflowapi.RegistrySchedule)
	// A run's row ends a little before its workflow, and the schedule skips a trigger meanwhile.
	eventually(t, time.Minute, "the schedule has no running workflow", func() bool {
		found, err := handle.Describe(t.Context())
		return err == nil && len(found.Info.RunningWorkflows) == 0
	})
	require.NoError(t, handle.Trigger(t.Context(), client.ScheduleTriggerOptions{}))
	return before
}

// registryRun waits for the end of a sync run and returns its status.
func (p *platform) registryRun(t *testing.T, before int) string {
	t.Helper()
	eventually(t, 3*time.Minute, "the registry's run ends", func() bool {
		var ended int
		err := p.database.QueryRowContext(t.Context(), `select count(*) from registry_runs where status <> 'running'`).Scan(&ended)
		return err == nil && ended > before
	})
	return scalar[string](t, p.database, `select status from registry_runs order by started_at desc limit 1`)
}

// each calls do for 0..n-1, up to concurrency at a time.
func each(n, concurrency int, do func(int)) {
	next := make(chan int)
	done := make(chan struct{})
	for range concurrency {
		go func() {
			for i := range next {
				do(i)
			}
			done <- struct{}{}
		}()
	}
	for i := range n {
		next <- i
	}
	close(next)
	for range concurrency {
		<-done
	}
}
