package play

import (
	"context"
	"fmt"
	"time"

	"epkr/internal/order"
)

// Platform is the platform on which a path is played.
type Platform struct {
	// BaseURL is the platform's address without a trailing slash.
	BaseURL string
	// Keys is a directory for the test keys with which people sign; missing keys are made.
	Keys string
	// Registry is needed only by the path of the registry.
	Registry Registry
}

// Path is one possible life of an order.
type Path struct {
	// Name is used on the command line and in [OrderSpec.Path].
	Name string
	// Title describes the path in Russian.
	Title string
	play  func(*run, OrderSpec)
}

// Paths returns all paths.
func Paths() []Path {
	return []Path{
		{"registration", "С предоплатой и постановкой на ГКУ/ГРП", playRegistration},
		{"plain", "Без предоплаты и без ГКУ/ГРП", playPlain},
		{"rework", "Отказ от предложения, возврат договора, доработки, опровергнутая оплата", playRework},
		{"race", "Отмена и подпись в один момент", playRace},
		{"amend", "Изменение опубликованного заказа", playAmend},
		{"registry", "Инженер пропал из реестра СРО и вернулся", playRegistry},
	}
}

// Step is one finished action and its result.
type Step struct {
	Path string
	// What was done and By whom, in Russian.
	What, By string
	// Stage is the label of the order's stage afterwards; empty for a step outside an order.
	Stage string
	// Took is the time from the request to the response, without reading the cards.
	Took time.Duration
}

// Played is an order in the state that the rules give it after all messages.
type Played struct {
	ID, Number string
	State      order.State
	// Notices are the notifications that its messages must have caused, in order.
	Notices []order.Notice
}

// Play plays the path and reports each step when it is done. It returns the created orders, also
// those of a failed path. The error names the step at which the platform differed from the rules.
func (p Path) Play(ctx context.Context, at Platform, orders Orders, report func(Step)) ([]Played, error) {
	spec, err := orders.of(p.Name)
	if err != nil {
		return nil, err
	}
	r := &run{ctx: ctx, path: p.Name, at: at, report: report, people: map[string]*person{}}
	p.play(r, spec)
	played := make([]Played, 0, len(r.orders))
	for _, o := range r.orders {
		played = append(played, Played{ID: o.id, Number: o.state.Number, State: o.state, Notices: o.notices})
	}
	if r.err != nil {
		return played, fmt.Errorf("%s: %w", p.Title, r.err)
	}
	return played, nil
}
