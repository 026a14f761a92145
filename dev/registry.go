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

// loadRegistry runs it to its end, beside a worker that has migrated the database. out takes what it says.
func loadRegistry(ctx context.Context, root, registryURL string, shared []string, out io.Writer) error {
	cmd := exec.CommandContext(ctx, filepath.Join(root, "bin", firstLoad))
	cmd.Env = append(append([]string{}, shared...), "EPKR_REGISTRY_URL="+registryURL)
	cmd.Stdout, cmd.Stderr = out, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("load the registry: %w", err)
	}
	return nil
}
