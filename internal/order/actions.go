package order

// Action describes an action on an order card for its viewer, open or closed. It is only a hint:
// the order itself decides.
type Action struct {
	Kind  Kind   `json:"kind"`
	Title string `json:"title"`
	Open  bool   `json:"open"`
	// Code and Reason explain a closed action.
	Code   Code   `json:"code,omitempty"`
	Reason string `json:"reason,omitempty"`
	// RequiresReason means that the action requires a text.
	RequiresReason bool `json:"reasoned,omitempty"`
}

// Actions returns the actions that the actor's part in the order allows, in the order of the rule
// table. Of the facts it needs only the viewing engineer's status and the time.
func Actions(s State, a Actor, f Facts) []Action {
	var actions []Action
	for i := range rules {
		r := &rules[i]
		if r.SentByPeople() && r.sentBy(&s, a) {
			actions = append(actions, r.action(&s, a, f))
		}
	}
	return actions
}

func (r *Rule) action(s *State, a Actor, f Facts) Action {
	c := &decision{s: s, m: Message{Kind: r.Kind, Actor: a}, facts: f, at: f.Now, sentAt: f.Now}
	action := Action{Kind: r.Kind, Title: r.Title, Open: true, RequiresReason: r.requiresReasonFrom(a)}
	if r.titleFor != nil {
		action.Title = r.titleFor(s)
	}
	if refusal := c.allowed(r); refusal != nil {
		action.Open, action.Code, action.Reason = false, refusal.Code, refusal.Reason
	}
	return action
}

// TakesFiles reports whether an action that may name files is open to the actor now, or would be with a
// power of attorney, which is a file too. Otherwise he has nothing to upload.
func TakesFiles(s State, a Actor, f Facts) bool {
	for _, action := range Actions(s, a, f) {
		if rule, _ := RuleFor(action.Kind); (action.Open || action.Code == CodeHeadSigns) && rule.takesFiles {
			return true
		}
	}
	return false
}

// SentByPeople reports whether people send the message to an order that exists, and not only the
// registry or the order itself.
func (r *Rule) SentByPeople() bool {
	for _, p := range r.By {
		if p != registry && p != platform && p != anyCustomer {
			return true
		}
	}
	return false
}
