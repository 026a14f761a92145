package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/banks"
)

const (
	// leastBanks is the smallest directory that `banks load` accepts: the real one has some 1,500 entries.
	leastBanks = 200
	// uncheckedShown is how many БИК with a wrong account the report names.
	uncheckedShown = 10
)

// bankCommands implements the operator's commands for the directory of banks.
type bankCommands struct {
	store *db.Store
	out   io.Writer
}

// load replaces the directory of banks by a file of the Bank of Russia, whole or not at all. small
// accepts a file of any number of banks.
func (c *bankCommands) load(ctx context.Context, path string, small bool) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("Файл %s не открывается: %w", path, err)
	}
	defer file.Close()
	directory, err := banks.Read(file)
	if err != nil {
		return fmt.Errorf("Справочник не загружен, прежний не изменён. %s: %w", path, err)
	}
	least := leastBanks
	if small {
		least = 0
	}
	var done db.BanksReplaced
	err = c.store.InTx(ctx, func(q *sqlcgen.Queries) (err error) {
		done, err = db.ReplaceBanks(ctx, q, directory, least)
		return err
	})
	switch {
	case errors.Is(err, db.ErrOlderBanks):
		return fmt.Errorf("Справочник не загружен: в файле %s сведения на %s, а загружены на %s.", path, day(directory.AsOf), day(done.AsOfBefore))
	case errors.Is(err, db.ErrFewBanks):
		return fmt.Errorf("Справочник не загружен: в файле %s банков %d, сейчас загружено %d. Если файл верный, добавьте --small.", path, done.Now, done.Before)
	case err != nil:
		return fmt.Errorf("Справочник не загружен, прежний не изменён: %w", err)
	}
	fmt.Fprintf(c.out, "Справочник БИК на %s загружен: банков %d, было %d, исключено %d.\n", day(directory.AsOf), done.Now, done.Before, done.Gone)
	if wrong := directory.Unchecked; len(wrong) > 0 {
		fmt.Fprintf(c.out, "Корреспондентский счет не сходится с БИК, поэтому не загружен: %d (%s).\n",
			len(wrong), strings.Join(wrong[:min(len(wrong), uncheckedShown)], ", "))
	}
	return nil
}

func day(t time.Time) string { return t.Format("02.01.2006") }
