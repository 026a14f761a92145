package wire

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"go.temporal.io/api/serviceerror"
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

// WorkflowIsOver says that the workflow of the order has ended, or never was.
func WorkflowIsOver(err error) bool {
	var gone *serviceerror.NotFound
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	return errors.As(err, &gone) || errors.As(err, &started)
}
