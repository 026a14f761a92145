package esia

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
)

// controlPerson changes a person at run time. It accepts requests from this machine only, and none
// from web pages, which send an origin.
func (s *Server) controlPerson(w http.ResponseWriter, r *http.Request) {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if address := net.ParseIP(host); err != nil || address == nil || !address.IsLoopback() || r.Header.Get("Origin") != "" {
		http.Error(w, "only this machine may change people", http.StatusForbidden)
		return
	}
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		http.Error(w, "the body must be application/json", http.StatusUnsupportedMediaType)
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
