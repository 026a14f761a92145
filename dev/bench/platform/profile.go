package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"epkr/dev/servers"
)

// programs are what a platform is built of.
var programs = []string{"worker", "apiserver"}

// overlay makes `go build` see one file more in each program, by which it can be profiled. The programs themselves know nothing of it.
func overlay(root, folder string) (path string, err error) {
	more := map[string]string{}
	for _, program := range programs {
		more[filepath.Join(root, program, "profile_overlay.go")] = filepath.Join(root, "dev/bench/platform/_profiled/profile.go")
	}
	content, err := json.Marshal(map[string]any{"Replace": more})
	if err != nil {
		return "", fmt.Errorf("describing the profiled programs: %w", err)
	}
	path = filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(path, content, 0o644); err != nil {
		return "", fmt.Errorf("describing the profiled programs: %w", err)
	}
	return path, nil
}

// Profiled profiles worker and apiserver while do runs, if profiles are asked for: into <Profile>/<name>.<program>.pprof.
func (p *Platform) Profiled(ctx context.Context, name string, do func() error) error {
	if p.Profile == "" {
		return do()
	}
	for _, process := range []*servers.Process{p.Worker, p.API} {
		if err := syscall.Kill(process.PID(), syscall.SIGUSR1); err != nil {
			return fmt.Errorf("beginning a profile: %w", err)
		}
	}
	err := do()
	for _, process := range []*servers.Process{p.Worker, p.API} {
		err = errors.Join(err, p.keepProfile(ctx, process, name))
	}
	return err
}

func (p *Platform) keepProfile(ctx context.Context, process *servers.Process, name string) error {
	if err := syscall.Kill(process.PID(), syscall.SIGUSR2); err != nil {
		return fmt.Errorf("ending a profile: %w", err)
	}
	made := filepath.Join(p.bin, process.Name()+".pprof")
	err := Await(ctx, "the profile of "+process.Name(), func() (bool, error) {
		_, err := os.Stat(made)
		return err == nil, errorsExcept(err, fs.ErrNotExist)
	})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(p.Profile, 0o755); err != nil {
		return fmt.Errorf("making the folder of the profiles: %w", err)
	}
	content, err := os.ReadFile(made)
	if err != nil {
		return fmt.Errorf("reading a profile: %w", err)
	}
	return errors.Join(os.Remove(made), os.WriteFile(filepath.Join(p.Profile, name+"."+process.Name()+".pprof"), content, 0o644))
}

func errorsExcept(err, expected error) error {
	if errors.Is(err, expected) {
		return nil
	}
	return err
}
