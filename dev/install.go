package main

import (
	"context"
	"os"

	"epkr/dev/servers"
)

// install brings in the system's packages that are missing.
func install(ctx context.Context, forTests bool) error {
	packages := servers.RunPackages()
	if forTests {
		packages = append(packages, servers.TestPackages()...)
	}
	return servers.InstallMissing(ctx, os.Stderr, packages)
}
