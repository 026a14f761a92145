package servers

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// debianPackages are the system packages that the local platform needs, and with tests set those
// with which tests check documents and pages.
var debianPackages = []struct {
	name, what string
	// signs are commands and file patterns. Each shows that the package is installed, by apt or
	// otherwise.
	signs []string
	tests bool
}{
	{"postgresql", "база данных", []string{postgresPattern(postgresVersions), "postgres"}, false},
	{"openssl", "подписи имитаторов", []string{"openssl"}, false},
	{"libengine-gost-openssl", "ГОСТ для openssl", []string{"/usr/lib/*/engines-*/gost.so"}, false},
	{"default-jre-headless", "проверка PDF/A", []string{"java"}, true},
	{"libpdfbox2-java", "проверка PDF/A", []string{"/usr/share/java/*preflight*.jar"}, true},
	{"libactivation-java", "проверка PDF/A", []string{"/usr/share/java/javax.activation.jar"}, true},
	{"libjaxb-api-java", "проверка PDF/A", []string{"/usr/share/java/jaxb-api.jar"}, true},
	{"qpdf", "проверка PDF", []string{"qpdf"}, true},
	{"python3", "распаковка выгрузки заказа", []string{"python3"}, true},
	{"zbar-tools", "проверка QR-кодов", []string{"zbarimg"}, true},
	{"libreoffice-writer-nogui", "проверка DOCX", []string{"soffice", "libreoffice"}, true},
	{"poppler-utils", "проверка текста PDF", []string{"pdftotext"}, true},
	{"chromium-headless-shell", "проверка веб-приложения", []string{"chromium-headless-shell"}, true},
	{"pgbouncer", "проверка работы через пулер соединений", []string{"/usr/*bin/pgbouncer"}, true},
}

// InstallMissing installs the missing packages with apt-get, as root or by sudo. It writes Russian
// lines to progress; apt's own output appears only in the error.
func InstallMissing(ctx context.Context, progress io.Writer, forTests bool) error {
	var names []string
	for _, p := range debianPackages {
		if (!p.tests || forTests) && !slices.ContainsFunc(p.signs, isInstalled) {
			names = append(names, p.name)
			fmt.Fprintf(progress, "не хватает пакета %s (%s)\n", p.name, p.what)
		}
	}
	if len(names) == 0 {
		return nil
	}
	fmt.Fprintf(progress, "устанавливаю: %s…\n", strings.Join(names, " "))
	install := append([]string{"install", "-y", "--no-install-recommends"}, names...)
	for _, args := range [][]string{{"update"}, install} {
		apt := []string{"env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"}
		command := append(apt, args...)
		if os.Geteuid() != 0 {
			command = append([]string{"sudo"}, command...)
		}
		cmd := exec.CommandContext(ctx, command[0], command[1:]...)
		cmd.Stdin = os.Stdin // sudo may ask for a password
		if err := Run(cmd); err != nil {
			return fmt.Errorf("установите сами: apt install %s: %w", strings.Join(names, " "), err)
		}
	}
	return nil
}

func isInstalled(sign string) bool {
	if filepath.IsAbs(sign) {
		found, _ := filepath.Glob(sign)
		return len(found) > 0
	}
	_, err := exec.LookPath(sign)
	return err == nil
}
