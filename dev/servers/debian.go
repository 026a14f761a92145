package servers

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// DebianPackage is a system package that the platform needs.
type DebianPackage struct {
	Name string
	// What describes in Russian what it is for.
	What string
	// installed reports whether it is installed, by apt or otherwise.
	installed func() bool
}

// RunPackages returns the packages that the local platform needs.
func RunPackages() []DebianPackage {
	return []DebianPackage{
		{"postgresql", "база данных", func() bool { return len(postgresFolders()) > 0 }},
		{"openssl", "подписи имитаторов", onPath("openssl")},
		{"libengine-gost-openssl", "алгоритмы ГОСТ для openssl", matches("/usr/lib/*/engines-*/gost.so")},
	}
}

// TestPackages returns the further packages with which tests check documents and pages.
func TestPackages() []DebianPackage {
	return []DebianPackage{
		{"default-jre-headless", "проверка PDF/A", onPath("java")},
		{"libpdfbox2-java", "проверка PDF/A", matches("/usr/share/java/pdfbox2-preflight*.jar", "/usr/share/java/preflight*.jar")},
		{"libreoffice-writer-nogui", "проверка DOCX", onPath("soffice", "libreoffice")},
		{"poppler-utils", "проверка текста PDF", onPath("pdftotext")},
		{"chromium", "проверка веб-приложения", onPath("chromium")},
		{"pgbouncer", "проверка работы через пулер соединений", matches("/usr/sbin/pgbouncer", "/usr/bin/pgbouncer")},
	}
}

func onPath(names ...string) func() bool {
	return func() bool {
		for _, name := range names {
			if _, err := exec.LookPath(name); err == nil {
				return true
			}
		}
		return false
	}
}

func matches(patterns ...string) func() bool {
	return func() bool {
		for _, pattern := range patterns {
			if found, _ := filepath.Glob(pattern); len(found) > 0 {
				return true
			}
		}
		return false
	}
}

// InstallMissing installs the missing packages with apt-get, as root or by sudo. It writes Russian
// lines to progress; apt's own output appears only in the error.
func InstallMissing(ctx context.Context, progress io.Writer, packages []DebianPackage) error {
	var names []string
	for _, p := range packages {
		if !p.installed() {
			names = append(names, p.Name)
			fmt.Fprintf(progress, "не хватает пакета %s (%s)\n", p.Name, p.What)
		}
	}
	if len(names) == 0 {
		return nil
	}
	apt, err := aptCommand()
	if err != nil {
		return fmt.Errorf("%w; установите сами: apt-get install %s", err, strings.Join(names, " "))
	}
	fmt.Fprintf(progress, "устанавливаю: %s…\n", strings.Join(names, " "))
	if err := run(ctx, append(apt, "update")); err != nil {
		return err
	}
	return run(ctx, append(append(apt, "install", "-y", "--no-install-recommends"), names...))
}

// aptCommand returns apt-get, with sudo unless the process is root.
func aptCommand() ([]string, error) {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return nil, fmt.Errorf("apt-get не найден: %w", err)
	}
	quiet := []string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"}
	if os.Geteuid() == 0 {
		return quiet, nil
	}
	if _, err := exec.LookPath("sudo"); err != nil {
		return nil, fmt.Errorf("для установки нужны права root или sudo: %w", err)
	}
	return append([]string{"sudo"}, quiet...), nil
}

func run(ctx context.Context, command []string) error {
	cmd := exec.CommandContext(ctx, command[0], command[1:]...)
	// sudo may ask for a password.
	cmd.Stdin = os.Stdin
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, output)
	}
	return nil
}
