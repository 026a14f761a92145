package servers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"sync"

	psnet "github.com/shirou/gopsutil/v4/net"
	"github.com/shirou/gopsutil/v4/process"
)

// Port is a TCP port on 127.0.0.1 for a local server.
type Port struct {
	Number int
	// For is the server's name for the person who reads the message.
	For string
	// Variable is the environment variable that changes the port.
	Variable string
}

// CheckPorts returns an error in Russian that names every port in use and the process that uses it.
func CheckPorts(ports []Port) error {
	var busy []error
	for _, p := range ports {
		if err := tryListen(p.Number); err != nil {
			busy = append(busy, fmt.Errorf(
				"порт %d (%s) занят%s; освободите его или задайте другой порт в %s: %w",
				p.Number, p.For, holder(p.Number), p.Variable, err))
		}
	}
	return errors.Join(busy...)
}

// chosen are the ports that FreePorts has returned: most of them are not in use yet.
var chosen struct {
	sync.Mutex
	ports []int
}

// FreePorts chooses n free ports in a row, none of them twice in one process. They are below the
// range of ephemeral ports, from which the kernel could otherwise take one before it is used.
func FreePorts(n int) ([]int, error) {
	const lowest, highest, tries = 15000, 32000, 2000
	chosen.Lock()
	defer chosen.Unlock()
	taken := func(port int) bool { return slices.Contains(chosen.ports, port) || tryListen(port) != nil }
	ports := make([]int, n)
	for range tries {
		first := lowest + rand.IntN(highest-lowest)
		for i := range ports {
			ports[i] = first + i
		}
		if !slices.ContainsFunc(ports, taken) {
			chosen.ports = append(chosen.ports, ports...)
			return ports, nil
		}
	}
	return nil, fmt.Errorf("no %d free ports between %d and %d", n, lowest, highest)
}

func tryListen(port int) error {
	l, err := net.Listen("tcp", local(port))
	if err != nil {
		return err
	}
	return l.Close()
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// holder names the process that listens on the port, unless the kernel does not reveal it (another
// user's process).
func holder(port int) string {
	connections, _ := psnet.Connections("tcp")
	for _, c := range connections {
		if c.Status != "LISTEN" || int(c.Laddr.Port) != port {
			continue
		}
		// The path is more specific than the name: several programs are called server.
		listener := process.Process{Pid: c.Pid}
		if program, err := listener.Exe(); err == nil {
			return fmt.Sprintf(" процессом %s (PID %d)", program, c.Pid)
		}
	}
	return ""
}
