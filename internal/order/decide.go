package order

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"epkr/internal/humantext"
)

// Verdict is what became of a message.
type Verdict string

// A duplicate is a message judged before; a diverged one found its place in the record taken by another message.
const (
	Applied    Verdict = "applied"
	WasRefused Verdict = "refused"
	Duplicate  Verdict = "duplicate"
	Diverged   Verdict = "diverged"
)

// Outcome is a decision as the order's history keeps it: all that [State.Apply] needs, and nothing that it would have to
// decide again.
type Outcome struct {
	Verdict Verdict `json:"verdict"`
	Code    Code    `json:"code,omitempty"`
	// Seq is the place of the message among those of its order, from 1.
	Seq int `json:"seq"`
	// At is when the message is held to have happened: when it was received, but never before the message judged last and
	// never after the decision.
	At time.Time `json:"at"`
	// Set holds the changed parts of the state under their JSON names; null removes one.
	Set map[string]json.RawMessage `json:"set,omitempty"`
	// Other is the message that has the place of a diverged one.
	Other string `json:"other,omitempty"`
}

// Decision is an outcome with what its recording writes besides it.
type Decision struct {
	Outcome
	// Reason is the sentence of a refusal.
	Reason string
	// Before and After are the state around the message.
	Before, After State
	Notices       []Notice
}

// decision is one message being judged; s is a copy of the state that the rules change.
type decision struct {
	s     *State
	m     Message
	facts Facts
	at    time.Time
	// given is when the sender gave the message. It may be before at: the order's clock goes on while a message waits.
	given   time.Time
	notices []Notice
}

// ErrInvariant says that the rules produced a state that must not be: a fault of the program, never of the message.
var ErrInvariant = errors.New("the order's state breaks an invariant")

// Decide judges one message. A message is applied whole or refused whole; an error is a fault of the program.
func Decide(s State, m Message, f Facts) (Decision, error) {
	next, err := s.clone()
	if err != nil {
		return Decision{}, err
	}
	m.ReceivedAt = receipt(m, f.Now)
	at := moment(m, s.At, f.Now)
	c := &decision{s: &next, m: m, facts: f, at: at, given: given(m, at)}
	next.Seq, next.At = s.Seq+1, c.at
	if refusal := c.judge(); refusal != nil {
		return c.refused(s, refusal)
	}
	next.Refused = nil
	c.endProposal(&s)
	c.endDispute(&s)
	c.tellSuspension(s.Suspended())
	next.settle(c.at)
	if err := next.Check(); err != nil {
		return Decision{}, fmt.Errorf("%s at %s: %w", m.Kind, s.Stage, err)
	}
	d, err := recorded(Outcome{Verdict: Applied, Seq: next.Seq, At: c.at}, s, next)
	d.Notices = c.notices
	return d, err
}

// tellSuspension tells both parties that the order stands still or goes on, whatever message brought that about.
func (c *decision) tellSuspension(was bool) {
	switch now := c.s.Suspended(); {
	case now && !was:
		c.tellBoth(NoticeSuspended)
	case was && !now && slices.Contains(suspendable, c.s.Stage):
		c.tellBoth(NoticeResumed)
	}
}

// recorded completes a decision with what changed. After is the state as its JSON brings it back, the same that folding
// the outcome gives, down to empty lists.
func recorded(o Outcome, before, decided State) (Decision, error) {
	after, err := decided.clone()
	if err != nil {
		return Decision{}, err
	}
	if o.Set, err = changed(before, after); err != nil {
		return Decision{}, err
	}
	return Decision{Outcome: o, Before: before, After: after}, nil
}

func (c *decision) refused(before State, r *Refusal) (Decision, error) {
	after, err := before.clone()
	if err != nil {
		return Decision{}, err
	}
	after.Seq, after.At = before.Seq+1, c.at
	after.Refused = &Refused{Kind: c.m.Kind, Code: r.Code, At: c.at}
	d, err := recorded(Outcome{Verdict: WasRefused, Code: r.Code, Seq: after.Seq, At: c.at}, before, after)
	d.Reason = r.Reason
	return d, err
}

// judge asks the general questions first, so that a rule can rely on them.
func (c *decision) judge() *Refusal {
	r, ok := RuleFor(c.m.Kind)
	switch {
	case c.m.Unreadable == Flooded:
		return refuse(CodeFlooded)
	case c.m.Unreadable != "":
		return refuse(CodeUnreadable)
	case !ok:
		return refuse(CodeUnknown)
	case c.facts.NotKept:
		return refuse(CodeNotKept)
	case c.speaksForAParty():
		return refuse(CodeUnreadable)
	case c.m.Body != nil && !c.facts.BodyFound:
		return refuse(CodeBodyMissing)
	}
	if refusal := c.allowed(r); refusal != nil {
		return refusal
	}
	if c.reasonMissing(r) {
		return refuse(CodeNoReason)
	}
	return r.do(c)
}

// speaksForAParty reports whether somebody who acts for nobody names a party, so that its name would stand in the history.
func (c *decision) speaksForAParty() bool {
	switch c.m.Actor.Role {
	case RoleCustomer, RoleEngineer, RoleEmployer:
		return false
	}
	return c.m.Actor.Party != ""
}

func (c *decision) reasonMissing(r *Rule) bool {
	if c.m.Actor.Role == RoleOperator {
		return !humantext.Filled(c.m.Reason)
	}
	if c.fromDecision() {
		return c.unfounded()
	}
	return r.reasonedBy(c.m.Actor) && c.m.Body == nil
}

// allowed says whether this actor may send this message now, whatever it contains. Open actions are judged by it too.
func (c *decision) allowed(r *Rule) *Refusal {
	switch {
	case (c.s.Stage == Deleted || c.s.Stage == Cancelled) && !r.allowsIn(c.s.Stage):
		return refuse(CodeClosed)
	case !r.sentBy(c.s, c.m.Actor):
		return refuse(CodeNotParty)
	case !r.allowsIn(c.s.Stage):
		if r.elsewhere != nil {
			if refusal := r.elsewhere(c); refusal != nil {
				return refusal
			}
		}
		return refuseStage(r, c.s)
	case c.s.Suspended() && !r.Held:
		return refuse(CodeSuspended)
	}
	if refusal := c.apart(r); refusal != nil {
		return refusal
	}
	if r.when != nil {
		if refusal := r.when(c); refusal != nil {
			return refusal
		}
	}
	return c.maySign(r)
}

// clockTolerance is how far the order's clock may be ahead of the machine that records the decision.
const clockTolerance = time.Hour

// moment is when the message is held to have happened: an answer given in time counts even if it waited out an outage.
// The order's own clock may run ahead, so that a deadline never comes too early for this machine's, but not without bound: a
// signal that only says it is the platform's must not carry the order away into the future.
func moment(m Message, last, now time.Time) time.Time {
	at, latest := m.ReceivedAt, now
	if m.Actor.Role == RolePlatform {
		latest = now.Add(clockTolerance)
	}
	if at.After(latest) {
		at = latest
	}
	if at.Before(last) {
		at = last
	}
	return at.UTC().Truncate(time.Millisecond)
}

// termOver says whether the term of the awaited step was over when the message was given: a right that begins with its end is not had
// before, however late the message is judged.
func (c *decision) termOver() bool { return c.s.Overdue && !c.given.Before(c.s.Wait.Until) }

// given is when the sender gave the message, as the platform took it over: what he did before a deadline counts, however late it is
// judged. A message that does not say so was given when it is judged.
func given(m Message, at time.Time) time.Time {
	if m.ReceivedAt.IsZero() || !m.ReceivedAt.Before(at) {
		return at
	}
	return m.ReceivedAt.UTC()
}

// restartStep lets the term of the awaited step run anew, although the step stays the same.
func (c *decision) restartStep() { c.s.Wait.For = WaitNothing }

// notify tells once what concerns one addressee for two reasons: a responder who is also the performer, say.
func (c *decision) notify(to Addressee, kind NoticeKind) {
	if n := (Notice{To: to, Kind: kind}); !slices.Contains(c.notices, n) {
		c.notices = append(c.notices, n)
	}
}
