package order

// Action is what the viewer of an order card may do, or why he may not. It is a hint: the order itself decides.
type Action struct {
	Kind  Kind   `json:"kind"`
	Title string `json:"title"`
	Open  bool   `json:"open"`
	// Code and Reason say why a closed action is closed.
	Code   Code   `json:"code,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Reasoned says that the action wants a text.
	Reasoned bool `json:"reasoned,omitempty"`
}

// Actions lists what the actor's part in the order allows, in the order of an order's life. The facts need only the viewing
// engineer's standing and the time.
func Actions(s State, a Actor, f Facts) []Action {
	var actions []Action
	for i := range rules {
		r := &rules[i]
		if r.sentByPeople() && r.sentBy(&s, a) {
			actions = append(actions, r.action(&s, a, f))
		}
	}
	return actions
}

func (r *Rule) action(s *State, a Actor, f Facts) Action {
	c := &decision{s: s, m: Message{Kind: r.Kind, Actor: a}, facts: f, at: f.Now, given: f.Now}
	action := Action{Kind: r.Kind, Title: r.Title, Open: true, Reasoned: r.reasonedBy(a)}
	if r.titled != nil {
		action.Title = r.titled(s)
	}
	if refusal := c.allowed(r); refusal != nil {
		action.Open, action.Code, action.Reason = false, refusal.Code, refusal.Reason
	}
	return action
}

// TakesFiles says whether an action that may name files is open to somebody now: only then has he anything to upload.
func TakesFiles(s State, a Actor, f Facts) bool {
	for _, action := range Actions(s, a, f) {
		if rule, _ := RuleFor(action.Kind); action.Open && rule.takesFiles {
			return true
		}
	}
	return false
}

// sentByPeople leaves out what comes from the registry and from the order itself.
func (r *Rule) sentByPeople() bool {
	for _, p := range r.By {
		if p != registry && p != platform && p != anyCustomer {
			return true
		}
	}
	return false
}
