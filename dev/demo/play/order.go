package play

import (
	"encoding/json"
	"fmt"
	"net/http"
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
	files map[string]order.FileFacts
	// signatures are the facts about the signatures among them.
	signatures map[string]order.SignatureFacts
	notices    []order.Notice
}

// create creates the draft of an order; engineers are the ones who will take part.
func (r *run) create(by *person, spec OrderSpec, engineers ...*person) *liveOrder {
	o := &liveOrder{run: r, spec: spec, customer: by, engineers: engineers, files: map[string]order.FileFacts{}, signatures: map[string]order.SignatureFacts{}}
	r.step(ruleOf(order.Create).Done, by, o, func() error {
		var answer struct{ Order card }
		m := newMessage(by, order.Create, nil, nil)
		if err := r.submit(m, "/api/orders", nil, &answer); err != nil {
			return err
		}
		o.id, o.number = answer.Order.ID, answer.Order.Number
		o.state = order.State{ID: o.id}
		r.orders = append(r.orders, o)
		return o.settle(m, nil)
	})
	return o
}

// message is a message to be sent; its key prevents duplicates.
type message struct {
	by            *person
	kind          order.Kind
	details, text any
	key           string
}

func newMessage(by *person, kind order.Kind, details, text any) message {
	return message{by: by, kind: kind, details: details, text: text, key: uuid.NewString()}
}

// decide decides a message by the rules, as the order's workflow will.
func (o *liveOrder) decide(m message) (order.Decision, error) {
	decided := order.Message{ID: m.key, Kind: m.kind, Actor: m.by.actor(), ReceivedAt: time.Now().UTC()}
	if m.details != nil {
		details, err := json.Marshal(m.details)
		if err != nil {
			return order.Decision{}, fmt.Errorf("сообщение %s: %w", m.kind, err)
		}
		decided.Details = details
	}
	if m.text != nil {
		decided.Body = &order.BodyRef{ID: m.key, SHA256: "text"}
	}
	facts := order.Facts{Now: decided.ReceivedAt, Number: o.number, Files: o.files, Signatures: o.signatures, BodyFound: true}
	id := order.EngineerOf(&o.state, decided)
	for _, e := range o.engineers {
		if e.party == id {
			facts.Engineer = e.engineer
		}
	}
	return order.Decide(o.state, decided, facts)
}

// settle compares the platform's answer to a message with the decision by the rules, and makes the
// decision's state the expected one.
func (o *liveOrder) settle(m message, answer error) error {
	expected, err := o.decide(m)
	if err != nil {
		return err
	}
	applied := expected.Verdict == order.Applied
	if applied != (answer == nil) || browser.AsProblem(answer).Code != string(expected.Code) {
		return differs("%s: по правилам %s %s, платформа ответила: %v", m.kind, expected.Verdict, expected.Code, answer)
	}
	o.state = expected.After
	o.notices = append(o.notices, expected.Notices...)
	return nil
}

// send sends a message that the rules must apply and that must lead to the stage want.
func (o *liveOrder) send(by *person, kind order.Kind, details, text any, want order.Stage) {
	o.deliver(ruleOf(kind).Done, newMessage(by, kind, details, text), outcome(order.Applied, string(want)))
}

// refused sends a message that the rules must refuse with the code want; nothing changes.
func (o *liveOrder) refused(by *person, kind order.Kind, details, text any, want order.Code) {
	what := "Отказано: " + ruleOf(kind).Title
	o.deliver(what, newMessage(by, kind, details, text), outcome(order.WasRefused, string(want)))
}

func outcome(verdict order.Verdict, detail string) string { return string(verdict) + " " + detail }

// deliver sends a message with the given outcome by the rules.
func (o *liveOrder) deliver(what string, m message, want string) {
	o.run.step(what, m.by, o, func() error {
		expected, err := o.decide(m)
		if err != nil {
			return err
		}
		decided := outcome(expected.Verdict, string(expected.Code))
		if expected.Verdict == order.Applied {
			decided = outcome(expected.Verdict, string(expected.After.ShownStage()))
		}
		if decided != want {
			return differs("по правилам %s даёт %s, в сценарии %s", m.kind, decided, want)
		}
		return o.settle(m, o.post(m))
	})
}

// race sends two messages concurrently. Exactly one is applied, either one; the other gets the
// refusal that the rules give it after the first. race reports whether a was applied.
func (o *liveOrder) race(a, b message) (aWon bool) {
	what := fmt.Sprintf("Одновременно: «%s» и «%s»", ruleOf(a.kind).Title, ruleOf(b.kind).Title)
	o.run.step(what, nil, o, func() error {
		answer := make(chan error, 1)
		go func() { answer <- o.post(b) }()
		answers := map[string]error{a.key: o.post(a), b.key: <-answer}
		if aWon = answers[a.key] == nil; !aWon {
			a, b = b, a
		}
		if answers[a.key] != nil || answers[b.key] == nil {
			return differs("из двух действий должно пройти ровно одно, ответы: %v", answers)
		}
		for _, m := range []message{a, b} {
			if err := o.settle(m, answers[m.key]); err != nil {
				return err
			}
		}
		return nil
	})
	return aWon
}

// post sends a message and waits for its verdict. It returns nil if the message was applied and a
// [browser.Problem] if it was refused.
func (o *liveOrder) post(m message) error {
	return o.run.submit(m, "/api/orders/"+o.id+"/"+string(m.kind), browser.Message(m.details, m.text), nil)
}

// submit posts a message and repeats the request as long as the platform asks for that.
func (r *run) submit(m message, path string, body, into any) error {
	for {
		err := m.by.Send(r.ctx, path, m.key, body, into)
		busy := browser.AsProblem(err)
		if busy.Status != http.StatusTooManyRequests && busy.Status != http.StatusServiceUnavailable {
			return err
		}
		if err := browser.Pause(r.ctx, max(time.Second, busy.RetryAfter)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
}

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
		return differs("заказ %s, этап %v, по правилам %s, %s «%s»",
			shown.Number, shown.Stage, o.state.Number, stage, label)
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

func ruleOf(kind order.Kind) *order.Rule {
	rule, _ := order.RuleFor(kind) // the paths send only known kinds
	return rule
}
