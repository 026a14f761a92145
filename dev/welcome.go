package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"epkr/dev/servers"
)

// address is one line of the table that `up` ends its start with.
type address struct{ what, where string }

func addresses(p ports, running *servers.Servers, logs string) []address {
	list := []address{
		{"Платформа", webOrigin(p)},
		{"Имитатор ЕСИА", loopback(p.esia)},
		{"Имитатор реестра", loopback(p.registry)},
	}
	if running.TemporalUI != nil {
		list = append(list, address{"Заказы в Temporal", loopback(p.temporalUI)})
	}
	if running.Temporal != nil {
		list = append(list, address{"Temporal (gRPC)", running.Temporal.Address()})
	}
	if running.Postgres != nil {
		list = append(list, address{"База данных", running.Postgres.URL()})
	}
	if running.S3 != nil {
		list = append(list, address{"Файлы (S3)", running.S3.Endpoint()})
	}
	return append(list, address{"Журналы", logs})
}

// printWelcome shows the addresses and whom to sign in as.
func printWelcome(out io.Writer, list []address, people cast) {
	fmt.Fprintln(out, "\nПлатформа работает. Ctrl-C останавливает её, данные сохраняются.")
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, a := range list {
		fmt.Fprintf(table, "  %s\t%s\n", a.what, a.where)
	}
	table.Flush()
	fmt.Fprintln(out, "\nКем войти (логин вводится на странице имитатора ЕСИА, пароля нет):")
	fmt.Fprintln(table, "  ЛОГИН\tСНИЛС\tКТО\t")
	for _, p := range people {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", p.login, p.snils, p.name, p.what)
	}
	table.Flush()
}
