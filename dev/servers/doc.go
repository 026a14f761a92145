// Package servers starts the real servers that the platform needs, without containers: Postgres,
// Temporal with its UI, and an S3 server.
//
// Each server is a child process in its own process group. It is killed when its parent dies,
// writes its log to a file, counts as started when it answers, and is stopped in reverse order. The
// package never runs code of the platform's own processes and never migrates the platform's schema;
// the platform's only traces in it are a role, a database, a namespace and a bucket named epkr.
//
// Its inputs are the Settings of the caller, temporal-dev.yml of the repository, the Debian
// packages of the machine, and the Go module proxy, from which the servers are built once into a
// cache outside the repository.
//
// It runs only on Linux, because it uses parent-death signals and /proc.
package servers
