// Command grown creates a database with the amount of data of several years beside those of a local
// platform, to examine queries and their plans.
//
// It changes no existing database. Its inputs are DATABASE_URL, an address of the server for a
// superuser, and the name of the new database as its argument.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"epkr/db/grown"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Getenv("DATABASE_URL"), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "выросшая база данных:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, server string, arguments []string) error {
	if server == "" || len(arguments) != 1 {
		return errors.New("нужны переменная DATABASE_URL с адресом сервера и имя новой базы: go run ./dev/grown ИМЯ")
	}
	began := time.Now()
	address, err := grown.Make(ctx, server, arguments[0])
	if err != nil {
		return err
	}
	fmt.Printf("база готова за %.0f с: %s\n", time.Since(began).Seconds(), address)
	return nil
}
