package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// program is a server that is built from its Go module at a fixed version.
type program struct {
	// name is the folder in the cache; title is the name for people.
	name, title, version string
	// packages are the main packages to build, without the version.
	packages []string
	// estimate tells a person how long the first build takes on two cores.
	estimate string
}

// TemporalVersion is the version of the Temporal server.
const TemporalVersion = "v1.32.1"

// The programs in versions that were tested together. Several call their binary `server`, so each
// has its own folder.
var (
	temporalProgram = program{
		name: "temporal", title: "сервер Temporal", version: TemporalVersion, estimate: "5 минут",
		packages: []string{
			"go.temporal.io/server/cmd/server", "go.temporal.io/server/cmd/tools/sql",
		},
	}
	temporalUIProgram = program{
		name: "temporal-ui", title: "интерфейс Temporal", version: "v2.55.0", estimate: "полминуты",
		packages: []string{"github.com/temporalio/ui-server/v2/cmd/server"},
	}
	s3Program = program{
		name: "versitygw", title: "хранилище файлов S3", version: "v1.8.0", estimate: "минута",
		packages: []string{"github.com/versity/versitygw/cmd/versitygw"},
	}
)

// build returns the folder with the program's binaries in the cache outside the repository, and
// builds them if they are missing. Of two concurrent runs only one builds.
func (s Settings) build(ctx context.Context, p program) (folder string, err error) {
	cache, err := cacheDirectory()
	if err != nil {
		return "", err
	}
	folder = filepath.Join(cache, "bin", p.name+"-"+p.version)
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	fmt.Fprintf(s.Progress, "собираю %s %s (первый раз, примерно %s)…\n", p.title, p.version, p.estimate)
	if err := os.MkdirAll(filepath.Dir(folder), 0o755); err != nil {
		return "", err
	}
	lock := flock.New(folder + ".lock")
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return "", fmt.Errorf("lock the cache: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	// A folder with the final name is always complete.
	partial := folder + ".partial"
	args := []string{"install"}
	for _, pkg := range p.packages {
		args = append(args, pkg+"@"+p.version)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOBIN="+partial)
	if err := Run(cmd); err != nil {
		return "", err
	}
	return folder, os.Rename(partial, folder)
}

// cacheDirectory returns EPKR_CACHE, or epkr in the user's cache directory.
func cacheDirectory() (string, error) {
	if dir := os.Getenv("EPKR_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache directory (EPKR_CACHE sets it): %w", err)
	}
	return filepath.Join(dir, "epkr"), nil
}
