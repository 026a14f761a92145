// Package registrysync measures the nightly reading of the registry: nights on which a thousand engineers lose their status or get it
// back, among few orders in work and among many, and one on which every entry has changed.
//
// The registry is the simulator, the engineers are those of package dev/synthetic. Only the orders that are told, and a thousand
// others, are workflows; the rest are rows. It compares with package dev/bench/floor and decides nothing itself.
package registrysync
