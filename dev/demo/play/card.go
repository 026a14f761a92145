package play

import (
	"fmt"
	"net/http"
	"time"

	"epkr/dev/browser"
	"epkr/internal/order"
)

// card is the part of an order card that the rules determine.
type card struct {
	ID, Number string
	Stage      struct {
		Code  order.Stage
		Label string
	}
	Actions []order.Action
}

// check reads the order's card as every party and compares it with the rules.
func (o *liveOrder) check() error {
	for _, viewer := range append([]*person{o.customer}, o.engineers...) {
		if err := o.checkAs(viewer); err != nil {
			return fmt.Errorf("карточка заказа, %s: %w", viewer.label(), err)
		}
	}
	return nil
}

// checkAs requires that the parties always see the order, other engineers while it is in selection,
// and no engineer sees a draft.
func (o *liveOrder) checkAs(viewer *person) error {
	var shown card
	err := viewer.Get(o.run.ctx, "/api/orders/"+o.id, &shown)
	performs := o.state.Performer != nil && o.state.Performer.ID == viewer.party
	switch {
	case browser.AsProblem(err).Status == http.StatusNotFound &&
		viewer != o.customer && !performs && o.state.Stage != order.Selection:
		return nil
	case err != nil:
		return err
	case viewer != o.customer && o.state.Stage == order.Draft:
		return differs("инженер видит черновик")
	}
	stage, label := o.state.ShownStage(), o.state.StageLabel()
	if shown.Stage.Code != stage || shown.Stage.Label != label || shown.Number != o.state.Number {
		return differs("заказ %q, этап %v, по правилам %q, %s «%s»", shown.Number, shown.Stage, o.state.Number, stage, label)
	}
	facts := order.Facts{Now: time.Now().UTC(), Engineer: viewer.engineer}
	return compareActions(shown.Actions, order.Actions(o.state, viewer.actor(), facts))
}

// compareActions returns an error unless the same actions are shown, each available or unavailable
// for the same reason.
func compareActions(shown, expected []order.Action) error {
	byKind := make(map[order.Kind]order.Action, len(shown))
	for _, a := range shown {
		byKind[a.Kind] = a
	}
	for _, want := range expected {
		if got := byKind[want.Kind]; got != want {
			return differs("действие «%s»: показано %+v, по правилам %+v", want.Title, got, want)
		}
		delete(byKind, want.Kind)
	}
	if len(byKind) > 0 {
		return differs("лишние действия: %+v", byKind)
	}
	return nil
}
