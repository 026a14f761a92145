package registrysync

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"epkr/dev/bench/platform"
	"epkr/dev/servers"
	"epkr/internal/registry"
)

// source is the simulator of the registry in a process of its own.
type source struct {
	url     string
	process *servers.Process
}

func startSource(ctx context.Context, s platform.Servers) (*source, error) {
	root, err := platform.Root()
	if err != nil {
		return nil, err
	}
	program := filepath.Join(s.Folder, "registry")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "./dev/simulators/registry")
	build.Dir = root
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the simulator of the registry: %w\n%s", err, output)
	}
	ports, err := servers.FreePorts(1)
	if err != nil {
		return nil, err
	}
	address := fmt.Sprintf("127.0.0.1:%d", ports[0])
	process, err := servers.Launch(servers.Command{
		Name: "registry", Path: program, Dir: s.Folder, Log: filepath.Join(s.Folder, "log", "registry.log"),
		Env: append(os.Environ(), "EPKR_LISTEN="+address, fmt.Sprintf("EPKR_SEED=%d", seed)),
	})
	if err != nil {
		return nil, err
	}
	from := &source{url: "http://" + address, process: process}
	if err := process.AwaitReady(ctx, time.Minute, servers.Answers(from.url+"/healthz")); err != nil {
		from.stop()
		return nil, err
	}
	return from, nil
}

func (s *source) stop() { s.process.Stop() }

// lose makes a new snapshot in which those engineers are excluded.
func (s *source) lose(ctx context.Context, snils []string) error {
	return s.change(ctx, "drop", map[string]any{"snils": snils, "status": registry.StatusExcluded})
}

// restore makes a new snapshot in which all are as in the beginning.
func (s *source) restore(ctx context.Context) error {
	return s.change(ctx, "restore", map[string]any{})
}

func (s *source) change(ctx context.Context, what string, body any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encoding a change of the registry: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/control/"+what, bytes.NewReader(encoded))
	if err != nil {
		return fmt.Errorf("changing the registry: %w", err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("changing the registry: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the registry answered %s to %s", answer.Status, what)
	}
	return nil
}
