// Package simulators runs the simulators of the external systems, ЕСИА and АИС «Реестр СРО», on
// this machine.
//
// Anyone who can reach them can sign in as any person, so they must listen on loopback addresses
// only. Production platforms do not use them.
package simulators

import (
	"context"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"time"

	esiasim "epkr/dev/simulators/esia"
	registrysim "epkr/dev/simulators/registry"
	"epkr/dev/synthetic"
	"epkr/internal/esia"
)

// Settings are the simulators' addresses and the platform that they serve.
type Settings struct {
	World *synthetic.World
	// ESIA and Registry are addresses to listen on, host:port.
	ESIA, Registry string
	// Keys is the directory of ЕСИА's key.
	Keys string
	// ClientID, Client and Redirect are the platform's mnemonic, certificate and return address at ЕСИА.
	ClientID, Redirect string
	Client             *x509.Certificate
}

// Simulators are the running simulators.
type Simulators struct {
	Registry *registrysim.Simulator
	stops    []func()
}

// Start starts both simulators.
func Start(ctx context.Context, s Settings) (_ *Simulators, err error) {
	started := &Simulators{}
	defer func() {
		if err != nil {
			started.Stop()
		}
	}()
	if started.Registry, err = registrysim.New(s.World.Rows(), time.Now); err != nil {
		return nil, fmt.Errorf("make the registry's first snapshot: %w", err)
	}
	server, err := esiasim.New(ctx, esiasim.Config{
		Directory: s.Keys, TokenKey: esia.GOST, People: s.World.People(), Organisations: s.World.Organisations(), TestUsers: s.World.TestUsers(),
		Clients: []esiasim.Client{{ID: s.ClientID, Certificate: s.Client, Redirects: []string{s.Redirect}}},
	})
	if err != nil {
		return nil, err
	}
	for address, handler := range map[string]http.Handler{s.ESIA: server, s.Registry: started.Registry} {
		_, stop, err := Serve(ctx, address, handler)
		if err != nil {
			return nil, err
		}
		started.stops = append(started.stops, stop)
	}
	return started, nil
}

// Stop stops both simulators.
func (s *Simulators) Stop() {
	for _, stop := range s.stops {
		stop()
	}
}

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
