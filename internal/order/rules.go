package order

import "slices"

// Rule is one row of the table that an order's life follows: who may send a message, where, and what it leads to.
type Rule struct {
	Kind Kind
	// Title is the action as its button says it, Done the same in the history of the order.
	Title, Done string
	By          []party
	// Needs is what an engineer must have in the order, beside what By says.
	Needs Need
	In    []Stage
	// Leads are the stages that the message may lead to; without any it leaves the stage as it is.
	Leads []Stage
	// never are moves that In and Leads would allow together and the message does not make.
	never []Move
	// Held messages are accepted while the order is suspended.
	Held bool
	// Reasoned messages need a text: the reason.
	Reasoned bool

	// titled names the action as the order stands, where one title does not.
	titled func(*State) string
	// when judges what the state alone shows, so that an action can be offered or closed before it is sent.
	when func(*decision) *Refusal
	// signs tells whether the message carries the customer's signature, which an organisation's head gives.
	signs func(*State) bool
	// elsewhere gives a wrong stage a reason of its own.
	elsewhere func(*decision) *Refusal
	do        func(*decision) *Refusal
	files     func(Message) []FileRef
	// takesFiles says that its details can name files.
	takesFiles bool
}

// filed are details that name files.
type filed interface{ named() []FileRef }

// doing completes a rule whose message has details of the type D.
func doing[D any](r Rule, do func(*decision, D) *Refusal) Rule {
	r.do = func(c *decision) *Refusal {
		d, refused := decodeDetails[D](c.m)
		if refused != nil {
			return refused
		}
		if RepeatsFile(d) {
			return refuse(CodeFileRepeated)
		}
		if refused := c.known(filesIn(d)...); refused != nil {
			return refused
		}
		return do(c, d)
	}
	var none D
	_, r.takesFiles = any(none).(filed)
	r.files = func(m Message) []FileRef {
		d, refused := decodeDetails[D](m)
		if refused != nil {
			return nil
		}
		return filesIn(d)
	}
	return r
}

func filesIn(details any) []FileRef {
	if f, ok := details.(filed); ok {
		return f.named()
	}
	return nil
}

// bare completes a rule whose message has no details.
func bare(r Rule, do func(*decision) *Refusal) Rule {
	return doing(r, func(c *decision, _ struct{}) *Refusal { return do(c) })
}

// rules is the whole table, in the order of an order's life.
var rules = slices.Concat(
	draftRules(), selectionRules(), contractRules(), prepaymentRules(), workRules(), registrationRules(), paymentRules(),
	standingRules(), disputeRules(), clockRules(),
)

var ruleByKind = func() map[Kind]*Rule {
	byKind := make(map[Kind]*Rule, len(rules))
	for i := range rules {
		byKind[rules[i].Kind] = &rules[i]
	}
	return byKind
}()

// Rules lists the table.
func Rules() []Rule { return rules }

// RuleFor finds the row of a kind.
func RuleFor(k Kind) (*Rule, bool) {
	r, ok := ruleByKind[k]
	return r, ok
}

// NamedFiles lists the files that a message names, so that their facts can be read.
func NamedFiles(m Message) []FileRef {
	if r, ok := RuleFor(m.Kind); ok && m.Unreadable == "" {
		return r.files(m)
	}
	return nil
}

func (r *Rule) allowsIn(s Stage) bool { return slices.Contains(r.In, s) }

func (r *Rule) sentBy(s *State, a Actor) bool {
	return slices.ContainsFunc(r.By, func(p party) bool { return s.plays(a, p) })
}

// reasonedBy says that this sender has to give a reason: always the moderator, who decides for others.
func (r *Rule) reasonedBy(a Actor) bool {
	return r.Reasoned || a.Role == RoleModerator
}

// Move is a change of an order's stage.
type Move struct{ From, To Stage }

// Moves lists the changes of stage that the message can make.
func (r *Rule) Moves() []Move {
	var moves []Move
	for _, from := range r.In {
		for _, to := range r.Leads {
			if m := (Move{from, to}); from != to && !slices.Contains(r.never, m) {
				moves = append(moves, m)
			}
		}
	}
	return moves
}

// Senders lists the parties that may send the message, in Russian, for documents.
func (r *Rule) Senders() []string {
	names := make([]string, len(r.By))
	for i, p := range r.By {
		names[i] = string(p)
	}
	return names
}

func (t Terms) named() []FileRef             { return t.Files }
func (t ContractTerms) named() []FileRef     { return []FileRef{t.File, t.Signature} }
func (t ContractSignature) named() []FileRef { return []FileRef{t.Signature} }
func (t Invoice) named() []FileRef           { return optional(t.File) }
func (t PaymentReport) named() []FileRef     { return optional(t.File) }
func (t SignedAct) named() []FileRef         { return []FileRef{t.File, t.Signature} }
func (t ActDelivery) named() []FileRef       { return t.Act.named() }
func (t ActSignature) named() []FileRef      { return optional(t.Signature) }
func (t Remarks) named() []FileRef           { return t.Files }

func (t ResultsDelivery) named() []FileRef {
	return slices.Concat(t.Files, nested(t.Act), nested(t.Invoice))
}

func (t FinalDelivery) named() []FileRef {
	return slices.Concat(t.Files, nested(t.Act), nested(t.Invoice))
}

// attached are details with a list of files of the sender's choice.
type attached interface{ list() []FileRef }

func (t Terms) list() []FileRef           { return t.Files }
func (t Remarks) list() []FileRef         { return t.Files }
func (t ResultsDelivery) list() []FileRef { return t.Files }
func (t FinalDelivery) list() []FileRef   { return t.Files }

// RepeatsFile says that a list of files names one of them more than once.
func RepeatsFile(details any) bool {
	a, ok := details.(attached)
	if !ok {
		return false
	}
	seen := map[string]bool{}
	for _, f := range a.list() {
		if seen[f.ID] {
			return true
		}
		seen[f.ID] = true
	}
	return false
}

func optional(f *FileRef) []FileRef {
	if f == nil {
		return nil
	}
	return []FileRef{*f}
}

func nested[T filed](part *T) []FileRef {
	if part == nil {
		return nil
	}
	return (*part).named()
}
