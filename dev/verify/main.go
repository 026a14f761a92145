// Command verify compares every order's rows with its workflow and its record, names each difference and, with -repair, rewrites
// the rows that follow from the record.
//
// It moves no order and judges no message. Its inputs are DATABASE_URL and the TEMPORAL_ variables, by default those of the local
// platform, and EPKR_TASK_QUEUE; a worker must be running. It ends with code 1 if anything differs and is not repaired.
package main

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"syscall"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"epkr/dev/servers"
	"epkr/worker/readmodel"
	"epkr/internal/config"
)

// errDiffers ends the command after its report.
var errDiffers = errors.New("строки заказов расходятся с процессами")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	flags := flag.NewFlagSet("verify", flag.ExitOnError)
	repair := flags.Bool("repair", false, "переписать строки, которые следуют из записи решений")
	_ = flags.Parse(os.Args[1:])
	if flags.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "ошибка: есть только ключ -repair")
		os.Exit(2)
	}
	if err := run(ctx, os.LookupEnv, *repair, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "ошибка:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, environment config.Lookup, repair bool, out io.Writer) error {
	address, err := databaseURL(environment)
	if err != nil {
		return err
	}
	database, err := sql.Open("pgx", address)
	if err != nil {
		return fmt.Errorf("адрес базы данных: %w", err)
	}
	defer database.Close()
	options, err := config.TemporalOptions(environment)
	if err != nil {
		return err
	}
	options.Logger = log.NewStructuredLogger(slog.New(slog.DiscardHandler))
	temporal, err := client.DialContext(ctx, options)
	if err != nil {
		return fmt.Errorf("нет связи с Temporal: %w", err)
	}
	defer temporal.Close()
	queue, _ := environment("EPKR_TASK_QUEUE")
	v := &readmodel.Verifier{Database: database, Temporal: temporal, TaskQueue: cmp.Or(queue, "orders"), Repair: repair}
	report, err := v.Verify(ctx)
	if err != nil {
		return err
	}
	return show(out, report)
}

func show(out io.Writer, report readmodel.Report) error {
	for _, d := range report.Differences {
		fmt.Fprintln(out, d)
	}
	fmt.Fprintf(out, "заказов %d, сообщений %d, расхождений %d\n", report.Orders, report.Messages, len(report.Differences))
	if !report.Clean() {
		return errDiffers
	}
	return nil
}

// databaseURL is DATABASE_URL or the local platform's database.
func databaseURL(environment config.Lookup) (string, error) {
	if url, _ := environment("DATABASE_URL"); url != "" {
		return url, nil
	}
	text, _ := environment("EPKR_PORT_POSTGRES")
	port, err := strconv.Atoi(cmp.Or(text, "5433"))
	if err != nil {
		return "", fmt.Errorf("EPKR_PORT_POSTGRES=%q: нужен номер порта", text)
	}
	local := servers.Postgres{Port: port}
	return local.URL(), nil
}
