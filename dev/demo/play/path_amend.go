package play

import "epkr/internal/order"

// playAmend changes a published order three times: while engineers respond, while the contract is
// being drawn up, and finally its place. Each time everyone who agreed to the old conditions must
// agree again.
func playAmend(r *run, spec OrderSpec) {
	customer, first, second := r.customer(spec), r.engineer(spec.Engineers[0]), r.engineer(spec.Engineers[1])
	o := r.create(customer, spec, first, second)
	o.send(customer, order.Publish, spec.terms(), spec.Form, order.Selection)
	o.send(first, order.Respond, spec.bid(), nil, order.Selection)
	o.send(second, order.Respond, spec.bid(), nil, order.Selection)

	cheaper := spec
	cheaper.Price -= spec.Price / 10
	o.send(customer, order.Amend, cheaper.terms(), spec.Form, order.Selection)
	o.refused(customer, order.Choose, order.EngineerChoice{Engineer: first.party}, nil, order.CodeStaleResponse)
	o.refused(first, order.AcceptChanges, order.Revised{Revision: 1}, nil, order.CodeOldRevision)
	o.send(first, order.AcceptChanges, order.Revised{Revision: o.state.Revision}, nil, order.Selection)
	o.send(customer, order.Choose, order.EngineerChoice{Engineer: first.party}, nil, order.Contracting)

	_, terms := o.contract(first, 1)
	longer := cheaper
	longer.TermDays += 10
	o.send(customer, order.Amend, longer.terms(), spec.Form, order.Contracting)
	o.refused(first, order.SendContract, terms, nil, order.CodeReaccept)
	o.send(first, order.AcceptChanges, order.Revised{Revision: o.state.Revision}, nil, order.Contracting)

	elsewhere := longer
	elsewhere.Region = spec.Other.Region
	o.send(customer, order.Amend, elsewhere.terms(), spec.Other.Form, order.Selection)
	o.refused(customer, order.Choose, order.EngineerChoice{Engineer: second.party}, nil, order.CodeStaleResponse)
	o.send(second, order.AcceptChanges, order.Revised{Revision: o.state.Revision}, nil, order.Selection)
	o.send(customer, order.Choose, order.EngineerChoice{Engineer: second.party}, nil, order.Contracting)
	o.send(customer, order.Cancel, nil, note("Продаём участок без межевания."), order.Cancelled)
}
