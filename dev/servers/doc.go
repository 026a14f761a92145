// Package servers starts the real servers that the platform stands on, without
// containers: Postgres, Temporal with its UI, and an S3 server.
//
// Each server is a child process in a process group of its own that dies with
// its parent, writes its log to a file, counts as started when it answers, and
// is stopped in the reverse order. The package never runs the platform's own
// processes' code and never migrates the platform's schema; it knows the
// platform only as a role, a database, a namespace and a bucket named epkr.
//
// Its inputs are the Settings of the caller, temporal-dev.yml of the repository,
// the Debian packages of the machine, and the Go module proxy, from which the
// servers are built once into a cache outside the repository.
//
// It runs on Linux: parent-death signals and /proc are used.
package servers
