// Package connections ends connections whose client stops reading, and lets what he still sends run out.
package connections

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"
)

// What a client that is still sending may send on once it has been answered: a connection that is closed with unread bytes takes the
// answer with it, and a person would see a broken connection instead of what was wrong.
const (
	lingerTime  = 3 * time.Second
	lingerBytes = 64 << 20
)

const (
	// StallTime is how long a client may take none of what is written to it. An answer or a stream may take any time as long as it moves.
	StallTime = 30 * time.Second
	// writeAtOnce is how much a client has to take within stallTime.
	writeAtOnce = 32 << 10
)

// Listener gives connections that end when their client stops reading, and that close only when he has stopped sending.
type Listener struct {
	net.Listener
	Stall          time.Duration
	Opened, Closed func()
	// Admits says whether an address may open one more; left takes it back.
	Admits func(netip.Addr) bool
	Left   func(netip.Addr)
}

// Accept gives the next connection that is admitted.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		tcp, ok := c.(*net.TCPConn)
		if !ok {
			return c, err //nolint:wrapcheck // the server compares it
		}
		from := remoteAddress(tcp.RemoteAddr())
		if !l.Admits(from) {
			_ = tcp.Close()
			continue
		}
		l.Opened()
		return &Conn{TCPConn: tcp, stall: l.Stall, closed: sync.OnceFunc(func() { l.Closed(); l.Left(from) })}, err
	}
}

// Conn is one client's. Its server answers one request after the other.
type Conn struct {
	*net.TCPConn
	stall  time.Duration
	closed func()

	mu sync.Mutex
	// written is called once, when the answer in hand has been written whole or the connection ends.
	written func()
}

// OnWritten has done called when the answer that a handler has just given is written, or cannot be.
func (c *Conn) OnWritten(done func()) {
	c.answered()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.written = done
}

func (c *Conn) answered() {
	c.mu.Lock()
	done := c.written
	c.written = nil
	c.mu.Unlock()
	if done != nil {
		done()
	}
}

// Read after a handler's end is for the next request: the answer before it is written.
func (c *Conn) Read(p []byte) (int, error) {
	c.answered()
	n, err := c.TCPConn.Read(p)
	if err != nil {
		return n, err //nolint:wrapcheck // the server compares it
	}
	return n, nil
}

// Write gives up when the client takes nothing for a while. The time begins anew with each part, so that a slow line is no fault.
func (c *Conn) Write(p []byte) (written int, err error) {
	for len(p) > 0 {
		if err := c.SetWriteDeadline(time.Now().Add(c.stall)); err != nil {
			return written, fmt.Errorf("limiting a write: %w", err)
		}
		n, err := c.TCPConn.Write(p[:min(len(p), writeAtOnce)])
		written += n
		if err != nil {
			return written, err //nolint:wrapcheck // the server compares it
		}
		p = p[n:]
	}
	return written, nil
}

// ReadFrom hides the one of TCP, which would write without a limit.
func (c *Conn) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(struct{ io.Writer }{c}, r)
	if err != nil {
		return n, fmt.Errorf("writing to a client: %w", err)
	}
	return n, nil
}

// Close ends what is being sent at once, and reads what still comes for a while without holding up the caller.
func (c *Conn) Close() error {
	c.answered()
	c.closed()
	if c.CloseWrite() != nil || c.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		return c.TCPConn.Close() // the client has gone
	}
	go func() {
		_, _ = io.Copy(io.Discard, io.LimitReader(c.TCPConn, lingerBytes))
		_ = c.TCPConn.Close()
	}()
	return nil
}
