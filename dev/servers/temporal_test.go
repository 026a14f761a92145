package servers

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"epkr/internal/testenv"
)

// Each role runs on its own host, as in a cluster. A schedule is started by the worker role, which
// needs all others.
func TestRolesOnSeparateHostsRunASchedule(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	folder := reachableFolder(t)
	ports, err := FreePorts(TemporalPorts)
	require.NoError(t, err)
	settings := localPostgres(t, folder).Settings
	settings.Root, settings.Progress, settings.TemporalPort = root, t.Output(), ports[0]
	binaries, err := settings.build(t.Context(), temporalProgram)
	require.NoError(t, err)
	environment, err := settings.prepareTemporal(t.Context(), binaries)
	require.NoError(t, err)
	var frontend string
	for i, role := range []string{"frontend", "history", "matching", "worker"} { // the order of the ports in temporalEnvironment
		host := fmt.Sprintf("127.0.1.%d", i+1)
		process, err := Launch(Command{
			Name: role, Path: filepath.Join(binaries, "server"), Args: []string{"--config-file", settings.temporalConfig(), "--allow-no-auth", "start", "--service", role},
			Env: append(slices.Clone(environment), "TEMPORAL_BROADCAST_ADDRESS="+host, "TEMPORAL_BIND_IP="+host),
			Log: filepath.Join(folder, role+".log"), Dir: folder, Grace: time.Millisecond,
		})
		require.NoError(t, err)
		t.Cleanup(process.Stop)
		// Two roles that start at the same moment may miss each other in the list of members.
		address := net.JoinHostPort(host, strconv.Itoa(ports[i]))
		require.NoError(t, process.awaitReady(t.Context(), 2*time.Minute, func(context.Context) error {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				return err
			}
			return conn.Close()
		}))
		if role == "frontend" {
			frontend = address
		}
	}
	testenv.Eventually(t, "the cluster answers", func() bool { return serve(t.Context(), frontend) == nil })
	c, err := client.DialContext(t.Context(), client.Options{HostPort: frontend, Logger: log.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	schedule, err := c.ScheduleClient().Create(t.Context(), client.ScheduleOptions{
		ID: "probe", TriggerImmediately: true, Action: &client.ScheduleWorkflowAction{Workflow: "Probe", TaskQueue: "probe"},
	})
	require.NoError(t, err)
	testenv.Eventually(t, "the worker role starts the scheduled workflow", func() bool {
		description, err := schedule.Describe(t.Context())
		return err == nil && len(description.Info.RecentActions) > 0
	})
}
