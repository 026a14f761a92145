// Package engineers are the activities by which orders learn what the registry or a moderator says of
// their engineers.
package engineers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"

	"epkr/activities/failure"
	"epkr/db"
	"epkr/db/sqlcgen"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// Activities are the activities on the standing of engineers.
type Activities struct {
	store     *db.Store
	workflows workflowapi.Signaler
	now       func() time.Time
}

// New needs the database, Temporal and a clock.
func New(store *db.Store, workflows workflowapi.Signaler, now func() time.Time) *Activities {
	return &Activities{store: store, workflows: workflows, now: now}
}

const (
	// toldAtOnce are the orders of a page. Finding a page costs about the same as finding all of them.
	toldAtOnce  = 2000
	toldAbreast = 50 // signals under way
	// signalLimit bounds one signal. One that timed out may have arrived; it is sent again under the same id.
	signalLimit = 10 * time.Second
)

// Telling is how far the orders have been told: what a worker that takes over goes on from.
type Telling struct {
	AfterOrder    uuid.UUID `json:"afterOrder"`
	AfterEngineer uuid.UUID `json:"afterEngineer"`
	// Left is how many were to be told after these. Those that are not found there any more have been told by a try that was lost.
	Left    int `json:"left"`
	Told    int `json:"told"`
	Skipped int `json:"skipped"`
}

// TellOrders signals every order that has not recorded what the source says of an engineer of its own. It looks at what is,
// not at what changed: an order that was not told for any reason is found again.
func (a *Activities) TellOrders(ctx context.Context, source order.Source) (Telling, error) {
	t, err := a.goOn(ctx, source)
	if err != nil {
		return t, err
	}
	for {
		page, err := a.store.PendingStatusNotifications(ctx, sqlcgen.PendingStatusNotificationsParams{
			Source: string(source), AfterOrder: t.AfterOrder, AfterEngineer: t.AfterEngineer, Page: toldAtOnce,
		})
		if err != nil {
			return t, fmt.Errorf("finding the orders to tell: %w", err)
		}
		if len(page) == 0 {
			return t, nil
		}
		told, err := a.tellPage(ctx, t, page)
		if err != nil {
			return t, err
		}
		last := page[len(page)-1]
		t = Telling{
			AfterOrder: last.OrderID, AfterEngineer: last.EngineerID, Left: t.Left - len(page),
			Told: t.Told + told, Skipped: t.Skipped + len(page) - told,
		}
		if len(page) < toldAtOnce {
			return t, nil
		}
	}
}

// goOn takes over where the last try was known to be.
func (a *Activities) goOn(ctx context.Context, source order.Source) (Telling, error) {
	var t Telling
	if activity.HasHeartbeatDetails(ctx) {
		if err := activity.GetHeartbeatDetails(ctx, &t); err != nil {
			t = Telling{}
		}
	}
	left, err := a.store.CountPendingStatusNotifications(ctx, sqlcgen.CountPendingStatusNotificationsParams{
		Source: string(source), AfterOrder: t.AfterOrder, AfterEngineer: t.AfterEngineer,
	})
	if err != nil {
		return t, fmt.Errorf("counting the orders to tell: %w", err)
	}
	t.Told += max(0, t.Left-int(left))
	t.Left = int(left)
	// The first heartbeat of a try is with the server before any signal is.
	activity.RecordHeartbeat(ctx, t)
	return t, nil
}

// tellPage signals the orders of a page side by side and counts those that are there.
func (a *Activities) tellPage(ctx context.Context, before Telling, page []sqlcgen.PendingStatusNotification) (int, error) {
	var told atomic.Int64
	var beat sync.Mutex
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(toldAbreast)
	for _, row := range page {
		group.Go(func() error {
			there, err := a.tell(groupCtx, row)
			if there {
				told.Add(1)
			}
			beat.Lock()
			defer beat.Unlock()
			activity.RecordHeartbeat(ctx, before)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return 0, fmt.Errorf("telling the orders: %w", err)
	}
	return int(told.Load()), nil
}

// tell sends one order one source's word on one engineer. False if its workflow has closed.
func (a *Activities) tell(ctx context.Context, row sqlcgen.PendingStatusNotification) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, signalLimit)
	defer cancel()
	kind, m, err := standingMessage(row, a.now().UTC())
	if err != nil {
		return false, err
	}
	err = workflowapi.Send(ctx, a.workflows, workflowapi.OrderSignal(row.OrderID, string(kind), m))
	if workflowapi.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("signalling order %s: %w", row.OrderID, err)
	}
	return true, nil
}

func standingMessage(row sqlcgen.PendingStatusNotification, now time.Time) (order.Kind, order.Message, error) {
	source := order.Source(row.Source)
	st := order.Standing{Engineer: row.EngineerID.String(), Active: row.Active, AsOf: row.AsOf.UTC()}
	kind, actor := order.ModeratorStatus, order.Actor{Role: order.RoleModerator}
	if source == order.BySourceRegistry {
		kind, actor.Role = order.RegistryStatus, order.RoleRegistry
		st.Snapshot = st.AsOf.Format(time.RFC3339Nano)
	}
	if row.PersonID != nil {
		actor.Person = row.PersonID.String()
	}
	details, err := json.Marshal(st)
	if err != nil {
		return "", order.Message{}, fmt.Errorf("encoding a standing: %w", err)
	}
	return kind, order.Message{
		ID: workflowapi.StandingMessageID(source, row.OrderID, st).String(), Actor: actor, ReceivedAt: now, Details: details,
	}, nil
}

// ApplyDecisionsLeft carries out the decisions that nobody carries out: their workflow was terminated, or never began.
func (a *Activities) ApplyDecisionsLeft(ctx context.Context) error {
	left, err := a.store.DecisionsLeft(ctx)
	if err != nil {
		return fmt.Errorf("looking for decisions that are not carried out: %w", err)
	}
	for _, id := range left {
		if _, err := a.ApplyDecision(ctx, id.String()); err != nil {
			return err
		}
	}
	return nil
}

// ApplyDecision carries out a moderator's decision on an engineer, and recounts his employer's active engineers. False for a
// decision older than the one that stands. A second run changes nothing.
func (a *Activities) ApplyDecision(ctx context.Context, decisionID string) (bool, error) {
	id, err := uuid.Parse(decisionID)
	if err != nil {
		return false, failure.ToTemporal(fmt.Errorf("%w: decision id %q", order.ErrInvariant, decisionID))
	}
	at := a.now().UTC()
	for {
		var stands bool
		err := a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
			stands, err = applyDecision(ctx, q, id, at)
			return err
		})
		if errors.Is(err, ErrEmployerChanged) {
			continue
		}
		if err != nil {
			return false, failure.ToTemporal(fmt.Errorf("carrying out a moderator's decision: %w", err))
		}
		return stands, nil
	}
}

func applyDecision(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID, at time.Time) (bool, error) {
	d, err := q.Decision(ctx, id)
	if err != nil {
		return false, fmt.Errorf("reading the decision: %w", err)
	}
	employers, err := Lock(ctx, q, []uuid.UUID{d.EngineerID})
	if err != nil {
		return false, err
	}
	changed, err := q.ApplyDecision(ctx, id)
	if err != nil {
		return false, err
	}
	if changed == 0 {
		return d.AppliedAt != nil, nil
	}
	return true, errors.Join(
		q.RecountEmployers(ctx, employers),
		q.MarkDecision(ctx, sqlcgen.MarkDecisionParams{ID: id, AppliedAt: &at}),
	)
}
