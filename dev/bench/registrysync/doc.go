// Package registrysync measures the nightly reading of the registry: nights on which nobody's entry, everybody's entry or the status of
// a thousand engineers has changed, among few orders in work and among many.
//
// The registry is the simulator, the engineers are those of package dev/synthetic. Only the orders that are told, and a thousand
// others, are workflows; the rest are rows. It compares with package dev/bench/floor and decides nothing itself.
package registrysync
