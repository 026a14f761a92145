package config

import (
	"net"
	netmail "net/mail"
	"time"

	"epkr/internal/mail"
)

const (
	// mailTimeout bounds the connection to the mail server, and then the sending of a letter.
	mailTimeout = 30 * time.Second
	// mailName is the name of the platform as the sender of letters.
	mailName = "Электронная платформа кадастровых работ"
)

// Mail holds the settings of letters to people. Without an address of a server none are sent.
type Mail struct {
	Address    string // host:port of the mail server
	Encryption mail.Encryption
	User       string
	Password   Secret
	From       string // the platform's own address
	// LinkKey signs the links of letters that work without a session.
	LinkKey Secret
}

// IsEnabled reports whether letters are sent.
func (m Mail) IsEnabled() bool { return m.Address != "" }

// Sender returns a sender of letters; nil if none are sent.
func (m Mail) Sender() (*mail.Sender, error) {
	if !m.IsEnabled() {
		return nil, nil //nolint:nilnil // no letters are sent
	}
	return mail.NewSender(mail.Config{
		Address: m.Address, Encryption: m.Encryption, User: m.User, Password: m.Password.Reveal(), From: netmail.Address{Name: mailName, Address: m.From},
		Timeout: mailTimeout,
	})
}

// loadMail reads the settings of letters. Without an address of a server the others do not matter.
func loadMail(v *variables) Mail {
	m := Mail{
		Address:    v.text("EPKR_SMTP_ADDRESS", ""),
		Encryption: mail.Encryption(v.oneOf("EPKR_SMTP_TLS", string(mail.StartTLS), string(mail.StartTLS), string(mail.Implicit), string(mail.Plain))),
		User:       v.text("EPKR_SMTP_USER", ""), Password: Secret(v.text("EPKR_SMTP_PASSWORD", "")),
		From: v.text("EPKR_SMTP_FROM", ""), LinkKey: Secret(v.text("EPKR_SMTP_LINK_KEY", "")),
	}
	if !m.IsEnabled() {
		return Mail{}
	}
	if host, _, err := net.SplitHostPort(m.Address); err != nil || host == "" {
		v.fail("EPKR_SMTP_ADDRESS", "not the address of a server", `host:port, such as "smtp.example.ru:587"`)
		return m
	}
	if from, err := netmail.ParseAddress(m.From); err != nil || from.Address != m.From {
		v.fail("EPKR_SMTP_FROM", "not an address", `the platform's address, such as "noreply@epkr.example", because EPKR_SMTP_ADDRESS is set`)
	}
	if m.LinkKey == "" {
		v.fail("EPKR_SMTP_LINK_KEY", "not set", "a value, because EPKR_SMTP_ADDRESS is set")
	}
	if (m.User == "") != (m.Password == "") {
		v.fail("EPKR_SMTP_PASSWORD", "does not fit EPKR_SMTP_USER", "both, or neither")
	}
	if _, err := m.Sender(); err != nil {
		v.fail("EPKR_SMTP_ADDRESS", "cannot be used: "+err.Error(), `host:port, such as "smtp.example.ru:587"`)
	}
	return m
}
