package orders

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	activities "epkr/activities/orders"
	"epkr/internal/order"
	"epkr/workflows/internal/policies"
)

// startEffects starts the effects in the state that are not running yet. It does not wait for them:
// the end of an effect becomes a message. After continue-as-new an unfinished effect starts again
// under the same key.
func (o *orderRun) startEffects(ctx workflow.Context) {
	for _, e := range o.state.Effects {
		if _, running := o.effects[e.Key]; !running {
			o.effects[e.Key] = o.startEffect(ctx, e)
		}
	}
	for _, key := range workflow.DeterministicKeys(o.effects) {
		if !slices.ContainsFunc(o.state.Effects, func(e order.Effect) bool { return e.Key == key }) {
			delete(o.effects, key)
		}
	}
}

func (o *orderRun) startEffect(ctx workflow.Context, e order.Effect) workflow.Future {
	switch e.Kind {
	case order.PurgeFiles:
		ctx = workflow.WithActivityOptions(ctx, policies.UnlimitedRetry("Удаление файлов проекта заказа"))
		return workflow.ExecuteActivity(ctx, activities.PurgeFiles, o.state.ID)
	}
	panic(fmt.Errorf("an effect of an unknown kind: %s", e.Kind))
}

// finishedEffect returns the key of the first effect in the state that has ended. The order of the
// state makes the choice deterministic.
func (o *orderRun) finishedEffect() (string, bool) {
	for _, e := range o.state.Effects {
		if f, running := o.effects[e.Key]; running && f.IsReady() {
			return e.Key, true
		}
	}
	return "", false
}

// awaitEffect returns the message that an effect has ended. An effect retries until it succeeds. A
// failed effect is a bug in the program, so it panics instead of counting as done.
func (o *orderRun) awaitEffect(ctx workflow.Context, key string) order.Message {
	if err := o.effects[key].Get(ctx, nil); err != nil {
		panic(fmt.Errorf("the effect %s: %w", key, err))
	}
	return effectFinished(ctx, o.state.ID, key)
}
