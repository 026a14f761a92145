package config

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a value that no log, error or encoding shows. Reveal gives it to
// the one place that needs it.
type Secret string

// Reveal is the value itself.
func (s Secret) Reveal() string { return string(s) }

func (s Secret) String() string { return redacted }

// Format covers every fmt verb, %#v and %x included.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue is what slog writes.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText is what JSON and the like write.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
