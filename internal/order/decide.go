package order

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"epkr/internal/humantext"
)

// Verdict is the result of a message.
type Verdict string

// Duplicate marks a message that was decided before. Diverged marks a message whose sequence number
// another message already has in the record, or whose state differs from the recorded one.
const (
	Applied    Verdict = "applied"
	WasRefused Verdict = "refused"
	Duplicate  Verdict = "duplicate"
	Diverged   Verdict = "diverged"
)

// Outcome is a decision as the order's history stores it: it contains everything that [State.Apply]
// needs, so that Apply decides nothing again.
type Outcome struct {
	Verdict Verdict `json:"verdict"`
	Code    Code    `json:"code,omitempty"`
	// Seq is the number of the message within its order, from 1.
	Seq int `json:"seq"`
	// At is the effective time of the message: the time of its receipt, but never before the
	// previous message and never after the decision.
	At time.Time `json:"at"`
	// Set contains the changed parts of the state by JSON name; null removes a part.
	Set map[string]json.RawMessage `json:"set,omitempty"`
	// Other is the id of the message that has the sequence number of a diverged message.
	Other string `json:"other,omitempty"`
}

// Decision is an outcome together with the data that its recording also writes.
type Decision struct {
	Outcome
	// Reason is the sentence of a refusal, for the sender.
	Reason string
	// Before and After are the states before and after the message.
	Before, After State
	Notices       []Notice
}

// decision is the decision of one message in progress; s is a copy of the state that the rules
// change.
type decision struct {
	s     *State
	m     Message
	facts Facts
	at    time.Time
	// sentAt is when the sender sent the message. It may be before at, because the order's clock
	// advances while a message waits.
	sentAt  time.Time
	notices []Notice
}

// ErrInvariant reports that the rules produced an invalid state: a bug in the program, never an
// error in the message.
var ErrInvariant = errors.New("the order's state breaks an invariant")

// Decide decides one message. It applies or refuses the whole message; an error reports a bug in
// the program.
func Decide(s State, m Message, f Facts) (Decision, error) {
	next, err := s.clone()
	if err != nil {
		return Decision{}, err
	}
	m.ReceivedAt = receiptTime(m, f.Now)
	at := effectiveTime(m, s.At, f.Now)
	c := &decision{s: &next, m: m, facts: f, at: at, sentAt: sentTime(m, at)}
	next.Seq, next.At = s.Seq+1, c.at
	if refusal := c.decide(); refusal != nil {
		return c.refused(s, refusal)
	}
	next.Refused = nil
	c.endProposal(&s)
	c.endDispute(&s)
	c.dropReplacement()
	c.notifySuspension(s.Suspended())
	next.refreshDeadlines(c.at)
	if err := next.Check(); err != nil {
		return Decision{}, fmt.Errorf("%s at %s: %w", m.Kind, s.Stage, err)
	}
	d, err := newDecision(Outcome{Verdict: Applied, Seq: next.Seq, At: c.at}, s, next)
	d.Notices = c.notices
	return d, err
}

// notifySuspension notifies both parties when the order becomes suspended or resumes, whichever
// message caused it.
func (c *decision) notifySuspension(wasSuspended bool) {
	switch now := c.s.Suspended(); {
	case now && !wasSuspended:
		c.notifyBoth(NoticeSuspended)
	case wasSuspended && !now && slices.Contains(suspendable, c.s.Stage):
		c.notifyBoth(NoticeResumed)
	}
}

// newDecision completes a decision with its changes. It decodes After from its JSON, so that After
// equals the state that applying the outcome gives, including empty lists.
func newDecision(o Outcome, before, decided State) (Decision, error) {
	after, err := decided.clone()
	if err != nil {
		return Decision{}, err
	}
	if o.Set, err = changedParts(before, after); err != nil {
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
	d, err := newDecision(Outcome{Verdict: WasRefused, Code: r.Code, Seq: after.Seq, At: c.at}, before, after)
	d.Reason = r.Reason
	return d, err
}

// decide makes the general checks before the rule's own, so that a rule can rely on them.
func (c *decision) decide() *Refusal {
	r, ok := RuleFor(c.m.Kind)
	switch {
	case c.m.Unreadable == Flooded:
		return refuse(CodeFlooded)
	case c.m.Unreadable != "":
		return refuse(CodeUnreadable)
	case !ok:
		return refuse(CodeUnknown)
	case c.facts.NotStored:
		return refuse(CodeNotStored)
	case c.namesUnexpectedParty():
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
	return r.apply(c)
}

// namesUnexpectedParty reports whether a sender whose role has no party names one. The history
// would show that party's name.
func (c *decision) namesUnexpectedParty() bool {
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
	if c.isEngineerDecision() {
		return c.isUnconfirmedDecision()
	}
	return r.requiresReasonFrom(c.m.Actor) && c.m.Body == nil
}

// allowed reports whether this actor may send this message now, whatever it contains: it returns
// the refusal, or nil. [Actions] uses it too.
func (c *decision) allowed(r *Rule) *Refusal {
	switch {
	case (c.s.Stage == Deleted || c.s.Stage == Cancelled) && !r.allowsIn(c.s.Stage):
		return refuse(CodeClosed)
	case !r.sentBy(c.s, c.m.Actor) && !c.isEmployersDecision():
		return refuse(CodeNotParty)
	case !r.allowsIn(c.s.Stage):
		if r.wrongStage != nil {
			if refusal := r.wrongStage(c); refusal != nil {
				return refusal
			}
		}
		return refuseStage(r, c.s)
	case c.s.Suspended() && !r.AllowedWhileSuspended:
		return refuse(CodeSuspended)
	}
	if refusal := c.checkSides(r); refusal != nil {
		return refusal
	}
	if r.guard != nil {
		if refusal := r.guard(c); refusal != nil {
			return refusal
		}
	}
	return c.maySign(r)
}

// clockTolerance is how far the order's clock may be ahead of the clock of the machine that records
// the decision.
const clockTolerance = time.Hour

// effectiveTime returns the effective time of the message: the time of its receipt, so that an
// answer given in time counts even if an outage delayed it. The order's own clock may be ahead of
// now, so that a deadline never fires too early for this machine, but only by [clockTolerance]: a
// signal that merely names the platform as its sender must not move the order into the future.
func effectiveTime(m Message, last, now time.Time) time.Time {
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

// termExpired reports whether the term of the awaited step had ended when the message was sent. A
// right that begins at the end of the term does not exist before it, however late the message is
// decided.
func (c *decision) termExpired() bool { return c.s.Overdue && !c.sentAt.Before(c.s.Wait.Until) }

// sentTime returns when the sender sent the message, as the platform received it: an action before
// a deadline counts, however late it is decided. Without a time of receipt it returns at.
func sentTime(m Message, at time.Time) time.Time {
	if m.ReceivedAt.IsZero() || !m.ReceivedAt.Before(at) {
		return at
	}
	return m.ReceivedAt.UTC()
}

// restartStep restarts the term of the awaited step, although the step stays the same.
func (c *decision) restartStep() { c.s.Wait.For = WaitNothing }

// addNotice adds a notice for one addressee unless the decision already has it: a responder who is
// also the performer is notified once.
func (c *decision) addNotice(to Addressee, kind NoticeKind) {
	if n := (Notice{To: to, Kind: kind}); !slices.Contains(c.notices, n) {
		c.notices = append(c.notices, n)
	}
}
