package orders

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// quickRecording gives the database three tries and five seconds within the workflow task.
var quickRecording = workflow.LocalActivityOptions{
	ScheduleToCloseTimeout: 5 * time.Second,
	StartToCloseTimeout:    3 * time.Second,
	RetryPolicy: &temporal.RetryPolicy{
		InitialInterval:    50 * time.Millisecond,
		BackoffCoefficient: 4,
		MaximumAttempts:    3,
	},
}

// recordingLimit bounds one try of a recording that is a normal activity. The order stands still until a try ends, and one whose
// worker was killed ends no sooner than that. A second try beside the first is harmless.
const recordingLimit = 10 * time.Second
