package mail

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/db/sqlcgen"
	"epkr/internal/order"
)

const (
	// spreadPage is how many notifications one transaction turns into letters.
	spreadPage = 200
	// digestHour is the hour in Moscow at which digests are sent.
	digestHour = 9
	// digestMargin is the longest time that the transaction takes which adds to a digest: later it is
	// not added to a digest that may be on its way.
	digestMargin = time.Minute
)

// Spread turns the notifications that are new into letters. A notification is forgotten only together
// with its letters, so that a crash neither loses nor repeats one.
func (s *Service) Spread(ctx context.Context) error {
	for {
		var taken int
		err := s.Store.InTx(ctx, func(q *sqlcgen.Queries) (err error) {
			taken, err = s.spreadPage(ctx, q)
			return err
		})
		if err != nil || taken < spreadPage {
			return err
		}
	}
}

func (s *Service) spreadPage(ctx context.Context, q *sqlcgen.Queries) (int, error) {
	page, err := q.UnmailedNotifications(ctx, spreadPage)
	if err != nil {
		return 0, fmt.Errorf("listing notifications for letters: %w", err)
	}
	ids := make([]int64, len(page))
	for i, n := range page {
		ids[i] = n.ID
		if err := s.spread(ctx, q, n); err != nil {
			return 0, err
		}
	}
	if err := q.ForgetUnmailed(ctx, ids); err != nil {
		return 0, fmt.Errorf("forgetting notifications that have letters: %w", err)
	}
	return len(page), nil
}

func (s *Service) spread(ctx context.Context, q *sqlcgen.Queries, n sqlcgen.UnmailedNotificationsRow) error {
	readers, err := q.MailReaders(ctx, sqlcgen.MailReadersParams{Role: n.Role, PartyID: n.PartyID, Moderators: s.Moderators})
	if err != nil {
		return fmt.Errorf("finding whom a notification is for: %w", err)
	}
	for _, reader := range readers {
		id, err := s.letterFor(ctx, q, reader.PersonID, topicsOf(reader).of(n.Kind))
		if err != nil {
			return fmt.Errorf("writing a letter: %w", err)
		}
		if id == uuid.Nil {
			continue
		}
		if err := q.AddToMail(ctx, sqlcgen.AddToMailParams{MailID: id, NotificationID: n.ID}); err != nil {
			return fmt.Errorf("adding a notification to a letter: %w", err)
		}
	}
	return nil
}

// letterFor returns the letter in which a person gets a notification; none if he wants none.
func (s *Service) letterFor(ctx context.Context, q *sqlcgen.Queries, person uuid.UUID, when Frequency) (uuid.UUID, error) {
	now := s.Now().UTC()
	switch when {
	case Now:
		id := uuid.New()
		return id, q.InsertMail(ctx, sqlcgen.InsertMailParams{ID: id, PersonID: person, Kind: kindNotification, CreatedAt: now})
	case Daily:
		due := nextDigest(now)
		day := time.Date(due.Year(), due.Month(), due.Day(), 0, 0, 0, 0, time.UTC)
		return q.DigestOf(ctx, sqlcgen.DigestOfParams{ID: uuid.New(), PersonID: person, Day: &day, CreatedAt: now, DueAt: due.UTC()})
	default:
		return uuid.Nil, nil
	}
}

// nextDigest returns when the digest is sent, in Moscow, that a notification of this moment is added
// to.
func nextDigest(now time.Time) time.Time {
	local := now.Add(digestMargin).In(order.Moscow)
	due := time.Date(local.Year(), local.Month(), local.Day(), digestHour, 0, 0, 0, order.Moscow)
	if !due.After(local) {
		due = due.AddDate(0, 0, 1)
	}
	return due
}
