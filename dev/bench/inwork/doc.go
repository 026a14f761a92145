// Package inwork puts orders in work on a platform that has just been started: rows as if each order had come there message by
// message, and workflows that go on from their rows.
//
// It plays one order through the platform's own rules and copies it; it sends no message, and what came before is in no
// history. Its inputs are a migrated database, Temporal, and the world of package dev/synthetic.
package inwork
