package servers

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// DataDirectory is a directory of server data that is locked by one run at a time.
type DataDirectory struct {
	Path string
	lock *flock.Flock
}

// DataDirectoryInUseError is returned when another run has locked the directory.
type DataDirectoryInUseError struct {
	Path string
	// PID is the process id of that run, from the lock file; may be empty.
	PID string
}

// Error is in Russian: the person who starts the platform reads it.
func (e *DataDirectoryInUseError) Error() string {
	text := fmt.Sprintf("каталог данных %s уже занят: платформа там запущена", e.Path)
	if e.PID != "" {
		text += fmt.Sprintf(" (PID %s)", e.PID)
	}
	return text + "; остановите её или задайте другой каталог в EPKR_DATA"
}

// OpenDataDirectory creates the directory if it is missing and locks it until Close or the end of
// the process. It returns a DataDirectoryInUseError if another run has locked it.
func OpenDataDirectory(path string) (*DataDirectory, error) {
	// The unprivileged user that runs Postgres must be able to pass through.
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	lock := flock.New(filepath.Join(path, "lock"), flock.SetPermissions(0o644))
	locked, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	if !locked {
		pid, _ := os.ReadFile(lock.Path())
		return nil, &DataDirectoryInUseError{Path: path, PID: strings.TrimSpace(string(pid))}
	}
	if err := os.WriteFile(lock.Path(), []byte(strconv.Itoa(os.Getpid())+"\n"), 0o644); err != nil {
		return nil, errors.Join(fmt.Errorf("write the lock of the data directory: %w", err), lock.Unlock())
	}
	return &DataDirectory{Path: path, lock: lock}, nil
}

// Close unlocks the directory. An error is ignored, because the end of the process unlocks it too.
func (d *DataDirectory) Close() { _ = d.lock.Unlock() }
