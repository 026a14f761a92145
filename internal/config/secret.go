package config

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a value that is redacted in logs, errors and encodings. Reveal returns it.
type Secret string

// Reveal returns the value itself.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string { return redacted }

// Format redacts the value for every fmt verb, %#v and %x included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue redacts the value for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText redacts the value in JSON and similar encodings.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
