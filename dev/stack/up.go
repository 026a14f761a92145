package stack

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"text/tabwriter"

	"epkr/dev/servers"
)

// Install installs missing system packages; for tests, also those that check documents.
func Install(ctx context.Context, forTests bool) error {
	packages := servers.RunPackages()
	if forTests {
		packages = append(packages, servers.TestPackages()...)
	}
	return servers.InstallMissing(ctx, os.Stderr, packages)
}

// Up runs the platform with persistent data until ctx ends.
func Up(ctx context.Context) error {
	root, err := Root()
	if err != nil {
		return err
	}
	p, err := fixedPorts()
	if err != nil {
		return err
	}
	path, err := dataPath()
	if err != nil {
		return err
	}
	data, err := servers.OpenDataDirectory(path)
	if err != nil {
		return err
	}
	defer data.Close()
	if err := servers.CheckPorts(p.wanted()); err != nil {
		return err
	}
	s, err := settings(root, data.Path)
	if err != nil {
		return err
	}
	s.Cache.Progress, s.DatabaseURL, s.WebOrigins = os.Stdout, os.Getenv("DATABASE_URL"), p.origins()
	s.PostgresPort, s.S3Port, s.TemporalUIPort = p.postgres.Number, p.s3.Number, p.temporalUI.Number
	if p.temporal.Number != 0 {
		s.TemporalPorts = servers.TemporalPortsFrom(p.temporal.Number)
	}
	started, err := start(ctx, root, s, p, os.Stdout)
	if ctx.Err() != nil && err != nil {
		return nil // the start was interrupted
	}
	if err != nil {
		return err
	}
	defer started.stop()
	started.welcome(os.Stdout, p, filepath.Join(data.Path, "log"))
	err = started.run(ctx)
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
func (s *platform) welcome(out io.Writer, p ports, logs string) {
	fmt.Fprintln(out, "\nПлатформа работает. Ctrl-C останавливает её, данные сохраняются.")
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(what, where string) { fmt.Fprintf(table, "  %s\t%s\n", what, where) }
	line("Платформа", p.publicURL())
	line("Имитатор ЕСИА", URL(p.esia.Number))
	line("Имитатор реестра", URL(p.registry.Number))
	if s.servers.TemporalUI != nil {
		line("Заказы в Temporal", URL(p.temporalUI.Number))
	}
	if s.servers.Temporal != nil {
		line("Temporal (gRPC)", s.servers.Temporal.Address())
	}
	if s.servers.Postgres != nil {
		line("База данных", s.servers.Postgres.URL())
	}
	if s.servers.S3 != nil {
		line("Файлы (S3)", s.servers.S3.Endpoint())
	}
	line("Журналы", logs)
	table.Flush()
	fmt.Fprintln(out, "\nКем войти (логин вводится на странице имитатора ЕСИА, пароля нет):")
	fmt.Fprintln(table, "  ЛОГИН\tСНИЛС\tКТО\t")
	for _, u := range s.people {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", u.Login, u.SNILS, u.Name, u.What)
	}
	table.Flush()
}
