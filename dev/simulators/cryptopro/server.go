package cryptopro

import (
	"bytes"
	"crypto/sha1"
	"crypto/x509"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"epkr/dev/synthetic"
	"epkr/internal/testenv/pki"
)

// Script is the path of the script that the extension would put into a page.
const Script = "/nmcades_plugin_api.js"

// maxContent limits what a page may have signed, in bytes.
const maxContent = 64 << 20

//go:embed plugin.js
var script []byte

// Server serves the script and does what the plug-in does with certificates and keys. Any page can
// sign as anybody with it.
type Server struct {
	mux       *http.ServeMux
	authority *pki.PKI
	world     *synthetic.World

	mu     sync.Mutex
	issued map[string]string // names of certificates by their thumbprint
}

// New returns the handler. It issues and revokes a certificate of each test user, so that the
// authority's list has them from the start.
func New(authority *pki.PKI, world *synthetic.World) (*Server, error) {
	s := &Server{mux: http.NewServeMux(), authority: authority, world: world, issued: map[string]string{}}
	var names []string
	for _, u := range world.TestUsers {
		person, _ := world.PersonByLogin(u.Login)
		name, err := authority.Ensure(revoked(person))
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	if err := authority.EnsureRevoked(pki.Issuer, time.Now().Add(-time.Hour), names...); err != nil {
		return nil, err
	}
	s.mux.HandleFunc("GET "+Script, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		_, _ = w.Write(script)
	})
	s.mux.HandleFunc("GET /certificates", s.listCertificates)
	s.mux.HandleFunc("POST /sign", s.sign)
	return s, nil
}

// ServeHTTP answers pages of any origin.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Header().Set("Cache-Control", "no-store")
	s.mux.ServeHTTP(w, r)
}

// certificate is what the plug-in tells of a certificate.
type certificate struct {
	Thumbprint string    `json:"thumbprint"`
	Subject    string    `json:"subject"`
	Issuer     string    `json:"issuer"`
	From       time.Time `json:"from"`
	To         time.Time `json:"to"`
}

// listCertificates returns the certificates of the store of a person, who is given by his full name.
func (s *Server) listCertificates(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Query().Get("name")
	i := slices.IndexFunc(s.world.People, func(p synthetic.Person) bool { return p.FullName() == name })
	if i < 0 {
		http.Error(w, "нет такого человека", http.StatusNotFound)
		return
	}
	var all []certificate
	for _, c := range s.offered(s.world.People[i]) {
		one, err := s.issue(c)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		all = append(all, one)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(all) // the status is already sent
}

// offered returns the certificates of a person, and those that he can choose by mistake: expired,
// revoked, of a foreign authority, of an organisation without a person, and of somebody else.
func (s *Server) offered(p synthetic.Person) (all []pki.Certificate) {
	for _, subject := range Subjects(s.world, p) {
		all = append(all, pki.Certificate{Name: "signer", Subject: subject})
	}
	own, now := all[0].Subject, time.Now()
	other := s.world.People[slices.IndexFunc(s.world.People, func(o synthetic.Person) bool { return o.SNILS != p.SNILS })]
	return append(all,
		pki.Certificate{Name: "expired", Subject: own, From: now.AddDate(0, -11, 0), To: now.AddDate(0, -1, 0)},
		revoked(p),
		pki.Certificate{Name: "foreign", Subject: own, Issuer: pki.Foreign},
		pki.Certificate{Name: "signer", Subject: organisation(s.world.Organisations[0])},
		pki.Certificate{Name: "signer", Subject: Subjects(s.world, other)[0]},
	)
}

func revoked(p synthetic.Person) pki.Certificate {
	return pki.Certificate{Name: "revoked", Subject: pki.Named(p.FullName(), p.SNILS, p.INN)}
}

func (s *Server) issue(wanted pki.Certificate) (certificate, error) {
	name, err := s.authority.Ensure(wanted)
	if err != nil {
		return certificate{}, err
	}
	c, err := s.authority.Certificate(name)
	if err != nil {
		return certificate{}, err
	}
	thumbprint := thumbprintOf(c)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.issued[thumbprint] = name
	return certificate{thumbprint, nameText(c.Subject), nameText(c.Issuer), c.NotBefore, c.NotAfter}, nil
}

func thumbprintOf(c *x509.Certificate) string {
	sum := sha1.Sum(c.Raw)
	return strings.ToUpper(hex.EncodeToString(sum[:]))
}

// sign returns a detached signature (CAdES-BES) of the body in DER.
func (s *Server) sign(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	name, known := s.issued[r.URL.Query().Get("certificate")]
	s.mu.Unlock()
	if !known {
		http.Error(w, "нет такого сертификата", http.StatusNotFound)
		return
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxContent))
	if err != nil {
		status := http.StatusBadRequest
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, fmt.Sprintf("reading the content: %v", err), status)
		return
	}
	signature, err := s.authority.Sign(name, content, "-cades")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = io.Copy(w, bytes.NewReader(signature)) // the status is already sent
}
