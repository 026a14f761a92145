package play

import (
	"github.com/google/uuid"

	"epkr/internal/order"
	"epkr/internal/territory"
)

// customer signs in the order's customer.
func (r *run) customer(spec OrderSpec) *person {
	return r.signIn(spec.Customer, order.RoleCustomer, spec.CustomerKind)
}

// engineer signs in an engineer. The engineers of the paths may take the paths' orders: the
// registry, the profile and the regions all allow it.
func (r *run) engineer(login string) *person {
	p := r.signIn(login, order.RoleEngineer, "engineer")
	if p.engineer != nil {
		return p
	}
	facts := &order.EngineerFacts{
		ID: p.party, Person: p.id, InRegistry: true, Receives: true, Complete: true, SoleProprietor: true,
	}
	for _, region := range territory.Subjects() {
		facts.Regions = append(facts.Regions, region.Code)
	}
	p.engineer = facts
	return p
}

// create creates the draft of an order; engineers are the ones who will take part.
func (r *run) create(by *person, spec OrderSpec, engineers ...*person) *liveOrder {
	o := &liveOrder{run: r, spec: spec, customer: by, engineers: engineers, files: map[string]order.FileFacts{}}
	r.step(done(order.Create), by, o, func() error {
		var answer struct {
			Order card `json:"order"`
		}
		m := message{kind: order.Create, key: uuid.NewString()}
		if err := by.submit(r, "/api/orders", m.key, nil, &answer); err != nil {
			return err
		}
		o.id, o.number = answer.Order.ID, answer.Order.Number
		o.state = order.State{ID: o.id}
		expected, err := o.decide(by, m)
		if err != nil {
			return err
		}
		o.apply(expected)
		r.orders = append(r.orders, o)
		return nil
	})
	return o
}
