// Package play plays orders through on a running platform, from the draft to their end, as the test
// users: each signs in by ЕСИА, sends his messages, and reads the card after every step.
//
// It uses only the public API, except that it starts a registry sync as an operator does. Expected
// results are not listed: the rules of internal/order decide every message here too, and the
// platform's card must show the same stage and the same available actions to every party.
package play

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"go.temporal.io/sdk/client"

	"epkr/internal/order"
)

// Platform is the platform on which a path is played.
type Platform struct {
	// BaseURL is the platform's address without a trailing slash.
	BaseURL string
	// RegistryURL is the address of the simulator of АИС «Реестр СРО» without a trailing slash. Only
	// the path of the registry needs it, and Temporal and TaskQueue, which start the registry sync.
	RegistryURL string
	Temporal    client.Client
	TaskQueue   string
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

// Played is an order in the state that the rules give it after all messages.
type Played struct {
	ID    string
	State order.State
	// Notices are the notifications that its messages must have caused, in order.
	Notices []order.Notice
}

// Play plays the path and writes a line about each step to log. It returns the created orders, also
// those of a failed path. The error names the step at which the platform differed from the rules.
func (p Path) Play(ctx context.Context, at Platform, orders Orders, log io.Writer) ([]Played, error) {
	spec, err := orders.of(p.Name)
	if err != nil {
		return nil, err
	}
	r := &run{ctx: ctx, path: p.Name, at: at, log: log, people: map[string]*person{}}
	p.play(r, spec)
	played := make([]Played, 0, len(r.orders))
	for _, o := range r.orders {
		played = append(played, Played{ID: o.id, State: o.state, Notices: o.notices})
	}
	if r.err != nil {
		return played, fmt.Errorf("%s: %w", p.Title, r.err)
	}
	return played, nil
}

// run is one run of a path. It keeps the first error, and every later step does nothing, so that a
// path reads as a list of steps.
type run struct {
	// ctx limits the whole run, which ends before the call that made it.
	ctx    context.Context
	path   string
	at     Platform
	log    io.Writer
	people map[string]*person
	orders []*liveOrder
	// asOf is the date of the last published registry snapshot.
	asOf time.Time
	err  error
}

// step runs one step, checks the order's card if the step has an order, and logs the step with the
// time that it took without reading the cards.
func (r *run) step(what string, by *person, o *liveOrder, act func() error) {
	if r.err != nil {
		return
	}
	began := time.Now()
	err := act()
	line := fmt.Sprintf("  %s  %5d мс  %s", r.path, time.Since(began).Milliseconds(), what)
	if by != nil {
		line += " — " + by.label()
	}
	if err == nil && o != nil {
		line += " → «" + o.state.StageLabel() + "»"
		err = o.check()
	}
	if err != nil {
		r.err = fmt.Errorf("шаг «%s»: %w", what, err)
		return
	}
	fmt.Fprintln(r.log, line)
}

// errDiffers marks a difference between the platform and the rules.
var errDiffers = errors.New("платформа ведёт себя не так, как правила заказа")

func differs(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errDiffers, fmt.Sprintf(format, args...))
}

// Orders is a file of orders to be played.
type Orders struct {
	// Note states that the places are real, where they come from, and that the rest is invented.
	Note   string
	Orders []OrderSpec
}

// OrderSpec is what a customer enters, and who plays the order.
type OrderSpec struct {
	// Path is the Name of the path that plays the order.
	Path string
	// Customer and Engineers are logins of test users; the engineers are in the order in which the
	// path needs them.
	Customer  string
	Engineers []string
	// CustomerKind is the kind of account of the customer: person, entrepreneur or organisation.
	CustomerKind string
	Region       string
	WorkKind     order.WorkKind
	Price        order.Kopecks
	TermDays     int
	Form         order.Form
	// Contract is what the parties agree on: the advance in hundredths of a per cent of the price, the
	// term in days from today.
	Contract struct {
		Price              order.Kopecks
		AdvanceBasisPoints int
		Registration       bool
		TermDays           int
	}
	// Other is another place, to which the customer moves the order.
	Other *struct {
		Region string
		Form   order.Form
	}
}

// ParseOrders reads the JSON of a file of orders. Unknown fields are errors.
func ParseOrders(text []byte) (o Orders, err error) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	err = decoder.Decode(&o)
	return o, err
}

func (o Orders) of(path string) (OrderSpec, error) {
	i := slices.IndexFunc(o.Orders, func(s OrderSpec) bool { return s.Path == path })
	if i < 0 {
		return OrderSpec{}, fmt.Errorf("нет заказа для пути %q", path)
	}
	return o.Orders[i], nil
}

// terms returns the order's terms for a message.
func (s OrderSpec) terms(files ...order.FileRef) order.Terms {
	return order.Terms{
		Region: s.Region, WorkKind: s.WorkKind, Price: &s.Price, TermDays: s.TermDays,
		Prepayment: s.Contract.AdvanceBasisPoints > 0, Registration: s.Contract.Registration, Files: files,
	}
}

// bid returns the engineer's bid for the order.
func (s OrderSpec) bid() order.Bid {
	return order.Bid{Price: s.Contract.Price, TermDays: s.Contract.TermDays}
}
