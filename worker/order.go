package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"go.temporal.io/sdk/client"

	orderactivities "epkr/activities/orders"
	"epkr/db"
	"epkr/internal/config"
)

const orderUsage = `Команды заказа:
  worker order preview ЗАКАЗ                                       что известно о заказе и можно ли его возобновить
  worker order restart ЗАКАЗ --operator ОПЕРАТОР --reason ПРИЧИНА  возобновить заказ, процесс которого утрачен
Заказ указывается номером или идентификатором.`

// orderUsageError says what is allowed.
type orderUsageError string

func (e orderUsageError) Error() string { return string(e) + "\n" + orderUsage }

// orderCommands are what an operator does with one order from a terminal.
type orderCommands struct {
	store     *db.Store
	temporal  client.Client
	taskQueue string
	now       func() time.Time
	out       io.Writer
}

func commandOrder(ctx context.Context, settings config.Worker, temporal client.Client, args []string) error {
	store, err := db.Open(ctx, settings.Database.Reveal())
	if err != nil {
		return err
	}
	defer store.Close()
	commands := &orderCommands{store: store, temporal: temporal, taskQueue: settings.TaskQueue, now: time.Now, out: os.Stdout}
	return commands.do(ctx, args)
}

func (c *orderCommands) do(ctx context.Context, args []string) error {
	if len(args) < 2 {
		return orderUsageError("Укажите команду и заказ.")
	}
	verb, name, rest := args[0], args[1], args[2:]
	flags := flag.NewFlagSet("order", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	operator, reason := flags.String("operator", "", ""), flags.String("reason", "", "")
	if err := flags.Parse(rest); err != nil || flags.NArg() > 0 {
		return orderUsageError("Неверные параметры команды.")
	}
	lost, err := orderactivities.FindLostOrder(ctx, c.store, c.temporal, name)
	if errors.Is(err, orderactivities.ErrNoOrder) {
		return fmt.Errorf("Заказа %s нет.", name)
	}
	if err != nil {
		return err
	}
	switch verb {
	case "preview":
		c.show(lost)
		return nil
	case "restart":
		return c.restart(ctx, lost, *operator, *reason)
	}
	return orderUsageError(fmt.Sprintf("Неверная команда: %s.", verb))
}

func (c *orderCommands) show(lost orderactivities.LostOrder) {
	s := &lost.State
	fmt.Fprintf(c.out, "Заказ %s (%s): %s, записано сообщений: %d.\n", s.Number, lost.ID, s.StageLabel(), s.Seq)
	if lost.Run == "" {
		fmt.Fprintln(c.out, "Процесса заказа в Temporal нет.")
	} else {
		fmt.Fprintf(c.out, "Последний процесс: %s, состояние %s.\n", lost.Run, lost.Status)
	}
	fmt.Fprintf(c.out, "Сообщений без решения: %d. Их отправители могут повторить действие.\n", len(lost.Unanswered))
	for _, m := range lost.Unanswered {
		fmt.Fprintf(c.out, "  %s %s, %s\n", m.MessageID, m.Kind, inMoscow(m.CreatedAt))
	}
	if lost.Hindrance != "" {
		fmt.Fprintln(c.out, "Возобновить нельзя:", lost.Hindrance)
		return
	}
	fmt.Fprintln(c.out, "Заказ можно возобновить: worker order restart")
}

func (c *orderCommands) restart(ctx context.Context, lost orderactivities.LostOrder, operator, reason string) error {
	c.show(lost)
	if err := orderactivities.RestartOrder(ctx, c.store, c.temporal, c.taskQueue, lost, operator, reason, c.now()); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "Заказ возобновлён. Это записано в его истории.")
	return nil
}
