package stack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"epkr/dev/servers"
	"epkr/dev/simulators/cryptopro"
)

// Install installs missing system packages; for tests, also those that check documents.
func Install(ctx context.Context, forTests bool) error {
	return servers.InstallMissing(ctx, os.Stderr, forTests)
}

// Up runs the platform with persistent data until ctx ends.
func Up(ctx context.Context) error {
	root, rootErr := Root()
	p, portsErr := fixedPorts()
	data, dataErr := dataPath()
	if err := errors.Join(rootErr, portsErr, dataErr); err != nil {
		return err
	}
	unlock, err := servers.LockDataDirectory(data)
	if err != nil {
		return err
	}
	defer unlock()
	if err := p.check(); err != nil {
		return err
	}
	started, err := start(ctx, servers.Settings{
		Root: root, Dir: data, Progress: os.Stdout, PostgresPort: p.postgres, S3Port: p.s3,
		TemporalPort: p.temporal, TemporalUIPort: p.temporalUI,
		DatabaseURL: os.Getenv("DATABASE_URL"), WebOrigins: p.origins(),
	}, p, false)
	if ctx.Err() != nil && err != nil {
		return nil // the start was interrupted
	}
	if err != nil {
		return err
	}
	defer started.stop()
	started.welcome()
	select {
	case err = <-started.servers.Died(ctx):
	case <-ctx.Done():
	}
	fmt.Println("останавливаю…")
	return err
}

// dataPath returns EPKR_DATA or its default.
func dataPath() (string, error) {
	if dir := os.Getenv("EPKR_DATA"); dir != "" {
		return filepath.Abs(dir)
	}
	if os.Geteuid() == 0 {
		// Not in root's home, which Postgres' user cannot enter.
		return "/var/lib/epkr", nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("find the data directory (EPKR_DATA sets it): %w", err)
	}
	return filepath.Join(home, ".local", "share", "epkr"), nil
}

// welcome prints the addresses and the logins.
func (s *platform) welcome() {
	s.report("\nПлатформа работает. Ctrl-C останавливает её, данные сохраняются.")
	table := tabwriter.NewWriter(s.settings.Progress, 0, 0, 2, ' ', 0)
	for _, line := range []struct {
		what, where string
		runs        bool
	}{
		{"Платформа", s.ports.publicURL(), true},
		{"Имитатор ЕСИА", URL(s.ports.esia), true},
		{"Имитатор реестра", URL(s.ports.registry), true},
		{"Имитатор КриптоПро", URL(s.ports.cryptopro) + cryptopro.Script, true},
		{"Имитатор Госключа: здесь подписывают", URL(s.ports.goskey), true},
		{"Письма платформы: они никому не доставляются", URL(s.ports.mail), true},
		{"Заказы в Temporal", URL(s.ports.temporalUI), s.servers.TemporalUI != nil},
		{"Temporal (gRPC)", s.servers.TemporalAddress(), s.servers.Temporal != nil},
		{"База данных", s.servers.OwnerURL(), s.servers.Postgres != nil},
		{"Файлы (S3)", s.servers.S3Endpoint(), s.servers.S3 != nil},
		{"Журналы", s.logs(), true},
	} {
		if line.runs {
			fmt.Fprintf(table, "  %s\t%s\n", line.what, line.where)
		}
	}
	table.Flush()
	s.report("\nКем войти (логин вводится на странице имитатора ЕСИА, пароля нет):")
	fmt.Fprintln(table, "  ЛОГИН\tСНИЛС\tКТО\t")
	for _, u := range s.world.TestUsers {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", u.Login, u.SNILS, u.Name, u.What)
	}
	table.Flush()
}
