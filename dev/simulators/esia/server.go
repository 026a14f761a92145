// Package esia simulates the HTTP interface of ЕСИА, for the local platform and for tests.
//
// It checks what ЕСИА checks: the client's mnemonic and certificate, the exact return address, the
// time of the request, the scopes, and client_secret, which is verified against the registered
// certificate. It shows a login page in place of ЕСИА's, keeps a login session as ЕСИА does, signs
// tokens, and returns only the data that the scopes of a token allow.
//
// It asks for no passwords, contains no real persons, and is not part of the product. Its people
// come from the caller (package synthetic); it creates its keys in a directory of its own.
package esia

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"epkr/dev/synthetic"
	"epkr/internal/esia"
)

// Issuer is the iss claim of every token. It differs from ЕСИА's, so that no configuration can
// confuse the two.
const Issuer = "http://esia.simulator/"

// Config is the simulator's configuration.
type Config struct {
	// Directory holds esia.key and esia.crt, which are made if missing.
	Directory string
	Clients   []Client
	// World has the people and organisations. The login page shows its test users first.
	World *synthetic.World
	// TokenKey is the kind of key for signing tokens.
	TokenKey esia.KeyKind
	// Now is the clock; nil means the machine's.
	Now func() time.Time
}

// Client is a system registered with ЕСИА.
type Client struct {
	ID string
	// Key needs no KeyFile.
	Key KeyPair
	// Redirects are the allowed return addresses, compared exactly.
	Redirects []string
}

// Lifetimes are short, as ЕСИА's are.
const (
	requestWindow   = 5 * time.Minute // maximum difference between a request's timestamp and now
	loginLifetime   = 15 * time.Minute
	codeLifetime    = time.Minute
	tokenLifetime   = time.Hour
	sessionLifetime = 3 * time.Hour
)

// Server is the simulated ЕСИА.
type Server struct {
	mux       *http.ServeMux
	clients   map[string]Client
	directory *directory
	signer    esia.OpenSSL // of tokens
	now       func() time.Time

	logins   *store[authorization] // open login pages, by request id
	codes    *store[grant]         // authorisation codes
	tokens   *store[grant]         // access tokens
	sessions *store[string]        // login sessions: the person's oid
}

// New returns the handler. It makes the signing key if there is none.
func New(ctx context.Context, config Config) (*Server, error) {
	key, err := EnsureKey(ctx, config.Directory, "esia", Subject, config.TokenKey)
	if err != nil {
		return nil, fmt.Errorf("preparing the key that signs tokens: %w", err)
	}
	now := config.Now
	if now == nil {
		now = time.Now
	}
	server := &Server{
		mux:       http.NewServeMux(),
		clients:   map[string]Client{},
		directory: newDirectory(config.World),
		signer:    esia.OpenSSL{Form: esia.Raw, Kind: config.TokenKey, KeyFile: key.KeyFile, Timeout: opensslTimeout},
		now:       now,
		logins:    newStore[authorization](loginLifetime, now),
		codes:     newStore[grant](codeLifetime, now),
		tokens:    newStore[grant](tokenLifetime, now),
		sessions:  newStore[string](sessionLifetime, now),
	}
	for _, client := range config.Clients {
		server.clients[client.ID] = client
	}
	server.route()
	return server, nil
}

// ServeHTTP answers as ЕСИА.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	s.mux.ServeHTTP(w, r)
}

func (s *Server) route() {
	s.mux.HandleFunc("GET /aas/oauth2/ac", s.authorize(esia.V1))
	s.mux.HandleFunc("GET /aas/oauth2/v2/ac", s.authorize(esia.V2))
	s.mux.HandleFunc("POST /aas/oauth2/te", s.token(esia.V1))
	s.mux.HandleFunc("POST /aas/oauth2/v3/te", s.token(esia.V2))
	s.mux.HandleFunc("GET /login", s.showLogin)
	s.mux.HandleFunc("POST /login", s.login)
	s.mux.HandleFunc("GET /idp/ext/Logout", s.logout)
	s.routeData()
	s.mux.HandleFunc("POST /control/person", s.controlPerson)
	s.mux.HandleFunc("POST /control/organisation", s.controlOrganisation)
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
}
