package workflows_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"epkr/activities"
	documentactivities "epkr/activities/documents"
	engineeractivities "epkr/activities/engineers"
	fileactivities "epkr/activities/files"
	goskeyactivities "epkr/activities/goskey"
	orderactivities "epkr/activities/orders"
	registryactivities "epkr/activities/registry"
	"epkr/internal/acceptance"
)

// registeredNames records the names under which activities are registered. Registering one without
// a name panics.
type registeredNames struct {
	worker.ActivityRegistry
	names []string
}

func (r *registeredNames) RegisterActivityWithOptions(_ any, options activity.RegisterOptions) {
	r.names = append(r.names, options.Name)
}

// registered returns the names of all activities of a worker.
func registered() []string {
	r := &registeredNames{}
	activities.Register(r, activities.Set{
		Orders: orderactivities.New(nil, nil, time.Now), Files: fileactivities.New(nil, nil, time.Now),
		Documents: documentactivities.New(nil, nil, nil, time.Now), Engineers: engineeractivities.New(nil, nil, time.Now),
		Goskey:   goskeyactivities.New(goskeyactivities.Settings{}),
		Registry: registryactivities.New(nil, nil, nil, registryactivities.Settings{}, time.Now),
	})
	slices.Sort(r.names)
	return r.names
}

// nameConstants returns the values of the constants in the register.go of each package.
func nameConstants(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../activities/*/register.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	var names []string
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			declared, ok := n.(*ast.GenDecl)
			if !ok || declared.Tok != token.CONST {
				return true
			}
			for _, spec := range declared.Specs {
				for _, value := range spec.(*ast.ValueSpec).Values {
					name, err := strconv.Unquote(value.(*ast.BasicLit).Value)
					require.NoError(t, err)
					names = append(names, name)
				}
			}
			return false
		})
	}
	slices.Sort(names)
	return names
}

// activitiesOf returns the names of the activities that a history contains, local ones too.
func activitiesOf(t *testing.T, history *historypb.History) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, e := range history.GetEvents() {
		if scheduled := e.GetActivityTaskScheduledEventAttributes(); scheduled != nil {
			names[scheduled.GetActivityType().GetName()] = true
		}
		marker := e.GetMarkerRecordedEventAttributes()
		if marker.GetMarkerName() != "LocalActivity" {
			continue
		}
		var local struct{ ActivityType string }
		require.NoError(t, json.Unmarshal(marker.GetDetails()["data"].GetPayloads()[0].GetData(), &local))
		names[local.ActivityType] = true
	}
	return names
}

// The activities are registered under the constants of their packages, each once, and every
// activity of a recorded history is registered.
func TestReplayFindsEveryRecordedActivity(t *testing.T) {
	acceptance.Covers(t, "B-1")
	t.Parallel()
	names := registered()
	require.Equal(t, nameConstants(t), names)
	recorded := map[string]bool{}
	for name, history := range recordedHistories(t) {
		for activityName := range activitiesOf(t, history) {
			require.Contains(t, names, activityName, name)
			recorded[activityName] = true
		}
	}
	require.Contains(t, slices.Collect(maps.Keys(recorded)), orderactivities.RecordMessage, "the local activities are found")
	require.Contains(t, slices.Collect(maps.Keys(recorded)), engineeractivities.NotifyOrders)
}
