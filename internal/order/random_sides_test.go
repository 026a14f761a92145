package order_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// deputy acts for the customer's organisation in addition to its creator.
var deputy = order.Actor{Role: order.RoleCustomer, Person: "person-deputy", Party: "customer"}

// relations describes the people behind the accounts of a random order. It changes during the run:
// people acquire further roles.
type relations struct {
	// human maps a person's account to the human behind it; an account that is missing is its own
	// human.
	human map[string]string
	// represents are the organisations that a human may act for.
	represents map[string][]string
	// employers maps engineers to their employers.
	employers map[string]string
	// forCustomer are the humans who have acted for the customer.
	forCustomer map[string]bool
}

func newRelations() *relations {
	return &relations{
		human: map[string]string{}, represents: map[string][]string{"person-employer": {"organisation"}},
		employers:   map[string]string{"performer": "organisation", "colleague": "organisation"},
		forCustomer: map[string]bool{},
	}
}

func (w *relations) humanOf(person string) string {
	if h, ok := w.human[person]; ok {
		return h
	}
	return person
}

func (w *relations) humanOfEngineer(id string) string { return w.humanOf("person-" + id) }

// addRandomTie gives a random person a further role.
func (w *randomRun) addRandomTie(people *relations) {
	engineers := []order.Actor{performer, other, offered, responder, colleague}
	e := engineers[w.IntN(len(engineers))]
	switch h := people.humanOf(e.Person); w.IntN(6) {
	case 0:
		people.human[e.Person] = people.humanOf([]string{customer.Person, deputy.Person}[w.IntN(2)])
	case 1:
		people.represents[h] = append(people.represents[h], "customer")
	case 2:
		people.employers[e.Party] = "customer"
	case 3:
		acting := people.humanOf([]string{customer.Person, deputy.Person}[w.IntN(2)])
		people.represents[acting] = append(people.represents[acting], "organisation")
	case 4:
		people.human[moderator.Person] = h
	case 5:
		people.human[moderator.Person] = people.humanOf(deputy.Person)
	}
}

// ties returns the ties as the platform would read them before the decision.
func (w *relations) ties(s *order.State, m order.Message) order.Ties {
	asked := order.EngineerOf(s, m)
	performer := ""
	if s.Performer != nil {
		performer = s.Performer.ID
	}
	engineer := asked
	if engineer == "" {
		engineer = performer
	}
	ties := order.Ties{Engineer: w.engineerTie(s, engineer)}
	if m.Actor.Person == "" {
		return ties
	}
	me := w.humanOf(m.Actor.Person)
	ties.ToCustomer = w.tie(me, w.isCustomer(s, me), s.Customer.Party)
	if performer != "" {
		ties.ToPerformer = w.tie(me, me == w.humanOfEngineer(performer), w.employers[performer])
	}
	if asked != "" {
		ties.ToEngineer = w.tie(me, me == w.humanOfEngineer(asked), w.employers[asked])
	}
	return ties
}

func (w *relations) isCustomer(s *order.State, human string) bool {
	return w.forCustomer[human] || human == w.humanOf(s.Customer.Person)
}

func (w *relations) tie(human string, same bool, party string) order.Tie {
	switch {
	case same:
		return order.TiePerson
	case party == "":
	case slices.Contains(w.represents[human], party):
		return order.TieRepresents
	case w.employs(party, human):
		return order.TieEmployed
	}
	return order.NoTie
}

func (w *relations) employs(party, human string) bool {
	for engineer, employer := range w.employers {
		if employer == party && w.humanOfEngineer(engineer) == human {
			return true
		}
	}
	return false
}

func (w *relations) engineerTie(s *order.State, id string) order.Tie {
	if id == "" {
		return order.NoTie
	}
	h, employer := w.humanOfEngineer(id), w.employers[id]
	switch {
	case w.isCustomer(s, h):
		return order.TiePerson
	case slices.Contains(w.represents[h], s.Customer.Party):
		return order.TieRepresents
	case employer != "" && employer == s.Customer.Party:
		return order.TieEmployed
	}
	customers := []string{w.humanOf(s.Customer.Person)}
	for human := range w.forCustomer {
		customers = append(customers, human)
	}
	for _, c := range customers {
		if employer != "" && slices.Contains(w.represents[c], employer) {
			return order.TieEmployer
		}
	}
	return order.NoTie
}

// requireSeparateSides checks an applied message against the people behind it: nobody is on both
// sides. It reads the relations, not the facts.
func (w *relations) requireSeparateSides(t testing.TB, before *order.State, d order.Decision, m order.Message) {
	t.Helper()
	if d.Verdict != order.Applied {
		return
	}
	s := d.After
	becomes := s.Performer != nil && (before.Performer == nil || before.Performer.ID != s.Performer.ID)
	if becomes || m.Kind == order.SendContract || m.Kind == order.SignContract {
		require.Equal(t, order.NoTie, w.engineerTie(&s, s.Performer.ID), "%s: the performer is on the customer's side", m.Kind)
	}
	me := w.humanOf(m.Actor.Person)
	if m.Actor.Role == order.RoleCustomer && before.Performer != nil {
		require.NotEqual(t, w.humanOfEngineer(before.Performer.ID), me, "%s: the performer acted as the customer", m.Kind)
		if employer := w.employers[before.Performer.ID]; employer != "" && slices.Contains(w.represents[me], employer) {
			require.Contains(t, []order.Kind{order.Cancel, order.DismissEngineer, order.OpenDispute}, m.Kind, "a representative of the performer's employer acted for the customer")
		}
	}
	if m.Actor.Role == order.RoleModerator {
		require.False(t, w.isCustomer(before, me), "%s: the moderator is the customer", m.Kind)
		require.False(t, before.Performer != nil && w.humanOfEngineer(before.Performer.ID) == me, "%s: the moderator is the performer", m.Kind)
		require.False(t, s.Performer != nil && w.humanOfEngineer(s.Performer.ID) == me, "%s: the moderator made himself the performer", m.Kind)
	}
	if m.Actor.Role == order.RoleCustomer {
		w.forCustomer[me] = true
	}
}
