package play

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/dev/browser"
	"epkr/internal/order"
)

// liveOrder is an order being played, with its state by the rules.
type liveOrder struct {
	run       *run
	id        string
	number    string
	spec      OrderSpec
	customer  *person
	engineers []*person
	state     order.State
	// files are the facts about the uploaded files, for the rules.
	files   map[string]order.FileFacts
	notices []order.Notice
}

// message is a message to be sent; its key prevents duplicates.
type message struct {
	kind          order.Kind
	details, text any
	key           string
}

func newMessage(kind order.Kind, details, text any) message {
	return message{kind: kind, details: details, text: text, key: uuid.NewString()}
}

// decide decides a message by the rules, as the order's workflow will.
func (o *liveOrder) decide(by *person, m message) (order.Decision, error) {
	message := order.Message{ID: m.key, Kind: m.kind, Actor: by.actor(), ReceivedAt: time.Now().UTC()}
	if m.details != nil {
		details, err := json.Marshal(m.details)
		if err != nil {
			return order.Decision{}, fmt.Errorf("сообщение %s: %w", m.kind, err)
		}
		message.Details = details
	}
	if m.text != nil {
		message.Body = &order.BodyRef{ID: m.key, SHA256: "text"}
	}
	facts := order.Facts{Now: message.ReceivedAt, Number: o.number, Files: o.files, BodyFound: true}
	facts.Engineer = o.engineerFacts(order.EngineerOf(&o.state, message))
	return order.Decide(o.state, message, facts)
}

func (o *liveOrder) engineerFacts(id string) *order.EngineerFacts {
	for _, e := range o.engineers {
		if e.party == id {
			return e.engineer
		}
	}
	return nil
}

// apply makes the decision's state the expected one.
func (o *liveOrder) apply(d order.Decision) {
	o.state = d.After
	o.notices = append(o.notices, d.Notices...)
}

// send sends a message that the rules must apply and that must lead to the stage want.
func (o *liveOrder) send(by *person, kind order.Kind, details, text any, want order.Stage) {
	o.run.step(done(kind), by, o, func() error {
		m := newMessage(kind, details, text)
		expected, err := o.decide(by, m)
		if err != nil {
			return err
		}
		if expected.Verdict != order.Applied || expected.After.ShownStage() != want {
			return differs("по правилам %s даёт %s %s и этап %s, в сценарии %s", kind, expected.Verdict, expected.Code, expected.After.ShownStage(), want)
		}
		if err := by.send(o.run, o.id, m); err != nil {
			return err
		}
		o.apply(expected)
		return nil
	})
}

// refused sends a message that the rules must refuse with the code want; nothing changes.
func (o *liveOrder) refused(by *person, kind order.Kind, details, text any, want order.Code) {
	o.run.step("Отказано: "+title(kind), by, o, func() error {
		m := newMessage(kind, details, text)
		expected, err := o.decide(by, m)
		if err != nil {
			return err
		}
		if expected.Code != want {
			return differs("по правилам %s даёт %q, в сценарии отказ %q", kind, expected.Code, want)
		}
		if err := by.send(o.run, o.id, m); browser.AsProblem(err).Code != string(want) {
			return differs("ожидался отказ %q, платформа ответила: %v", want, answered(err))
		}
		o.apply(expected)
		return nil
	})
}

// racer is a message in a race.
type racer struct {
	by            *person
	kind          order.Kind
	details, text any
}

// race sends two messages concurrently. Exactly one is applied, either one; the other gets the
// refusal that the rules give it after the first. race reports whether a was applied.
func (o *liveOrder) race(a, b racer) (aWon bool) {
	o.run.step(fmt.Sprintf("Одновременно: «%s» и «%s»", title(a.kind), title(b.kind)), nil, o, func() error {
		first, second := newMessage(a.kind, a.details, a.text), newMessage(b.kind, b.details, b.text)
		answer := make(chan error, 1)
		go func() { answer <- b.by.send(o.run, o.id, second) }()
		errA := a.by.send(o.run, o.id, first)
		errB := <-answer
		switch {
		case errA == nil && errB != nil:
			aWon = true
			return o.checkRace(a.by, first, b.by, second, errB)
		case errA != nil && errB == nil:
			return o.checkRace(b.by, second, a.by, first, errA)
		}
		return differs("из двух действий должно пройти ровно одно, ответы: %v и %v", answered(errA), answered(errB))
	})
	return aWon
}

// checkRace applies the winner's message and compares the loser's refusal with the rules.
func (o *liveOrder) checkRace(winner *person, winning message, loser *person, losing message, refusal error) error {
	for _, entry := range []struct {
		by   *person
		m    message
		want order.Verdict
	}{{winner, winning, order.Applied}, {loser, losing, order.WasRefused}} {
		d, err := o.decide(entry.by, entry.m)
		if err != nil {
			return err
		}
		if d.Verdict != entry.want {
			return differs("по правилам %s даёт %s %s", entry.m.kind, d.Verdict, d.Code)
		}
		if d.Verdict == order.WasRefused && browser.AsProblem(refusal).Code != string(d.Code) {
			return differs("проигравшее действие %s: ожидался отказ %q, платформа ответила: %v", entry.m.kind, d.Code, answered(refusal))
		}
		o.apply(d)
	}
	return nil
}

// answered describes an answer: the problem of the API, or «принято».
func answered(err error) string {
	if err == nil {
		return "принято"
	}
	return err.Error()
}

// done returns the Russian text for the completed action, and title for the action to do.
func done(kind order.Kind) string { return ruleOf(kind).Done }

func title(kind order.Kind) string { return ruleOf(kind).Title }

func ruleOf(kind order.Kind) *order.Rule {
	rule, _ := order.RuleFor(kind) // the paths send only known kinds
	return rule
}
