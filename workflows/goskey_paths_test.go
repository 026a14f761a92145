package workflows_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/apitest"
	"epkr/apiserver/goskey"
	"epkr/internal/acceptance"
	"epkr/internal/order"
	"epkr/internal/testenv"
	"epkr/internal/workflowapi"
)

// goskeyPaths are the paths of a signature in «Госключ» and of the poll.
var goskeyPaths = []string{"goskey-applied", "goskey-refused", "goskey-poll"}

// A signature that is refused and one that is made both end, and their histories and that of the poll
// replay on the current code. This test makes the keys of the API's tests, so it does not run in
// parallel.
func TestGoskeyPaths(t *testing.T) {
	acceptance.Covers(t, "S-18", "S-36")
	apitest.KeysFolder = t.TempDir()
	p := apitest.Start(t, apitest.WithGoskey)
	g := p.StartGoskey()
	customer, engineer := apitest.StartPair(p)
	id, contract := p.OrderWithContract(customer, engineer, 0)
	path, temporal := "/api/orders/"+id.String()+"/goskey", testenv.Temporal(t)
	// sign asks for a signature, gives the person's answer, and returns the id of the closed workflow.
	sign := func(answer func(int64) error, end goskey.State) string {
		a := customer.Do(http.MethodPost, path, apitest.Object{"action": order.SignContract, "document": contract.SHA256}, "Idempotency-Key", uuid.NewString())
		require.Equal(t, http.StatusAccepted, a.Status, a.Text())
		var out struct{ Request goskey.SigningRequest }
		a.Into(&out)
		state := func(wanted goskey.State) func() bool {
			return func() bool {
				var shown struct{ Requests []goskey.SigningRequest }
				customer.Do(http.MethodGet, path, nil).OK().Into(&shown)
				return shown.Requests[0].ID == out.Request.ID && shown.Requests[0].State == wanted
			}
		}
		testenv.Eventually(t, "the person has the document", state(goskey.Waiting))
		sent := g.Sent()
		require.NoError(t, answer(sent[len(sent)-1]))
		testenv.Eventually(t, "the signature has ended", state(end))
		workflowID := workflowapi.GoskeySignatureOptions(out.Request.ID, "").ID
		requireEnds(t, temporal, workflowID)
		return workflowID
	}
	ended := []string{sign(g.Refuse, goskey.Failed), sign(g.Sign, goskey.Applied)}
	saveHistory(t, "goskey-refused", requireReplays(t, temporal, ended[0]))
	saveHistory(t, "goskey-applied", requireReplays(t, temporal, ended[1]))
	poll := workflowapi.GoskeyPollID(p.TaskQueue)
	requireEnds(t, temporal, poll)
	saveHistory(t, "goskey-poll", requireReplays(t, temporal, poll))
	require.Equal(t, order.Work, customer.Card(id).Stage.Code)
}

func requireEnds(t *testing.T, temporal client.Client, workflowID string) {
	t.Helper()
	require.NoError(t, temporal.GetWorkflow(t.Context(), workflowID, "").Get(t.Context(), nil))
}
