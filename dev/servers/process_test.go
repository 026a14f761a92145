package servers

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/require"

	"epkr/internal/testenv"
)

// parentVariable makes the test binary the parent of one child; see parent.
const parentVariable = "EPKR_SERVERS_TEST_PARENT_LOG"

func TestMain(m *testing.M) {
	if log := os.Getenv(parentVariable); log != "" {
		parent(log)
		return
	}
	os.Exit(m.Run())
}

// parent launches a child, prints its id and waits to be killed.
func parent(log string) {
	p, err := Launch(Command{Name: "child", Path: "/bin/sleep", Args: []string{"600"}, Log: log})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(p.PID())
	<-p.Done()
}

func TestChildDiesWithAKilledParent(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), parentVariable+"="+filepath.Join(t.TempDir(), "child.log"))
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	require.NoError(t, err)
	child, err := strconv.Atoi(strings.TrimSpace(line))
	require.NoError(t, err)
	require.True(t, runs(child))

	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	testenv.Eventually(t, "the child ends", func() bool { return !runs(child) })
}

func runs(pid int) bool { return isAlive(&process.Process{Pid: int32(pid)}) }

// shell launches a script and waits until it has printed ready.
func shell(t *testing.T, script string, grace time.Duration) *Process {
	t.Helper()
	p, err := Launch(Command{
		Name: "script", Path: "/bin/sh", Args: []string{"-c", script}, Grace: grace,
		Log: filepath.Join(t.TempDir(), "script.log"),
	})
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	require.NoError(t, p.awaitReady(t.Context(), 10*time.Second, func(context.Context) error {
		if !strings.Contains(p.Tail(5), "ready") {
			return errors.New("not ready")
		}
		return nil
	}))
	return p
}

func TestStopKillsProcessThatIgnoresTheSignal(t *testing.T) {
	p := shell(t, `trap '' TERM; sleep 600 & echo child $!; echo ready; while :; do wait; done`, 50*time.Millisecond)
	_, after, found := strings.Cut(p.Tail(5), "child ")
	require.True(t, found)
	child, err := strconv.Atoi(strings.Fields(after)[0])
	require.NoError(t, err)

	p.Stop()
	require.False(t, runs(p.PID()))
	testenv.Eventually(t, "the child of the child ends", func() bool { return !runs(child) })
}

func TestStopLetsProcessExitCleanly(t *testing.T) {
	p := shell(t, `trap 'echo goodbye; exit 0' TERM; echo ready; while :; do sleep 0.05; done`, 30*time.Second)
	p.Stop()
	require.Equal(t, "exit status 0", p.End())
	require.Contains(t, p.Tail(1), "goodbye")
}

func TestExitDuringStartShowsTheLog(t *testing.T) {
	p, err := Launch(Command{
		Name: "script", Path: "/bin/sh", Args: []string{"-c", "echo the disk is full; exit 3"},
		Log: filepath.Join(t.TempDir(), "script.log"),
	})
	require.NoError(t, err)
	err = p.awaitReady(t.Context(), 10*time.Second, func(context.Context) error { return errors.New("no answer") })
	require.ErrorContains(t, err, "script ended while starting: exit status 3")
	require.ErrorContains(t, err, "the disk is full")
}

func TestPreviousLogIsKept(t *testing.T) {
	log := filepath.Join(t.TempDir(), "script.log")
	for _, text := range []string{"first", "second"} {
		p, err := Launch(Command{Name: "script", Path: "/bin/echo", Args: []string{text}, Log: log})
		require.NoError(t, err)
		<-p.Done()
	}
	previous, err := os.ReadFile(log + ".previous")
	require.NoError(t, err)
	require.Equal(t, "first\n", string(previous))
}
