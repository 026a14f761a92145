package stack

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"epkr/dev/servers"
)

// The programs of the platform, named as their folders in the repository.
const (
	Worker    = "worker"
	APIServer = "apiserver"
)

// Root returns the root of the repository that contains the working directory.
func Root() (string, error) {
	dir, err := os.Getwd()
	for err == nil && dir != "/" {
		if _, missing := os.Stat(filepath.Join(dir, "temporal-dev.yml")); missing == nil {
			return dir, nil
		}
		dir = filepath.Dir(dir)
	}
	return "", errors.New("запустите команду в каталоге проекта: файл temporal-dev.yml не найден")
}

// Build compiles worker and apiserver of the repository at root into bin. flags are further flags
// of go build.
func Build(ctx context.Context, root, bin string, flags ...string) error {
	args := append([]string{"build", "-o", bin + string(filepath.Separator)}, flags...)
	cmd := exec.CommandContext(ctx, "go", append(args, "./"+Worker, "./"+APIServer)...)
	cmd.Dir = root
	return servers.Run(cmd)
}

// Program is a built worker or apiserver and its environment.
type Program struct {
	// Name is the program's name in messages.
	Name, Binary, Log string
	Env               []string
	// Ready is an address that returns 200 once the program is ready.
	Ready string
}

// Programs returns the worker and the apiserver of the environment, built into bin.
func (e Environment) Programs(bin, logs string) (worker, api Program) {
	variables := e.Variables()
	program := func(name string, health int) Program {
		return Program{
			Name: name, Binary: filepath.Join(bin, name), Log: filepath.Join(logs, name+".log"), Env: variables,
			Ready: URL(health) + "/readyz",
		}
	}
	return program(Worker, e.Worker), program(APIServer, e.Internal)
}

// Launch starts the program and waits until it is ready.
func (p Program) Launch(ctx context.Context) (*servers.Process, error) {
	return servers.Command{
		Name: p.Name, Path: p.Binary, Env: p.Env, Log: p.Log, Grace: 40 * time.Second,
		Ready: servers.Answers(p.Ready), Limit: 2 * time.Minute,
	}.Start(ctx)
}
