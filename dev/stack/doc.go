// Package stack starts the platform, or a part of it, on one machine: the servers that it needs,
// the simulators of the external systems, worker and apiserver.
//
// It contains no rules of the platform. The commands of dev, the benchmarks, the fault tests and
// the browser tests use it.
package stack
