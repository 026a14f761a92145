package servers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"syscall"

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

// PortInUseError is returned when another process listens on a wanted port.
type PortInUseError struct {
	Port Port
	// Holder is the process that listens, as "program (PID n)"; empty if the kernel does not reveal
	// it (another user's process).
	Holder string
}

// Error is in Russian: the person who starts the platform reads it.
func (e *PortInUseError) Error() string {
	text := fmt.Sprintf("порт %d (%s) занят", e.Port.Number, e.Port.For)
	if e.Holder != "" {
		text += " процессом " + e.Holder
	}
	return text + "; освободите его или задайте другой порт в " + e.Port.Variable
}

// CheckPorts returns one error that names every port in use.
func CheckPorts(ports []Port) error {
	var busy []error
	for _, p := range ports {
		l, err := net.Listen("tcp", local(p.Number))
		switch {
		case err == nil:
			l.Close()
		case errors.Is(err, syscall.EADDRINUSE):
			busy = append(busy, &PortInUseError{Port: p, Holder: holder(p.Number)})
		default:
			busy = append(busy, fmt.Errorf("порт %d (%s, %s): %w", p.Number, p.For, p.Variable, err))
		}
	}
	return errors.Join(busy...)
}

// FreePorts chooses n different free ports. They are below the range of ephemeral ports, from which
// the kernel could otherwise take one before it is used.
func FreePorts(n int) ([]int, error) {
	const lowest, highest, tries = 15000, 32000, 2000
	var ports []int
	for range tries {
		if len(ports) == n {
			return ports, nil
		}
		port := lowest + rand.IntN(highest-lowest)
		l, err := net.Listen("tcp", local(port))
		if err != nil {
			continue
		}
		// Every listener stays open until all ports are chosen, so that the ports differ.
		defer l.Close()
		ports = append(ports, port)
	}
	return nil, fmt.Errorf("no %d free ports between %d and %d", n, lowest, highest)
}

func local(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }

// holder returns the process that listens on the port.
func holder(port int) string {
	connections, _ := psnet.Connections("tcp")
	for _, c := range connections {
		if c.Status != "LISTEN" || int(c.Laddr.Port) != port {
			continue
		}
		// The path is more specific than the name: several programs are called server.
		listener := process.Process{Pid: c.Pid}
		if program, err := listener.Exe(); err == nil {
			return fmt.Sprintf("%s (PID %d)", program, c.Pid)
		}
	}
	return ""
}
