package api

import (
	"io"
	"net"
	"time"
)

// What a client that is still sending may send on once it has been answered: a connection that is closed with unread bytes takes the
// answer with it, and a person would see a broken connection instead of what was wrong.
const (
	lingerTime  = 3 * time.Second
	lingerBytes = 64 << 20
)

// lingering closes connections only when their clients have stopped sending.
type lingering struct{ net.Listener }

func (l lingering) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		return lingeringConn{tcp}, err
	}
	return conn, err
}

type lingeringConn struct{ *net.TCPConn }

// Close ends what is being sent at once, and reads what still comes for a while without holding up the caller.
func (c lingeringConn) Close() error {
	if c.CloseWrite() != nil || c.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		return c.TCPConn.Close() // the client has gone
	}
	go func() {
		_, _ = io.Copy(io.Discard, io.LimitReader(c.TCPConn, lingerBytes))
		_ = c.TCPConn.Close()
	}()
	return nil
}
