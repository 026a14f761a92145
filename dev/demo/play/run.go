package play

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// run is one run of a path. It keeps the first error, and every later step does nothing, so that a
// path reads as a list of steps.
type run struct {
	// ctx limits the whole run, which ends before the call that made it.
	ctx    context.Context
	path   string
	at     Platform
	report func(Step)
	people map[string]*person
	orders []*liveOrder
	// asOf is the date of the last published registry snapshot.
	asOf time.Time
	err  error
}

// fail keeps the first error, with the step at which it occurred.
func (r *run) fail(step string, err error) {
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("шаг «%s»: %w", step, err)
	}
}

// do runs one step and reports it.
func (r *run) do(what string, by *person, act func() error) {
	r.step(what, by, nil, act)
}

// step runs one step, checks the order's card if the step has an order, and reports the step.
func (r *run) step(what string, by *person, o *liveOrder, act func() error) {
	if r.err != nil {
		return
	}
	began := time.Now()
	err := act()
	step := Step{Path: r.path, What: what, Took: time.Since(began)}
	if err == nil && o != nil {
		step.Stage = o.state.StageLabel()
		err = o.check()
	}
	if err != nil {
		r.fail(what, err)
		return
	}
	if by != nil {
		step.By = by.label()
	}
	r.report(step)
}

// errDiffers marks a difference between the platform and the rules.
var errDiffers = errors.New("платформа ведёт себя не так, как правила заказа")

func differs(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errDiffers, fmt.Sprintf(format, args...))
}
