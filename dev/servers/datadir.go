package servers

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"
)

// LockDataDirectory creates the directory if it is missing and locks it until unlock is called or
// the process ends. The error names the run that has locked it.
func LockDataDirectory(path string) (unlock func(), err error) {
	// The unprivileged user that runs Postgres must be able to pass through.
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, err
	}
	lock := flock.New(filepath.Join(path, "lock"), flock.SetPermissions(0o644))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	if !locked {
		pid, _ := os.ReadFile(lock.Path())
		return nil, fmt.Errorf("каталог данных %s уже занят: платформа там запущена (PID %s); "+
			"остановите её или задайте другой каталог в EPKR_DATA", path, pid)
	}
	if err := os.WriteFile(lock.Path(), fmt.Append(nil, os.Getpid()), 0o644); err != nil {
		return nil, err
	}
	return func() { _ = lock.Unlock() }, nil
}
