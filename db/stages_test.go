package db_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
	"epkr/internal/testenv"
)

// The database and the rules agree on which stages end an order's life, and so on which orders are in work.
func TestFinalStagesAreThoseOfTheRules(t *testing.T) {
	t.Parallel()
	url := testenv.Database(t)
	for _, stage := range order.Stages() {
		require.Equal(t, stage.Final(), testenv.Scalar[bool](t, url, `select final_stage($1)`, string(stage)), stage)
	}
}
