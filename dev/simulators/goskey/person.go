package goskey

import (
	_ "embed"
	"encoding/asn1"
	"encoding/json"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"epkr/internal/testenv/pki"
)

//go:embed person.html
var pageText string

var page = template.Must(template.New("").Parse(pageText))

// shownOrder is a document on the page.
type shownOrder struct {
	ID                                  int64
	Person, Organisation, Sender, About string
	State                               string
	Until                               string
	Waits                               bool
}

// showPage shows the documents of all people, the newest first.
func (s *Server) showPage(w http.ResponseWriter, _ *http.Request) {
	s.render(w, http.StatusOK, "")
}

func (s *Server) render(w http.ResponseWriter, status int, message string) {
	s.mu.Lock()
	shown := []shownOrder{}
	now := s.now()
	for _, o := range s.orders {
		st := s.stateOf(o, now)
		person, known := s.people[digits(o.request.snils())]
		if st.code != "DONE" || !known {
			continue
		}
		state := st.title
		if st.comment != "" {
			state = st.comment
		}
		if st.status == 17 && !o.answeredAt.IsZero() {
			state = "Ответ отправлен"
		}
		shown = append(shown, shownOrder{
			ID: o.id, Person: person.FullName(), Organisation: s.offices[o.request.Legal.OGRN].ShortName,
			Sender: o.request.sender(), About: o.request.Description, State: state,
			Until: o.request.Expires.In(moscow).Format("02.01.2006 15:04"), Waits: st.status == 17 && o.answeredAt.IsZero(),
		})
	}
	s.mu.Unlock()
	slices.SortFunc(shown, func(a, b shownOrder) int { return int(b.ID - a.ID) })
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'")
	w.WriteHeader(status)
	// The status is already sent, so an error cannot be reported.
	_ = page.Execute(w, map[string]any{"Message": message, "Orders": shown})
}

// act receives the form: order and action (sign or refuse).
func (s *Server) act(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxText)
	id, _ := strconv.ParseInt(r.PostFormValue("order"), 10, 64)
	act := s.Refuse
	if r.PostFormValue("action") == "sign" {
		act = s.Sign
	}
	if err := act(id); err != nil {
		s.render(w, http.StatusConflict, "Не получилось: "+err.Error()+".")
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// control sets the behaviour from another process.
func (s *Server) control(w http.ResponseWriter, r *http.Request) {
	var b Behaviour
	decoder := json.NewDecoder(io.LimitReader(r.Body, maxText))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&b); err != nil {
		http.Error(w, "the body must be a behaviour in JSON: "+err.Error(), http.StatusBadRequest)
		return
	}
	s.Behave(b)
	w.WriteHeader(http.StatusNoContent)
}

// ofGoskey is the algorithm that signatures of «Госключ» name: that of the key.
var ofGoskey = asn1.ObjectIdentifier{1, 2, 643, 7, 1, 1, 1, 1}

// signatureOf makes the person's signature as «Госключ» does: plain CMS with three signed attributes
// and one certificate.
func (s *Server) signatureOf(o *order) ([]byte, error) {
	making := o.behaviour.Signature
	name, err := s.certificate(o, making)
	if err != nil {
		return nil, err
	}
	document := o.document.content
	if making == OtherDocument {
		document = append(slices.Clone(document), '\n')
	}
	signature, err := s.config.PKI.Sign(name, document, "-nosmimecap")
	if err != nil {
		return nil, err
	}
	return pki.WithAlgorithm(signature, ofGoskey)
}

// certificate issues the person's certificate when it is first needed, and returns its name.
func (s *Server) certificate(o *order, making Making) (string, error) {
	person := s.people[digits(o.request.snils())]
	subject := pki.Subject{
		Name: person.FullName(), Surname: person.LastName, GivenName: strings.TrimSpace(person.FirstName + " " + person.MiddleName),
		SNILS: digits(person.SNILS), INN: person.INN,
	}
	if ogrn := o.request.Legal.OGRN; len(ogrn) == 15 {
		subject.OGRNIP = ogrn
	} else if office, found := s.offices[ogrn]; found {
		subject = subject.HeadOf(pki.Subject{Name: office.FullName, Organisation: office.FullName, OrganisationINN: office.INN, OGRN: office.OGRN})
	}
	issue := pki.Certificate{Name: "goskey", Subject: subject}
	switch making {
	case Unqualified:
		issue.Issuer, issue.Subject.INN = pki.Unqualified, ""
	case WrongSigner:
		issue.Subject = pki.Person("Посторонний", "Иван Иванович", "987654321")
	}
	return s.config.PKI.Ensure(issue)
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}
