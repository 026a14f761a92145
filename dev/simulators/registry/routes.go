package registry

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"epkr/internal/registry"
)

const maxControlBody = 4 << 20 // bytes; enough for every СНИЛС of the world

func (s *Simulator) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("ok\n"))
	})
	mux.HandleFunc("GET /snapshot/{name}", s.serveFile)
	mux.HandleFunc("POST /control/drop", control(func(in struct {
		SNILS  []string        `json:"snils"`
		Status registry.Status `json:"status"`
	},
	) (State, error) {
		if len(in.SNILS) == 0 {
			return State{}, badRequest("snils must name at least one engineer")
		}
		if in.Status != "" && !in.Status.Valid() {
			return State{}, badRequest("status must be active, excluded, suspended, deceased or absent")
		}
		return s.Drop(in.SNILS, in.Status)
	}))
	mux.HandleFunc("POST /control/restore", control(func(in struct {
		SNILS []string `json:"snils"`
	},
	) (State, error) {
		return s.Restore(in.SNILS)
	}))
	mux.HandleFunc("POST /control/as-of", control(func(in struct {
		AsOf time.Time `json:"as_of"`
	},
	) (State, error) {
		return s.setAsOf(in.AsOf)
	}))
	return mux
}

// serveFile also supports If-None-Match and Range: http.ServeContent implements them with the ETag.
func (s *Simulator) serveFile(w http.ResponseWriter, r *http.Request) {
	f, ok := s.file(r.PathValue("name"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", f.contentType)
	w.Header().Set("ETag", f.etag)
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.body))
}

// badRequest is the error for an invalid control request.
type badRequest string

func (b badRequest) Error() string { return string(b) }

// control returns a handler for a change: it decodes JSON and returns the state of the new
// snapshot.
func control[In any](change func(In) (State, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlBody))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&in); err != nil {
			http.Error(w, "the body must be JSON of the documented form: "+err.Error(), http.StatusBadRequest)
			return
		}
		now, err := change(in)
		var unknown unknownSNILS
		var bad badRequest
		switch {
		case errors.As(err, &unknown):
			http.Error(w, err.Error(), http.StatusNotFound)
			return
		case errors.As(err, &bad):
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		case err != nil:
			slog.Error("making a snapshot", "path", r.URL.Path, "error", err)
			http.Error(w, "the snapshot could not be made", http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(now) // the status is already sent, so an error cannot be reported
	}
}
