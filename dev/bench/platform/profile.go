package platform

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"epkr/dev/stack"
)

var programs = []string{stack.Worker, stack.APIServer}

// overlay returns an overlay for `go build` that adds one file to each program to make it
// profilable. The programs' own code does not change.
func (s Servers) overlay() (path string, err error) {
	replace := map[string]string{}
	for _, program := range programs {
		added := filepath.Join(s.Root, program, "profile_overlay.go")
		replace[added] = filepath.Join(s.Root, "dev/bench/platform/_profiled/profile.go")
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	path = filepath.Join(s.Folder, "overlay.json")
	return path, errors.Join(err, os.MkdirAll(s.Profile, 0o755), os.WriteFile(path, content, 0o644))
}

// Profiled profiles worker and apiserver while do runs, which takes the given time, if profiles are
// requested, into <Profile>/<name>.<program>.pprof.
func (p *Platform) Profiled(
	ctx context.Context, name string, lasting time.Duration, do func() error,
) error {
	if p.Profile == "" {
		return do()
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(do)
	for _, program := range programs {
		group.Go(func() error { return p.profile(ctx, name, program, lasting) })
	}
	return group.Wait()
}

func (p *Platform) profile(
	ctx context.Context, name, program string, lasting time.Duration,
) error {
	socket := filepath.Join(p.bin, program+".sock")
	client := http.Client{Transport: &http.Transport{
		DialContext: func(context.Context, string, string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}
	url := "http://" + program + "/debug/pprof/profile?seconds=%.0f"
	response, err := client.Get(fmt.Sprintf(url, lasting.Seconds()))
	if err != nil {
		return fmt.Errorf("profiling %s: %w", program, err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	file := filepath.Join(p.Profile, name+"."+program+".pprof")
	return errors.Join(err, os.WriteFile(file, content, 0o644))
}
