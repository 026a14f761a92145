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

// OpenAPI is the description of the API, OpenAPI 3.1 as indented JSON. It needs no server and no settings, so that the
// committed copy can be compared with it.
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

// bareServer is the API without servers and settings.
func bareServer() (*httpapi.Server, error) {
	// Who the platform is to browsers does not show in the description, but no API is built without it.
	settings := config.API{Platform: config.Platform{PublicURL: "https://localhost"}}
	return New(Dependencies{Store: &db.Store{}, Config: settings, Consent: auth.CurrentConsent(), Log: slog.New(slog.DiscardHandler), Now: time.Now})
}
