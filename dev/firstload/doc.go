// Package firstload fills an empty local platform with the engineers of the registry and the
// organisations that employ them, so that customers have engineers to choose from.
//
// It never changes existing data: if a snapshot was loaded before, it does nothing; later snapshots
// are loaded by the nightly sync. Its inputs are a snapshot of the registry, and the world of
// package dev/synthetic for the data that engineers enter in their profiles.
package firstload
