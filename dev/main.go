// Command dev runs the platform on one machine.
//
// It starts the real servers (package servers) and, for `up`, the platform's
// own processes and the simulators of the systems outside. It holds no rules
// of the platform and writes none of its data. Its inputs are the environment
// variables that `dev help` lists and the repository that it is run in.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

const usage = `Запуск:
  dev up               запустить платформу на этой машине (то же, что make run)
  dev exec -- КОМАНДА  запустить команду рядом с временными серверами (make test);
                       с -durable они пишут на диск, как в работе (make bench)
  dev beside -- КОМАНДА
                       запустить команду рядом с временной платформой (make test-browser)
  dev install [-tests] установить недостающие пакеты системы

Переменные окружения:
  EPKR_DATA                каталог данных
  EPKR_CACHE               каталог собранных серверов
  EPKR_PORT_API            порт платформы (8080)
  EPKR_PORT_TEMPORAL_UI    порт интерфейса Temporal (8233)
  EPKR_PORT_TEMPORAL       первый из восьми портов Temporal (7233)
  EPKR_PORT_POSTGRES       порт базы данных (5433)
  EPKR_PORT_S3             порт хранилища файлов (9000)
  EPKR_PORT_ESIA           порт имитатора ЕСИА (8090)
  EPKR_PORT_REGISTRY       порт имитатора реестра (8091)
  DATABASE_URL             настоящая база вместо локальной
  TEMPORAL_ADDRESS         настоящий Temporal вместо локального
  S3_ENDPOINT              настоящее хранилище вместо локального
                           (с S3_ACCESS_KEY, S3_SECRET_KEY, S3_BUCKET, S3_REGION)
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := dispatch(ctx, os.Args[1:])
	stop()
	var ended *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &ended) && ended.ExitCode() > 0:
		os.Exit(ended.ExitCode())
	default:
		fmt.Fprintln(os.Stderr, "ошибка:", err)
		os.Exit(1)
	}
}

func dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 {
		fmt.Print(usage)
		return nil
	}
	verb, rest := args[0], args[1:]
	flags := flag.NewFlagSet(verb, flag.ExitOnError)
	flags.Usage = func() { fmt.Print(usage) }
	switch verb {
	case "up":
		_ = flags.Parse(rest)
		return up(ctx)
	case "exec":
		durable := flags.Bool("durable", false, "commit to the disk, as in production")
		_ = flags.Parse(rest)
		return execute(ctx, *durable, flags.Args())
	case "beside":
		_ = flags.Parse(rest)
		return beside(ctx, flags.Args())
	case "install":
		forTests := flags.Bool("tests", false, "also what tests judge documents with")
		_ = flags.Parse(rest)
		return install(ctx, *forTests)
	case "help", "-h", "--help":
		fmt.Print(usage)
		return nil
	}
	return fmt.Errorf("нет команды %q\n%s", verb, usage)
}
