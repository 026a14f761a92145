package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"epkr/db/sqlcgen"
	"epkr/internal/banks"
)

// BanksReplaced says what ReplaceBanks did.
type BanksReplaced struct {
	// Before and Now are the numbers of banks before and after, Gone those that left the directory.
	Before, Now, Gone int
	// AsOfBefore is the date of the directory before; zero if there was none.
	AsOfBefore time.Time
}

// Errors of ReplaceBanks.
var (
	// ErrOlderBanks refuses a directory that is older than the loaded one.
	ErrOlderBanks = errors.New("загружен более новый справочник")
	// ErrFewBanks refuses a directory that would lose more than half of the banks, or is too small.
	ErrFewBanks = errors.New("в файле слишком мало банков")
)

// ReplaceBanks replaces the directory of banks, in the caller's transaction. Banks that left it are
// deleted; saved requisites keep the bank's name and account. It returns ErrOlderBanks, or
// ErrFewBanks for fewer banks than least or than half of those that are there; least 0 means that
// any number is right.
func ReplaceBanks(ctx context.Context, q *sqlcgen.Queries, d banks.Directory, least int) (done BanksReplaced, err error) {
	if err := q.LockBanks(ctx); err != nil {
		return done, fmt.Errorf("locking the banks: %w", err)
	}
	there, err := q.BanksThere(ctx)
	if err != nil {
		return done, fmt.Errorf("counting the banks: %w", err)
	}
	done = BanksReplaced{Before: int(there.Banks), Now: len(d.Banks), AsOfBefore: there.AsOf}
	switch {
	case d.AsOf.Before(done.AsOfBefore):
		return done, ErrOlderBanks
	case least > 0 && done.Now < max(least, done.Before/2):
		return done, ErrFewBanks
	}
	p := sqlcgen.UpsertBanksParams{AsOf: d.AsOf}
	for _, b := range d.Banks {
		p.Bics, p.Names, p.Places = append(p.Bics, b.BIC), append(p.Names, b.Name), append(p.Places, b.Place)
		p.CorrespondentAccounts = append(p.CorrespondentAccounts, b.CorrespondentAccount)
	}
	if err := q.UpsertBanks(ctx, p); err != nil {
		return done, fmt.Errorf("writing the banks: %w", err)
	}
	gone, err := q.DeleteOtherBanks(ctx, p.Bics)
	if err != nil {
		return done, fmt.Errorf("deleting the banks that left the directory: %w", err)
	}
	done.Gone = int(gone)
	return done, nil
}
