package servers

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

// startTemporalUI starts Temporal's web interface for operators.
func (s Settings) startTemporalUI(ctx context.Context) (*Process, error) {
	binaries, err := s.build(ctx, temporalUIProgram)
	if err != nil {
		return nil, err
	}
	folder := filepath.Join(s.Dir, "temporal-ui")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	config := fmt.Appendf(nil, `temporalGrpcAddress: %q
host: 127.0.0.1
port: %d
enableUi: true
defaultNamespace: %s
# Nothing on a local machine calls outside.
disableNewsFetch: true
notifyOnNewVersion: false
cors:
  cookieInsecure: true
  allowOrigins: ["http://127.0.0.1:%[2]d", "http://localhost:%[2]d"]
`, s.TemporalAddress(), s.TemporalUIPort, TemporalNamespace)
	if err := os.WriteFile(filepath.Join(folder, "local.yaml"), config, 0o644); err != nil {
		return nil, err
	}
	return Command{
		Name: "temporal-ui", Path: filepath.Join(binaries, "server"),
		Args: []string{"--root", folder, "--config", ".", "--env", "local", "start"},
		Log:  s.log("temporal-ui"), Dir: folder, Grace: 3 * time.Second,
		Ready: Answers("http://" + local(s.TemporalUIPort) + "/healthz"), Limit: time.Minute,
	}.Start(ctx)
}

// Answers returns a readiness condition: a GET of the address returns 200.
func Answers(address string) func(context.Context) error {
	return func(ctx context.Context) error {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("GET %s: %s", address, response.Status)
		}
		return nil
	}
}
