package servers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// Program is a server that is built from its Go module at a fixed version.
type Program struct {
	// Name is the folder in the cache; Title is the name for people.
	Name, Title string
	Version     string
	// Packages are the main packages to build, without the version.
	Packages []string
	// Estimate tells a person how long the first build takes on two cores.
	Estimate string
}

// The programs in versions that were tested together. Several call their binary `server`, so each
// has its own folder.
var (
	temporalProgram = Program{
		Name: "temporal", Title: "сервер Temporal", Version: "v1.32.1", Estimate: "около 5 минут",
		Packages: []string{"go.temporal.io/server/cmd/server", "go.temporal.io/server/cmd/tools/sql"},
	}
	temporalUIProgram = Program{
		Name: "temporal-ui", Title: "веб-интерфейс Temporal", Version: "v2.55.0", Estimate: "около полуминуты",
		Packages: []string{"github.com/temporalio/ui-server/v2/cmd/server"},
	}
	s3Program = Program{
		Name: "versitygw", Title: "хранилище файлов S3", Version: "v1.8.0", Estimate: "около минуты",
		Packages: []string{"github.com/versity/versitygw/cmd/versitygw"},
	}
)

// Cache stores built programs by name and version, outside the repository.
type Cache struct {
	// Dir is the root of the cache; see CacheDirectory.
	Dir string
	// Progress receives Russian lines for the person who waits for a build.
	Progress io.Writer
}

// CacheDirectory returns EPKR_CACHE, or epkr in the user's cache directory.
func CacheDirectory() (string, error) {
	if dir := os.Getenv("EPKR_CACHE"); dir != "" {
		return filepath.Abs(dir)
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find the cache directory (EPKR_CACHE sets it): %w", err)
	}
	return filepath.Join(dir, "epkr"), nil
}

// Build returns the folder with the program's binaries and builds them if they are missing. Of two
// concurrent runs only one builds.
func (c Cache) Build(ctx context.Context, p Program) (string, error) {
	root := filepath.Join(c.Dir, "bin")
	folder := filepath.Join(root, p.Name+"-"+p.Version)
	if isBuilt(folder) {
		return folder, nil
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", fmt.Errorf("make the cache directory: %w", err)
	}
	unlock, err := c.lock(ctx, folder+".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	if isBuilt(folder) {
		return folder, nil
	}
	return folder, c.build(ctx, p, folder)
}

func isBuilt(folder string) bool {
	_, err := os.Stat(folder)
	return err == nil
}

// build installs into a temporary folder and renames it at the end, so that a folder with the final
// name is always complete.
func (c Cache) build(ctx context.Context, p Program, folder string) error {
	partial := folder + ".partial"
	if err := os.RemoveAll(partial); err != nil {
		return fmt.Errorf("clear an unfinished build: %w", err)
	}
	began := time.Now()
	fmt.Fprintf(c.Progress, "собираю %s %s (первый раз, %s)…\n", p.Title, p.Version, p.Estimate)
	stop := c.reportElapsed(p, began)
	err := install(ctx, p, partial)
	stop()
	if err != nil {
		return fmt.Errorf("build %s %s: %w", p.Name, p.Version, err)
	}
	if err := os.Rename(partial, folder); err != nil {
		return fmt.Errorf("keep the build of %s: %w", p.Name, err)
	}
	fmt.Fprintf(c.Progress, "%s: собран за %s\n", p.Title, elapsed(began))
	return nil
}

func install(ctx context.Context, p Program, gobin string) error {
	args := []string{"install"}
	for _, pkg := range p.Packages {
		args = append(args, pkg+"@"+p.Version)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	// A signal to the group also ends the compilers.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOBIN="+gobin)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w\n%s", err, output.String())
	}
	return nil
}

// reportElapsed prints the elapsed time at intervals, so that a person sees that the build
// continues. stop ends the printing.
func (c Cache) reportElapsed(p Program, began time.Time) (stop func()) {
	ended := make(chan struct{})
	go func() {
		tick := time.NewTicker(20 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-ended:
				return
			case <-tick.C:
				fmt.Fprintf(c.Progress, "  %s: собираю, прошло %s\n", p.Title, elapsed(began))
			}
		}
	}()
	return func() { close(ended) }
}

// lock takes the file lock, and prints a line if another run has it.
func (c Cache) lock(ctx context.Context, path string) (unlock func(), err error) {
	lock := flock.New(path)
	locked, err := lock.TryLock()
	if err == nil && !locked {
		fmt.Fprintln(c.Progress, "жду: эту же программу собирает другой запуск…")
		_, err = lock.TryLockContext(ctx, 200*time.Millisecond)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the cache: %w", err)
	}
	return func() { _ = lock.Unlock() }, nil
}

// elapsed formats a duration in whole seconds: «1 мин 20 с».
func elapsed(since time.Time) string {
	seconds := int(time.Since(since).Seconds())
	if seconds < 60 {
		return fmt.Sprintf("%d с", seconds)
	}
	return fmt.Sprintf("%d мин %d с", seconds/60, seconds%60)
}

// exists reports whether there is a file or folder with that name.
func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
