// Package moderation contains the operations of the platform's moderators: engineers, accounts of
// people, runs of the registry sync, the security trail.
package moderation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/apiserver/httpapi/wire"
	"epkr/apiserver/profiles"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/workflowapi"
)

const moderationTag = "Модерация"

// decisionWait is how long a request waits until a decision is carried out. The decision is carried
// out in any case.
const decisionWait = 5 * time.Second

// Dependencies are the dependencies of the service; all are required.
type Dependencies struct {
	HTTP     *httpapi.Server
	Store    *db.Store
	Profiles *profiles.Service
	Temporal client.Client
	Log      *slog.Logger
	Now      func() time.Time
	UI       wire.TemporalUI
	// SessionIdle is the idle timeout of a session.
	SessionIdle time.Duration
	// Moderators are the ЕСИА numbers of the moderators.
	Moderators []string
	// Roles returns the roles in which a person may sign in.
	Roles func(ctx context.Context, person uuid.UUID) ([]AccountRole, error)
	// TaskQueue is the task queue of the workflows that carry out decisions.
	TaskQueue string
}

// Service contains the operations of the platform's moderators.
type Service struct{ Dependencies }

// New returns the service.
func New(d Dependencies) *Service { return &Service{d} }

// Register adds the operations of moderators, except those on orders.
func (s *Service) Register() {
	s.registerDecisions()
	s.registerModeratedEngineers()
	s.registerAccounts()
	s.registerRegistryRuns()
	s.registerSecurityEvents()
}

func (s *Service) registerDecisions() {
	for _, op := range []struct {
		verb, summary string
		blocked       bool
	}{
		{"block", "Заблокировать кадастрового инженера", true},
		{"unblock", "Снять блокировку кадастрового инженера", false},
	} {
		httpapi.Register(s.HTTP, huma.Operation{
			OperationID: op.verb + "-engineer", Method: http.MethodPost, Path: "/api/engineers/{engineer}/" + op.verb,
			Tags: []string{moderationTag}, Summary: op.summary, Errors: []int{http.StatusNotFound, http.StatusConflict},
		}, httpapi.Moderators, func(ctx context.Context, in *decisionInput) (*decisionOutput, error) {
			return s.decideOnEngineer(ctx, in, op.blocked)
		})
	}
}

type decisionInput struct {
	httpapi.Idempotent
	Engineer uuid.UUID `path:"engineer" format:"uuid" doc:"Кадастровый инженер"`
	Body     struct {
		Reason string `json:"reason" format:"text" minLength:"1" maxLength:"1000" doc:"Причина"`
	}
}

// EngineerDecision is a moderator's decision on an engineer.
type EngineerDecision struct {
	ID      uuid.UUID `json:"id" format:"uuid"`
	Blocked bool      `json:"blocked" doc:"Заблокирован ли инженер этим решением"`
	// Applied is false while the decision is being carried out.
	Applied bool `json:"applied" doc:"Решение исполнено; иначе оно исполняется или его опередило более позднее"`
	// Overtaken reports that a later decision came first, so that this one is never carried out.
	Overtaken bool      `json:"overtaken,omitempty" doc:"Решение не исполнено: его опередило более позднее"`
	DecidedAt time.Time `json:"decidedAt" doc:"Когда принято"`
}

type decisionOutput struct{ Body EngineerDecision }

// decideOnEngineer stores the decision and starts the workflow that carries it out and notifies the
// engineer's orders. The same key with the same reason is the same decision.
func (s *Service) decideOnEngineer(ctx context.Context, in *decisionInput, blocked bool) (*decisionOutput, error) {
	reason := in.Body.Reason
	if _, err := s.Store.EngineerEligibility(ctx, in.Engineer); errors.Is(err, db.ErrNotFound) {
		return nil, problems.New(problems.NotFound)
	} else if err != nil {
		return nil, fmt.Errorf("finding the engineer: %w", err)
	}
	by := httpapi.SessionFrom(ctx).Person
	tied, err := s.Store.ModeratorTied(ctx, sqlcgen.ModeratorTiedParams{Person: by, Engineer: in.Engineer})
	if err != nil {
		return nil, fmt.Errorf("asking whether the moderator decides on himself: %w", err)
	}
	if tied {
		return nil, problems.New(problems.OwnDecision)
	}
	id := workflowapi.DecisionID(by.String(), in.Engineer, blocked, in.Key)
	err = s.Store.AddDecision(ctx, sqlcgen.AddDecisionParams{
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
		return nil, problems.New(problems.KeyReused)
	}
	if err := s.carryOut(ctx, id); err != nil {
		return nil, err
	}
	after, err := s.Store.Decision(ctx, id)
	if err != nil {
		return nil, fmt.Errorf("reading the decision anew: %w", err)
	}
	return &decisionOutput{Body: EngineerDecision{
		ID: id, Blocked: blocked, Applied: after.AppliedAt != nil, Overtaken: after.Overtaken, DecidedAt: after.DecidedAt,
	}}, nil
}

// carryOut starts or joins the workflow of a decision and waits a few seconds for its end. The
// caller reads the result from the decision's row.
func (s *Service) carryOut(ctx context.Context, decision uuid.UUID) error {
	waiting, cancel := context.WithTimeout(ctx, decisionWait)
	defer cancel()
	options := workflowapi.EngineerStatusOptions(decision, s.TaskQueue)
	run, err := s.Temporal.ExecuteWorkflow(waiting, options, workflowapi.EngineerStatusWorkflow,
		workflowapi.EngineerStatusInput{DecisionID: decision.String()})
	var ended *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &ended) {
		return nil
	}
	if err != nil {
		return s.unknownOutcome(ctx, "starting the workflow of a decision", err)
	}
	// The call may end at the deadline just before the context does.
	if err := run.Get(waiting, nil); err != nil && waiting.Err() == nil && !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("carrying a decision out: %w", err)
	}
	return nil
}
