package routes

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"epkr/apiserver/auth"
	"epkr/apiserver/httpapi"
	"epkr/db"
	"epkr/internal/config"
)

// OpenAPI returns the description of the API, OpenAPI 3.1 as indented JSON. It needs no servers and
// no settings, so that a test can compare it with the committed copy.
func OpenAPI() ([]byte, error) {
	s, err := bareServer()
	if err != nil {
		return nil, fmt.Errorf("building the API to describe it: %w", err)
	}
	text, err := json.MarshalIndent(s.OpenAPI(), "", "  ")
	if err != nil {
		return nil, fmt.Errorf("describing the API: %w", err)
	}
	return append(text, '\n'), nil
}

// bareServer returns the API without servers and settings.
func bareServer() (*httpapi.Server, error) {
	// The public URL does not appear in the description, but the server requires one.
	settings := config.API{Platform: config.Platform{PublicURL: "https://localhost"}}
	return New(Dependencies{Store: &db.Store{}, Config: settings, Consent: auth.CurrentConsent(), Log: slog.New(slog.DiscardHandler), Now: time.Now})
}
