package api

import (
	"cmp"
	"errors"
	"net/url"
	"strings"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
)

// workflowURL leads to a workflow in the Temporal UI; empty where the platform knows no UI.
func (s *Server) workflowURL(id string) string {
	ui := strings.TrimSuffix(s.Config.TemporalUIURL, "/")
	if ui == "" {
		return ""
	}
	namespace := cmp.Or(s.Config.Temporal.Options().Namespace, client.DefaultNamespace)
	return ui + "/namespaces/" + url.PathEscape(namespace) + "/workflows/" + url.PathEscape(id)
}

// over says that the workflow of the order has ended, or never was.
func over(err error) bool {
	var gone *serviceerror.NotFound
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	return errors.As(err, &gone) || errors.As(err, &started)
}
