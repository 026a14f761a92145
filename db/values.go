package db

import (
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// safeClasses are the SQLSTATE classes of errors whose messages name only tables, constraints and
// conditions. Messages of other classes may quote what a person wrote.
var safeClasses = []string{"08", "23", "40", "42", "53", "55", "57"}

// WithoutValues returns an error whose text quotes no value of a row or parameter. It wraps err.
func WithoutValues(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, refused := range unsafeErrors(err) {
		text = strings.ReplaceAll(text, refused.Error(), refused.Severity+": the database refused a value (SQLSTATE "+refused.Code+")")
	}
	if text == err.Error() {
		return err
	}
	return &redactedError{err, text}
}

type redactedError struct {
	error
	text string
}

func (u *redactedError) Error() string { return u.text }

func (u *redactedError) Unwrap() error { return u.error }

// unsafeErrors returns the database errors inside err whose messages may quote a value.
func unsafeErrors(err error) []*pgconn.PgError {
	switch err := err.(type) { //nolint:errorlint // it walks the tree itself
	case *pgconn.PgError:
		for _, class := range safeClasses {
			if strings.HasPrefix(err.Code, class) {
				return nil
			}
		}
		return []*pgconn.PgError{err}
	case interface{ Unwrap() []error }:
		var all []*pgconn.PgError
		for _, one := range err.Unwrap() {
			all = append(all, unsafeErrors(one)...)
		}
		return all
	}
	if inner := errors.Unwrap(err); inner != nil {
		return unsafeErrors(inner)
	}
	return nil
}

// LogWithoutValues applies [WithoutValues] to logged errors. It is a ReplaceAttr function.
func LogWithoutValues(_ []string, a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok {
		return slog.Any(a.Key, WithoutValues(err))
	}
	return a
}

// Contents returns the different hashes of a file and of the pictures made from it, in the order in
// which they are locked. Empty ones are left out.
func Contents(hashes ...string) []string {
	slices.Sort(hashes)
	return slices.DeleteFunc(slices.Compact(hashes), func(hash string) bool { return hash == "" })
}
