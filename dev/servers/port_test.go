package servers

import (
	"net"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func occupiedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	return l.Addr().(*net.TCPAddr).Port
}

func TestPortInUseErrorNamesHolderAndVariable(t *testing.T) {
	port := occupiedPort(t)
	err := CheckPorts([]Port{{Number: port, For: "база данных", Variable: "EPKR_PORT_POSTGRES"}})
	holder := "(PID " + strconv.Itoa(os.Getpid()) + ")"
	for _, part := range []string{"порт " + strconv.Itoa(port), "база данных", "EPKR_PORT_POSTGRES", holder} {
		require.ErrorContains(t, err, part)
	}
}

func TestCheckPortsNamesEveryPortInUse(t *testing.T) {
	first, second := occupiedPort(t), occupiedPort(t)
	free, err := FreePorts(1)
	require.NoError(t, err)
	err = CheckPorts([]Port{
		{Number: first, Variable: "EPKR_PORT_FIRST"},
		{Number: free[0], Variable: "EPKR_PORT_FREE"},
		{Number: second, Variable: "EPKR_PORT_SECOND"},
	})
	require.ErrorContains(t, err, "EPKR_PORT_FIRST")
	require.ErrorContains(t, err, "EPKR_PORT_SECOND")
	require.NotContains(t, err.Error(), "EPKR_PORT_FREE")
}

// Two calls before the first ports are used must not choose the same ones. Without a memory, 40
// calls would collide almost always.
func TestFreePortsDifferAndAreFree(t *testing.T) {
	chosenBefore := map[int]bool{}
	for range 40 {
		ports, err := FreePorts(50)
		require.NoError(t, err)
		for _, port := range ports {
			require.False(t, chosenBefore[port], "%d is chosen twice", port)
			chosenBefore[port] = true
			require.NoError(t, CheckPorts([]Port{{Number: port}}))
		}
	}
}
