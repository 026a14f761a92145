package play

import "epkr/internal/order"

// playRace sends a signature and a way out at once, twice: the customer cancels in one browser while he signs in another, and
// the engineer leaves while the customer signs. Whoever is first wins; either outcome is right, and the order goes on from it.
func playRace(r *run, spec OrderSpec) {
	customer, engineer := r.customer(spec), r.engineer(spec.Engineers[0])
	second := r.anotherBrowser(customer, spec.CustomerKind)

	o, sign := r.toSignature(customer, engineer, spec)
	if o.race(rival{second, order.Cancel, nil, note("Передумали.")}, sign) {
		o.refused(engineer, order.LeaveOrder, nil, note("Поздно."), order.CodeClosed)
	} else {
		o.terminate(customer, engineer)
	}

	o, sign = r.toSignature(customer, engineer, spec)
	if o.race(rival{engineer, order.LeaveOrder, nil, note("Срочная командировка.")}, sign) {
		o.send(customer, order.Cancel, nil, note("Исполнитель отказался."), order.Cancelled)
	} else {
		o.terminate(customer, engineer)
	}
}

// toSignature brings an order to where only the customer's signature is missing, and gives that.
func (r *run) toSignature(customer, engineer *person, spec OrderSpec) (*live, rival) {
	o := r.create(customer, spec, engineer)
	o.send(customer, order.Publish, spec.terms(), spec.Form, order.Selection)
	o.send(customer, order.OfferOrder, order.Pick{Engineer: engineer.party}, nil, order.Selection)
	o.send(engineer, order.AcceptOffer, order.Revised{Revision: o.state.Revision}, nil, order.Contracting)
	return o, rival{customer, order.SignContract, o.sendContract(engineer, 1), nil}
}

// terminate ends a signed order by agreement.
func (o *live) terminate(customer, engineer *person) {
	stage := o.state.ShownStage()
	o.send(customer, order.ProposeTermination, nil, note("Просим прекратить договор: объект продан."), stage)
	o.send(engineer, order.AgreeTermination, nil, nil, order.Cancelled)
}
