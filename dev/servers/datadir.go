package servers

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// DataDirectory is a directory of server data that one run holds at a time.
type DataDirectory struct {
	Path string
	lock *os.File
}

// DataDirectoryInUseError says that another run holds the directory.
type DataDirectoryInUseError struct {
	Path string
	// PID of the run that holds it, as it wrote it down; may be empty.
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

// OpenDataDirectory makes the directory if it is missing and locks it until
// Close or the end of the process. It returns a DataDirectoryInUseError when
// another run holds it.
func OpenDataDirectory(path string) (*DataDirectory, error) {
	// The unprivileged user that runs Postgres must be able to pass through.
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("make the data directory: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("open the lock of the data directory: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer lock.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock the data directory: %w", err)
		}
		pid, _ := os.ReadFile(lock.Name())
		return nil, &DataDirectoryInUseError{Path: path, PID: strings.TrimSpace(string(pid))}
	}
	if err := writePID(lock); err != nil {
		lock.Close()
		return nil, err
	}
	return &DataDirectory{Path: path, lock: lock}, nil
}

func writePID(lock *os.File) error {
	if err := lock.Truncate(0); err != nil {
		return fmt.Errorf("write the lock of the data directory: %w", err)
	}
	if _, err := fmt.Fprintln(lock, os.Getpid()); err != nil {
		return fmt.Errorf("write the lock of the data directory: %w", err)
	}
	return nil
}

// Close lets another run use the directory. Should closing the lock fail, the
// end of the process frees it all the same.
func (d *DataDirectory) Close() { d.lock.Close() }
