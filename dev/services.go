package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"epkr/dev/servers"
	esiasim "epkr/dev/simulators/esia"
	"epkr/internal/esia"
)

// service is one of the repository's own processes.
type service struct {
	// name is also the binary's name in bin/, as go build derives it from pkg.
	name, pkg string
	// ready is the address that answers 200 once the process works.
	ready string
	// env is what it gets beside the environment that all share.
	env []string
}

// esiaClient is the mnemonic that the platform is registered with at the simulator.
const esiaClient = "EPKR"

// services lists the processes in the order of starting. owner is the database for the role that owns the tables; the worker migrates
// with it.
func services(p ports, keys keyFiles, moderators, owner string) []service {
	esiaURL, registryURL := loopback(p.esia), loopback(p.registry)
	return []service{
		{
			name: "esia", pkg: "./dev/esia", ready: esiaURL + "/healthz",
			env: []string{
				listen("EPKR_LISTEN", p.esia),
				"EPKR_ESIA_SIM_DIR=" + keys.directory,
				"EPKR_ESIA_CLIENT_ID=" + esiaClient,
				"EPKR_ESIA_REDIRECTS=" + webOrigin(p) + "/api/auth/callback",
			},
		},
		{
			name: "registry", pkg: "./dev/simulators/registry", ready: registryURL + "/healthz",
			env: []string{listen("EPKR_LISTEN", p.registry)},
		},
		{
			name: "worker", pkg: "./worker", ready: loopback(p.worker) + "/readyz",
			env: []string{listen("EPKR_HEALTH_LISTEN", p.worker), "EPKR_REGISTRY_URL=" + registryURL, "EPKR_MIGRATION_DATABASE_URL=" + owner},
		},
		{
			name: "apiserver", pkg: "./apiserver", ready: loopback(p.internal) + "/readyz",
			env: []string{
				listen("EPKR_LISTEN", p.api),
				// Everybody here comes from one address, and the demo's people act as fast as a program.
				"EPKR_LIMIT_ADDRESS=100000/100000", "EPKR_LIMIT_ANONYMOUS=10000/10000", "EPKR_LIMIT_SIGN_IN=1000/1000",
				"EPKR_LIMIT_CONNECTIONS=10000", "EPKR_LIMIT_WRITE=50/500", "EPKR_LIMIT_READ=100/1000", "EPKR_LIMIT_SEARCH=50/500",
				"EPKR_LIMIT_UPLOAD=50/500",
				listen("EPKR_INTERNAL_LISTEN", p.internal),
				"EPKR_MODERATORS=" + moderators,
				"EPKR_TEMPORAL_UI_URL=" + loopback(p.temporalUI),
				"EPKR_ESIA_URL=" + esiaURL,
				"EPKR_ESIA_ISSUER=" + esiasim.Issuer,
				"EPKR_ESIA_CLIENT_ID=" + esiaClient,
				"EPKR_ESIA_CERTIFICATE=" + keys.platform.CertificateFile,
				"EPKR_ESIA_KEY=" + keys.platform.KeyFile,
				"EPKR_ESIA_TOKEN_CERTIFICATE=" + keys.esia.CertificateFile,
			},
		},
	}
}

func loopback(p servers.Port) string { return fmt.Sprintf("http://127.0.0.1:%d", p.Number) }

func listen(variable string, p servers.Port) string {
	return fmt.Sprintf("%s=127.0.0.1:%d", variable, p.Number)
}

// keyFiles are the keys by which the platform and the simulator of ЕСИА know
// each other. The simulator finds them in the directory by name.
type keyFiles struct {
	directory      string
	platform, esia esiasim.KeyPair
}

// makeKeys makes the keys that are missing, in the data directory.
func makeKeys(ctx context.Context, data string) (keyFiles, error) {
	k := keyFiles{directory: filepath.Join(data, "keys")}
	var err error
	if k.platform, err = esiasim.EnsureKey(ctx, k.directory, "client", "Платформа (местный запуск)", esia.GOST); err != nil {
		return keyFiles{}, fmt.Errorf("make the platform's key: %w", err)
	}
	if k.esia, err = esiasim.EnsureKey(ctx, k.directory, "esia", esiasim.Subject, esia.GOST); err != nil {
		return keyFiles{}, fmt.Errorf("make the simulator's key: %w", err)
	}
	return k, nil
}

// sharedEnvironment is what every process gets: the caller's environment, and
// where the servers are that run here.
func sharedEnvironment(running *servers.Servers, p ports) []string {
	env := append(os.Environ(), "EPKR_ENVIRONMENT=development", "EPKR_PUBLIC_URL="+webOrigin(p))
	if running.Postgres != nil {
		env = append(env, "DATABASE_URL="+running.Postgres.ProcessURL())
	}
	if running.Temporal != nil {
		env = append(env, "TEMPORAL_ADDRESS="+running.Temporal.Address(), "TEMPORAL_NAMESPACE="+servers.TemporalNamespace)
	}
	if running.S3 != nil {
		env = append(env, "S3_ENDPOINT="+running.S3.Endpoint(), "S3_REGION="+servers.S3Region, "S3_BUCKET="+servers.S3Bucket,
			"S3_ACCESS_KEY="+servers.S3AccessKey, "S3_SECRET_KEY="+servers.S3SecretKey)
	}
	return env
}

// buildServices compiles the processes into bin/.
func buildServices(ctx context.Context, root string, all []service) error {
	bin := filepath.Join(root, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return fmt.Errorf("make the folder of binaries: %w", err)
	}
	args := []string{"build", "-o", bin + string(filepath.Separator), "./dev/" + firstLoad}
	for _, s := range all {
		args = append(args, s.pkg)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build the platform: %w\n%s", err, output)
	}
	return nil
}

// launch starts one process and waits until it is ready.
func launch(ctx context.Context, s service, root, data string, shared []string) (*servers.Process, error) {
	p, err := servers.Launch(servers.Command{
		Name: s.name, Path: filepath.Join(root, "bin", s.name), Dir: root,
		Env: append(append([]string{}, shared...), s.env...),
		Log: filepath.Join(data, "log", s.name+".log"), Grace: 30 * time.Second,
	})
	if err != nil {
		return nil, err
	}
	if err := p.AwaitReady(ctx, 2*time.Minute, servers.Answers(s.ready)); err != nil {
		p.Stop()
		return nil, err
	}
	return p, nil
}
