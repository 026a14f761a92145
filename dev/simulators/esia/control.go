package esia

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
)

// mayControl accepts requests from this machine only, and none from web pages, which send an origin.
// It answers the others.
func mayControl(w http.ResponseWriter, r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if address := net.ParseIP(host); err != nil || address == nil || !address.IsLoopback() || r.Header.Get("Origin") != "" {
		http.Error(w, "only this machine may change people", http.StatusForbidden)
		return false
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		http.Error(w, "the body must be application/json", http.StatusUnsupportedMediaType)
		return false
	}
	return true
}

// controlPerson changes a person at run time.
func (s *Server) controlPerson(w http.ResponseWriter, r *http.Request) {
	if !mayControl(w, r) {
		return
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	var wanted change
	if err := decoder.Decode(&wanted); err != nil {
		http.Error(w, "the body is not the expected JSON: "+err.Error(), http.StatusBadRequest)
		return
	}
	if !s.directory.apply(wanted) {
		http.Error(w, "there is no such person", http.StatusNotFound)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
