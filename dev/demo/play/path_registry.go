package play

import (
	"context"
	"errors"
	"fmt"
	"time"

	"epkr/dev/browser"
	"epkr/internal/order"
)

// Registry controls АИС «Реестр СРО» and starts the platform's sync with it.
type Registry interface {
	// Drop removes the engineer with that login from the next snapshot, and Restore puts him back.
	// Both return the snapshot's date.
	Drop(ctx context.Context, login string) (time.Time, error)
	Restore(ctx context.Context, login string) (time.Time, error)
	// Sync makes the platform read the snapshot and returns when it has notified the orders.
	Sync(ctx context.Context) error
}

// playRegistry removes an engineer with orders in several stages from one snapshot and puts him
// back in the next. He loses the orders for which he was only a candidate; the orders that he
// performs are suspended and then continue where they were.
func playRegistry(r *run, spec OrderSpec) {
	customer := r.customer(spec)
	// A run that failed half-way may have removed him, and then he cannot sign in.
	r.sync("Ночь: инженер есть в снимке реестра", spec.Engineers[0], true)
	engineer := r.engineer(spec.Engineers[0])
	seeking := r.create(customer, spec, engineer)
	seeking.send(customer, order.Publish, spec.terms(), spec.Form, order.Selection)
	seeking.send(engineer, order.Respond, spec.bid(), note("Готов взяться."), order.Selection)
	seeking.send(customer, order.OfferOrder, order.EngineerChoice{Engineer: engineer.party}, nil, order.Selection)
	signing, _ := r.toSignature(customer, engineer, spec)
	working := r.toWork(customer, engineer, spec)
	paying := r.toWork(customer, engineer, spec)
	paying.toPayment(customer, engineer)

	ready := working.works(engineer, 1)
	r.sync("Ночь: в снимке реестра инженера нет", engineer.login, false)
	for _, o := range []*liveOrder{seeking, signing, working, paying} {
		o.awaitStatus(engineer, false)
	}
	seeking.refused(engineer, order.AcceptOffer, order.Revised{Revision: seeking.state.Revision}, nil, order.CodeNoOffer)
	working.refused(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByFiles, Files: []order.FileRef{ready}}, nil, order.CodeSuspended)
	paying.send(customer, order.ReportPayment, paying.receipt(customer, paying.remainder()), nil, order.Payment)

	r.sync("Ночь: в следующем снимке инженер снова есть", engineer.login, true)
	for _, o := range []*liveOrder{signing, working, paying} {
		o.awaitStatus(engineer, true)
	}
	seeking.send(engineer, order.Respond, spec.bid(), note("Снова готов."), order.Selection)
	seeking.send(customer, order.Cancel, nil, note("Нашли другого."), order.Cancelled)
	signing.send(customer, order.Cancel, nil, note("Передумали."), order.Cancelled)
	working.toPayment(customer, engineer)
	working.send(customer, order.ReportPayment, working.receipt(customer, working.remainder()), nil, order.Payment)
	for _, o := range []*liveOrder{working, paying} {
		o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
	}
}

// toWork brings an order to «Выполнение работ».
func (r *run) toWork(customer, engineer *person, spec OrderSpec) *liveOrder {
	o, sign := r.toSignature(customer, engineer, spec)
	o.send(sign.by, sign.kind, sign.details, sign.text, order.Work)
	return o
}

// toPayment submits the results and has them accepted.
func (o *liveOrder) toPayment(customer, engineer *person) {
	act, signed := o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: []order.FileRef{o.works(engineer, 1)}, Act: signed, Invoice: o.invoice(engineer, o.remainder()),
	}, nil, order.Acceptance)
	o.send(customer, order.AcceptResults, o.countersigned(customer, act), nil, order.Payment)
}

// sync publishes a snapshot with or without the engineer and makes the platform read it.
func (r *run) sync(what, login string, in bool) {
	r.do(what, nil, func() error {
		if r.at.Registry == nil {
			return errors.New("для этого пути нужен имитатор реестра")
		}
		change := r.at.Registry.Drop
		if in {
			change = r.at.Registry.Restore
		}
		asOf, err := change(r.ctx, login)
		if err != nil {
			return fmt.Errorf("снимок реестра: %w", err)
		}
		if p := r.people[login]; p != nil {
			p.engineer.InRegistry = in
		}
		r.asOf = asOf
		return r.at.Registry.Sync(r.ctx)
	})
}

// statusTimeout limits the wait for the effect of a registry status on an order.
const statusTimeout = 30 * time.Second

// awaitStatus applies the registry's status of the engineer by the rules and waits until the
// platform shows the same.
func (o *liveOrder) awaitStatus(engineer *person, active bool) {
	o.run.step(done(order.RegistryStatus), nil, o, func() error {
		m := newMessage(order.RegistryStatus, order.EngineerStatus{Engineer: engineer.party, Active: active, AsOf: o.run.asOf}, nil)
		expected, err := o.decide(&person{role: order.RoleRegistry}, m)
		if err != nil {
			return err
		}
		if expected.Verdict != order.Applied {
			return differs("по правилам слово реестра получает отказ %s", expected.Code)
		}
		o.apply(expected)
		for until := time.Now().Add(statusTimeout); ; {
			err := o.check()
			if err == nil || time.Now().After(until) {
				return err
			}
			if err := browser.Pause(o.run.ctx, 200*time.Millisecond); err != nil {
				return err
			}
		}
	})
}
