package mail

import (
	_ "embed"
	"html/template"
	"net/http"
	"slices"
)

var (
	//go:embed page.html
	pageSource string

	page = template.Must(template.New("page").Parse(pageSource))
)

// ServeHTTP shows the letters: all, those to one address, and one of them.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.http.ServeHTTP(w, r) }

func (s *Server) routes() {
	s.http.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		letters := s.Letters(r.FormValue("to"))
		slices.Reverse(letters)
		show(w, map[string]any{"Letters": letters})
	})
	s.http.HandleFunc("GET /letters/{number}", s.one(func(w http.ResponseWriter, l Letter) { show(w, map[string]any{"Letter": l}) }))
	s.http.HandleFunc("GET /letters/{number}/html", s.one(func(w http.ResponseWriter, l Letter) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		_, _ = w.Write([]byte(l.HTML)) // the browser has gone otherwise
	}))
	s.http.HandleFunc("GET /letters/{number}/source", s.one(func(w http.ResponseWriter, l Letter) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(l.Source) // the browser has gone otherwise
	}))
}

func (s *Server) one(show func(http.ResponseWriter, Letter)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		all := s.Letters("")
		i := slices.IndexFunc(all, func(l Letter) bool { return l.Number == r.PathValue("number") })
		if i < 0 {
			http.NotFound(w, r)
			return
		}
		show(w, all[i])
	}
}

func show(w http.ResponseWriter, what any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := page.Execute(w, what); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}
