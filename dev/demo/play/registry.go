package play

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	"epkr/dev/browser"
	"epkr/dev/synthetic"
	"epkr/internal/order"
	"epkr/internal/workflowapi"
)

// sync publishes a snapshot with or without the engineer and makes the platform read it.
func (r *run) sync(what, login string, in bool) {
	r.step(what, nil, nil, func() (err error) {
		if r.asOf, err = r.at.publish(r.ctx, login, in); err != nil {
			return fmt.Errorf("имитатор реестра: %w", err)
		}
		if p := r.people[login]; p != nil {
			p.engineer.InRegistry = in
		}
		if err = r.at.syncRegistry(r.ctx); err != nil {
			return fmt.Errorf("загрузка реестра: %w", err)
		}
		return nil
	})
}

// publish makes the simulator publish a snapshot with or without the engineer and returns its date.
func (at Platform) publish(ctx context.Context, login string, in bool) (time.Time, error) {
	var state struct {
		AsOf time.Time `json:"as_of"`
	}
	person, found := synthetic.New(synthetic.LocalSeed).PersonByLogin(login)
	if !found {
		return state.AsOf, fmt.Errorf("нет человека %q", login)
	}
	verb := "drop"
	if in {
		verb = "restore"
	}
	simulator := browser.Browser{URL: at.RegistryURL, HTTP: http.DefaultClient}
	err := simulator.Post(ctx, "/control/"+verb, map[string][]string{"snils": {person.SNILS}}, &state)
	return state.AsOf, err
}

// syncRegistry runs a sync outside the schedule and waits until it has notified the orders; the
// scheduled run of the night then finds nothing new.
func (at Platform) syncRegistry(ctx context.Context) error {
	run, err := at.Temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: workflowapi.RegistrySchedule + "-demo-" + uuid.NewString(), TaskQueue: at.TaskQueue, StaticSummary: "Демонстрация: загрузка реестра СРО",
	}, workflowapi.RegistrySyncWorkflow)
	if err != nil {
		return err
	}
	var report workflowapi.RegistryReport
	if err := run.Get(ctx, &report); err != nil {
		return err
	}
	if report.Verdict != workflowapi.VerdictCompleted {
		return fmt.Errorf("%s %s", report.Verdict, report.Reason)
	}
	return nil
}

// statusTimeout limits the wait for the effect of a registry status on an order.
const statusTimeout = 30 * time.Second

// awaitStatus applies the registry's status of the engineer by the rules and waits until the
// platform shows the same.
func (o *liveOrder) awaitStatus(engineer *person, active bool) {
	o.run.step(ruleOf(order.RegistryStatus).Done, nil, o, func() error {
		status := order.EngineerStatus{Engineer: engineer.party, Active: active, AsOf: o.run.asOf}
		m := newMessage(&person{role: order.RoleRegistry}, order.RegistryStatus, status, nil)
		err := o.settle(m, nil)
		if err != nil {
			return err
		}
		limit, cancel := context.WithTimeout(o.run.ctx, statusTimeout)
		defer cancel()
		for err = o.check(); err != nil && browser.Pause(limit, 200*time.Millisecond) == nil; {
			err = o.check()
		}
		return err
	})
}
