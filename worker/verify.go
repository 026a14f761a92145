package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"epkr/db"
	"epkr/internal/commandline"
	"epkr/internal/config"
	"epkr/worker/readmodel"
)

// errDiffers is returned after the report if rows differ; the command then exits with an error.
var errDiffers = errors.New("строки заказов расходятся с процессами")

// verifyCommand returns the command that compares every order's rows with its workflow and its
// record. A worker must be running.
func verifyCommand() *cobra.Command {
	var repair bool
	c := &cobra.Command{
		Use: "verify [--repair]", Args: commandline.Arguments(0, 0),
		Short: "сравнить строки заказов с их процессами и записью решений; с --repair переписать строки, которые из неё следуют",
		RunE: func(c *cobra.Command, _ []string) error {
			return verify(c.Context(), os.LookupEnv, repair, c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&repair, "repair", false, "переписать строки, которые следуют из записи решений")
	return c
}

// verify needs only DATABASE_URL, the TEMPORAL_ variables and EPKR_TASK_QUEUE. It fails if any
// difference is left unrepaired.
func verify(ctx context.Context, environment config.Lookup, repair bool, out io.Writer) error {
	address, _ := environment("DATABASE_URL")
	if address == "" {
		return errors.New("не задана переменная DATABASE_URL")
	}
	database, err := db.OpenSQL(ctx, address)
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
	v := &readmodel.Verifier{Database: database, Temporal: temporal, TaskQueue: cmp.Or(queue, config.DefaultTaskQueue), Repair: repair}
	report, err := v.Verify(ctx)
	if err != nil {
		return err
	}
	return printReport(out, report)
}

func printReport(out io.Writer, report readmodel.Report) error {
	for _, d := range report.Differences {
		fmt.Fprintln(out, d)
	}
	fmt.Fprintf(out, "заказов %d, сообщений %d, расхождений %d\n", report.Orders, report.Messages, len(report.Differences))
	if !report.Clean() {
		return errDiffers
	}
	return nil
}
