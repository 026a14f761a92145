package esia

import (
	_ "embed"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"epkr/dev/synthetic"
)

// sessionCookie has a distinct name, because all ports of 127.0.0.1 share cookies.
const sessionCookie = "esia_simulator_session"

// maxBody limits forms and control messages.
const maxBody = 64 << 10

const outdated = "Страница входа устарела. Вернитесь на платформу и нажмите «Войти» ещё раз."

//go:embed login.html
var pageText string

var pages = template.Must(template.New("").Parse(pageText))

// showLogin shows the people who can sign in, with a search field.
func (s *Server) showLogin(w http.ResponseWriter, r *http.Request) {
	request := r.URL.Query().Get("request")
	if _, found := s.logins.get(request); !found {
		render(w, http.StatusBadRequest, "message", outdated)
		return
	}
	s.renderLogin(w, http.StatusOK, request, r.URL.Query().Get("q"), "")
}

func (s *Server) renderLogin(w http.ResponseWriter, status int, request, query, message string) {
	page := object{"Request": request, "Query": query, "Message": message, "People": s.directory.search(query)}
	if strings.TrimSpace(query) == "" {
		page["TestUsers"] = s.directory.testUsers
	}
	render(w, status, "login", page)
}

// login receives the form: request, action (login or refuse) and login.
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	request := r.PostFormValue("request")
	auth, found := s.logins.get(request)
	if !found {
		render(w, http.StatusBadRequest, "message", outdated)
		return
	}
	if r.PostFormValue("action") == "refuse" {
		s.logins.take(request)
		redirectProblem(w, r, auth.redirectURI, auth.state, refusedByUser)
		return
	}
	who, found := s.directory.find(r.PostFormValue("login"))
	switch {
	case !found:
		s.renderLogin(w, http.StatusUnauthorized, request, "", "Учётная запись не найдена. Введите имя из списка, СНИЛС или номер учётной записи.")
	case !who.active:
		s.renderLogin(w, http.StatusForbidden, request, "", "Учётная запись закрыта, войти с ней нельзя.")
	default:
		if _, first := s.logins.take(request); !first {
			render(w, http.StatusConflict, "message", "Вход уже выполнен.")
			return
		}
		session := s.sessions.add(who.person.OID)
		http.SetCookie(w, &http.Cookie{Name: sessionCookie, Value: session, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		s.finish(w, r, auth, who.person, session)
	}
}

// session returns the person of the browser's valid login session; a closed account has none.
func (s *Server) session(r *http.Request) (string, synthetic.Person, bool) {
	cookie, err := r.Cookie(sessionCookie)
	if err != nil {
		return "", synthetic.Person{}, false
	}
	oid, found := s.sessions.get(cookie.Value)
	if !found {
		return "", synthetic.Person{}, false
	}
	who, found := s.directory.find(oid)
	return cookie.Value, who.person, found && who.active
}

// logout ends the login session and redirects only to an address of the given system.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(sessionCookie); err == nil {
		s.sessions.take(cookie.Value)
	}
	http.SetCookie(w, &http.Cookie{Name: sessionCookie, Path: "/", MaxAge: -1, HttpOnly: true, SameSite: http.SameSiteLaxMode})
	client, known := s.clients[r.URL.Query().Get("client_id")]
	target := r.URL.Query().Get("redirect_url")
	if known && mayReturn(client, target) {
		http.Redirect(w, r, target, http.StatusSeeOther)
		return
	}
	render(w, http.StatusOK, "message", "Вы вышли из учётной записи.")
}

// mayReturn reports whether a logout may redirect to target: any page of the sites that the system
// registered.
func mayReturn(client Client, target string) bool {
	return slices.ContainsFunc(client.Redirects, func(redirect string) bool {
		own, err := url.Parse(redirect)
		return err == nil && strings.HasPrefix(target, own.Scheme+"://"+own.Host+"/")
	})
}

func render(w http.ResponseWriter, status int, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.WriteHeader(status)
	// The status is already sent, so an error cannot be reported.
	_ = pages.ExecuteTemplate(w, name, data)
}
