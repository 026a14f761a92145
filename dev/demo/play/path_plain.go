package play

import "epkr/internal/order"

// playPlain goes the shortest way: a response, a contract without an advance and without ГКУ/ГРП.
func playPlain(r *run, spec OrderSpec) {
	customer, engineer := r.customer(spec), r.engineer(spec.Engineers[0])
	o := r.create(customer, spec, engineer)
	o.send(customer, order.Publish, spec.terms(), spec.Form, order.Selection)
	o.send(engineer, order.Respond, order.Bid{Price: spec.Contract.Price, TermDays: spec.Contract.TermDays}, note("Готов выехать на место на этой неделе."), order.Selection)
	o.send(customer, order.Choose, order.Pick{Engineer: engineer.party}, nil, order.Contracting)

	document, terms := o.contract(engineer, 1)
	o.send(engineer, order.SendContract, terms, nil, order.Contracting)
	signature := order.ContractSignature{Contract: document.ref.SHA256, Signature: o.sign(customer, "Подпись заказчика", document)}
	o.send(customer, order.SignContract, signature, nil, order.Work)

	act, signed := o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: []order.FileRef{o.works(engineer, 1)}, Act: signed, Invoice: o.invoice(engineer, o.remainder()),
	}, nil, order.Acceptance)
	o.send(customer, order.AcceptResults, o.countersigned(customer, act), nil, order.Payment)
	o.send(customer, order.ReportPayment, o.receipt(customer, o.remainder()), nil, order.Payment)
	o.send(customer, order.Rate, order.Mark{Mark: 4}, order.Review{Review: "Работа выполнена хорошо."}, order.Payment)
	o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
}
