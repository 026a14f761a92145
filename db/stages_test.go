package db_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
	"epkr/internal/testenv"
)

// The database and the rules agree on which stages are final and on which have a performer.
func TestStagesMatchTheRules(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	unperformed := []order.Stage{order.Draft, order.Selection, order.Suspended}
	for _, stage := range order.Stages() {
		final := testenv.Scalar[bool](t, url, `select final_stage($1)`, string(stage))
		inWork := testenv.Scalar[bool](t, url, `select stage_in_work($1)`, string(stage))
		require.Equal(t, slices.Contains(order.Suspendable(), stage), testenv.Scalar[bool](t, url, `select stage_suspendable($1)`, string(stage)), stage)
		require.Equal(t, stage.Final(), final, stage)
		require.Equal(t, !stage.Final() && !slices.Contains(unperformed, stage), inWork, stage)
	}
}

// The database counts an employer's engineers by the number that the rules ask for.
func TestMinEngineersMatchTheRules(t *testing.T) {
	t.Parallel()
	require.Equal(t, order.MinEngineers, testenv.Scalar[int](t, testenv.Database(t), `select min_engineers()`))
}
