package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// temporalConfig is the file at the root of the repository, by which the root
// is recognised.
const temporalConfig = "temporal-dev.yml"

// repositoryRoot walks up from the working directory.
func repositoryRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the working directory: %w", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, temporalConfig)); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("запустите команду в каталоге проекта: файл " + temporalConfig + " не найден")
		}
		dir = parent
	}
}
