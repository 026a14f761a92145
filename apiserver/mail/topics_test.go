package mail

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
	"epkr/internal/registry"
)

// update rewrites the golden file: go test ./apiserver/mail -run TestTopicOfEachKind -update
var update = flag.Bool("update", false, "write the golden file")

const topicsGolden = "testdata/topics.golden"

// Every kind of notification has the topic that was chosen for it: a new kind changes the golden file.
func TestTopicOfEachKind(t *testing.T) {
	topics := Topics{Action: "action", Progress: "progress", Found: "found", Account: "account"}
	kinds := append([]string{"saved-search", "review-corrected", "admission-admitted", "goskey-applied", "goskey-late"}, awaitedElsewhere...)
	for _, kind := range order.NoticeKinds() {
		kinds = append(kinds, string(kind))
	}
	for _, alarm := range registry.Alarms() {
		kinds = append(kinds, string(alarm))
	}
	slices.Sort(kinds)
	var lines strings.Builder
	for _, kind := range slices.Compact(kinds) {
		lines.WriteString(kind + " " + string(topics.of(kind)) + "\n")
	}
	if *update {
		require.NoError(t, os.WriteFile(topicsGolden, []byte(lines.String()), 0o644))
	}
	want, err := os.ReadFile(topicsGolden)
	require.NoError(t, err)
	require.Equal(t, string(want), lines.String())
}
