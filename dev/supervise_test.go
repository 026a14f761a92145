package main

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/dev/servers"
	"epkr/internal/testenv"
)

// screen is what the person sees, safe to read while it is written.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// scripted supervises one process that runs the shell script and counts its starts.
func scripted(t *testing.T, out *screen, script string, starts chan<- *servers.Process) *supervisor {
	t.Helper()
	log := filepath.Join(t.TempDir(), "worker.log")
	return newSupervisor([]service{{name: "worker"}}, func(context.Context, service) (*servers.Process, error) {
		p, err := servers.Launch(servers.Command{Name: "worker", Path: "/bin/sh", Args: []string{"-c", script}, Log: log})
		if err == nil {
			starts <- p
		}
		return p, err
	}, out)
}

func TestProcessThatDiesIsNamedWithItsLogAndStartedAgain(t *testing.T) {
	out, starts := &screen{}, make(chan *servers.Process, 100)
	s := scripted(t, out, "echo out of ideas; exit 7", starts)
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, s.startAll(ctx))
	ended := make(chan error)
	go func() { ended <- s.run(ctx, nil) }()

	testenv.Eventually(t, "the process is started again", func() bool { return len(starts) >= 2 })
	cancel()
	require.NoError(t, <-ended)
	require.Contains(t, out.String(), "worker завершился (exit status 7)")
	require.Contains(t, out.String(), "out of ideas")
}

func TestDeadServerEndsTheRunAndWhatDependsOnItIsStopped(t *testing.T) {
	starts := make(chan *servers.Process, 1)
	s := scripted(t, &screen{}, "sleep 600", starts)
	require.NoError(t, s.startAll(t.Context()))
	died := make(chan error, 1)
	died <- errors.New("сервер postgres завершился")
	require.ErrorContains(t, s.run(t.Context(), died), "postgres")
	s.stopAll()
	select {
	case <-(<-starts).Done():
	default:
		t.Fatal("the worker still runs")
	}
}
