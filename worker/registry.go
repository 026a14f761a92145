package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	registryactivities "epkr/activities/registry"
	"epkr/db"
	"epkr/internal/commandline"
	"epkr/internal/humantext"
	"epkr/internal/order"
	"epkr/internal/registry"
	"epkr/internal/workflowapi"
)

// registryCommands implements the operator's commands for the registry sync. They work without a
// running worker, but only a running worker carries them out.
type registryCommands struct {
	store    *db.Store
	temporal client.Client
	acts     *registryactivities.Activities
	id       string // of the schedule
	// taskQueue is the task queue of the workers.
	taskQueue string
	out       io.Writer
}

func (c *registryCommands) runNow(ctx context.Context) error {
	if err := workflowapi.StartRegistryRun(ctx, c.temporal, c.id); err != nil {
		return fmt.Errorf("starting a run: %w", err)
	}
	fmt.Fprintln(c.out, "Загрузка запущена, если другая ещё не идёт. Итог: worker registry reports")
	return nil
}

const reportsLimit = 200

func (c *registryCommands) reports(ctx context.Context, args []string) error {
	count := 10
	if len(args) == 1 {
		var err error
		if count, err = strconv.Atoi(args[0]); err != nil || count < 1 || count > reportsLimit {
			return commandline.UsageError(fmt.Sprintf("Неверное число отчётов: %s.", args[0]))
		}
	}
	runs, err := c.store.Runs(ctx, int32(count))
	if err != nil {
		return fmt.Errorf("reading the reports: %w", err)
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	defer table.Flush()
	fmt.Fprintln(table, "НАЧАЛО\tЗАГРУЗКА\tИТОГ\tСНИМОК\tСТРОК\tНОВЫХ\tПОТЕРЯЛИ\tВЕРНУЛИ\tИЗМЕНЕНО\tЗАКАЗОВ\tСЕКУНД\tПРИЧИНА")
	for _, r := range runs {
		asOf := "—"
		if r.AsOf != nil {
			asOf = inMoscow(*r.AsOf)
		}
		took := time.Duration(r.FetchMs+r.StageMs+r.CompareMs+r.ApplyMs+r.NotifyMs) * time.Millisecond
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f\t%s\n", inMoscow(r.StartedAt), r.ID, verdictText[r.Status], asOf, r.Rows,
			r.Added, r.Lost, r.Restored, r.Changed, r.Notified, took.Seconds(), r.Reason)
	}
	return nil
}

func inMoscow(t time.Time) string { return t.In(order.Moscow).Format("02.01.2006 15:04") }

var verdictText = map[string]string{
	workflowapi.StatusRunning: "идёт", workflowapi.VerdictCompleted: "применена", workflowapi.VerdictNoop: "нового снимка нет",
	workflowapi.VerdictAwaitingApproval: "ждёт решения", workflowapi.VerdictFailed: "не удалась", workflowapi.VerdictRejected: "отклонена",
	workflowapi.VerdictSuperseded: "заменена более новой", workflowapi.VerdictMissed: "не началась",
}

var knownText = map[string]string{
	registry.EarlierApplied: "Этот снимок уже применён.", registry.EarlierRejected: "Этот снимок отклонён оператором.",
	registry.EarlierAwaitingApproval: "Этот снимок ждёт решения оператора.",
}

var kindText = map[string]string{
	registry.ChangeAdded: "новый", registry.ChangeLost: "теряет статус", registry.ChangeRestored: "возвращается",
}

func (c *registryCommands) preview(ctx context.Context) error {
	p, err := registryactivities.PreviewSnapshot(ctx, c.acts)
	if err != nil {
		return previewFailed(err)
	}
	fmt.Fprintf(c.out, "Снимок от %s, строк: %d. %s\n", inMoscow(p.Manifest.AsOf), p.Manifest.Rows, knownText[p.Known])
	if p.Known != "" && p.Known != registry.EarlierAwaitingApproval {
		return nil
	}
	fmt.Fprintf(c.out, "Действующих сейчас: %d. Новых: %d, потеряют статус: %d, вернутся: %d, изменятся: %d.\n",
		p.Active, p.Added, p.Lost, p.Restored, p.Changed)
	for _, why := range p.Exceeded {
		fmt.Fprintln(c.out, "Будет задержан:", why)
	}
	table := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	defer table.Flush()
	for _, e := range p.Engineers {
		fmt.Fprintf(table, "%s\t%s\t%s %s\n", kindText[e.Kind], e.RegistryNumber, e.LastName, e.FirstName)
	}
	return nil
}

// previewFailed returns the error for the operator: either the snapshot is invalid, or the
// registry, the file store or the database failed.
func previewFailed(err error) error {
	var snapshotErr *temporal.ApplicationError
	var fault registryactivities.SnapshotFault
	if errors.As(err, &snapshotErr) && snapshotErr.Type() == registryactivities.ErrTypeSnapshot && snapshotErr.Details(&fault) == nil {
		return fmt.Errorf("%s. Такой снимок не применяется", fault.Reason)
	}
	return fmt.Errorf("Снимок не проверен: реестр, хранилище файлов или база данных не ответили как должно. Подробности: %w", err)
}

func (c *registryCommands) decide(ctx context.Context, signal, run string, d workflowapi.RegistryDecision) error {
	id, err := uuid.Parse(run)
	if err != nil {
		return commandline.UsageError(fmt.Sprintf("Загрузка указывается её номером из отчёта, а не %q.", run))
	}
	if !humantext.Filled(d.Operator) || !humantext.Filled(d.Reason) {
		return commandline.UsageError("Укажите оператора и причину.")
	}
	if _, err := uuid.Parse(d.Operator); err == nil {
		return commandline.UsageError("Оператор указывается именем: решение модератора принимается на странице «Загрузки реестра».")
	}
	if fault := humantext.Fault(d.Operator + d.Reason); fault != "" {
		return commandline.UsageError(fault)
	}
	found, err := c.store.Run(ctx, id)
	switch {
	case errors.Is(err, db.ErrNotFound):
		return commandline.UsageError(fmt.Sprintf("Загрузки %s нет.", id))
	case err != nil:
		return fmt.Errorf("reading the report: %w", err)
	case found.Status != workflowapi.VerdictAwaitingApproval:
		return commandline.UsageError(fmt.Sprintf("Загрузка %s не ждёт решения, её итог: %s.", id, verdictText[found.Status]))
	}
	pending := workflowapi.PendingSnapshot{RunID: id.String(), Reason: found.Reason, AsOf: *found.AsOf, SHA256: found.Sha256, Rows: int(found.Rows)}
	if _, err := workflowapi.SendSnapshotDecision(ctx, c.temporal, c.taskQueue, pending, signal, d); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "Решение отправлено. Итог: worker registry reports")
	return nil
}
