package play

import (
	"context"
	"fmt"
	"time"

	"epkr/internal/order"
)

// Platform is where a path is played.
type Platform struct {
	// BaseURL is the platform's address without a trailing slash.
	BaseURL string
	// Keys is a directory for the test keys that people sign with; they are made when absent.
	Keys string
	// Registry is what the path of the registry needs, and no other.
	Registry Registry
}

// Path is one way through the life of an order.
type Path struct {
	// Name is for the command line and for [OrderSpec.Path].
	Name string
	// Title says in Russian what it shows.
	Title string
	play  func(*run, OrderSpec)
}

// Paths are all paths.
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

// Step is one thing that somebody did, as it came out.
type Step struct {
	Path string
	// What was done, By whom, in Russian.
	What, By string
	// Stage is the label of the stage that the order is in afterwards; empty for a step outside an order.
	Stage string
	// Took is from sending to the answer; looking at the cards is not counted.
	Took time.Duration
}

// Played is an order as the rules say that it stands, after everything that was sent to it.
type Played struct {
	ID, Number string
	State      order.State
	// Notices are the notifications that its messages should have caused, in order.
	Notices []order.Notice
}

// Play plays the path and reports each step as it is done. It gives the orders that were created, those of a failed path too.
// The error says at which step the platform did something else than the rules of an order do.
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
