package play

import "epkr/internal/order"

// playPlain takes the shortest way: a response, a contract without an advance and without ГКУ/ГРП.
func playPlain(r *run, spec OrderSpec) {
	customer, engineer := r.customer(spec), r.engineer(spec.Engineers[0])
	o := r.create(customer, spec, engineer)
	o.send(customer, order.Publish, spec.terms(), spec.Form, order.Selection)
	o.send(engineer, order.Respond, spec.bid(), note("Готов выехать на место на этой неделе."), order.Selection)
	o.send(customer, order.Choose, order.EngineerChoice{Engineer: engineer.party}, nil, order.Contracting)

	signature := o.sendContract(engineer, 1)
	o.send(customer, order.SignContract, signature, nil, order.Work)
	o.toPayment(customer, engineer)
	o.send(customer, order.ReportPayment, o.receipt(customer, o.remainder()), nil, order.Payment)
	o.send(customer, order.Rate, order.Mark{Mark: 4}, order.Review{Review: "Работа выполнена хорошо."}, order.Payment)
	o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
}
