package play

import (
	"github.com/google/uuid"

	"epkr/internal/order"
	"epkr/internal/territory"
)

// customer signs the customer of an order in.
func (r *run) customer(spec OrderSpec) *person {
	return r.enter(spec.Customer, order.RoleCustomer, spec.CustomerKind)
}

// engineer signs an engineer in. Those of the paths may take their orders: nothing in the registry, the profile or the regions
// stands against it.
func (r *run) engineer(login string) *person {
	p := r.enter(login, order.RoleEngineer, "engineer")
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

// create makes the draft of an order, which the engineers will hear of.
func (r *run) create(by *person, spec OrderSpec, engineers ...*person) *live {
	o := &live{run: r, spec: spec, customer: by, engineers: engineers, files: map[string]order.FileFacts{}}
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
		o.take(expected)
		r.orders = append(r.orders, o)
		return nil
	})
	return o
}
