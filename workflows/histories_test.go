package workflows_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/temporalproto"
	"go.temporal.io/sdk/client"

	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// histories is the folder of recorded histories: <path>.<run>.json of an order, <path>.json of any
// other workflow. <path>.<run>.state.json is the recorded state at the end of a run of an order,
// and not the result of a replay. Files named old-… were recorded by code without a patch of a
// versions.go, and are removed with the patch. Long histories are compressed.
const histories = "testdata/histories"

// maxUncompressed is the size in bytes above which a history is compressed.
const maxUncompressed = 1 << 20

var record = flag.Bool("record", false, "record the histories that the replay test reads")

// saveHistory writes a history to the folder if -record is set.
func saveHistory(t testing.TB, name string, history *historypb.History) {
	t.Helper()
	if !*record {
		return
	}
	file, data := filepath.Join(histories, name+".json"), historyLines(t, history)
	if len(data) > maxUncompressed {
		file, data = file+".gz", compressed(t, data)
	}
	write(t, file, data)
}

func compressed(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	require.NoError(t, err)
	_, err = w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Bytes()
}

func write(t testing.TB, file string, data []byte) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, data, 0o644))
}

// historyLines formats a history with one event a line, without data of the recording machine.
func historyLines(t testing.TB, history *historypb.History) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("{\"events\":[\n")
	for i, e := range history.GetEvents() {
		data, err := temporalproto.CustomJSONMarshalOptions{}.Marshal(e)
		require.NoError(t, err)
		var event map[string]any
		require.NoError(t, json.Unmarshal(data, &event))
		removeIdentity(event)
		if i > 0 {
			b.WriteString(",\n")
		}
		b.Write(encode(t, event))
	}
	b.WriteString("\n]}\n")
	return b.Bytes()
}

// removeIdentity removes the names of the recording machine and process.
func removeIdentity(event map[string]any) {
	for name, value := range event {
		switch inner, ok := value.(map[string]any); {
		case name == "identity":
			delete(event, name)
		case ok && inner["normalName"] != nil: // a task queue of one process
			inner["name"] = inner["normalName"]
		case ok:
			removeIdentity(inner)
		}
	}
}

func indented(t testing.TB, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, json.Indent(&b, data, "", "  "))
	b.WriteByte('\n')
	return b.Bytes()
}

// recordedHistories returns the recorded histories by name.
func recordedHistories(t testing.TB) map[string]*historypb.History {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(histories, "*.json*"))
	require.NoError(t, err)
	found := map[string]*historypb.History{}
	for _, file := range files {
		if name, _, _ := strings.Cut(filepath.Base(file), ".json"); !strings.HasSuffix(name, ".state") {
			found[name] = readHistory(t, file)
		}
	}
	return found
}

func readHistory(t testing.TB, file string) *historypb.History {
	t.Helper()
	f, err := os.Open(file)
	require.NoError(t, err)
	defer f.Close()
	var data io.Reader = f
	if filepath.Ext(file) == ".gz" {
		data, err = gzip.NewReader(f)
		require.NoError(t, err, file)
	}
	history, err := client.HistoryFromJSON(data, client.HistoryJSONOptions{})
	require.NoError(t, err, file)
	return history
}

// recordedOrders returns the histories of orders; only these have a state.
func recordedOrders(t testing.TB) map[string]*historypb.History {
	t.Helper()
	orders := recordedHistories(t)
	maps.DeleteFunc(orders, func(_ string, h *historypb.History) bool { return typeOf(h) != workflowapi.OrderWorkflow })
	return orders
}

// typeOf returns the name of the workflow of a history.
func typeOf(h *historypb.History) string {
	return h.GetEvents()[0].GetWorkflowExecutionStartedEventAttributes().GetWorkflowType().GetName()
}

func recordedState(t testing.TB, name string) order.State {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(histories, name+".state.json"))
	require.NoError(t, err)
	var s order.State
	require.NoError(t, json.Unmarshal(data, &s))
	return s
}
