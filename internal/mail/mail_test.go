package mail_test

import (
	"errors"
	netmail "net/mail"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	mailsim "epkr/dev/simulators/mail"
	"epkr/internal/mail"
)

func start(t *testing.T, change ...func(*mail.Config)) (*mailsim.Server, *mail.Sender) {
	t.Helper()
	server := mailsim.New()
	address, stop, err := server.Serve(t.Context(), "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(stop)
	c := mail.Config{
		Address: address, Encryption: mail.Plain, From: netmail.Address{Name: "Платформа", Address: "noreply@epkr.example"}, Timeout: time.Second,
	}
	for _, alter := range change {
		alter(&c)
	}
	sender, err := mail.NewSender(c)
	require.NoError(t, err)
	return server, sender
}

func letter() mail.Letter {
	return mail.Letter{
		ID: "1f2e", To: "ivan@example.ru", Subject: "Заказ 12: новый отклик кадастрового инженера", Text: "Здравствуйте!\nНовый отклик.",
		HTML: "<p>Новый отклик.</p>", Unsubscribe: "https://epkr.example/api/mail/unsubscribe?token=abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
		Date: time.Now(),
	}
}

func TestLetterArrivesAsItIs(t *testing.T) {
	server, sender := start(t)
	sent := letter()
	require.NoError(t, sender.Send(t.Context(), sent))
	all := server.Letters("ivan@example.ru")
	require.Len(t, all, 1)
	got := all[0]
	require.Equal(t, sent.Subject, got.Subject)
	require.Equal(t, "<1f2e@epkr.example>", got.ID)
	require.Contains(t, got.Text, sent.Text)
	require.Contains(t, got.HTML, sent.HTML)
	require.Equal(t, "<"+sent.Unsubscribe+">", got.Header.Get("List-Unsubscribe"))
	require.Equal(t, "List-Unsubscribe=One-Click", got.Header.Get("List-Unsubscribe-Post"))
	require.Equal(t, "auto-generated", got.Header.Get("Auto-Submitted"))
}

// Which refusals are the address's own decides whether a person gets letters from then on.
func TestWhatRefusalsMean(t *testing.T) {
	answer := func(code int, enhanced smtp.EnhancedCode) error {
		return &smtp.SMTPError{Code: code, EnhancedCode: enhanced, Message: "no <ivan@example.ru> here"}
	}
	for name, c := range map[string]struct {
		step                          mailsim.Step
		answer                        error
		final, ofAddress, unreachable bool
	}{
		"no such mailbox":      {mailsim.Recipient, answer(550, smtp.EnhancedCode{5, 1, 1}), true, true, false},
		"mailbox disabled":     {mailsim.Recipient, answer(550, smtp.EnhancedCode{5, 2, 1}), true, true, false},
		"relaying denied":      {mailsim.Recipient, answer(550, smtp.EnhancedCode{5, 7, 1}), true, false, false},
		"mailbox full for now": {mailsim.Recipient, answer(452, smtp.EnhancedCode{4, 2, 2}), false, false, false},
		"greylisted":           {mailsim.Recipient, answer(451, smtp.EnhancedCode{4, 7, 1}), false, false, false},
		"sender unknown":       {mailsim.Sender, answer(550, smtp.EnhancedCode{5, 7, 1}), false, false, true},
		"content refused":      {mailsim.Content, answer(554, smtp.EnhancedCode{5, 6, 0}), true, false, false},
		"content not now":      {mailsim.Content, answer(451, smtp.EnhancedCode{4, 3, 0}), false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			server, sender := start(t)
			server.Answer(func(d mailsim.Delivery) error {
				if d.Step == c.step {
					return c.answer
				}
				return nil
			})
			err := sender.Send(t.Context(), letter())
			require.Error(t, err)
			var refusal *mail.Refusal
			require.Equal(t, c.final, errors.As(err, &refusal), err)
			if c.final {
				require.Equal(t, c.ofAddress, refusal.OfAddress, err)
			}
			require.Equal(t, c.unreachable, errors.Is(err, mail.ErrUnreachable), err)
			require.NotContains(t, err.Error(), "ivan@example.ru", "addresses are not logged")
			require.Empty(t, server.Letters(""))
		})
	}
}

// A server that does not answer, breaks off or is not there costs the time of one attempt.
func TestServerThatFails(t *testing.T) {
	release := make(chan struct{})
	t.Cleanup(func() { close(release) })
	for name, answer := range map[string]func(mailsim.Delivery) error{
		"answers late": func(d mailsim.Delivery) error {
			if d.Step == mailsim.Content {
				<-release
			}
			return nil
		},
		"breaks off before": func(d mailsim.Delivery) error {
			if d.Step == mailsim.Recipient {
				d.Break()
			}
			return nil
		},
		"breaks off in the middle": func(d mailsim.Delivery) error {
			if d.Step == mailsim.Content {
				d.Break()
				return &smtp.SMTPError{Code: 421, Message: "gone"}
			}
			return nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server, sender := start(t)
			server.Answer(answer)
			began := time.Now()
			require.ErrorIs(t, sender.Send(t.Context(), letter()), mail.ErrUnreachable)
			require.Less(t, time.Since(began), 5*time.Second)
			require.Empty(t, server.Letters(""))
		})
	}
	_, nowhere := start(t, func(c *mail.Config) { c.Address = "127.0.0.1:1" })
	require.ErrorIs(t, nowhere.Send(t.Context(), letter()), mail.ErrUnreachable)
}

// Nothing is sent in the clear to a server that should encrypt.
func TestEncryptionIsRequired(t *testing.T) {
	for _, e := range []mail.Encryption{mail.StartTLS, mail.Implicit} {
		server, sender := start(t, func(c *mail.Config) { c.Encryption = e })
		require.ErrorIs(t, sender.Send(t.Context(), letter()), mail.ErrUnreachable, e)
		require.Empty(t, server.Letters(""))
	}
}
