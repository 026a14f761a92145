package platform

import (
	"context"
	_ "embed"
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

//go:embed _profiled/profile.go
var profiled []byte

var programs = []string{stack.Worker, stack.APIServer}

// overlay returns an overlay for `go build` that adds one file to each program to make it
// profilable. The programs' own code does not change.
func (s Servers) overlay() (path string, err error) {
	file, path := filepath.Join(s.Folder, "profile.go"), filepath.Join(s.Folder, "overlay.json")
	replace := map[string]string{}
	for _, program := range programs {
		replace[filepath.Join(s.Root, program, "profile_overlay.go")] = file
	}
	content, err := json.Marshal(map[string]any{"Replace": replace})
	return path, errors.Join(
		err, os.WriteFile(file, profiled, 0o644), os.WriteFile(path, content, 0o644),
	)
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
		group.Go(func() error {
			content, err := p.profile(ctx, program, lasting)
			if err != nil {
				return fmt.Errorf("profiling %s: %w", program, err)
			}
			return errors.Join(os.MkdirAll(p.Profile, 0o755),
				os.WriteFile(filepath.Join(p.Profile, name+"."+program+".pprof"), content, 0o644))
		})
	}
	return group.Wait()
}

func (p *Platform) profile(
	ctx context.Context, program string, lasting time.Duration,
) ([]byte, error) {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(p.bin, program+".sock"))
	}
	url := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%.0f", program, lasting.Seconds())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	response, err := (&http.Transport{DialContext: dial}).RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	return io.ReadAll(response.Body)
}
