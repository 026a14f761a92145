// Package connections closes connections whose client stops reading, and drains what a client still
// sends before closing.
package connections

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"
)

// How long and how many bytes a connection is drained after the answer. Closing a connection with
// unread bytes discards the answer, and the person would see a broken connection instead of the
// error.
const (
	lingerTime  = 3 * time.Second
	lingerBytes = 64 << 20
)

const (
	// StallTime is how long a client may read nothing of an answer. An answer or a stream may take
	// any time while the client reads.
	StallTime = 30 * time.Second
	// writeChunk is how many bytes a client has to read within StallTime.
	writeChunk = 32 << 10
)

// Listener accepts connections that close when their client stops reading, and that are drained
// before they close.
type Listener struct {
	net.Listener
	Stall          time.Duration
	Opened, Closed func()
	// Admits reports whether an address may open one more connection. Left is called when such a
	// connection closes.
	Admits func(netip.Addr) bool
	Left   func(netip.Addr)
}

// Accept returns the next admitted connection.
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

// Conn is the connection of one client. Its server handles one request after the other.
type Conn struct {
	*net.TCPConn
	stall  time.Duration
	closed func()

	mu sync.Mutex
	// written is called once, when the current answer is completely written or the connection ends.
	written func()
}

// OnWritten calls done when the current answer is written or cannot be written.
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

// Read is called for the next request, so it first reports the previous answer as written.
func (c *Conn) Read(p []byte) (int, error) {
	c.answered()
	n, err := c.TCPConn.Read(p)
	if err != nil {
		return n, err //nolint:wrapcheck // the server compares it
	}
	return n, nil
}

// Write fails when the client reads nothing for the stall time. Each chunk has its own deadline, so
// that slow connections work.
func (c *Conn) Write(p []byte) (written int, err error) {
	for len(p) > 0 {
		if err := c.SetWriteDeadline(time.Now().Add(c.stall)); err != nil {
			return written, fmt.Errorf("limiting a write: %w", err)
		}
		n, err := c.TCPConn.Write(p[:min(len(p), writeChunk)])
		written += n
		if err != nil {
			return written, err //nolint:wrapcheck // the server compares it
		}
		p = p[n:]
	}
	return written, nil
}

// ReadFrom hides TCPConn.ReadFrom, which would write without deadlines.
func (c *Conn) ReadFrom(r io.Reader) (int64, error) {
	n, err := io.Copy(struct{ io.Writer }{c}, r)
	if err != nil {
		return n, fmt.Errorf("writing to a client: %w", err)
	}
	return n, nil
}

// Close closes the sending side immediately and drains the receiving side in the background.
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
