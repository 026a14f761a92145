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
	// messagesARound are sent while things die, beside the fresh one that each order gets after it.
	messagesARound = 300
	uploadsARound  = 6
	// away is how long the database is gone when it does not come back at once.
	away = 20 * time.Second
)

// under runs do while the orders get messages and files, at a moment that the seed chooses.
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
	p.say("%s: after %d of %d answers; all answered in %.0f s", name, moment, len(jobs), time.Since(began).Seconds())
	require.False(t, t.Failed())
}

func together(parts ...*stack.Unit) {
	var all sync.WaitGroup
	for _, part := range parts {
		all.Go(part.Kill)
	}
	all.Wait()
}

// Whatever is killed, and whatever together: every message that was taken over is judged once, and all goes on.
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
			p.under(t, "kill "+round.name, func() { together(round.parts...) })
			p.check(t)
		})
		require.True(t, ok, "what follows would stand on what this left")
	}
}

// The database may be away for a while: messages wait, none is lost or judged twice.
func TestDatabaseAwayUnderLoad(t *testing.T) {
	acceptance.Covers(t, "S-35")
	p := running(t)
	p.under(t, "postgres away", func() {
		start := p.postgres.KeepDown()
		p.postgres.Kill()
		<-time.After(away)
		start()
	})
	p.check(t)
}

// A night that is killed at each of its steps reads the registry to its end, and every order of the engineer whom it lost knows.
func TestRegistrySyncKilled(t *testing.T) {
	acceptance.Covers(t, "B-4", "R-SUSP-1")
	p := running(t)
	lost := snils(0)
	_, err := p.registry.Drop([]string{lost}, registry.StatusExcluded)
	require.NoError(t, err)
	steps := []struct {
		table  string // on which the night is stopped
		victim *stack.Unit
		goOn   func()
	}{{"registry_changes", p.workers[0], nil}, {"registry_staging", p.temporal, nil}, {"registry_snapshots", p.postgres, nil}}
	for i := range steps {
		steps[i].goOn = p.hold(t, steps[i].table)
	}
	before := p.beginRegistryRun(t)
	for _, step := range steps {
		eventually(t, startLimit, "the night waits for "+step.table, func() bool { return p.waiting(t, step.table) > 0 })
		p.under(t, "sync at "+step.table+" and "+step.victim.Name, step.victim.Kill)
		step.goOn()
	}
	require.Equal(t, "completed", p.registryRun(t, before))
	require.False(t, scalar[bool](t, p.database, `select in_registry from engineers where snils = $1`, lost))
	everyOrderKnows := func() bool {
		return scalar[int](t, p.database, `select count(*) from pending_status_notifications`) == 0
	}
	eventually(t, time.Minute, "every order knows that he is gone", everyOrderKnows)

	_, err = p.registry.Restore(nil)
	require.NoError(t, err)
	require.Equal(t, "completed", p.registryRun(t, p.beginRegistryRun(t)))
	eventually(t, time.Minute, "every order knows that he is back", everyOrderKnows)
	require.Zero(t, scalar[int](t, p.database, `select count(*) from orders where holds <> '{}'`))
	p.check(t)
}

// backlog is how many messages each order gets while no worker runs.
const backlog = 10

// While every worker is down the API goes on taking messages over; they are judged afterwards, each order's in its order.
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
			m := p.compose(p.people.customers[i], i, order.Amend, terms(20+n), form())
			sent[i] = append(sent[i], m)
			p.acceptOnly(t, m)
		}
	})
	require.False(t, t.Failed())
	p.say("no worker: %d messages accepted in %.0f s", orders*backlog, time.Since(began).Seconds())

	began = time.Now()
	for _, open := range start {
		open()
	}
	each(orders, clients, func(i int) {
		for _, m := range sent[i] {
			verdict, err := p.awaitVerdict(limited(t, verdictLimit), m)
			if m.verdict = verdict; err != nil {
				t.Errorf("%s: %v", m.id, err)
			}
		}
	})
	require.False(t, t.Failed())
	p.say("drained in %.0f s", time.Since(began).Seconds())
	for i := range sent {
		last := 0
		for n, m := range sent[i] {
			seq := scalar[int](t, p.database, `select seq from order_messages where id = $1`, m.id)
			require.Greater(t, seq, last, "message %d of order %s overtook the one before", n, m.order)
			last = seq
		}
	}
	p.check(t)
}

// Two workers and two API servers do the work of one, and one of each may die.
func TestReplicas(t *testing.T) {
	p := running(t)
	p.replicate(t)
	p.under(t, "two of each", func() {})
	for n := range replicas {
		name := fmt.Sprintf("worker %d and apiserver %d of two", n+1, replicas-n)
		p.under(t, name, func() { together(p.workers[n], p.apis[replicas-1-n]) })
	}
	p.check(t)
}
