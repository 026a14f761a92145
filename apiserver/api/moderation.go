package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"

	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/workflows/contract"
)

const moderationTag = "Модерация"

// decisionWait is how long a moderator waits for his decision to be carried out; it is carried out in any case.
const decisionWait = 5 * time.Second

func (s *Server) registerModeration() {
	for _, op := range []struct {
		verb, summary string
		blocked       bool
	}{
		{"block", "Заблокировать кадастрового инженера", true},
		{"unblock", "Снять блокировку кадастрового инженера", false},
	} {
		register(s, huma.Operation{
			OperationID: op.verb + "-engineer", Method: http.MethodPost, Path: "/api/engineers/{engineer}/" + op.verb,
			Tags: []string{moderationTag}, Summary: op.summary, Errors: []int{http.StatusNotFound},
		}, moderators, func(ctx context.Context, in *decisionInput) (*decisionOutput, error) {
			return s.decideOnEngineer(ctx, in, op.blocked)
		})
	}
	register(s, huma.Operation{
		OperationID: "list-registry-runs", Method: http.MethodGet, Path: "/api/registry/runs", Tags: []string{moderationTag},
		Summary: "Отчёты о ночных загрузках реестра СРО, последние первыми",
	}, moderators, s.registryRuns)
}

type decisionInput struct {
	Idempotent
	Engineer uuid.UUID `path:"engineer" format:"uuid" doc:"Кадастровый инженер"`
	Body     struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000" doc:"Причина"`
	}
}

// EngineerDecision is a moderator's decision on an engineer.
type EngineerDecision struct {
	ID      uuid.UUID `json:"id" format:"uuid"`
	Blocked bool      `json:"blocked" doc:"Заблокирован ли инженер этим решением"`
	// Applied is false while the decision is being carried out.
	Applied   bool      `json:"applied" doc:"Решение исполнено; иначе оно исполняется"`
	DecidedAt time.Time `json:"decidedAt" doc:"Когда принято"`
}

type decisionOutput struct{ Body EngineerDecision }

// decideOnEngineer writes the decision down and has it carried out by a workflow: the engineer's orders are told by it. The
// same key with the same reason is the same decision.
func (s *Server) decideOnEngineer(ctx context.Context, in *decisionInput, blocked bool) (*decisionOutput, error) {
	reason := strings.TrimSpace(in.Body.Reason)
	if reason == "" {
		return nil, invalid(FieldProblem{"body.reason", "Укажите причину."})
	}
	if _, err := s.Store.EngineerStanding(ctx, in.Engineer); errors.Is(err, db.ErrNotFound) {
		return nil, problem(codeNotFound)
	} else if err != nil {
		return nil, fmt.Errorf("looking for the engineer: %w", err)
	}
	by := sessionFrom(ctx).Person
	id := contract.DecisionID(by.String(), in.Engineer, blocked, in.Key)
	err := s.Store.AddDecision(ctx, sqlcgen.AddDecisionParams{
		ID: id, EngineerID: in.Engineer, ModeratorID: by, Blocked: blocked, Reason: reason, DecidedAt: s.Now().UTC(),
	})
	if err != nil {
		return nil, fmt.Errorf("writing the decision: %w", err)
	}
	written, err := s.Store.Decision(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("reading the decision: %w", err)
	}
	if written.Reason != reason {
		return nil, problem(codeKeyReused)
	}
	applied, err := s.carryOut(ctx, id)
	if err != nil {
		return nil, err
	}
	return &decisionOutput{Body: EngineerDecision{ID: id, Blocked: blocked, Applied: applied, DecidedAt: written.DecidedAt}}, nil
}

// carryOut starts the workflow of a decision, or finds it, and waits a little for its end.
func (s *Server) carryOut(ctx context.Context, decision uuid.UUID) (bool, error) {
	waiting, cancel := context.WithTimeout(ctx, decisionWait)
	defer cancel()
	options := contract.EngineerStandingOptions(decision, s.Config.TaskQueue)
	run, err := s.Temporal.ExecuteWorkflow(waiting, options, contract.EngineerStandingWorkflow,
		contract.EngineerStandingInput{DecisionID: decision.String()})
	var ended *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &ended) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("starting the workflow of a decision: %w", err)
	}
	err = run.Get(waiting, nil)
	if waiting.Err() != nil {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("carrying a decision out: %w", err)
	}
	return true, nil
}

// RegistryRun is the report of one night's reading of the registry.
type RegistryRun struct {
	ID        uuid.UUID  `json:"id" format:"uuid"`
	Verdict   string     `json:"verdict" enum:"running,completed,noop,held,failed,rejected,superseded,missed" doc:"Итог"`
	Code      string     `json:"code,omitempty" doc:"Код причины"`
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
	Told      int32      `json:"told" doc:"Оповещено заказов"`
	Skipped   int32      `json:"skipped" doc:"Заказов закрыто"`
	Millis    int64      `json:"millis" doc:"Длительность шагов, мс"`
	Operator  string     `json:"operator,omitempty" doc:"Кто решил о задержанном снимке"`
	Decision  string     `json:"decision,omitempty" doc:"Почему он так решил"`
}

type registryRunsOutput struct {
	Body struct {
		Items []RegistryRun `json:"items" nullable:"false"`
	}
}

func (s *Server) registryRuns(ctx context.Context, in *struct {
	Limit int32 `query:"limit" minimum:"1" maximum:"200" default:"30" doc:"Сколько отчётов"`
},
) (*registryRunsOutput, error) {
	runs, err := s.Store.Runs(ctx, in.Limit)
	if err != nil {
		return nil, fmt.Errorf("listing the registry's runs: %w", err)
	}
	out := &registryRunsOutput{}
	out.Body.Items = make([]RegistryRun, len(runs))
	for i, r := range runs {
		out.Body.Items[i] = RegistryRun{
			ID: r.ID, Verdict: r.Status, Code: r.Code, Reason: r.Reason, StartedAt: r.StartedAt, EndedAt: r.EndedAt, AsOf: r.AsOf,
			Rows: r.Rows, Active: r.ActiveBefore, Added: r.Added, Lost: r.Lost, Restored: r.Restored, Changed: r.Changed,
			Told: r.Told, Skipped: r.Skipped, Millis: r.FetchMs + r.StageMs + r.CompareMs + r.ApplyMs + r.TellMs,
			Operator: r.Operator, Decision: r.Decision,
		}
	}
	return out, nil
}
