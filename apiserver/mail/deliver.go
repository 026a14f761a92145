package mail

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/mail"
)

// The kinds of letters.
const (
	kindConfirmation = "confirmation"
	kindNotification = "notification"
)

// How a letter ends.
const (
	sent    = "sent"
	refused = "refused" // by the mail server, for good
	expired = "expired" // the mail server took it at no attempt
	dropped = "dropped" // its reader does not want it any more
	later   = "later"   // not an end: it is tried again
)

const (
	// claimedFor is how long a letter belongs to the process that sends it: longer than an attempt
	// takes. After a crash another process sends it then.
	claimedFor = 3 * time.Minute
	// firstPause and maxPause bound the pause after a failed attempt, which doubles.
	firstPause = time.Minute
	maxPause   = time.Hour
	// writeTimeout bounds the recording of an attempt, also while the process ends.
	writeTimeout = 10 * time.Second
)

// Deliver sends the letters that are due. It ends early if the mail server takes no letters at all.
func (s *Service) Deliver(ctx context.Context) error {
	var all sync.WaitGroup
	failed := make([]error, senders)
	for i := range senders {
		all.Go(func() { failed[i] = s.deliverAll(ctx) })
	}
	all.Wait()
	return errors.Join(failed...)
}

func (s *Service) deliverAll(ctx context.Context) error {
	for ctx.Err() == nil {
		now := s.Now().UTC()
		claimed, err := s.Store.ClaimMail(ctx, sqlcgen.ClaimMailParams{Now: now, Again: now.Add(claimedFor)})
		switch {
		case errors.Is(err, db.ErrNotFound):
			return nil
		case err != nil:
			return fmt.Errorf("taking a letter: %w", err)
		}
		if err := s.deliver(ctx, claimed); err != nil {
			return err
		}
	}
	return nil
}

// deliver sends one letter and records how that went. It returns an error if other letters would not
// be sent either.
func (s *Service) deliver(ctx context.Context, m sqlcgen.ClaimMailRow) error {
	letter, outcome, err := s.write(ctx, m)
	if err != nil {
		return err
	}
	if outcome != "" {
		return s.end(ctx, m, outcome, "")
	}
	failure := s.Sender.Send(ctx, letter)
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeTimeout)
	defer cancel()
	var refusal *mail.Refusal
	switch {
	case failure == nil:
		return s.end(ctx, m, sent, "")
	case errors.As(failure, &refusal):
		return s.refuse(ctx, m, refusal)
	case s.Now().Sub(m.CreatedAt) > staleAfter:
		s.Log.ErrorContext(ctx, "a letter could not be sent and is given up", "mail", m.ID, "error", failure)
		return s.end(ctx, m, expired, failure.Error())
	}
	s.sent.WithLabelValues(later).Inc()
	err = s.Store.RetryMail(ctx, sqlcgen.RetryMailParams{ID: m.ID, DueAt: s.Now().UTC().Add(pause(m.Attempts)), Answer: failure.Error()})
	if errors.Is(failure, mail.ErrUnreachable) {
		return errors.Join(failure, err)
	}
	return err
}

// pause returns the pause after an attempt.
func pause(attempts int32) time.Duration {
	wait := firstPause
	for range attempts - 1 {
		if wait = 2 * wait; wait >= maxPause {
			return maxPause
		}
	}
	return wait
}

func (s *Service) end(ctx context.Context, m sqlcgen.ClaimMailRow, outcome, answer string) error {
	now := s.Now().UTC()
	s.sent.WithLabelValues(outcome).Inc()
	if err := s.Store.EndMail(ctx, sqlcgen.EndMailParams{ID: m.ID, At: &now, Outcome: outcome, Answer: answer}); err != nil {
		return fmt.Errorf("recording a letter: %w", err)
	}
	return nil
}

// refuse records that the mail server does not take a letter. If that is for the address, nothing is
// sent to it until the person has confirmed it again.
func (s *Service) refuse(ctx context.Context, m sqlcgen.ClaimMailRow, refusal *mail.Refusal) error {
	s.Log.WarnContext(ctx, "the mail server refused a letter", "mail", m.ID, "ofAddress", refusal.OfAddress, "answer", refusal.Answer)
	now := s.Now().UTC()
	s.sent.WithLabelValues(refused).Inc()
	return s.Store.InTx(ctx, func(q *sqlcgen.Queries) error {
		if refusal.OfAddress {
			if err := q.RefuseMailAddress(ctx, sqlcgen.RefuseMailAddressParams{
				PersonID: m.PersonID, Version: m.AddressVersion, At: &now, Refusal: refusal.Answer,
			}); err != nil {
				return fmt.Errorf("recording a refused address: %w", err)
			}
		}
		return q.EndMail(ctx, sqlcgen.EndMailParams{ID: m.ID, At: &now, Outcome: refused, Answer: refusal.Answer})
	})
}
