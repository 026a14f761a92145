package esia

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"time"

	"epkr/dev/synthetic"
	"epkr/internal/esia"
)

// Issuer is the iss claim of every token: not ЕСИА's, so that no configuration can take one for the other.
const Issuer = "http://esia.simulator/"

// Config is what the simulator knows at start.
type Config struct {
	// Directory keeps esia.key and esia.crt, which are made when absent.
	Directory     string
	Clients       []Client
	People        []synthetic.Person
	Organisations []synthetic.Organisation
	// Cast is shown first on the login page and may sign in by short names.
	Cast []synthetic.CastMember
	// TokenKey is the kind of key that tokens are signed with.
	TokenKey esia.KeyKind
	// Now is the clock; nil means the machine's.
	Now func() time.Time
}

// Client is a system registered with ЕСИА.
type Client struct {
	ID          string
	Certificate *x509.Certificate
	// Redirects are the allowed return addresses, compared letter by letter.
	Redirects []string
}

// Lifetimes are short, as ЕСИА's are.
const (
	requestWindow   = 5 * time.Minute // how far the timestamp of a request may lie from now
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
	signer    tokenSigner
	now       func() time.Time

	logins   *store[authorization] // shown login pages, by request id
	codes    *store[grant]         // authorisation codes
	tokens   *store[grant]         // access tokens
	sessions *store[string]        // login sessions: the person's oid
}

// New makes the signing key if there is none and gives the handler.
func New(ctx context.Context, config Config) (*Server, error) {
	if len(config.Clients) == 0 {
		return nil, errors.New("no client is registered")
	}
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
		directory: newDirectory(config.People, config.Organisations, config.Cast),
		signer:    newTokenSigner(key, config.TokenKey),
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
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
}
