// Package mail sends people letters about their notifications.
//
// The transaction that inserts a notification also inserts it into unmailed_notifications. From there
// [Service.Spread] turns notifications into letters, rows of the table mails, each for a person whose
// address is confirmed and by his settings: at once, or in the digest of a day. [Service.Deliver] sends
// letters. Nothing of an order waits for either of them.
//
// A letter is lost at no crash: it is sent until the mail server has answered. If the answer is lost,
// the letter is sent again with the same Message-ID.
package mail

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"epkr/apiserver/httpapi"
	"epkr/db"
	"epkr/internal/mail"
)

const (
	// interval is the pause between two looks for notifications and letters.
	interval = 2 * time.Second
	// senders is how many letters a process sends at once.
	senders = 4
	// keptFor is how long a letter that has ended is kept.
	keptFor = 30 * 24 * time.Hour
	// staleAfter is how old a notification or a letter may get unsent. Its news stays on the page of
	// notifications.
	staleAfter = 3 * 24 * time.Hour
)

// Dependencies are the dependencies of the service. Without Sender no letters are sent.
type Dependencies struct {
	HTTP  *httpapi.Server
	Store *db.Store
	Log   *slog.Logger
	Now   func() time.Time
	// Sender is nil if no mail server is configured.
	Sender *mail.Sender
	// LinkKey signs the links of letters.
	LinkKey   string
	PublicURL string
	// Moderators are the ЕСИА numbers of the moderators.
	Moderators []string
	// Text returns the text of a kind of notification.
	Text func(kind string) string
}

// Service sends letters and keeps people's settings for them.
type Service struct {
	Dependencies
	links signer
	sent  *prometheus.CounterVec
}

// New returns the service.
func New(d Dependencies) *Service {
	s := &Service{Dependencies: d, links: signer{[]byte(d.LinkKey)}, sent: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "epkr_mail_total", Help: "Letters by how they ended; later counts the attempts that are repeated.",
	}, []string{"outcome"})}
	d.HTTP.Metrics().MustRegister(s.sent, backlog(d.Store, d.Now, func(waiting int64, _ float64) float64 { return float64(waiting) },
		"epkr_mail_waiting", "Letters that the mail server did not take at the first attempt and that are still to be sent."),
		backlog(d.Store, d.Now, func(_ int64, seconds float64) float64 { return seconds },
			"epkr_mail_waiting_seconds", "How long the oldest of the waiting letters waits; 0 without any."))
	return s
}

// backlog returns a metric of the letters that wait for another attempt.
func backlog(store *db.Store, now func() time.Time, of func(waiting int64, seconds float64) float64, name, help string) prometheus.Collector {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		at := now().UTC()
		row, err := store.MailBacklog(ctx, at)
		if err != nil {
			return -1 // unknown
		}
		return of(row.Waiting, at.Sub(row.Since).Seconds())
	})
}

// run turns notifications into letters and sends those that are due. Without a mail server it only
// forgets notifications that are too old for a letter.
func (s *Service) run(ctx context.Context) error {
	if _, err := s.Store.ForgetOldUnmailed(ctx, s.Now().Add(-staleAfter)); err != nil {
		return fmt.Errorf("forgetting notifications that are too old for a letter: %w", err)
	}
	if s.Sender == nil {
		return nil
	}
	if err := s.Spread(ctx); err != nil {
		return err
	}
	return s.Deliver(ctx)
}

// sweep deletes letters that ended long ago.
func (s *Service) sweep(ctx context.Context) error {
	before := s.Now().Add(-keptFor)
	if err := s.Store.DeleteOldMails(ctx, &before); err != nil {
		return fmt.Errorf("deleting old letters: %w", err)
	}
	return nil
}
