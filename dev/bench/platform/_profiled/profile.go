// This file is compiled into worker and apiserver only when a benchmark asks for their profiles: it
// serves net/http/pprof on a socket beside the program.
package main

import (
	"log/slog"
	"net"
	"net/http"
	_ "net/http/pprof" // registers its handlers
	"os"
)

func init() {
	socket := os.Args[0] + ".sock"
	_ = os.Remove(socket)
	listener, err := net.Listen("unix", socket)
	if err != nil {
		slog.Error("no profiles", "error", err)
		return
	}
	go func() { _ = http.Serve(listener, nil) }()
}
