// Package stack starts the platform, or a part of it, on one machine: the servers that it stands on,
// the simulators of the systems outside, worker and apiserver.
//
// It holds no rules of the platform. The commands of dev, the benchmarks, the fault tests and the
// browser tests start what they need with it.
package stack
