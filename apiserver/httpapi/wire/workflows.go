package wire

import (
	"cmp"
	"net/url"
	"strings"

	"go.temporal.io/sdk/client"
)

// TemporalUI is where moderators look at workflows.
type TemporalUI struct {
	// URL is empty where the platform knows no UI.
	URL string
	// Namespace is empty for the usual one.
	Namespace string
}

// Workflow is the address of a workflow; empty without a UI.
func (u TemporalUI) Workflow(id string) string {
	ui := strings.TrimSuffix(u.URL, "/")
	if ui == "" {
		return ""
	}
	return ui + "/namespaces/" + url.PathEscape(cmp.Or(u.Namespace, client.DefaultNamespace)) + "/workflows/" + url.PathEscape(id)
}
