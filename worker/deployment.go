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

// deployment lets open orders move to a new build as soon as it is the current one: an order lives longer than any build.
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

// promote makes this build current once a worker of it polls, so that no order is sent to a build that nobody runs.
func promote(ctx context.Context, c client.Client, taskQueue, buildID string) error {
	if buildID == "" {
		return fmt.Errorf("EPKR_BUILD_ID is empty: name the build to promote")
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	handle := c.WorkerDeploymentClient().GetHandle(deploymentName)
	return again(ctx, "promoting build "+buildID+" on "+taskQueue, func() error {
		_, err := handle.SetCurrentVersion(ctx, client.WorkerDeploymentSetCurrentVersionOptions{BuildID: buildID})
		return err
	})
}
