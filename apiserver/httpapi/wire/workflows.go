package wire

import (
	"cmp"
	"net/url"
	"strings"

	"go.temporal.io/sdk/client"
)

// TemporalUI is the Temporal UI that moderators use.
type TemporalUI struct {
	// URL is empty if no UI is configured.
	URL string
	// Namespace is empty for the default one.
	Namespace string
}

// Workflow returns the address of a workflow in the UI; empty without a UI.
func (u TemporalUI) Workflow(id string) string {
	ui := strings.TrimSuffix(u.URL, "/")
	if ui == "" {
		return ""
	}
	return ui + "/namespaces/" + url.PathEscape(cmp.Or(u.Namespace, client.DefaultNamespace)) + "/workflows/" + url.PathEscape(id)
}
