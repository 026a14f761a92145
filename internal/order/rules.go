package order

import (
	"slices"
)

// Rule is one row of the rule table: who may send a message, at which stages, and which stages it
// leads to.
type Rule struct {
	Kind Kind
	// Title is the label of the action's button; Done is the text for the order's history.
	Title, Done string
	By          []party
	// Needs is what an engineer must have in the order in addition to By.
	Needs Need
	From  []Stage
	// To are the stages that the message may lead to; if empty, the stage does not change.
	To []Stage
	// except are moves that From and To would allow together but that the message does not make.
	except []Move
	// AllowedWhileSuspended means that the order accepts the message while it is suspended.
	AllowedWhileSuspended bool
	// RequiresReason means that the message needs a text with the reason.
	RequiresReason bool

	// titleFor returns a title that depends on the state; nil if Title is enough.
	titleFor func(*State) string
	// guard checks what the state alone shows, so that the card can show an action as open or
	// closed before it is sent.
	guard func(*decision) *Refusal
	// carriesSignature reports whether the message carries the customer's signature, which only the
	// head of an organisation gives.
	carriesSignature func(*State) bool
	// wrongStage returns a specific refusal at a wrong stage; nil means the general one.
	wrongStage func(*decision) *Refusal
	apply      func(*decision) *Refusal
	files      func(Message) []FileRef
	signatures func(Message) []SignedDocument
	// takesFiles reports whether the details can name files.
	takesFiles bool
}

// ruleWithDetails completes a rule whose message has details of the type D.
func ruleWithDetails[D any](r Rule, apply func(*decision, D) *Refusal) Rule {
	r.apply = func(c *decision) *Refusal {
		d, refused := decodeDetails[D](c.m)
		if refused != nil {
			return refused
		}
		if RepeatsFile(d) {
			return refuse(CodeFileRepeated)
		}
		if refused := c.requireStoredFiles(filesIn(d)...); refused != nil {
			return refused
		}
		return apply(c, d)
	}
	var none D
	_, r.takesFiles = any(none).(fileNamer)
	if err := checkNamedFiles(none); err != nil {
		panic(err) // nobody would check that the files are stored and the sender's own
	}
	r.files = fromDetails[D](filesIn)
	r.signatures = fromDetails[D](SignaturesIn)
	return r
}

// fromDetails returns what a function finds in the details of a message; nothing if they cannot be
// decoded.
func fromDetails[D, T any](find func(details any) []T) func(Message) []T {
	return func(m Message) []T {
		d, refused := decodeDetails[D](m)
		if refused != nil {
			return nil
		}
		return find(d)
	}
}

// ruleWithoutDetails completes a rule whose message has no details.
func ruleWithoutDetails(r Rule, apply func(*decision) *Refusal) Rule {
	return ruleWithDetails(r, func(c *decision, _ struct{}) *Refusal { return apply(c) })
}

// rules is the whole table, in the order of an order's stages.
var rules = slices.Concat(
	draftRules(), selectionRules(), contractRules(), prepaymentRules(), workRules(), registrationRules(), paymentRules(),
	statusRules(), disputeRules(), replacementRules(), clockRules(),
)

var ruleByKind = func() map[Kind]*Rule {
	byKind := make(map[Kind]*Rule, len(rules))
	for i := range rules {
		byKind[rules[i].Kind] = &rules[i]
	}
	return byKind
}()

// Rules returns the table.
func Rules() []Rule { return rules }

// RuleFor returns the rule of a kind.
func RuleFor(k Kind) (*Rule, bool) {
	r, ok := ruleByKind[k]
	return r, ok
}

// NamedFiles returns the files that a message names, so that the caller can read their facts.
func NamedFiles(m Message) []FileRef {
	if r, ok := RuleFor(m.Kind); ok && m.Unreadable == "" {
		return r.files(m)
	}
	return nil
}

// SignaturesOf returns the signatures that a message brings.
func SignaturesOf(m Message) []SignedDocument {
	if r, ok := RuleFor(m.Kind); ok && m.Unreadable == "" {
		return r.signatures(m)
	}
	return nil
}

func (r *Rule) allowsIn(s Stage) bool { return slices.Contains(r.From, s) }

func (r *Rule) sentBy(s *State, a Actor) bool {
	return slices.ContainsFunc(r.By, func(p party) bool { return s.hasRole(a, p) })
}

// requiresReasonFrom reports whether this sender must give a reason. A moderator always must,
// because he decides for others.
func (r *Rule) requiresReasonFrom(a Actor) bool {
	return r.RequiresReason || a.Role == RoleModerator
}

// Move is a change of an order's stage.
type Move struct{ From, To Stage }

// Moves returns the changes of stage that the message can make.
func (r *Rule) Moves() []Move {
	var moves []Move
	for _, from := range r.From {
		for _, to := range r.To {
			if m := (Move{from, to}); from != to && !slices.Contains(r.except, m) {
				moves = append(moves, m)
			}
		}
	}
	return moves
}

// Senders returns the Russian names of the parties that may send the message, for documents.
func (r *Rule) Senders() []string {
	names := make([]string, len(r.By))
	for i, p := range r.By {
		names[i] = string(p)
	}
	return names
}
