package db

import (
	"errors"
	"log/slog"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
)

// tellable are the classes of errors whose message names tables, constraints and conditions. Others may quote what a person wrote.
var tellable = []string{"08", "23", "40", "42", "53", "55", "57"}

// WithoutValues is the error with a text that quotes no value of a row or parameter. It wraps the error.
func WithoutValues(err error) error {
	if err == nil {
		return nil
	}
	text := err.Error()
	for _, refused := range refusals(err) {
		text = strings.ReplaceAll(text, refused.Error(), refused.Severity+": the database refused a value (SQLSTATE "+refused.Code+")")
	}
	if text == err.Error() {
		return err
	}
	return &untold{err, text}
}

type untold struct {
	error
	text string
}

func (u *untold) Error() string { return u.text }

func (u *untold) Unwrap() error { return u.error }

// refusals are the database's errors inside of one whose message may quote a value.
func refusals(err error) []*pgconn.PgError {
	switch err := err.(type) { //nolint:errorlint // it walks the tree itself
	case *pgconn.PgError:
		for _, class := range tellable {
			if strings.HasPrefix(err.Code, class) {
				return nil
			}
		}
		return []*pgconn.PgError{err}
	case interface{ Unwrap() []error }:
		var all []*pgconn.PgError
		for _, one := range err.Unwrap() {
			all = append(all, refusals(one)...)
		}
		return all
	}
	if inner := errors.Unwrap(err); inner != nil {
		return refusals(inner)
	}
	return nil
}

// LogWithoutValues is for a logger's ReplaceAttr.
func LogWithoutValues(_ []string, a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok {
		return slog.Any(a.Key, WithoutValues(err))
	}
	return a
}
