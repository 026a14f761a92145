package play

import (
	"context"
	"errors"
	"fmt"
	"time"

	"epkr/dev/browser"
	"epkr/internal/order"
)

// Registry is АИС «Реестр СРО» in the hands of the demonstration, and the platform's night.
type Registry interface {
	// Drop leaves the engineer with that login out of the next snapshot, and Restore brings him back. Both give its date.
	Drop(ctx context.Context, login string) (time.Time, error)
	Restore(ctx context.Context, login string) (time.Time, error)
	// Night has the platform read the snapshot and returns when it has told the orders.
	Night(ctx context.Context) error
}

// playRegistry drops an engineer with orders in several stages from one snapshot and brings him back with the next: what he
// was only a candidate for is lost to him, what he works on stands still and then goes on from where it was.
func playRegistry(r *run, spec OrderSpec) {
	customer := r.customer(spec)
	// A run that failed half-way may have left him out, and then he cannot even sign in.
	r.night("Ночь: инженер есть в снимке реестра", spec.Engineers[0], true)
	engineer := r.engineer(spec.Engineers[0])
	seeking := r.create(customer, spec, engineer)
	seeking.send(customer, order.Publish, spec.terms(), spec.Form, order.Selection)
	seeking.send(engineer, order.Respond, spec.bid(), note("Готов взяться."), order.Selection)
	seeking.send(customer, order.OfferOrder, order.Pick{Engineer: engineer.party}, nil, order.Selection)
	signing, _ := r.toSignature(customer, engineer, spec)
	working := r.toWork(customer, engineer, spec)
	paying := r.toWork(customer, engineer, spec)
	paying.toPayment(customer, engineer)

	ready := working.works(engineer, 1)
	r.night("Ночь: в снимке реестра инженера нет", engineer.login, false)
	for _, o := range []*live{seeking, signing, working, paying} {
		o.hears(engineer, false)
	}
	seeking.refused(engineer, order.AcceptOffer, order.Revised{Revision: seeking.state.Revision}, nil, order.CodeNoOffer)
	working.refused(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByFiles, Files: []order.FileRef{ready}}, nil, order.CodeSuspended)
	paying.send(customer, order.ReportPayment, paying.receipt(customer, paying.remainder()), nil, order.Payment)

	r.night("Ночь: в следующем снимке инженер снова есть", engineer.login, true)
	for _, o := range []*live{signing, working, paying} {
		o.hears(engineer, true)
	}
	seeking.send(engineer, order.Respond, spec.bid(), note("Снова готов."), order.Selection)
	seeking.send(customer, order.Cancel, nil, note("Нашли другого."), order.Cancelled)
	signing.send(customer, order.Cancel, nil, note("Передумали."), order.Cancelled)
	working.toPayment(customer, engineer)
	working.send(customer, order.ReportPayment, working.receipt(customer, working.remainder()), nil, order.Payment)
	for _, o := range []*live{working, paying} {
		o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
	}
}

// toWork brings an order to «Выполнение работ».
func (r *run) toWork(customer, engineer *person, spec OrderSpec) *live {
	o, sign := r.toSignature(customer, engineer, spec)
	o.send(sign.by, sign.kind, sign.details, sign.text, order.Work)
	return o
}

// toPayment hands the results over and has them accepted.
func (o *live) toPayment(customer, engineer *person) {
	act, signed := o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: []order.FileRef{o.works(engineer, 1)}, Act: signed, Invoice: o.invoice(engineer, o.remainder()),
	}, nil, order.Acceptance)
	o.send(customer, order.AcceptResults, o.countersigned(customer, act), nil, order.Payment)
}

// night publishes a snapshot with the engineer or without him, and lets the platform read it.
func (r *run) night(what, login string, in bool) {
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
		return r.at.Registry.Night(r.ctx)
	})
}

// hearing bounds the wait for what the registry's word does to an order.
const hearing = 30 * time.Second

// hears has the order take the registry's word by the rules, and waits until the platform shows the same.
func (o *live) hears(engineer *person, active bool) {
	o.run.step(done(order.RegistryStatus), nil, o, func() error {
		m := newMessage(order.RegistryStatus, order.Standing{Engineer: engineer.party, Active: active, AsOf: o.run.asOf}, nil)
		expected, err := o.decide(&person{role: order.RoleRegistry}, m)
		if err != nil {
			return err
		}
		if expected.Verdict != order.Applied {
			return differs("по правилам слово реестра получает отказ %s", expected.Code)
		}
		o.take(expected)
		for until := time.Now().Add(hearing); ; {
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
