package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"go.temporal.io/sdk/client"

	orderactivities "epkr/activities/orders"
	"epkr/db"
)

// orderCommands implements the operator's commands for one order.
type orderCommands struct {
	store     *db.Store
	temporal  client.Client
	taskQueue string
	now       func() time.Time
	out       io.Writer
}

func (c *orderCommands) preview(ctx context.Context, name string) error {
	lost, err := c.find(ctx, name)
	if err != nil {
		return err
	}
	c.show(lost)
	return nil
}

func (c *orderCommands) find(ctx context.Context, name string) (orderactivities.LostOrder, error) {
	lost, err := orderactivities.FindLostOrder(ctx, c.store, c.temporal, name)
	if errors.Is(err, orderactivities.ErrNoOrder) {
		return lost, fmt.Errorf("Заказа %s нет.", name)
	}
	return lost, err
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
	if lost.BlockedReason != "" {
		fmt.Fprintln(c.out, "Возобновить нельзя:", lost.BlockedReason)
		return
	}
	fmt.Fprintln(c.out, "Заказ можно возобновить: worker order restart")
}

func (c *orderCommands) restart(ctx context.Context, name, operator, reason string) error {
	lost, err := c.find(ctx, name)
	if err != nil {
		return err
	}
	c.show(lost)
	if err := orderactivities.RestartOrder(ctx, c.store, c.temporal, c.taskQueue, lost, operator, reason, c.now()); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "Заказ возобновлён. Это записано в его истории.")
	return nil
}
