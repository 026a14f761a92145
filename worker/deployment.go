package main

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

// deploymentName groups the builds of this worker.
const deploymentName = "epkr-worker"

// deployment returns the versioning options for a build. Open orders move to a new build once it is
// current, because an order outlives any build.
func deployment(buildID string) worker.DeploymentOptions {
	if buildID == "" {
		return worker.DeploymentOptions{}
	}
	return worker.DeploymentOptions{
		UseVersioning:             true,
		Version:                   worker.WorkerDeploymentVersion{DeploymentName: deploymentName, BuildID: buildID},
		DefaultVersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
	}
}

// promote makes this build current. It waits until a worker of the build polls, so that orders are
// not routed to a build that does not run.
func promote(ctx context.Context, c client.Client, taskQueue, buildID string) error {
	if buildID == "" {
		return fmt.Errorf("EPKR_BUILD_ID is empty: name the build to promote")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	handle := c.WorkerDeploymentClient().GetHandle(deploymentName)
	return retry(ctx, "promoting build "+buildID+" on "+taskQueue, func() error {
		_, err := handle.SetCurrentVersion(ctx, client.WorkerDeploymentSetCurrentVersionOptions{BuildID: buildID})
		return err
	})
}
