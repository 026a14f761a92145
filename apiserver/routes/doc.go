// Package routes is the table of contents of the platform's HTTP API: what the web app and other programs may ask and say.
//
// The API hands messages to the workflow of an order and reads what became of them from Postgres. It never decides whether an order may
// do something (that is package order, inside the workflow), and never changes an order's rows. Its inputs are HTTP requests, the read
// model in Postgres, and ЕСИА for sign-in. What every operation shares is package httpapi.
package routes
