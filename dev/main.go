// Command dev runs the platform, or the servers that it needs, on one machine. See package stack.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"epkr/db/grown"
	"epkr/dev/simulators/cryptopro"
	"epkr/dev/stack"
	"epkr/internal/commandline"
	"epkr/internal/testenv/openssl"
)

// variables is the help text; %s is the list of the ports.
const variables = `Переменные окружения:
  EPKR_DATA                каталог данных
  EPKR_CACHE               каталог собранных серверов
%s  DATABASE_URL             настоящая база вместо локальной
  TEMPORAL_ADDRESS         настоящий Temporal вместо локального
  S3_ENDPOINT              настоящее хранилище вместо локального
                           (с S3_ACCESS_KEY, S3_SECRET_KEY, S3_BUCKET, S3_REGION)`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	failed, err := commands().ExecuteContextC(ctx)
	stop()
	var ended *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &ended) && ended.ExitCode() > 0:
		os.Exit(ended.ExitCode())
	default:
		commandline.PrintError(os.Stderr, failed, err)
		os.Exit(1)
	}
}

func commands() *cobra.Command {
	var durable, empty, tests, ber bool
	withServers := &cobra.Command{
		Use: "with-servers [--durable] -- КОМАНДА", Args: someCommand,
		Short: "запустить команду рядом с временными серверами (make test); с --durable они пишут на диск, как в работе (make bench)",
		RunE: func(c *cobra.Command, command []string) error {
			return stack.WithServers(c.Context(), durable, command)
		},
	}
	withServers.Flags().BoolVar(&durable, "durable", false, "писать на диск, как в работе")
	withPlatform := &cobra.Command{
		Use: "with-platform [--empty] -- КОМАНДА", Args: someCommand,
		Short: "запустить команду рядом с временной платформой (make test-browser); с --empty в её базе никого нет",
		RunE: func(c *cobra.Command, command []string) error {
			return stack.WithPlatform(c.Context(), empty, command)
		},
	}
	withPlatform.Flags().BoolVar(&empty, "empty", false, "не загружать реестр и людей")
	install := &cobra.Command{
		Use: "install [--tests]", Short: "установить недостающие пакеты системы; с --tests и те, что нужны тестам",
		Args: commandline.Arguments(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return stack.Install(c.Context(), tests) },
	}
	install.Flags().BoolVar(&tests, "tests", false, "и пакеты для тестов")
	signing := &cobra.Command{
		Use: "sign [--ber] ЛОГИН ВИД < ДОКУМЕНТ > ПОДПИСЬ", Args: commandline.Arguments(2, 2),
		Short: "подписать документ сертификатом тестового пользователя: его самого (person), его дела (entrepreneur) или его организации (organisation); с --ber длины в подписи не указаны",
		RunE:  func(_ *cobra.Command, of []string) error { return sign(of[0], of[1], ber) },
	}
	signing.Flags().BoolVar(&ber, "ber", false, "записать подпись в BER без длин, как программы, которые пишут её по частям")
	root := commandline.Group("dev", "",
		&cobra.Command{
			Use: "up", Short: "запустить платформу на этой машине (make run)", Args: commandline.Arguments(0, 0),
			RunE: func(c *cobra.Command, _ []string) error { return stack.Up(c.Context()) },
		},
		withServers,
		withPlatform,
		install,
		&cobra.Command{
			Use: "grown ИМЯ", Args: commandline.Arguments(1, 1),
			Short: "создать на сервере DATABASE_URL базу с данными за годы (make grown)",
			RunE:  makeGrown,
		},
		signing,
		&cobra.Command{
			Use: "power ДОВЕРИТЕЛЬ ПРЕДСТАВИТЕЛЬ ПОСЛЕДНИЙ-ДЕНЬ > МЧД", Args: commandline.Arguments(3, 3),
			Short: "создать доверенность (МЧД) тестовому пользователю от организации другого; её подписывают как документ",
			RunE:  power,
		},
	)
	root.Long = fmt.Sprintf(variables, stack.PortVariables())
	return commandline.Root(root)
}

// makeGrown creates a database with the amount of data of several years, to examine queries and
// their plans. It changes no existing database.
func makeGrown(c *cobra.Command, name []string) error {
	server := os.Getenv("DATABASE_URL")
	if server == "" {
		return commandline.UsageError("Нужна переменная DATABASE_URL: адрес сервера для суперпользователя.")
	}
	address, err := grown.Make(c.Context(), server, name[0])
	if err != nil {
		return err
	}
	fmt.Println("база готова:", address)
	return nil
}

// sign signs the document on the standard input for a test user and his kind of account.
func sign(login, kind string, ber bool) error {
	document, err := io.ReadAll(os.Stdin)
	if err != nil {
		return fmt.Errorf("read the document: %w", err)
	}
	signature, err := cryptopro.Sign(login, kind, document)
	if err != nil {
		return err
	}
	if ber {
		signature = openssl.ToBER(signature)
	}
	_, err = os.Stdout.Write(signature)
	return err
}

// power writes a power of attorney from the organisation of a test user to another one.
func power(_ *cobra.Command, of []string) error {
	file, err := cryptopro.Power(of[0], of[1], of[2])
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(file)
	return err
}

func someCommand(_ *cobra.Command, command []string) error {
	if len(command) == 0 {
		return commandline.UsageError("Не указана команда, которую запустить.")
	}
	return nil
}
