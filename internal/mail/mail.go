// Package mail sends letters over SMTP.
//
// A letter goes to one person. Sending it again repeats its Message-ID, by which mail programs
// recognise the repetition.
package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"time"

	smtp "github.com/wneessen/go-mail"
)

// Encryption is how the connection to the mail server is encrypted.
type Encryption string

// The encryptions. Plain is for a server on this machine.
const (
	StartTLS Encryption = "starttls"
	Implicit Encryption = "implicit"
	Plain    Encryption = "none"
)

// Config says by which server letters are sent, and from whom. Without an address none are sent.
type Config struct {
	// Address is host:port.
	Address    string
	Encryption Encryption
	// User and Password are empty for a server that asks for none.
	User, Password string
	From           mail.Address
	// Timeout bounds the connection, and then the sending of a letter.
	Timeout time.Duration
}

// Letter is a letter to one person.
type Letter struct {
	// ID is the left side of its Message-ID.
	ID      string
	To      string
	Subject string
	// Text and HTML say the same.
	Text, HTML string
	// Unsubscribe is the address that ends such letters by a POST (RFC 8058); empty for a letter that
	// the person asked for.
	Unsubscribe string
	Date        time.Time
}

// Refusal is the final answer of the server to a letter.
type Refusal struct {
	// Answer is what the server said, without the address.
	Answer string
	// OfAddress reports that no letter can reach the address. Otherwise only this letter is refused.
	OfAddress bool
}

func (r *Refusal) Error() string { return "the letter is refused: " + r.Answer }

// ErrUnreachable means that the server takes no letters now, whatever they are.
var ErrUnreachable = errors.New("the mail server takes no letters")

// Sender sends letters.
type Sender struct {
	config     Config
	host, port string
}

// NewSender returns a sender.
func NewSender(c Config) (*Sender, error) {
	host, port, err := net.SplitHostPort(c.Address)
	if err != nil {
		return nil, fmt.Errorf("reading the address of the mail server: %w", err)
	}
	s := &Sender{config: c, host: host, port: port}
	_, err = s.client(nil)
	return s, err
}

// client returns a client of the library for one connection, which dial opens.
func (s *Sender) client(dial smtp.DialContextFunc) (*smtp.Client, error) {
	port, err := strconv.Atoi(s.port)
	if err != nil {
		return nil, fmt.Errorf("reading the port of the mail server: %w", err)
	}
	options := []smtp.Option{smtp.WithPort(port), smtp.WithTimeout(s.config.Timeout), smtp.WithHELO(s.domain()), smtp.WithTLSPolicy(smtp.NoTLS)}
	if s.config.Encryption == StartTLS {
		options = append(options, smtp.WithTLSPolicy(smtp.TLSMandatory), smtp.WithTLSConfig(s.tls()))
	}
	if s.config.User != "" {
		auth := smtp.SMTPAuthAutoDiscover
		if s.config.Encryption == Implicit { // the library does not see the encryption of its connection
			auth = smtp.SMTPAuthPlainNoEnc
		}
		options = append(options, smtp.WithSMTPAuth(auth), smtp.WithUsername(s.config.User), smtp.WithPassword(s.config.Password))
	}
	if dial != nil {
		options = append(options, smtp.WithDialContextFunc(dial))
	}
	client, err := smtp.NewClient(s.host, options...)
	if err != nil {
		return nil, fmt.Errorf("preparing the connection to the mail server: %w", err)
	}
	return client, nil
}

func (s *Sender) tls() *tls.Config {
	return &tls.Config{ServerName: s.host, MinVersion: tls.VersionTLS12}
}

// domain is the domain of the platform's address.
func (s *Sender) domain() string {
	return s.config.From.Address[strings.LastIndexByte(s.config.From.Address, '@')+1:]
}

// Send sends a letter. It returns a [*Refusal] if the server will never take it, [ErrUnreachable] if
// the server takes no letters, and another error if this letter may be sent later. After a connection
// that broke nobody knows whether the server took it.
func (s *Sender) Send(ctx context.Context, l Letter) error {
	message, err := s.message(l)
	if err != nil {
		return err
	}
	var connection net.Conn
	client, err := s.client(func(ctx context.Context, network, address string) (net.Conn, error) {
		connection, err = s.dial(ctx, network, address)
		return connection, err
	})
	if err != nil {
		return err
	}
	defer func() {
		if connection != nil { // the library leaves it open after an error
			_ = connection.Close()
		}
	}()
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if err := client.SendWithSMTPClient(session, message); err != nil && !message.IsDelivered() {
		return explain(err, l.To)
	}
	_ = client.CloseWithSMTPClient(session) // the letter is delivered
	return nil
}

func (s *Sender) dial(ctx context.Context, network, address string) (net.Conn, error) {
	plain := &net.Dialer{Timeout: s.config.Timeout}
	if s.config.Encryption == Implicit {
		return (&tls.Dialer{NetDialer: plain, Config: s.tls()}).DialContext(ctx, network, address)
	}
	return plain.DialContext(ctx, network, address)
}

func (s *Sender) message(l Letter) (*smtp.Msg, error) {
	m := smtp.NewMsg(smtp.WithNoDefaultUserAgent())
	if err := errors.Join(m.FromFormat(s.config.From.Name, s.config.From.Address), m.To(l.To)); err != nil {
		return nil, &Refusal{Answer: "the address has a form that cannot be sent to", OfAddress: true}
	}
	m.SetMessageIDWithValue(l.ID + "@" + s.domain())
	m.SetDateWithValue(l.Date)
	m.Subject(l.Subject)
	m.SetGenHeader("Auto-Submitted", "auto-generated")
	if l.Unsubscribe != "" {
		m.SetGenHeader(smtp.HeaderListUnsubscribe, "<"+l.Unsubscribe+">")
		m.SetGenHeader(smtp.HeaderListUnsubscribePost, "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(smtp.TypeTextPlain, l.Text)
	m.AddAlternativeString(smtp.TypeTextHTML, l.HTML)
	return m, nil
}

// explain returns what an answer of the server means.
func explain(err error, to string) error {
	var answer *smtp.SendError
	if !errors.As(err, &answer) {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	code := answer.ErrorCode()
	words := strings.ReplaceAll(answer.Error(), to, "…")
	switch {
	case code == 0 || answer.Reason == smtp.ErrSMTPMailFrom:
		// The connection broke, or the server refuses the platform.
		return fmt.Errorf("%w: %s", ErrUnreachable, words)
	case code < 500:
		return fmt.Errorf("the letter may be sent later: %s", words)
	case answer.Reason == smtp.ErrSMTPRcptTo:
		return &Refusal{Answer: words, OfAddress: isOfAddress(code, answer.EnhancedStatusCode())}
	default:
		return &Refusal{Answer: words}
	}
}

// isOfAddress reports whether a refusal of a recipient is about his mailbox (RFC 3463: 5.1, 5.2), and
// not about the sender's rights or the content.
func isOfAddress(code int, enhanced string) bool {
	if enhanced != "" {
		return strings.HasPrefix(enhanced, "5.1.") || strings.HasPrefix(enhanced, "5.2.")
	}
	return code == 550 || code == 551 || code == 553
}
