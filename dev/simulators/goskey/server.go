// Package goskey simulates the REST interface of ЕПГУ for «Госключ», with the token of ЕСИА for it,
// and the application in which people sign, for the local platform and for tests.
//
// It checks what ЕПГУ checks: the token, the service, the archive, the platform's signatures, and the
// limits of the request. What takes minutes there takes as long as its configuration says. People
// sign and refuse on its page; their signatures are made by a test authority (package pki).
//
// It asks for no passwords, contains no real persons, and is not part of the product.
package goskey

import (
	"crypto/x509"
	"net/http"
	"sync"
	"time"

	"epkr/dev/synthetic"
	"epkr/internal/testenv/pki"
)

// Config is the simulator's configuration.
type Config struct {
	// APIKey is the key of the platform's system; Certificate verifies the platform's signatures.
	APIKey      string
	Certificate *x509.Certificate
	// World has the people who have the application, and their organisations.
	World *synthetic.World
	// PKI issues their certificates.
	PKI *pki.PKI
	// Step is how long each state of the check lasts.
	Step time.Duration
	// Now is the clock; nil means the machine's.
	Now func() time.Time
}

// Behaviour is how the simulator treats orders that are sent after it was set.
type Behaviour struct {
	// Check is the code with which the check of an order ends, if it is not DONE: INTERNAL_ERROR.
	Check string `json:"check"`
	// Retry makes the check pause once, in the state RETRY.
	Retry bool `json:"retry"`
	// Signature is how the person's signature is made.
	Signature Making `json:"signature"`
	// Late is how long after the person's answer it is known. In JSON it is in nanoseconds.
	Late time.Duration `json:"late"`
}

// Making is how a signature is made.
type Making string

// The ways to make a signature. The first is right: a qualified certificate of the person.
const (
	Qualified     Making = ""
	Unqualified   Making = "unqualified"    // УНЭП
	WrongSigner   Making = "wrong-signer"   // by another person
	OtherDocument Making = "other-document" // of other bytes
)

// tokenLifetime is short, so that tokens are renewed in a long run.
const tokenLifetime = 10 * time.Minute

// Server is the simulated ЕПГУ.
type Server struct {
	mux     *http.ServeMux
	config  Config
	people  map[string]synthetic.Person       // by the digits of the СНИЛС
	offices map[string]synthetic.Organisation // by ОГРН
	now     func() time.Time

	mu        sync.Mutex
	tokens    map[string]time.Time // until when each is valid
	orders    map[int64]*order
	last      int64 // number of an order
	behaviour Behaviour
}

// firstOrder is the number before those of the orders.
const firstOrder = 764_000_000

// New returns the handler.
func New(config Config) *Server {
	s := &Server{
		mux: http.NewServeMux(), config: config, now: config.Now, last: firstOrder,
		people: map[string]synthetic.Person{}, offices: map[string]synthetic.Organisation{},
		tokens: map[string]time.Time{}, orders: map[int64]*order{},
	}
	if s.now == nil {
		s.now = time.Now
	}
	for _, person := range config.World.People {
		s.people[digits(person.SNILS)] = person
	}
	for _, organisation := range config.World.Organisations {
		s.offices[organisation.OGRN] = organisation
	}
	s.route()
	return s
}

// ServeHTTP answers as ЕПГУ.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	s.mux.ServeHTTP(w, r)
}

func (s *Server) route() {
	s.mux.HandleFunc("GET /esia-rs/api/public/v1/orgs/ext-app/{key}/tkn", s.giveToken)
	s.mux.HandleFunc("POST /api/gusmev/order", s.authorized(s.reserve))
	s.mux.HandleFunc("POST /api/gusmev/push/chunked", s.authorized(s.push))
	s.mux.HandleFunc("POST /api/gusmev/order/{id}", s.authorized(s.describe))
	s.mux.HandleFunc("GET /api/gusmev/order/getUpdatedAfter", s.authorized(s.updatedAfter))
	s.mux.HandleFunc("GET /api/storage/v2/files/{id}/3/download", s.authorized(s.download))
	s.mux.HandleFunc("GET /{$}", s.showPage)
	s.mux.HandleFunc("POST /{$}", s.act)
	s.mux.HandleFunc("POST /control/behaviour", s.control)
	s.mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
}

// Behave sets how orders that are sent from now on are treated.
func (s *Server) Behave(b Behaviour) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behaviour = b
}

// Sent returns the numbers of the orders that were sent, in the order of their numbers.
func (s *Server) Sent() []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	var sent []int64
	for id := int64(firstOrder) + 1; id <= s.last; id++ {
		if !s.orders[id].sentAt.IsZero() {
			sent = append(sent, id)
		}
	}
	return sent
}
