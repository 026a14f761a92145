package play

import "epkr/internal/order"

// playRework goes through every disagreement that the parties resolve without a moderator.
func playRework(r *run, spec OrderSpec) {
	customer, first, engineer := r.customer(spec), r.engineer(spec.Engineers[0]), r.engineer(spec.Engineers[1])
	o := r.create(customer, spec, first, engineer)
	o.send(customer, order.Publish, spec.terms(), spec.Form, order.Selection)
	o.send(customer, order.OfferOrder, order.EngineerChoice{Engineer: first.party}, nil, order.Selection)
	o.send(first, order.DeclineOffer, nil, note("Занята до конца месяца."), order.Selection)
	o.send(engineer, order.Respond, spec.bid(), nil, order.Selection)
	o.send(customer, order.Choose, order.EngineerChoice{Engineer: engineer.party}, nil, order.Contracting)

	_, terms := o.contract(engineer, 1)
	o.send(engineer, order.SendContract, terms, nil, order.Contracting)
	o.send(customer, order.ReturnContract, nil, note("В договоре не указан второй участок."), order.Contracting)
	o.send(customer, order.SignContract, o.sendContract(engineer, 2), nil, order.Work)

	act := o.reworked(customer, engineer)
	o.send(customer, order.AcceptResults, o.countersigned(customer, act), nil, order.Payment)
	o.send(customer, order.ReportPayment, o.receipt(customer, o.remainder()), nil, order.Payment)
	o.send(engineer, order.RefutePayment, nil, note("На счёт ничего не поступило, в платёжке другой получатель."), order.Payment)
	o.send(customer, order.ReportPayment, o.receipt(customer, o.remainder()), nil, order.Payment)
	o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
	o.send(customer, order.Rate, order.Mark{Mark: 3}, order.Review{Review: "Пришлось дважды возвращать."}, order.Completed)
}

// reworked submits the results three times, each time in another way; the customer returns them
// twice. It returns the act that came with the last ones.
func (o *liveOrder) reworked(customer, engineer *person) paper {
	_, signed := o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByLink, Act: signed},
		order.ResultsText{Link: "https://disk.example.com/results/1", Note: "Архив с межевым планом."}, order.Acceptance)
	o.refused(customer, order.AcceptResults, order.ActSignature{Act: signed.File.SHA256}, nil, order.CodeNotReceived)
	o.send(customer, order.ConfirmReceipt, nil, nil, order.Acceptance)
	remarks := o.write(customer, "Замечания", "Нет координат точки н4")
	o.send(customer, order.ReturnResults, order.Remarks{Files: []order.FileRef{remarks.ref}}, note("Нет координат точки н4, замечания в файле."), order.Work)

	_, signed = o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: []order.FileRef{o.works(engineer, 2)}, Act: signed,
	}, nil, order.Acceptance)
	o.send(customer, order.ReturnResults, order.Remarks{}, note("Площадь не совпадает с заданием."), order.Work)

	act, signed := o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.InPerson, Act: signed, Invoice: o.invoice(engineer, o.remainder()),
	}, order.ResultsText{Note: "Передано на диске в офисе заказчика."}, order.Acceptance)
	o.send(customer, order.ConfirmReceipt, nil, nil, order.Acceptance)
	return act
}
