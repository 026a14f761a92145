package order_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"epkr/internal/order"
)

// deputy acts for the customer's organisation beside its creator.
var deputy = order.Actor{Role: order.RoleCustomer, Person: "person-deputy", Party: "customer"}

// world is who is who behind the accounts of a random life. It changes while the order lives: people come to wear one more hat.
type world struct {
	// human names the human behind a person; who is not in it is himself.
	human map[string]string
	// represents are the organisations that a human may act for.
	represents map[string][]string
	// employers are those of the engineers.
	employers map[string]string
	// forCustomer are the humans who have acted for the customer.
	forCustomer map[string]bool
}

func newWorld() *world {
	return &world{
		human: map[string]string{}, represents: map[string][]string{"person-employer": {"organisation"}},
		employers:   map[string]string{"performer": "organisation", "colleague": "organisation"},
		forCustomer: map[string]bool{},
	}
}

func (w *world) of(person string) string {
	if h, ok := w.human[person]; ok {
		return h
	}
	return person
}

func (w *world) ofEngineer(id string) string { return w.of("person-" + id) }

// turn lets somebody wear one more hat.
func (w *wanderer) turn(world *world) {
	engineers := []order.Actor{performer, other, offered, responder, colleague}
	e := engineers[w.IntN(len(engineers))]
	switch h := world.of(e.Person); w.IntN(6) {
	case 0:
		world.human[e.Person] = world.of([]string{customer.Person, deputy.Person}[w.IntN(2)])
	case 1:
		world.represents[h] = append(world.represents[h], "customer")
	case 2:
		world.employers[e.Party] = "customer"
	case 3:
		acting := world.of([]string{customer.Person, deputy.Person}[w.IntN(2)])
		world.represents[acting] = append(world.represents[acting], "organisation")
	case 4:
		world.human[moderator.Person] = h
	case 5:
		world.human[moderator.Person] = world.of(deputy.Person)
	}
}

// ties are the facts of the world, as the platform reads them before a message is judged.
func (w *world) ties(s *order.State, m order.Message) order.Ties {
	asked := order.Concerns(s, m)
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
	me := w.of(m.Actor.Person)
	ties.ToCustomer = w.tie(me, w.isCustomer(s, me), s.Customer.Party)
	if performer != "" {
		ties.ToPerformer = w.tie(me, me == w.ofEngineer(performer), w.employers[performer])
	}
	if asked != "" {
		ties.ToEngineer = w.tie(me, me == w.ofEngineer(asked), w.employers[asked])
	}
	return ties
}

func (w *world) isCustomer(s *order.State, human string) bool {
	return w.forCustomer[human] || human == w.of(s.Customer.Person)
}

func (w *world) tie(human string, same bool, party string) order.Tie {
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

func (w *world) employs(party, human string) bool {
	for engineer, employer := range w.employers {
		if employer == party && w.ofEngineer(engineer) == human {
			return true
		}
	}
	return false
}

func (w *world) engineerTie(s *order.State, id string) order.Tie {
	if id == "" {
		return order.NoTie
	}
	h, employer := w.ofEngineer(id), w.employers[id]
	switch {
	case w.isCustomer(s, h):
		return order.TiePerson
	case slices.Contains(w.represents[h], s.Customer.Party):
		return order.TieRepresents
	case employer != "" && employer == s.Customer.Party:
		return order.TieEmployed
	}
	customers := []string{w.of(s.Customer.Person)}
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

// lookAtSides holds an applied message against the people behind it: nobody stands on both sides. It asks the world, not the facts.
func (w *world) lookAtSides(t testing.TB, before *order.State, d order.Decision, m order.Message) {
	t.Helper()
	if d.Verdict != order.Applied {
		return
	}
	s := d.After
	becomes := s.Performer != nil && (before.Performer == nil || before.Performer.ID != s.Performer.ID)
	if becomes || m.Kind == order.SendContract || m.Kind == order.SignContract {
		require.Equal(t, order.NoTie, w.engineerTie(&s, s.Performer.ID), "%s: the performer is on the customer's side", m.Kind)
	}
	me := w.of(m.Actor.Person)
	if m.Actor.Role == order.RoleCustomer && before.Performer != nil {
		require.NotEqual(t, w.ofEngineer(before.Performer.ID), me, "%s: the performer acted as the customer", m.Kind)
		if employer := w.employers[before.Performer.ID]; employer != "" && slices.Contains(w.represents[me], employer) {
			require.Contains(t, []order.Kind{order.Cancel, order.DismissEngineer, order.OpenDispute}, m.Kind, "who may sign for the performer acted for the customer")
		}
	}
	if m.Actor.Role == order.RoleModerator {
		require.False(t, w.isCustomer(before, me), "%s: the moderator is the customer", m.Kind)
		require.False(t, before.Performer != nil && w.ofEngineer(before.Performer.ID) == me, "%s: the moderator is the performer", m.Kind)
		require.False(t, s.Performer != nil && w.ofEngineer(s.Performer.ID) == me, "%s: the moderator made himself the performer", m.Kind)
	}
	if m.Actor.Role == order.RoleCustomer {
		w.forCustomer[me] = true
	}
}
