// Package routes is the table of contents of the platform's HTTP API for the web app and other
// programs.
//
// The API sends messages to the workflow of an order and reads the results from Postgres. It never
// decides whether an order may do something (package order does, inside the workflow), and never
// changes an order's rows. Its inputs are HTTP requests, the read model in Postgres, and ЕСИА for
// sign-in. Package httpapi contains what all operations share.
package routes
