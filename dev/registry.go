package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// firstLoad is the program that fills an empty platform with the registry's engineers; it does nothing to a filled one.
const firstLoad = "seed"

// loadRegistry runs it to its end as the owner of the tables, if there is another role, beside a worker that has migrated the database. out takes what it says.
func loadRegistry(ctx context.Context, root, registryURL, owner string, shared []string, out io.Writer) error {
	cmd := exec.CommandContext(ctx, filepath.Join(root, "bin", firstLoad))
	cmd.Env = append(append([]string{}, shared...), "EPKR_REGISTRY_URL="+registryURL)
	if owner != "" {
		cmd.Env = append(cmd.Env, "DATABASE_URL="+owner)
	}
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("load the registry: %w", err)
	}
	return nil
}
