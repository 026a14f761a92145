package play

import "epkr/internal/order"

// playRegistration takes the longest way: an offer, a contract with an advance, ГКУ/ГРП, and the
// act at the end.
func playRegistration(r *run, spec OrderSpec) {
	customer, engineer := r.customer(spec), r.engineer(spec.Engineers[0])
	o := r.create(customer, spec, engineer)
	scheme := o.write(customer, "Схема участка", "Исходные данные заказчика")
	o.send(customer, order.Publish, spec.terms(scheme.ref), spec.Form, order.Selection)
	o.send(customer, order.OfferOrder, order.EngineerChoice{Engineer: engineer.party}, note("Нужны работы под ключ, с постановкой на учёт."), order.Selection)
	o.send(engineer, order.AcceptOffer, order.Revised{Revision: o.state.Revision}, nil, order.Contracting)

	signature := o.sendContract(engineer, 1)
	o.send(customer, order.SignContract, signature, nil, order.Prepayment)
	o.refused(customer, order.SignContract, signature, nil, order.CodeAlreadyDone)
	o.refused(customer, order.Cancel, nil, nil, order.CodeContractSigned)

	o.send(engineer, order.SendPrepaymentInvoice, o.invoice(engineer, o.advance()), nil, order.Prepayment)
	o.send(customer, order.ReportPrepayment, o.receipt(customer, o.advance()), nil, order.Prepayment)
	o.send(engineer, order.ConfirmPrepayment, nil, nil, order.Work)

	o.send(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByFiles, Files: []order.FileRef{o.works(engineer, 1)}}, nil, order.Acceptance)
	o.send(customer, order.AcceptResults, order.ActSignature{}, nil, order.Registration)

	o.send(engineer, order.ReportRegistration, order.RegistrationStatus{Status: order.RegistrationReview},
		order.RegistrationText{KUVD: "КУВД-001/2026-1234567", Note: "Заявление принято."}, order.Registration)
	extract := o.write(engineer, "Выписка из ЕГРН", "Участок поставлен на учёт")
	act, signed := o.act(engineer)
	o.send(engineer, order.SubmitFinal, order.FinalDelivery{
		Files: []order.FileRef{extract.ref}, Act: signed, Invoice: o.invoice(engineer, o.remainder()),
	}, nil, order.Payment)
	o.send(customer, order.SignAct, o.countersigned(customer, act), nil, order.Payment)

	o.send(customer, order.ReportPayment, o.receipt(customer, o.remainder()), nil, order.Payment)
	o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
	o.send(customer, order.Rate, order.Mark{Mark: 5}, order.Review{Review: "Всё выполнено в срок, спасибо."}, order.Completed)
}
