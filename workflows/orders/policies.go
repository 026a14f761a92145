package orders

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"
)

// localRecording allows three tries and five seconds within the workflow task.
var localRecording = workflow.LocalActivityOptions{
	ScheduleToCloseTimeout: 5 * time.Second,
	StartToCloseTimeout:    3 * time.Second,
	RetryPolicy: &temporal.RetryPolicy{
		InitialInterval:    50 * time.Millisecond,
		BackoffCoefficient: 4,
		MaximumAttempts:    3,
	},
}

// recordTimeout bounds one try of a recording by a normal activity. The order waits until the try
// ends, and a try whose worker was killed ends only by this time-out. A second concurrent try is
// harmless.
const recordTimeout = 10 * time.Second
