package registry

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"epkr/internal/registry"
)

const maxControlBody = 4 << 20 // bytes; enough for every СНИЛС of the world

func (s *Simulator) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /snapshot/{name}", s.serveFile)
	mux.HandleFunc("POST /control/drop", control(func(in controlBody) (State, error) {
		if len(in.SNILS) == 0 {
			return State{}, refusal{http.StatusBadRequest, "snils must name at least one engineer"}
		}
		if in.Status != "" && !in.Status.Valid() {
			return State{}, refusal{
				http.StatusBadRequest,
				"status must be active, excluded, suspended, deceased or absent",
			}
		}
		return s.Drop(in.SNILS, in.Status)
	}))
	mux.HandleFunc("POST /control/restore", control(func(in controlBody) (State, error) {
		return s.Restore(in.SNILS)
	}))
	mux.HandleFunc("POST /control/as-of", control(func(in controlBody) (State, error) {
		return s.setAsOf(in.AsOf)
	}))
	return mux
}

// serveFile also supports If-None-Match and Range: http.ServeContent implements them with the ETag.
func (s *Simulator) serveFile(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	body, ok := s.file(name)
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(body)))
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(body))
}

// refusal is the error for a control request that the simulator does not carry out.
type refusal struct {
	status int
	text   string
}

func (r refusal) Error() string { return r.text }

// controlBody has the fields of all control requests.
type controlBody struct {
	SNILS  []string        `json:"snils"`
	Status registry.Status `json:"status"`
	AsOf   time.Time       `json:"as_of"`
}

// control returns a handler for a change: it decodes JSON and returns the state of the new
// snapshot.
func control(change func(controlBody) (State, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in controlBody
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlBody))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&in); err != nil {
			http.Error(w, "the body must be JSON of the documented form: "+err.Error(), http.StatusBadRequest)
			return
		}
		now, err := change(in)
		if err != nil {
			refused := refusal{status: http.StatusInternalServerError}
			_ = errors.As(err, &refused)
			http.Error(w, err.Error(), refused.status)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(now) // the status is already sent, so an error cannot be reported
	}
}
