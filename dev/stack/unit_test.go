package stack

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"epkr/dev/servers"
	"epkr/internal/testenv"
)

// screen collects the lines shown to a person; it is safe for concurrent use.
type screen struct {
	mu   sync.Mutex
	text string
}

func (s *screen) logf(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text += fmt.Sprintf(format, args...)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text
}

// scripted returns a unit that runs the shell script.
func scripted(t *testing.T, out *screen, script string) (u *Unit, starts <-chan *servers.Process) {
	t.Helper()
	log, started := filepath.Join(t.TempDir(), "worker.log"), make(chan *servers.Process, 100)
	return NewUnit("worker", func(context.Context) (*servers.Process, error) {
		p, err := servers.Launch(servers.Command{Name: "worker", Path: "/bin/sh", Args: []string{"-c", script}, Log: log})
		if err == nil {
			started <- p
		}
		return p, err
	}, time.Millisecond, out.logf), started
}

func TestEndedProcessIsReportedAndRestarted(t *testing.T) {
	out := &screen{}
	u, starts := scripted(t, out, "echo out of ideas; exit 7")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { u.Supervise(ctx); close(ended) }()
	testenv.Eventually(t, "the process is restarted", func() bool { return len(starts) >= 2 })
	cancel()
	<-ended
	require.Contains(t, out.String(), "worker завершился (exit status 7)")
	require.Contains(t, out.String(), "out of ideas")
	require.Positive(t, u.Ends())
	require.Zero(t, u.Kills())
}

func TestKeepDownDelaysRestart(t *testing.T) {
	out := &screen{}
	u, starts := scripted(t, out, "sleep 600")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go u.Supervise(ctx)
	require.NoError(t, u.Ready(t.Context()))
	first := <-starts
	letStart := u.KeepDown()
	u.Kill()
	require.Equal(t, "signal: killed", first.End())
	testenv.Eventually(t, "the unit registers the end", func() bool { return u.Process() == nil })
	letStart()
	require.NoError(t, u.Ready(t.Context()))
	require.Equal(t, 1, u.Kills())
	require.Zero(t, u.Ends())
	require.NotContains(t, out.String(), "завершился", "the end was intentional")
	cancel()
	require.Equal(t, "signal: terminated", u.Stop())
}

func TestOnlyTheOwnerReadsThePrivateKeys(t *testing.T) {
	keys, err := MakeKeys(t.Context(), t.TempDir())
	require.NoError(t, err)
	for _, file := range []string{keys.Platform.KeyFile, keys.ESIA.KeyFile} {
		information, err := os.Stat(file)
		require.NoError(t, err)
		require.Zero(t, information.Mode().Perm()&0o077)
	}
}

func TestDeadServerEndsTheRun(t *testing.T) {
	launch := func(name string) *servers.Process {
		p, err := servers.Launch(servers.Command{Name: name, Path: "/bin/sleep", Args: []string{"600"}, Log: filepath.Join(t.TempDir(), name+".log")})
		require.NoError(t, err)
		return p
	}
	server := launch("postgres")
	u := NewUnit("worker", nil, 0, (&screen{}).logf)
	u.Adopt(launch("worker"))
	program := u.Process()
	p := &platform{servers: &servers.Servers{Postgres: server}, units: []*Unit{u}}
	server.Kill()
	require.ErrorContains(t, <-p.servers.Died(t.Context()), "postgres")
	p.stop()
	select {
	case <-program.Done():
	default:
		t.Fatal("the worker still runs")
	}
}
