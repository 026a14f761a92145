// Package api is the platform's HTTP API: what the web app and other programs may ask and say.
//
// It checks who calls and whether what he sent has the right shape, hands messages to the workflow of an order and reads
// what became of them from Postgres. It never decides whether an order may do something (that is package order, inside the
// workflow), never changes an order's rows, and never shows an error's inside to the caller.
//
// Its inputs are HTTP requests, the read model in Postgres, and ЕСИА for sign-in. Every operation is registered by
// [register], which asks who may call it; every error leaves through errors.go as application/problem+json (RFC 9457).
package routes
