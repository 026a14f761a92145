package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"epkr/dev/servers"
)

const (
	shortestPause = time.Second
	longestPause  = 30 * time.Second
	// steadyAfter is how long a process must have run for its next restart to
	// come at once again.
	steadyAfter = time.Minute
)

// supervisor keeps the platform's processes running and tells the person what
// happens to them. One goroutine, the one in run, changes it.
type supervisor struct {
	services []service
	launch   func(context.Context, service) (*servers.Process, error)
	out      io.Writer

	running []*servers.Process // by index of services; nil between death and restart
	started []time.Time
	pause   []time.Duration
	died    chan int
	restart chan int
}

func newSupervisor(all []service, launch func(context.Context, service) (*servers.Process, error), out io.Writer) *supervisor {
	s := &supervisor{
		services: all, launch: launch, out: out,
		running: make([]*servers.Process, len(all)), started: make([]time.Time, len(all)), pause: make([]time.Duration, len(all)),
		died: make(chan int, len(all)), restart: make(chan int, len(all)),
	}
	return s
}

// startAll starts the processes one after another.
func (s *supervisor) startAll(ctx context.Context) error {
	for i, each := range s.services {
		fmt.Fprintf(s.out, "запускаю %s…\n", each.name)
		if err := s.start(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

func (s *supervisor) start(ctx context.Context, i int) error {
	p, err := s.launch(ctx, s.services[i])
	if err != nil {
		return err
	}
	s.running[i], s.started[i] = p, time.Now()
	go func() {
		<-p.Done()
		s.died <- i
	}()
	return nil
}

// run restarts what dies until the context ends or a server dies, for which it
// returns the error.
func (s *supervisor) run(ctx context.Context, serverDied <-chan error) error {
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-serverDied:
			return err
		case i := <-s.died:
			// A signal to everything at once ends the process before this one learns of it.
			if ctx.Err() == nil {
				s.mourn(i)
			}
		case i := <-s.restart:
			if err := s.start(ctx, i); err != nil && ctx.Err() == nil {
				fmt.Fprintf(s.out, "%s не запускается: %v\n", s.services[i].name, err)
				s.scheduleRestart(i)
			}
		}
	}
}

// mourn says which process died and plans its restart.
func (s *supervisor) mourn(i int) {
	p := s.running[i]
	s.running[i] = nil
	if time.Since(s.started[i]) > steadyAfter {
		s.pause[i] = 0
	}
	fmt.Fprintf(s.out, "%s завершился (%s)\n%s\n", p.Name(), p.End(), p.Tail(20))
	s.scheduleRestart(i)
}

func (s *supervisor) scheduleRestart(i int) {
	s.pause[i] = min(max(2*s.pause[i], shortestPause), longestPause)
	fmt.Fprintf(s.out, "%s: новый запуск через %s\n", s.services[i].name, s.pause[i])
	time.AfterFunc(s.pause[i], func() { s.restart <- i })
}

// stopAll ends the processes in the reverse order.
func (s *supervisor) stopAll() {
	for i := len(s.running) - 1; i >= 0; i-- {
		if s.running[i] != nil {
			s.running[i].Stop()
		}
	}
}
