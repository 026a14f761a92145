package faults

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/dev/stack"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/registry"
)

const (
	// messagesARound are sent during a fault; afterwards each order gets one more.
	messagesARound = 300
	uploadsARound  = 6
	// downtime is how long the database is down in the tests in which it does not restart at once.
	downtime = 20 * time.Second
)

// under runs do at a moment chosen by the seed while the orders get messages and files.
func (p *platform) under(t *testing.T, name string, do func()) {
	t.Helper()
	r := p.random(name)
	jobs := make([]func(), 0, messagesARound+uploadsARound)
	for range messagesARound {
		m := p.draw(r, r.IntN(orders))
		jobs = append(jobs, func() { p.send(t, m) })
	}
	for range uploadsARound {
		i := r.IntN(orders)
		jobs = append(jobs, func() { p.upload(t, i) })
	}
	r.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
	moment := int64(len(jobs)/10 + r.IntN(len(jobs)/2))
	var answered atomic.Int64
	var struck sync.WaitGroup
	began := time.Now()
	each(len(jobs), clients, func(i int) {
		jobs[i]()
		if answered.Add(1) == moment {
			struck.Go(do)
		}
	})
	struck.Wait()
	p.logf("%s: after %d of %d answers; all answered in %.0f s", name, moment, len(jobs), time.Since(began).Seconds())
	require.False(t, t.Failed())
}

func killTogether(parts ...*stack.Unit) {
	var all sync.WaitGroup
	for _, part := range parts {
		all.Go(part.Kill)
	}
	all.Wait()
}

// After a kill of any process, or of several together, every accepted message is decided once and
// the platform continues.
func TestKilledUnderLoad(t *testing.T) {
	acceptance.Covers(t, "B-1", "S-35")
	p := running(t)
	worker, api := p.workers[0], p.apis[0]
	rounds := []struct {
		name  string
		parts []*stack.Unit
	}{
		{"worker", []*stack.Unit{worker}},
		{"apiserver", []*stack.Unit{api}},
		{"temporal", []*stack.Unit{p.temporal}},
		{"postgres", []*stack.Unit{p.postgres}},
		{"s3", []*stack.Unit{p.s3}},
		{"worker and apiserver", []*stack.Unit{worker, api}},
		{"worker and temporal", []*stack.Unit{worker, p.temporal}},
		{"temporal and postgres", []*stack.Unit{p.temporal, p.postgres}},
		{"everything", []*stack.Unit{worker, api, p.temporal, p.postgres, p.s3}},
	}
	for _, round := range rounds {
		ok := t.Run(round.name, func(t *testing.T) {
			p.under(t, "kill "+round.name, func() { killTogether(round.parts...) })
			p.check(t)
		})
		require.True(t, ok, "later tests would depend on this state")
	}
}

// While the database is down, messages wait; none is lost or decided twice.
func TestDatabaseDownUnderLoad(t *testing.T) {
	acceptance.Covers(t, "S-35")
	p := running(t)
	p.under(t, "postgres away", func() {
		start := p.postgres.KeepDown()
		p.postgres.Kill()
		<-time.After(downtime)
		start()
	})
	p.check(t)
}

// A registry sync that is killed at each of its steps completes, and every order of the excluded
// engineer is notified.
func TestRegistrySyncKilled(t *testing.T) {
	acceptance.Covers(t, "B-4", "R-SUSP-1")
	p := running(t)
	lost := snils(0)
	_, err := p.registry.Drop([]string{lost}, registry.StatusExcluded)
	require.NoError(t, err)
	steps := []struct {
		table  string // locked to stop the run at this step
		victim *stack.Unit
		goOn   func()
	}{{"registry_changes", p.workers[0], nil}, {"registry_staging", p.temporal, nil}, {"registry_snapshots", p.postgres, nil}}
	for i := range steps {
		steps[i].goOn = p.lockTable(t, steps[i].table)
	}
	before := p.beginRegistryRun(t)
	for _, step := range steps {
		eventually(t, startLimit, "the run waits for "+step.table, func() bool { return p.waiting(t, step.table) > 0 })
		p.under(t, "sync at "+step.table+" and "+step.victim.Name, step.victim.Kill)
		step.goOn()
	}
	require.Equal(t, "completed", p.registryRun(t, before))
	require.False(t, scalar[bool](t, p.database, `select in_registry from engineers where snils = $1`, lost))
	everyOrderKnows := func() bool {
		return scalar[int](t, p.database, `select count(*) from pending_status_notifications`) == 0
	}
	eventually(t, time.Minute, "every order is notified of the exclusion", everyOrderKnows)

	_, err = p.registry.Restore(nil)
	require.NoError(t, err)
	require.Equal(t, "completed", p.registryRun(t, p.beginRegistryRun(t)))
	eventually(t, time.Minute, "every order is notified of the return", everyOrderKnows)
	require.Zero(t, scalar[int](t, p.database, `select count(*) from orders where holds <> '{}'`))
	p.check(t)
}

// backlog is how many messages each order gets while no worker runs.
const backlog = 10

// While no worker runs the API still accepts messages; they are decided later, for each order in
// the order of arrival.
func TestWorkersDown(t *testing.T) {
	acceptance.Covers(t, "S-35")
	p := running(t)
	var start []func()
	for _, w := range p.workers {
		start = append(start, w.KeepDown())
	}
	p.workers[0].Kill()
	if p.replicated {
		p.workers[1].Kill()
	}
	began := time.Now()
	sent := make([][]*message, orders)
	each(orders, orders, func(i int) {
		for n := range backlog {
			m := p.newMessage(p.people.customers[i], i, order.Amend, terms(20+n), form())
			sent[i] = append(sent[i], m)
			p.acceptOnly(t, m)
		}
	})
	require.False(t, t.Failed())
	p.logf("no worker: %d messages accepted in %.0f s", orders*backlog, time.Since(began).Seconds())

	began = time.Now()
	for _, open := range start {
		open()
	}
	each(orders, clients, func(i int) {
		for _, m := range sent[i] {
			verdict, err := p.awaitVerdict(limited(t, verdictTimeout), m)
			if m.verdict = verdict; err != nil {
				t.Errorf("%s: %v", m.id, err)
			}
		}
	})
	require.False(t, t.Failed())
	p.logf("drained in %.0f s", time.Since(began).Seconds())
	for i := range sent {
		last := 0
		for n, m := range sent[i] {
			seq := scalar[int](t, p.database, `select seq from order_messages where id = $1`, m.id)
			require.Greater(t, seq, last, "message %d of order %s was decided before an earlier one", n, m.order)
			last = seq
		}
	}
	p.check(t)
}

// With two workers and two API servers one of each may die.
func TestReplicas(t *testing.T) {
	p := running(t)
	p.replicate(t)
	p.under(t, "two of each", func() {})
	for n := range replicas {
		name := fmt.Sprintf("worker %d and apiserver %d of two", n+1, replicas-n)
		p.under(t, name, func() { killTogether(p.workers[n], p.apis[replicas-1-n]) })
	}
	p.check(t)
}
