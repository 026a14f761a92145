package workflowapi_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"epkr/internal/acceptance"
	"epkr/internal/workflowapi"
)

// An order has exactly one workflow id: another spelling would allow a second workflow of the same
// order.
func TestOrderHasOneWorkflowID(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	id := uuid.MustParse("3f2504e0-4f89-41d3-9a0c-0305e82c3301")
	found, err := workflowapi.OrderID(workflowapi.OrderWorkflowID(id))
	require.NoError(t, err)
	require.Equal(t, id, found)
	text := id.String()
	for _, twin := range []string{
		text, "order-" + strings.ToUpper(text), "order-{" + text + "}", "order-urn:uuid:" + text, "order-" + strings.ReplaceAll(text, "-", ""),
		"order-order-" + text, "ORDER-" + text, "order-", "",
	} {
		_, err := workflowapi.OrderID(twin)
		require.Error(t, err, twin)
	}
}
