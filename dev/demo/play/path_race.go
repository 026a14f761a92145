package play

import "epkr/internal/order"

// playRace sends a signature and a cancellation concurrently, twice: the customer cancels in one
// browser while he signs in another, and the engineer leaves while the customer signs. Either
// message may be first; both outcomes are right, and the order continues from there.
func playRace(r *run, spec OrderSpec) {
	customer, engineer := r.customer(spec), r.engineer(spec.Engineers[0])
	second := r.anotherBrowser(customer, spec.CustomerKind)

	o, sign := r.toSignature(customer, engineer, spec)
	if o.race(racer{second, order.Cancel, nil, note("Передумали.")}, sign) {
		o.refused(engineer, order.LeaveOrder, nil, note("Поздно."), order.CodeClosed)
	} else {
		o.terminate(customer, engineer)
	}

	o, sign = r.toSignature(customer, engineer, spec)
	if o.race(racer{engineer, order.LeaveOrder, nil, note("Срочная командировка.")}, sign) {
		o.send(customer, order.Cancel, nil, note("Исполнитель отказался."), order.Cancelled)
	} else {
		o.terminate(customer, engineer)
	}
}

// toSignature brings an order to the point where only the customer's signature is missing, and
// returns that signature.
func (r *run) toSignature(customer, engineer *person, spec OrderSpec) (*liveOrder, racer) {
	o := r.create(customer, spec, engineer)
	o.send(customer, order.Publish, spec.terms(), spec.Form, order.Selection)
	o.send(customer, order.OfferOrder, order.EngineerChoice{Engineer: engineer.party}, nil, order.Selection)
	o.send(engineer, order.AcceptOffer, order.Revised{Revision: o.state.Revision}, nil, order.Contracting)
	return o, racer{customer, order.SignContract, o.sendContract(engineer, 1), nil}
}

// terminate ends a signed order by agreement.
func (o *liveOrder) terminate(customer, engineer *person) {
	stage := o.state.ShownStage()
	o.send(customer, order.ProposeTermination, nil, note("Просим прекратить договор: объект продан."), stage)
	o.send(engineer, order.AgreeTermination, nil, nil, order.Cancelled)
}
