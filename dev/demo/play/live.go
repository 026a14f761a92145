package play

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"epkr/dev/browser"
	"epkr/internal/order"
)

// live is an order being played, beside the state that the rules give it.
type live struct {
	run       *run
	id        string
	number    string
	spec      OrderSpec
	customer  *person
	engineers []*person
	state     order.State
	// files are what was uploaded, as the rules ask for it.
	files   map[string]order.FileFacts
	notices []order.Notice
}

// message is what somebody is about to send; a key makes it once.
type message struct {
	kind          order.Kind
	details, text any
	key           string
}

func newMessage(kind order.Kind, details, text any) message {
	return message{kind: kind, details: details, text: text, key: uuid.NewString()}
}

// decide judges a message by the rules, as the order's workflow will.
func (o *live) decide(by *person, m message) (order.Decision, error) {
	judged := order.Message{ID: m.key, Kind: m.kind, Actor: by.actor(), ReceivedAt: time.Now().UTC()}
	if m.details != nil {
		details, err := json.Marshal(m.details)
		if err != nil {
			return order.Decision{}, fmt.Errorf("сообщение %s: %w", m.kind, err)
		}
		judged.Details = details
	}
	if m.text != nil {
		judged.Body = &order.BodyRef{ID: m.key, SHA256: "text"}
	}
	facts := order.Facts{Now: judged.ReceivedAt, Number: o.number, Files: o.files, BodyFound: true}
	facts.Engineer = o.engineerFacts(order.Concerns(&o.state, judged))
	return order.Decide(o.state, judged, facts)
}

func (o *live) engineerFacts(id string) *order.EngineerFacts {
	for _, e := range o.engineers {
		if e.party == id {
			return e.engineer
		}
	}
	return nil
}

// take makes an applied decision the state that the platform is held to.
func (o *live) take(d order.Decision) {
	o.state = d.After
	o.notices = append(o.notices, d.Notices...)
}

// send lets somebody send a message that the rules apply, and leads to the stage.
func (o *live) send(by *person, kind order.Kind, details, text any, want order.Stage) {
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
		o.take(expected)
		return nil
	})
}

// refused lets somebody send a message that the rules refuse for this reason; nothing changes.
func (o *live) refused(by *person, kind order.Kind, details, text any, want order.Code) {
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
		o.take(expected)
		return nil
	})
}

// rival is a message in a race.
type rival struct {
	by            *person
	kind          order.Kind
	details, text any
}

// race sends two messages at once. Exactly one wins; which, is the platform's to say, and the other gets the refusal that the
// rules give it after the first. It says whether a won.
func (o *live) race(a, b rival) (aWon bool) {
	o.run.step(fmt.Sprintf("Одновременно: «%s» и «%s»", title(a.kind), title(b.kind)), nil, o, func() error {
		first, second := newMessage(a.kind, a.details, a.text), newMessage(b.kind, b.details, b.text)
		answer := make(chan error, 1)
		go func() { answer <- b.by.send(o.run, o.id, second) }()
		errA := a.by.send(o.run, o.id, first)
		errB := <-answer
		switch {
		case errA == nil && errB != nil:
			aWon = true
			return o.settled(a.by, first, b.by, second, errB)
		case errA != nil && errB == nil:
			return o.settled(b.by, second, a.by, first, errA)
		}
		return differs("из двух действий должно пройти ровно одно, ответы: %v и %v", answered(errA), answered(errB))
	})
	return aWon
}

// settled takes over what the winner did, and holds the loser's refusal to the rules.
func (o *live) settled(winner *person, won message, loser *person, lost message, refusal error) error {
	for _, judged := range []struct {
		by   *person
		m    message
		want order.Verdict
	}{{winner, won, order.Applied}, {loser, lost, order.WasRefused}} {
		d, err := o.decide(judged.by, judged.m)
		if err != nil {
			return err
		}
		if d.Verdict != judged.want {
			return differs("по правилам %s даёт %s %s", judged.m.kind, d.Verdict, d.Code)
		}
		if d.Verdict == order.WasRefused && browser.AsProblem(refusal).Code != string(d.Code) {
			return differs("проигравшее действие %s: ожидался отказ %q, платформа ответила: %v", judged.m.kind, d.Code, answered(refusal))
		}
		o.take(d)
	}
	return nil
}

// answered is the answer in words: the problem of the API, or «принято».
func answered(err error) string {
	if err == nil {
		return "принято"
	}
	return err.Error()
}

// done says in Russian what was done, and title what is to be done.
func done(kind order.Kind) string { return ruleOf(kind).Done }

func title(kind order.Kind) string { return ruleOf(kind).Title }

func ruleOf(kind order.Kind) *order.Rule {
	rule, _ := order.RuleFor(kind) // the paths send known kinds only
	return rule
}
