// Package simulators runs the simulators of the external systems, such as ЕСИА and АИС «Реестр СРО», on
// this machine.
//
// Anyone who can reach them can sign in as any person, so they must listen on loopback addresses
// only. Production platforms do not use them.
package simulators

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// Serve serves handler at address until stop is called. It returns the URL.
func Serve(ctx context.Context, address string, handler http.Handler) (url string, stop func(), err error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return "", nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: time.Minute}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(listener) // returns when the listener is closed
	}()
	return "http://" + listener.Addr().String(), func() {
		_ = server.Close()
		<-ended
	}, nil
}
