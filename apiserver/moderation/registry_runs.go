package moderation

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/limits"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/registry"
	"epkr/internal/territory"
	"epkr/internal/workflowapi"
)

// RegistryRun is the report of one run of the registry sync.
type RegistryRun struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Verdict   string     `json:"verdict" enum:"running,completed,noop,held,failed,rejected,superseded,missed" doc:"Итог"`
	Code      string     `json:"code,omitempty" enum:"unreadable,format,manifest,mismatch,too_large,line_too_long,utf8,row,duplicate,incomplete,older,future,fuse,cancelled,unavailable,internal,terminated,applied,held,rejected" doc:"Код причины"`
	Reason    string     `json:"reason" doc:"Причина"`
	StartedAt time.Time  `json:"startedAt" doc:"Начало"`
	EndedAt   *time.Time `json:"endedAt,omitempty" doc:"Конец"`
	AsOf      *time.Time `json:"asOf,omitempty" doc:"Дата снимка"`
	Rows      int32      `json:"rows" doc:"Строк в снимке"`
	Active    int32      `json:"active" doc:"Действующих инженеров до загрузки"`
	Added     int32      `json:"added" doc:"Новых"`
	Lost      int32      `json:"lost" doc:"Потеряли статус"`
	Restored  int32      `json:"restored" doc:"Вернули статус"`
	Changed   int32      `json:"changed" doc:"Изменились"`
	Notified  int32      `json:"notified" doc:"Оповещено заказов"`
	Skipped   int32      `json:"skipped" doc:"Заказов закрыто"`
	Millis    int64      `json:"millis" doc:"Длительность шагов, мс"`
	Operator  string     `json:"operator,omitempty" doc:"Кто решил о задержанном снимке"`
	Decision  string     `json:"decision,omitempty" doc:"Почему он так решил"`
}

// RegistryRunReport is a run with its steps and, while it awaits approval, the changes of its
// snapshot.
type RegistryRunReport struct {
	RegistryRun
	Steps      RegistrySteps       `json:"steps" doc:"Длительность каждого шага, мс"`
	Difference *RegistryDifference `json:"difference,omitempty" doc:"Что изменит снимок, который ждёт решения"`
	Workflow   string              `json:"workflow,omitempty" doc:"Адрес загрузки в Temporal UI"`
}

// RegistrySteps are the durations of a run's steps in milliseconds.
type RegistrySteps struct {
	Fetch   int64 `json:"fetch" doc:"Получение"`
	Stage   int64 `json:"stage" doc:"Чтение"`
	Compare int64 `json:"compare" doc:"Сравнение"`
	Apply   int64 `json:"apply" doc:"Применение"`
	Notify  int64 `json:"notify" doc:"Оповещение заказов"`
}

// RegistryDifference lists what a snapshot awaiting approval would change.
type RegistryDifference struct {
	Orders    int64                 `json:"orders" doc:"Заказов в работе у тех, кто теряет статус"`
	Engineers []RegistryChange      `json:"engineers" nullable:"false" doc:"Кого касается: теряющие статус, возвращающиеся, новые; каждых не больше ста"`
	Groups    []RegistryLossOfGroup `json:"groups" nullable:"false" doc:"Потери регионов и СРО, наибольшая доля первой"`
}

// RegistryChange is an engineer whom a snapshot awaiting approval adds, removes or restores.
type RegistryChange struct {
	Kind           string    `json:"kind" enum:"lost,restored,added" doc:"Теряет статус, возвращается, новый"`
	ID             uuid.UUID `json:"id" format:"uuid" doc:"Кадастровый инженер; новый появится под этим идентификатором"`
	Name           string    `json:"name" doc:"Фамилия, имя, отчество"`
	RegistryNumber string    `json:"registryNumber" doc:"Номер в реестре"`
	SRO            string    `json:"sro" doc:"СРО"`
	Orders         int64     `json:"orders" doc:"Сколько заказов у него в работе"`
}

// RegistryLossOfGroup is how many active engineers of a region or an СРО a snapshot awaiting
// approval removes.
type RegistryLossOfGroup struct {
	Kind   string `json:"kind" enum:"region,sro"`
	Name   string `json:"name" doc:"Название"`
	Active int64  `json:"active" doc:"Действующих сейчас"`
	Lost   int64  `json:"lost" doc:"Потеряют статус"`
}

func (s *Service) registerRegistryRuns() {
	const path = "/api/registry/runs"
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "list-registry-runs", Method: http.MethodGet, Path: path, Tags: []string{moderationTag},
		Summary: "Отчёты о ночных загрузках реестра СРО, последние первыми",
	}, httpapi.Moderators, s.registryRuns, httpapi.Costs(limits.Search))
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "start-registry-run", Method: http.MethodPost, Path: path, Tags: []string{moderationTag},
		Summary: "Начать загрузку реестра СРО сейчас, если другая ещё не идёт", DefaultStatus: http.StatusAccepted,
		Errors: []int{http.StatusNotFound},
	}, httpapi.Moderators, s.startRegistryRun)
	httpapi.Register(s.HTTP, huma.Operation{
		OperationID: "get-registry-run", Method: http.MethodGet, Path: path + "/{run}", Tags: []string{moderationTag},
		Summary: "Отчёт об одной загрузке", Errors: []int{http.StatusNotFound},
	}, httpapi.Moderators, s.registryRun)
	for _, op := range []struct{ signal, summary string }{
		{workflowapi.ConfirmSignal, "Применить задержанный снимок"},
		{workflowapi.RejectSignal, "Отклонить задержанный снимок"},
	} {
		httpapi.Register(s.HTTP, huma.Operation{
			OperationID: op.signal + "-registry-run", Method: http.MethodPost, Path: path + "/{run}/" + op.signal, Tags: []string{moderationTag},
			Summary: op.summary, Errors: []int{http.StatusNotFound, http.StatusConflict},
		}, httpapi.Moderators, func(ctx context.Context, in *runDecisionInput) (*registryRunOutput, error) {
			return s.decideOnRun(ctx, in, op.signal)
		})
	}
}

type registryRunsInput struct {
	httpapi.Page
	Verdicts []string `query:"verdict,explode" maxItems:"8" enum:"running,completed,noop,held,failed,rejected,superseded,missed" doc:"Итоги"`
	From     string   `query:"startedFrom" format:"date" doc:"Начата не раньше"`
	To       string   `query:"startedTo" format:"date" doc:"Начата не позже"`
}

func (s *Service) registryRuns(ctx context.Context, in *registryRunsInput) (*httpapi.PageOutput[RegistryRun], error) {
	from, err := in.Start("started")
	if err != nil {
		return nil, err
	}
	rows, err := s.Store.RunsPage(ctx, sqlcgen.RunsPageParams{
		Verdicts: wire.NonNil(in.Verdicts), StartedFrom: wire.DayStart(in.From, 0), StartedTo: wire.DayStart(in.To, 1),
		After1: from.Key1, AfterID: from.ID, Page: in.Limit + 1,
	})
	if err != nil {
		return nil, fmt.Errorf("listing the registry's runs: %w", err)
	}
	return httpapi.PageOf(rows, in.Limit, from, func(r sqlcgen.RunsPageRow) RegistryRun {
		r.RegistryRun.Operator = "" // only the report of one run shows who decided
		return registryRunOf(r.RegistryRun)
	},
		func(r sqlcgen.RunsPageRow) httpapi.Cursor {
			return httpapi.Cursor{Key1: r.Key1, ID: r.RegistryRun.ID, Total: r.Total}
		}), nil
}

func registryRunOf(r sqlcgen.RegistryRun) RegistryRun {
	return RegistryRun{
		ID: r.ID, Verdict: r.Status, Code: r.Code, Reason: r.Reason, StartedAt: r.StartedAt, EndedAt: r.EndedAt, AsOf: r.AsOf,
		Rows: r.Rows, Active: r.ActiveBefore, Added: r.Added, Lost: r.Lost, Restored: r.Restored, Changed: r.Changed,
		Notified: r.Notified, Skipped: r.Skipped, Millis: r.FetchMs + r.StageMs + r.CompareMs + r.ApplyMs + r.NotifyMs,
		Operator: r.Operator, Decision: r.Decision,
	}
}

// RunPath is the path parameter that identifies a run.
type RunPath struct {
	Run uuid.UUID `path:"run" format:"uuid" doc:"Загрузка"`
}

type registryRunOutput struct{ Body *RegistryRunReport }

func (s *Service) registryRun(ctx context.Context, in *RunPath) (*registryRunOutput, error) {
	run, err := s.readRun(ctx, in.Run)
	if err != nil {
		return nil, err
	}
	report, err := s.reportOf(ctx, run)
	return &registryRunOutput{Body: report}, err
}

func (s *Service) readRun(ctx context.Context, id uuid.UUID) (sqlcgen.RegistryRun, error) {
	run, err := s.Store.Run(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return run, problems.New(problems.NotFound)
	}
	if err != nil {
		return run, fmt.Errorf("reading the report of a run: %w", err)
	}
	return run, nil
}

func (s *Service) reportOf(ctx context.Context, r sqlcgen.RegistryRun) (*RegistryRunReport, error) {
	decider, err := s.deciderName(ctx, r.Operator)
	if err != nil {
		return nil, err
	}
	r.Operator = decider
	report := &RegistryRunReport{
		RegistryRun: registryRunOf(r),
		Steps:       RegistrySteps{Fetch: r.FetchMs, Stage: r.StageMs, Compare: r.CompareMs, Apply: r.ApplyMs, Notify: r.NotifyMs},
		Workflow:    s.UI.Workflow(r.WorkflowID),
	}
	if r.Status != workflowapi.VerdictAwaitingApproval {
		return report, nil
	}
	report.Workflow = s.UI.Workflow(workflowapi.RegistryApprovalID(r.ID.String()))
	report.Difference, err = s.differenceOf(ctx, r.ID)
	return report, err
}

// deciderName returns the name of who decided on a run. A moderator is stored by his id, so that no
// name reaches Temporal. An operator who decided by hand is stored under the name that he gave.
func (s *Service) deciderName(ctx context.Context, operator string) (string, error) {
	id, err := uuid.Parse(operator)
	if err != nil {
		return operator, nil
	}
	name, err := s.Store.PersonName(ctx, id)
	if errors.Is(err, db.ErrNotFound) {
		return operator, nil
	}
	if err != nil {
		return "", fmt.Errorf("reading who decided on a run: %w", err)
	}
	return name, nil
}

// namedChanges is how many engineers of each kind a difference lists.
const namedChanges = 100

// differenceOf reads the comparison of a run that awaits approval.
func (s *Service) differenceOf(ctx context.Context, run uuid.UUID) (*RegistryDifference, error) {
	d := &RegistryDifference{Engineers: []RegistryChange{}}
	for _, kind := range []string{registry.ChangeLost, registry.ChangeRestored, registry.ChangeAdded} {
		rows, err := s.Store.ChangedEngineers(ctx, sqlcgen.ChangedEngineersParams{RunID: run, Kinds: []string{kind}, Page: namedChanges})
		if err != nil {
			return nil, fmt.Errorf("listing whom a snapshot concerns: %w", err)
		}
		for _, r := range rows {
			d.Engineers = append(d.Engineers, RegistryChange{
				Kind: r.Kind, ID: r.EngineerID, Name: wire.FullName(r.LastName, r.FirstName, r.MiddleName),
				RegistryNumber: r.RegistryNumber, SRO: r.Sro, Orders: r.Orders,
			})
		}
	}
	groups, err := s.Store.LossesOfGroups(ctx, run)
	if err != nil {
		return nil, fmt.Errorf("counting what regions and СРО lose: %w", err)
	}
	d.Groups = make([]RegistryLossOfGroup, len(groups))
	for i, g := range groups {
		d.Groups[i] = RegistryLossOfGroup{Kind: g.Kind, Name: g.Name, Active: g.Active, Lost: g.Lost}
		if region, known := territory.RegionByCode(g.Name); known && g.Kind == "region" {
			d.Groups[i].Name = region.Name
		}
	}
	slices.SortStableFunc(d.Groups, func(a, b RegistryLossOfGroup) int { return int(b.Lost*a.Active - a.Lost*b.Active) })
	if d.Orders, err = s.Store.OrdersOfLost(ctx, run); err != nil {
		return nil, fmt.Errorf("counting the orders of those who lose their status: %w", err)
	}
	return d, nil
}

func (s *Service) startRegistryRun(ctx context.Context, _ *struct{}) (*struct{}, error) {
	err := workflowapi.StartRegistryRun(ctx, s.Temporal, workflowapi.RegistrySchedule)
	if workflowapi.IsNotFound(err) {
		return nil, problems.New(problems.NotFound).WithDetail("Расписания загрузок ещё нет: его создаёт обработчик заказов при запуске. Повторите через минуту.")
	}
	if err != nil {
		return nil, s.unknownOutcome(ctx, "starting a run of the registry", err)
	}
	return nil, nil
}

type runDecisionInput struct {
	RunPath
	Body struct {
		Reason string `json:"reason" format:"text" minLength:"1" maxLength:"1000" doc:"Причина, без персональных данных"`
	}
}

// decideOnRun stores a moderator's decision, sends it to the waiting workflow and returns the
// report. Of two decisions the first one counts; the same decision repeated by the same moderator
// gets the same answer. While the report still has the verdict "held", the decision is in progress.
func (s *Service) decideOnRun(ctx context.Context, in *runDecisionInput, signal string) (*registryRunOutput, error) {
	d := workflowapi.RegistryDecision{Operator: httpapi.SessionFrom(ctx).Person.String(), Reason: in.Body.Reason}
	run, err := s.readRun(ctx, in.Run)
	if err == nil && run.Status == workflowapi.VerdictAwaitingApproval {
		run, err = s.sendRunDecision(ctx, run, signal, d)
	}
	if err != nil {
		return nil, err
	}
	own := run.Operator == d.Operator && run.Decision == d.Reason && (run.Status == workflowapi.VerdictRejected) == (signal == workflowapi.RejectSignal)
	if run.Status != workflowapi.VerdictAwaitingApproval && !own {
		return nil, problems.New(problems.RunDecided).WithDetail("Эта загрузка не ждёт решения: " + runVerdicts[run.Status] + ".")
	}
	report, err := s.reportOf(ctx, run)
	return &registryRunOutput{Body: report}, err
}

// runVerdicts are the texts for runs that no longer await approval.
var runVerdicts = map[string]string{
	workflowapi.StatusRunning: "она уже подтверждена и применяется", workflowapi.VerdictCompleted: "её снимок применён", workflowapi.VerdictNoop: "нового снимка не было",
	workflowapi.VerdictFailed: "её снимок не годится", workflowapi.VerdictRejected: "её снимок уже отклонён",
	workflowapi.VerdictSuperseded: "её место занял более новый снимок", workflowapi.VerdictMissed: "она не началась вовремя",
}

// sendRunDecision stores a decision, sends it to the workflow that awaits it, waits a few seconds
// for its end, and reads the run again.
func (s *Service) sendRunDecision(ctx context.Context, run sqlcgen.RegistryRun, signal string, d workflowapi.RegistryDecision) (sqlcgen.RegistryRun, error) {
	held := workflowapi.PendingSnapshot{RunID: run.ID.String(), Reason: run.Reason, AsOf: *run.AsOf, SHA256: run.Sha256, Rows: int(run.Rows)}
	err := s.Store.InsertRunDecision(ctx, sqlcgen.InsertRunDecisionParams{
		RunID: run.ID, PersonID: httpapi.SessionFrom(ctx).Person, Signal: signal, ReasonSha256: d.ReasonDigest(), DecidedAt: s.Now().UTC(),
	})
	if err != nil {
		return run, fmt.Errorf("storing a decision on a run that awaits approval: %w", err)
	}
	waits, err := workflowapi.SendSnapshotDecision(ctx, s.Temporal, s.TaskQueue, held, signal, d)
	if err != nil {
		return run, s.unknownOutcome(ctx, "sending a decision to a held run", err)
	}
	waiting, cancel := context.WithTimeout(ctx, decisionWait)
	defer cancel()
	// The result is read from the run's row; applying a confirmed snapshot may take longer.
	_ = waits.Get(waiting, nil)
	return s.readRun(ctx, run.ID)
}

// unknownOutcome reports a failed call to Temporal that may have been carried out.
func (s *Service) unknownOutcome(ctx context.Context, doing string, err error) error {
	s.Log.WarnContext(ctx, doing+" failed, its outcome is unknown", "error", err)
	return problems.New(problems.UnknownOutcome).After(2 * time.Second)
}
