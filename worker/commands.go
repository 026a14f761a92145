package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/log"

	"epkr/db"
	"epkr/internal/commandline"
	"epkr/internal/config"
	"epkr/internal/storage"
	"epkr/internal/workflowapi"
)

// commands returns the program's commands. Without a command the program runs as a worker.
func commands() *cobra.Command {
	root := &cobra.Command{
		Use: "worker", Long: "Без команды обрабатывает заказы, пока не придёт сигнал остановки.", Args: noCommand,
		RunE: func(c *cobra.Command, _ []string) error {
			return withTemporal(c.Context(), dialWithRetry, func(settings config.Worker, temporal client.Client) error {
				return run(c.Context(), settings, temporal)
			})
		},
	}
	root.AddCommand(
		&cobra.Command{
			Use: "migrate", Short: "привести схему базы данных к этой сборке", Args: commandline.Arguments(0, 0),
			RunE: func(c *cobra.Command, _ []string) error {
				settings, err := loadSettings()
				if err != nil {
					return err
				}
				return migrate(c.Context(), settings)
			},
		},
		&cobra.Command{
			Use: "promote", Short: "передать заказы этой сборке (EPKR_BUILD_ID)", Args: commandline.Arguments(0, 0),
			RunE: func(c *cobra.Command, _ []string) error {
				return withTemporal(c.Context(), dial, func(settings config.Worker, temporal client.Client) error {
					return promote(c.Context(), temporal, settings.TaskQueue, settings.BuildID)
				})
			},
		},
		commandline.Group("order", "заказ, процесс которого утрачен", orderCommand(withOrders)...),
		commandline.Group("registry", "загрузка реестра СРО", registryCommand(withRegistry)...),
		commandline.Group("banks", "справочник банков", banksCommand(withBanks)...),
		commandline.Group("history", "история заказов", historyCommand()...),
		verifyCommand(),
	)
	return commandline.Root(root)
}

func noCommand(c *cobra.Command, words []string) error {
	if len(words) > 0 {
		return commandline.UnknownCommand(c, words)
	}
	return nil
}

func loadSettings() (config.Worker, error) {
	settings, err := config.LoadWorker(os.LookupEnv)
	if err != nil {
		return settings, fmt.Errorf("reading the settings: %w", err)
	}
	return settings, nil
}

// withTemporal calls do with the settings and a connection to Temporal made by connect.
func withTemporal(
	ctx context.Context, connect func(context.Context, client.Options) (client.Client, error),
	do func(config.Worker, client.Client) error,
) error {
	settings, err := loadSettings()
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: settings.LogLevel, ReplaceAttr: db.LogWithoutValues}))
	slog.SetDefault(logger)
	options := settings.Temporal.Options()
	options.Logger = log.NewStructuredLogger(logger)
	temporal, err := connect(ctx, options)
	if err != nil {
		return err
	}
	defer temporal.Close()
	return do(settings, temporal)
}

// withStore calls do with the settings and connections to Temporal and the database.
func withStore(ctx context.Context, do func(config.Worker, client.Client, *db.Store) error) error {
	return withTemporal(ctx, dial, func(settings config.Worker, temporal client.Client) error {
		store, err := db.Open(ctx, settings.Database.Reveal())
		if err != nil {
			return err
		}
		defer store.Close()
		return do(settings, temporal, store)
	})
}

func withOrders(c *cobra.Command, do func(*orderCommands) error) error {
	return withStore(c.Context(), func(settings config.Worker, temporal client.Client, store *db.Store) error {
		return do(&orderCommands{store: store, temporal: temporal, taskQueue: settings.TaskQueue, now: time.Now, out: c.OutOrStdout()})
	})
}

func withRegistry(c *cobra.Command, do func(*registryCommands) error) error {
	return withStore(c.Context(), func(settings config.Worker, temporal client.Client, store *db.Store) error {
		files, err := storage.New(settings.Storage)
		if err != nil {
			return fmt.Errorf("opening the file store: %w", err)
		}
		return do(&registryCommands{
			store: store, temporal: temporal, acts: registryActivities(settings, store, files, temporal), id: workflowapi.RegistrySchedule,
			taskQueue: settings.TaskQueue, out: c.OutOrStdout(),
		})
	})
}

// withBanks needs the database only.
func withBanks(c *cobra.Command, do func(*bankCommands) error) error {
	settings, err := loadSettings()
	if err != nil {
		return err
	}
	store, err := db.Open(c.Context(), settings.Database.Reveal())
	if err != nil {
		return err
	}
	defer store.Close()
	return do(&bankCommands{store: store, out: c.OutOrStdout()})
}

// banksCommand returns the commands for the directory of banks. with opens the connection they need.
func banksCommand(with func(*cobra.Command, func(*bankCommands) error) error) []*cobra.Command {
	var small bool
	load := &cobra.Command{
		Use: "load ФАЙЛ [--small]", Short: "заменить справочник БИК файлом Банка России (ED807)",
		Args: commandline.Arguments(1, 1),
		RunE: func(c *cobra.Command, arguments []string) error {
			return with(c, func(b *bankCommands) error { return b.load(c.Context(), arguments[0], small) })
		},
	}
	load.Flags().BoolVar(&small, "small", false, "принять файл, в котором банков меньше обычного")
	return []*cobra.Command{load}
}

// orderCommand returns the commands for one order. with opens the connections they need.
func orderCommand(with func(*cobra.Command, func(*orderCommands) error) error) []*cobra.Command {
	var operator, reason string
	preview := &cobra.Command{
		Use: "preview ЗАКАЗ", Short: "что известно о заказе (номер или идентификатор) и можно ли его возобновить",
		Args: commandline.Arguments(1, 1),
		RunE: func(c *cobra.Command, arguments []string) error {
			return with(c, func(orders *orderCommands) error { return orders.preview(c.Context(), arguments[0]) })
		},
	}
	restart := &cobra.Command{
		Use: "restart ЗАКАЗ --operator ОПЕРАТОР --reason ПРИЧИНА", Short: "возобновить заказ, процесс которого утрачен",
		Args: commandline.Arguments(1, 1),
		RunE: func(c *cobra.Command, arguments []string) error {
			return with(c, func(orders *orderCommands) error { return orders.restart(c.Context(), arguments[0], operator, reason) })
		},
	}
	restart.Flags().StringVar(&operator, "operator", "", "кто возобновляет")
	restart.Flags().StringVar(&reason, "reason", "", "почему")
	return []*cobra.Command{preview, restart}
}

// registryCommand returns the commands for the registry sync. with opens the connections they need.
func registryCommand(with func(*cobra.Command, func(*registryCommands) error) error) []*cobra.Command {
	decision := func(signal, short string) *cobra.Command {
		return &cobra.Command{
			Use: signal + " ЗАГРУЗКА ОПЕРАТОР ПРИЧИНА", Short: short, Args: commandline.Arguments(3, 3),
			RunE: func(c *cobra.Command, arguments []string) error {
				d := workflowapi.RegistryDecision{Operator: arguments[1], Reason: arguments[2]}
				return with(c, func(r *registryCommands) error { return r.decide(c.Context(), signal, arguments[0], d) })
			},
		}
	}
	return []*cobra.Command{
		{
			Use: "run", Short: "загрузить снимок сейчас", Args: commandline.Arguments(0, 0),
			RunE: func(c *cobra.Command, _ []string) error {
				return with(c, func(r *registryCommands) error { return r.runNow(c.Context()) })
			},
		},
		{
			Use: "reports [ЧИСЛО]", Short: fmt.Sprintf("последние отчёты, по умолчанию 10, не больше %d", reportsLimit),
			Args: commandline.Arguments(0, 1),
			RunE: func(c *cobra.Command, arguments []string) error {
				return with(c, func(r *registryCommands) error { return r.reports(c.Context(), arguments) })
			},
		},
		{
			Use: "preview", Short: "что изменил бы снимок, ничего не меняя", Args: commandline.Arguments(0, 0),
			RunE: func(c *cobra.Command, _ []string) error {
				return with(c, func(r *registryCommands) error { return r.preview(c.Context()) })
			},
		},
		decision(workflowapi.ConfirmSignal, "применить задержанный снимок"),
		decision(workflowapi.RejectSignal, "отклонить задержанный снимок"),
	}
}
