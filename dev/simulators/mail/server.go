// Package mail is a mail server that delivers to nobody: it keeps letters and shows them on a page.
//
// Tests make it answer late, refuse, or break a connection.
package mail

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	// kept is how many letters the server keeps; older ones are forgotten.
	kept = 500
	// maxLetter is the size of the largest letter, in bytes.
	maxLetter = 1 << 20
)

// Step is a moment of a delivery at which the server may answer otherwise than it does by itself.
type Step string

// The steps.
const (
	Sender    Step = "sender"
	Recipient Step = "recipient"
	Content   Step = "content" // after it was read, before it is kept
	Kept      Step = "kept"    // after it was kept, before the server says so
)

// Delivery is what a step is about.
type Delivery struct {
	Step Step
	// Address is that of the sender or of the recipient.
	Address string
	// Break breaks the connection.
	Break func()
}

// Server is a mail server. Its zero value is not usable; see [New].
type Server struct {
	smtp *smtp.Server
	http *http.ServeMux

	mu      sync.Mutex
	letters []Letter
	last    int
	answer  func(Delivery) error
}

// New returns a server that accepts every letter.
func New() *Server {
	s := &Server{http: http.NewServeMux(), answer: func(Delivery) error { return nil }}
	s.smtp = smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) { return &session{server: s, conn: c}, nil }))
	s.smtp.Domain, s.smtp.MaxMessageBytes, s.smtp.ReadTimeout, s.smtp.WriteTimeout = "localhost", maxLetter, time.Minute, time.Minute
	s.routes()
	return s
}

// Answer makes the server answer each step with what the function returns: an [*smtp.SMTPError], or nil
// to go on.
func (s *Server) Answer(answer func(Delivery) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *Server) answers(d Delivery) error {
	s.mu.Lock()
	answer := s.answer
	s.mu.Unlock()
	return answer(d)
}

// Serve accepts letters at an address until stop is called. It returns the address.
func (s *Server) Serve(ctx context.Context, address string) (listening string, stop func(), err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return "", nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = s.smtp.Serve(listener) // returns when the listener is closed
	}()
	return listener.Addr().String(), func() {
		_ = s.smtp.Close()
		<-ended
	}, nil
}

// Letters returns the letters to an address, or all, the oldest first.
func (s *Server) Letters(to string) []Letter {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.letters), func(l Letter) bool { return to != "" && !slices.Contains(l.To, to) })
}

func (s *Server) keep(to []string, source []byte) error {
	letter, err := read(source)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: "Unreadable letter: " + err.Error()}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	letter.Number, letter.To = strconv.Itoa(s.last), to
	s.letters = append(s.letters, letter)
	if len(s.letters) > kept {
		s.letters = slices.Clone(s.letters[len(s.letters)-kept:])
	}
	return nil
}

// session is the delivery of letters over one connection.
type session struct {
	server *Server
	conn   *smtp.Conn
	to     []string
}

func (s *session) step(step Step, address string) error {
	return s.server.answers(Delivery{Step: step, Address: address, Break: func() { _ = s.conn.Conn().Close() }})
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error { return s.step(Sender, from) }

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	err := s.step(Recipient, to)
	if err == nil {
		s.to = append(s.to, to)
	}
	return err
}

func (s *session) Data(r io.Reader) error {
	source, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.step(Content, ""); err != nil {
		return err
	}
	if err := s.server.keep(s.to, source); err != nil {
		return err
	}
	return s.step(Kept, "")
}

func (s *session) Reset() { s.to = nil }

func (s *session) Logout() error { return nil }
