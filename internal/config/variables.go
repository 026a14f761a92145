package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// VariableError is a setting that cannot be used. It never contains the value, which may be a
// secret.
type VariableError struct {
	Name     string // of the environment variable
	Rule     string // the production rule that it breaks; empty for a value that is invalid in every environment
	Problem  string
	Expected string
}

func (e *VariableError) Error() string {
	return fmt.Sprintf("%s: %s; expected %s", e.Name, e.Problem, e.Expected)
}

// variables reads settings and collects their errors. An empty variable counts as not set.
type variables struct {
	lookup Lookup
	errs   []error
}

func (v *variables) fail(name, problem, expected string) {
	v.errs = append(v.errs, &VariableError{Name: name, Problem: problem, Expected: expected})
}

func (v *variables) failRule(rule, name, problem, expected string) {
	v.errs = append(v.errs, &VariableError{Name: name, Rule: rule, Problem: problem, Expected: expected})
}

func (v *variables) err() error { return errors.Join(v.errs...) }

func (v *variables) text(name, fallback string) string {
	value, _ := v.lookup(name)
	if value = strings.TrimSpace(value); value == "" {
		return fallback
	}
	return value
}

func (v *variables) required(name, expected string) string {
	value := v.text(name, "")
	if value == "" {
		v.fail(name, "not set", expected)
	}
	return value
}

func (v *variables) oneOf(name, fallback string, allowed ...string) string {
	value := v.text(name, fallback)
	if slices.Contains(allowed, value) {
		return value
	}
	problem := "unknown value"
	if value == "" {
		problem = "not set"
	}
	v.fail(name, problem, strings.Join(allowed, " or "))
	return ""
}

func (v *variables) flag(name string, fallback bool) bool {
	value := v.text(name, strconv.FormatBool(fallback))
	parsed, err := strconv.ParseBool(value)
	if err != nil {
		v.fail(name, "not a yes or no", "true or false")
		return fallback
	}
	return parsed
}

func (v *variables) logLevel(name string) slog.Level {
	switch v.oneOf(name, "info", "debug", "info", "warn", "error") {
	case "debug":
		return slog.LevelDebug
	case "warn":
		return slog.LevelWarn
	case "error":
		return slog.LevelError
	}
	return slog.LevelInfo
}

func (v *variables) duration(name string, fallback time.Duration) time.Duration {
	value, err := time.ParseDuration(v.text(name, fallback.String()))
	if err != nil || value <= 0 {
		v.fail(name, "not a positive duration", `a duration such as "30m" or "12h"`)
		return fallback
	}
	return value
}

func (v *variables) size(name string, fallback, limit int64) int64 {
	value, err := strconv.ParseInt(v.text(name, strconv.FormatInt(fallback, 10)), 10, 64)
	if err != nil || value < 1 || value > limit {
		v.fail(name, "not a usable number of bytes", fmt.Sprintf("a whole number from 1 to %d", limit))
		return fallback
	}
	return value
}

func (v *variables) listen(name, fallback string) string {
	value := v.text(name, fallback)
	_, port, err := net.SplitHostPort(value)
	if number, convErr := strconv.ParseUint(port, 10, 16); err != nil || convErr != nil || number == 0 {
		v.fail(name, "not an address to listen at", `host:port, such as "127.0.0.1:8080" or ":8080"`)
	}
	return value
}

const expectedURL = "an absolute URL, http:// or https://, without a user"

func (v *variables) url(name string) string {
	value := v.optionalURL(name, "")
	if v.text(name, "") == "" {
		v.fail(name, "not set", expectedURL)
	}
	return value
}

// optionalURL returns the fallback unchecked: it was checked where it came from.
func (v *variables) optionalURL(name, fallback string) string {
	value := v.text(name, "")
	if value == "" {
		return fallback
	}
	u, err := url.Parse(value)
	if err != nil || u.Hostname() == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		v.fail(name, "not such a URL", expectedURL)
		return ""
	}
	return value
}

// origin reads a URL that consists of scheme, host and port.
func (v *variables) origin(name string) string {
	value := strings.TrimSuffix(v.url(name), "/")
	if u, err := url.Parse(value); err == nil && (u.Path != "" || u.RawQuery != "" || u.Fragment != "") {
		v.fail(name, "has more than scheme, host and port", "an origin such as https://epkr.example")
	}
	return value
}

const expectedDatabase = "a URL postgres://user:password@host:port/database"

func (v *variables) database(name string) Secret {
	v.required(name, expectedDatabase)
	return v.optionalDatabase(name)
}

func (v *variables) optionalDatabase(name string) Secret {
	value := Secret(v.text(name, ""))
	if value == "" {
		return ""
	}
	// net/url cannot parse host lists; the driver can. The driver's error is dropped because it
	// would quote the URL.
	if scheme, _, found := strings.Cut(value.Reveal(), "://"); !found || (scheme != "postgres" && scheme != "postgresql") || parsedDatabase(value) == nil {
		v.fail(name, "not such a URL", expectedDatabase)
	}
	return value
}

// list splits a variable at commas and drops empty elements.
func (v *variables) list(name string) []string {
	var items []string
	for item := range strings.SplitSeq(v.text(name, ""), ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// oids reads a list of ЕСИА person ids, which are numbers.
func (v *variables) oids(name string) []string {
	items := v.list(name)
	for _, item := range items {
		if _, err := strconv.ParseUint(item, 10, 64); err != nil {
			v.fail(name, "holds what is no ЕСИА oid", "numbers separated by commas")
			return nil
		}
	}
	slices.Sort(items)
	return slices.Compact(items)
}
