package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"epkr/db"
	"epkr/internal/commandline"
	"epkr/internal/config"
	"epkr/worker/historycheck"
)

// errHistoryBroken is returned after the findings; the command then exits with an error.
var errHistoryBroken = errors.New("история заказов нарушена")

// historyCommand returns the commands for the orders' histories.
func historyCommand() []*cobra.Command {
	return []*cobra.Command{{
		Use: "verify", Short: "проверить цепочки хэшей истории всех заказов, ничего не меняя", Args: commandline.Arguments(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			return verifyHistory(c.Context(), os.LookupEnv, c.OutOrStdout())
		},
	}}
}

// verifyHistory prints every place of a history that is not as it was recorded. It needs
// DATABASE_URL only, with a role that may read.
func verifyHistory(ctx context.Context, environment config.Lookup, out io.Writer) error {
	address, _ := environment("DATABASE_URL")
	if address == "" {
		return errors.New("не задана переменная DATABASE_URL")
	}
	database, err := db.OpenSQL(ctx, address)
	if err != nil {
		return fmt.Errorf("адрес базы данных: %w", err)
	}
	defer database.Close()
	report, err := historycheck.Check(ctx, database, func(f historycheck.Finding) { fmt.Fprintln(out, f) })
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "заказов %d, сообщений %d, стёртых текстов %d, нарушений %d\n", report.Orders, report.Messages, report.Erased, report.Findings)
	if report.Findings > 0 {
		return errHistoryBroken
	}
	return nil
}
