// Package firstload fills an empty local platform with the engineers of the registry and the organisations that employ them,
// so that there is somebody to choose from.
//
// It never changes what is there: where a snapshot was loaded before, it does nothing, and later snapshots are the nightly
// sync's. Its inputs are a snapshot of the registry, and the world of package dev/synthetic in place of what engineers enter in
// their profiles.
package firstload
