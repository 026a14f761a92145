package platform

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"epkr/dev/servers"
	"epkr/dev/stack"
)

//go:embed _profiled/profile.go
var profiled []byte

// overlay returns an overlay for `go build` that adds one file to each program to make it
// profilable. The programs' own code does not change.
func (s Servers) overlay() (path string, err error) {
	file, path := filepath.Join(s.Folder, "profile.go"), filepath.Join(s.Folder, "overlay.json")
	replace := map[string]string{}
	for _, program := range []string{stack.Worker, stack.APIServer} {
		replace[filepath.Join(s.Root, program, "profile_overlay.go")] = file
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	if err == nil {
		err = errors.Join(os.WriteFile(file, profiled, 0o644), os.WriteFile(path, content, 0o644))
	}
	if err != nil {
		return "", fmt.Errorf("describing the profiled programs: %w", err)
	}
	return path, nil
}

// Profiled profiles worker and apiserver while do runs, if profiles are requested, into
// <Profile>/<name>.<program>.pprof.
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
		err = errors.Join(err, p.saveProfile(ctx, process, name))
	}
	return err
}

func (p *Platform) saveProfile(ctx context.Context, process *servers.Process, name string) error {
	if err := syscall.Kill(process.PID(), syscall.SIGUSR2); err != nil {
		return fmt.Errorf("ending a profile: %w", err)
	}
	made := filepath.Join(p.bin, process.Name()+".pprof")
	var content []byte
	err := Await(ctx, "the profile of "+process.Name(), func() (_ bool, err error) {
		if content, err = os.ReadFile(made); errors.Is(err, fs.ErrNotExist) {
			return false, nil
		}
		return err == nil, err
	})
	if err != nil {
		return err
	}
	return errors.Join(
		os.Remove(made), os.MkdirAll(p.Profile, 0o755),
		os.WriteFile(filepath.Join(p.Profile, name+"."+process.Name()+".pprof"), content, 0o644),
	)
}
