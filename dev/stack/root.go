package stack

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"epkr/dev/servers"
)

// temporalConfig is a file at the root of the repository, by which Root finds it.
const temporalConfig = "temporal-dev.yml"

// Root returns the root of the repository that contains the working directory.
func Root() (string, error) {
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

// TemporaryServers returns the settings of servers on free ports with their data in dir. It makes
// dir accessible to everybody, because Postgres runs as another user.
func TemporaryServers(root, dir string) (servers.Settings, error) {
	if err := os.Chmod(dir, 0o755); err != nil {
		return servers.Settings{}, fmt.Errorf("open the folder of the servers: %w", err)
	}
	s, err := settings(root, dir)
	if err != nil {
		return s, err
	}
	return s, s.TestPorts()
}

func settings(root, dir string) (servers.Settings, error) {
	cache, err := servers.CacheDirectory()
	return servers.Settings{
		Dir: dir, Cache: servers.Cache{Dir: cache, Progress: os.Stderr}, TemporalConfig: filepath.Join(root, temporalConfig),
	}, err
}
