package play

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"epkr/dev/browser"
	"epkr/internal/order"
)

// card is the part of an order card that the rules determine.
type card struct {
	ID     string `json:"id"`
	Number string `json:"number"`
	Stage  struct {
		Code  order.Stage `json:"code"`
		Label string      `json:"label"`
	} `json:"stage"`
	Actions []order.Action `json:"actions"`
}

func (p *person) card(ctx context.Context, id string) (card, error) {
	var c card
	err := p.Get(ctx, "/api/orders/"+id, &c)
	return c, err
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

func (o *liveOrder) checkAs(viewer *person) error {
	shown, err := viewer.card(o.run.ctx, o.id)
	switch {
	case !o.shownTo(viewer):
		if browser.AsProblem(err).Status != http.StatusNotFound {
			return differs("чужой заказ должен быть не виден, платформа ответила: %v", answered(err))
		}
		return nil
	case browser.AsProblem(err).Status == http.StatusNotFound && !o.mustShow(viewer):
		return nil
	case err != nil:
		return err
	}
	if shown.Stage.Code != o.state.ShownStage() || shown.Stage.Label != o.state.StageLabel() {
		return differs("этап %s «%s», по правилам %s «%s»", shown.Stage.Code, shown.Stage.Label, o.state.ShownStage(), o.state.StageLabel())
	}
	if shown.Number != o.state.Number {
		return differs("номер %q, был %q", shown.Number, o.state.Number)
	}
	expected := order.Actions(o.state, viewer.actor(), order.Facts{Now: time.Now().UTC(), Engineer: viewer.engineer})
	return compareActions(shown.Actions, expected)
}

// shownTo reports whether the viewer may see the order at all: engineers see no drafts.
func (o *liveOrder) shownTo(viewer *person) bool {
	return viewer == o.customer || o.state.Stage != order.Draft
}

// mustShow reports whether the order must be visible to the viewer: to its parties, and to
// engineers while it is in selection.
func (o *liveOrder) mustShow(viewer *person) bool {
	performs := o.state.Performer != nil && o.state.Performer.ID == viewer.party
	return viewer == o.customer || performs || o.state.Stage == order.Selection
}

// compareActions returns an error unless the same actions are shown, each available or unavailable
// for the same reason.
func compareActions(shown, expected []order.Action) error {
	byKind := make(map[order.Kind]order.Action, len(shown))
	for _, a := range shown {
		byKind[a.Kind] = a
	}
	for _, want := range expected {
		got, ok := byKind[want.Kind]
		delete(byKind, want.Kind)
		switch {
		case !ok:
			return differs("нет действия «%s»", want.Title)
		case got.Open != want.Open:
			return differs("действие «%s»: доступно %t, по правилам %t (%s)", want.Title, got.Open, want.Open, want.Code)
		case got.Code != want.Code || got.Reason != want.Reason:
			return differs("действие «%s» закрыто по причине %q, по правилам %q", want.Title, got.Code, want.Code)
		}
	}
	for _, extra := range byKind {
		return differs("лишнее действие «%s»", extra.Title)
	}
	return nil
}
