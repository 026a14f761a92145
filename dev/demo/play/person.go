package play

import (
	"epkr/dev/browser"
	"epkr/internal/order"
	"epkr/internal/territory"
)

// person is a signed-in test user in his browser.
type person struct {
	*browser.Visitor
	role  order.Role
	id    string // his own id
	party string // the party on whose behalf he acts
	name  string // the account's name, or his own
	// engineer holds the facts about him as an engineer, nil for others.
	engineer *order.EngineerFacts
	// login and kind are those of his account, for signatures.
	login, kind string
}

func (p *person) actor() order.Actor { return order.Actor{Role: p.role, Person: p.id, Party: p.party} }

var roleNames = map[order.Role]string{order.RoleCustomer: "заказчик", order.RoleEngineer: "инженер"}

func (p *person) label() string { return roleNames[p.role] + " " + p.name }

// customer signs in the order's customer.
func (r *run) customer(spec OrderSpec) *person {
	return r.signIn("Вход через ЕСИА", spec.Customer, order.RoleCustomer, spec.CustomerKind)
}

// engineer signs in an engineer. The engineers of the paths may take the paths' orders: the
// registry, the profile and the regions all allow it.
func (r *run) engineer(login string) *person {
	p := r.signIn("Вход через ЕСИА", login, order.RoleEngineer, "engineer")
	p.engineer = &order.EngineerFacts{
		ID: p.party, Person: p.id, InRegistry: true, Receives: true, Complete: true, SoleProprietor: true,
	}
	for _, region := range territory.Subjects() {
		p.engineer.Regions = append(p.engineer.Regions, region.Code)
	}
	r.people[login] = p
	return p
}

// signIn signs a person in in a new browser, in the role and on behalf of the kind of account that
// the path needs.
func (r *run) signIn(what, login string, role order.Role, kind string) *person {
	p := &person{Visitor: browser.NewVisitor(r.at.BaseURL, login), role: role, login: login, kind: kind}
	r.step(what, p, nil, func() error {
		if err := p.SignIn(r.ctx); err != nil {
			return err
		}
		account, err := p.Enter(r.ctx, role, kind)
		if err != nil {
			return err
		}
		p.id, p.party, p.name = account.Person, account.Party, account.Name
		return nil
	})
	return p
}
