// Package engineers contains the activities that notify orders of a new status of their engineers,
// as the registry, a moderator or an employer sets it.
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

// Activities implements the activities on the status of engineers.
type Activities struct {
	store     *db.Store
	workflows workflowapi.Signaler
	now       func() time.Time
}

// New returns the activities. now is the clock.
func New(store *db.Store, workflows workflowapi.Signaler, now func() time.Time) *Activities {
	return &Activities{store: store, workflows: workflows, now: now}
}

const (
	// notifyPageSize is the number of orders in a page. Finding one page costs about as much as
	// finding all orders.
	notifyPageSize    = 2000
	signalConcurrency = 50 // signals in flight
	// signalTimeout bounds one signal. A signal that timed out may have arrived; the retry sends it
	// under the same id.
	signalTimeout = 10 * time.Second
)

// NotifyProgress is the progress of NotifyOrders. Its heartbeats carry it, and a retry on another
// worker resumes from it.
type NotifyProgress struct {
	AfterOrder    uuid.UUID `json:"afterOrder"`
	AfterEngineer uuid.UUID `json:"afterEngineer"`
	// Remaining is the number of orders after these that were still to be notified. If a resumed
	// try finds fewer, the lost try notified the difference.
	Remaining int `json:"left"`
	Notified  int `json:"told"`
	Skipped   int `json:"skipped"`
}

// NotifyOrders signals every order that has not recorded the source's current status of one of its
// engineers. It is level-triggered: it compares current data, so that a later run finds an order
// that was missed for any reason.
func (a *Activities) NotifyOrders(ctx context.Context, source order.Source) (NotifyProgress, error) {
	t, err := a.resumeFromHeartbeat(ctx, source)
	if err != nil {
		return t, err
	}
	for {
		page, err := a.store.PendingStatusNotifications(ctx, sqlcgen.PendingStatusNotificationsParams{
			Source: string(source), AfterOrder: t.AfterOrder, AfterEngineer: t.AfterEngineer, Page: notifyPageSize,
		})
		if err != nil {
			return t, fmt.Errorf("finding the orders to notify: %w", err)
		}
		if len(page) == 0 {
			return t, nil
		}
		notified, err := a.notifyPage(ctx, t, page)
		if err != nil {
			return t, err
		}
		last := page[len(page)-1]
		t = NotifyProgress{
			AfterOrder: last.OrderID, AfterEngineer: last.EngineerID, Remaining: t.Remaining - len(page),
			Notified: t.Notified + notified, Skipped: t.Skipped + len(page) - notified,
		}
		if len(page) < notifyPageSize {
			return t, nil
		}
	}
}

// resumeFromHeartbeat returns the progress of the last try, from its last heartbeat.
func (a *Activities) resumeFromHeartbeat(ctx context.Context, source order.Source) (NotifyProgress, error) {
	var t NotifyProgress
	if activity.HasHeartbeatDetails(ctx) {
		if err := activity.GetHeartbeatDetails(ctx, &t); err != nil {
			t = NotifyProgress{}
		}
	}
	remaining, err := a.store.CountPendingStatusNotifications(ctx, sqlcgen.CountPendingStatusNotificationsParams{
		Source: string(source), AfterOrder: t.AfterOrder, AfterEngineer: t.AfterEngineer,
	})
	if err != nil {
		return t, fmt.Errorf("counting the orders to notify: %w", err)
	}
	t.Notified += max(0, t.Remaining-int(remaining))
	t.Remaining = int(remaining)
	// The server receives the first heartbeat of a try before any signal is sent.
	activity.RecordHeartbeat(ctx, t)
	return t, nil
}

// notifyPage signals the orders of a page concurrently and returns how many workflows were open.
func (a *Activities) notifyPage(ctx context.Context, before NotifyProgress, page []sqlcgen.PendingStatusNotification) (int, error) {
	var notified atomic.Int64
	var beat sync.Mutex
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(signalConcurrency)
	for _, row := range page {
		group.Go(func() error {
			open, err := a.notifyOrder(groupCtx, row)
			if open {
				notified.Add(1)
			}
			beat.Lock()
			defer beat.Unlock()
			activity.RecordHeartbeat(ctx, before)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return 0, fmt.Errorf("notifying the orders: %w", err)
	}
	return int(notified.Load()), nil
}

// notifyOrder sends one order the status that one source gives one engineer. If the order's workflow
// does not run although its record is not final, it alerts the moderators and returns false.
func (a *Activities) notifyOrder(ctx context.Context, row sqlcgen.PendingStatusNotification) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, signalTimeout)
	defer cancel()
	kind, m, err := statusMessage(row, a.now().UTC())
	if err != nil {
		return false, err
	}
	err = workflowapi.Send(ctx, a.workflows, workflowapi.OrderSignal(row.OrderID, string(kind), m))
	if workflowapi.IsNotFound(err) {
		return false, a.alert(ctx, row.OrderID)
	}
	if err != nil {
		return false, fmt.Errorf("signalling order %s: %w", row.OrderID, err)
	}
	return true, nil
}

// alert notifies the moderators of an order whose workflow is gone.
func (a *Activities) alert(ctx context.Context, id uuid.UUID) error {
	now := a.now().UTC()
	err := a.store.RaiseAlarm(ctx, sqlcgen.RaiseAlarmParams{
		OrderID: id, Kind: string(order.AlarmHalted), At: now, Quiet: now.Add(-order.AlarmInterval),
	})
	if err != nil {
		return fmt.Errorf("alerting the moderators: %w", err)
	}
	return nil
}

func statusMessage(row sqlcgen.PendingStatusNotification, now time.Time) (order.Kind, order.Message, error) {
	source := order.Source(row.Source)
	st := order.EngineerStatus{Engineer: row.EngineerID.String(), Active: row.Active, AsOf: row.AsOf.UTC()}
	kind, actor := order.ModeratorStatus, order.Actor{Role: order.RoleModerator}
	switch source {
	case order.BySourceRegistry:
		kind, actor.Role = order.RegistryStatus, order.RoleRegistry
		st.Snapshot = st.AsOf.Format(time.RFC3339Nano)
	case order.BySourceEmployer:
		kind, actor.Role = order.EmployerStatus, order.RoleEmployer
		if row.EmployerID != nil {
			actor.Party = row.EmployerID.String()
		}
	}
	if row.PersonID != nil {
		actor.Person = row.PersonID.String()
	}
	details, err := json.Marshal(st)
	if err != nil {
		return "", order.Message{}, fmt.Errorf("encoding a status: %w", err)
	}
	return kind, order.Message{
		ID: workflowapi.StatusMessageID(source, row.OrderID, st).String(), Actor: actor, ReceivedAt: now, Details: details,
	}, nil
}

// ApplyPendingDecisions carries out the decisions whose workflow was terminated or never started.
func (a *Activities) ApplyPendingDecisions(ctx context.Context) error {
	pending, err := a.store.PendingDecisions(ctx)
	if err != nil {
		return fmt.Errorf("finding decisions that are not carried out: %w", err)
	}
	for _, id := range pending {
		if _, err := a.ApplyDecision(ctx, id.String()); err != nil {
			return err
		}
	}
	return nil
}

// ApplyDecision carries out a moderator's decision on an engineer and recounts the employer's
// active engineers. It returns false if a newer decision is in force. A second run changes nothing.
func (a *Activities) ApplyDecision(ctx context.Context, decisionID string) (bool, error) {
	id, err := uuid.Parse(decisionID)
	if err != nil {
		return false, failure.ToTemporal(fmt.Errorf("%w: decision id %q", order.ErrInvariant, decisionID))
	}
	at := a.now().UTC()
	for {
		var applied bool
		err := a.store.InTx(ctx, func(q *sqlcgen.Queries) error {
			applied, err = applyDecision(ctx, q, id, at)
			return err
		})
		if errors.Is(err, db.ErrEmployerChanged) {
			continue
		}
		if err != nil {
			return false, failure.ToTemporal(fmt.Errorf("carrying out a moderator's decision: %w", err))
		}
		return applied, nil
	}
}

func applyDecision(ctx context.Context, q *sqlcgen.Queries, id uuid.UUID, at time.Time) (bool, error) {
	d, err := q.Decision(ctx, id)
	if err != nil {
		return false, fmt.Errorf("reading the decision: %w", err)
	}
	employers, err := db.LockEngineers(ctx, q, []uuid.UUID{d.EngineerID})
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
		q.RecountEmployers(ctx, sqlcgen.RecountEmployersParams{Employers: employers, At: at}),
		q.MarkDecision(ctx, sqlcgen.MarkDecisionParams{ID: id, AppliedAt: &at}),
	)
}
