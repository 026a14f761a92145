package play

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// run is one playing of a path. Its first error stays, and every later step does nothing, so that a path reads as a list of
// steps.
type run struct {
	// ctx bounds the whole run, which lives no longer than the call that made it.
	ctx    context.Context
	path   string
	at     Platform
	report func(Step)
	people map[string]*person
	orders []*live
	// asOf is the date of the registry's snapshot that was published last.
	asOf time.Time
	err  error
}

// fail keeps the first error, with the step that it came at.
func (r *run) fail(step string, err error) {
	if r.err == nil && err != nil {
		r.err = fmt.Errorf("шаг «%s»: %w", step, err)
	}
}

// do runs one step and reports it.
func (r *run) do(what string, by *person, act func() error) {
	r.step(what, by, nil, act)
}

// step runs one step, holds the platform to what should have come of it where it concerns an order, and reports it.
func (r *run) step(what string, by *person, o *live, act func() error) {
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

// errDiffers marks what the platform did otherwise than the rules say.
var errDiffers = errors.New("платформа ведёт себя не так, как правила заказа")

func differs(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errDiffers, fmt.Sprintf(format, args...))
}
