package workflowapi

import (
	"github.com/google/uuid"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"epkr/internal/order"
)

// MakeDocumentWorkflow is the type name of the workflow that makes the files of one document.
const MakeDocumentWorkflow = "MakeDocument"

// MakeDocumentInput identifies the row of the document, which contains the values: they are personal
// data.
type MakeDocumentInput struct {
	DocumentID string `json:"documentId"`
}

// MakeDocumentOptions returns the start options of the making of a document. They find one that is
// already running. One that has ended may be started again: it finds the document made and changes
// nothing.
func MakeDocumentOptions(id uuid.UUID, taskQueue string) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{
		ID:                       "document-" + id.String(),
		TaskQueue:                taskQueue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		StaticSummary:            "Формирование документа",
	}
}

// GeneratedDocumentID returns the id of a document of a kind that a person asks for under an
// idempotency key.
func GeneratedDocumentID(a order.Actor, orderID uuid.UUID, kind, key string) uuid.UUID {
	return derive(httpNamespace, "generated-document", a.Person, string(a.Role), a.Party, orderID.String(), kind, key)
}

// GeneratedFileID returns the id of a file of a document, by its ending: "pdf" or "docx".
func GeneratedFileID(document uuid.UUID, ending string) uuid.UUID {
	return derive(platformNamespace, "generated-file", document.String(), ending)
}
