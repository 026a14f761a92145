package play

import "epkr/internal/order"

// playRegistration takes the longest way: an offer, a contract with an advance, ГКУ/ГРП, and the
// act at the end.
func playRegistration(r *run, spec OrderSpec) {
	customer, engineer := r.customer(spec), r.engineer(spec.Engineers[0])
	o := r.create(customer, spec, engineer)
	scheme := o.write(customer, "Схема участка", "Исходные данные заказчика")
	o.send(customer, order.Publish, spec.terms(scheme.ref), spec.Form, order.Selection)
	o.send(customer, order.OfferOrder, choice(engineer), note("Нужны работы под ключ, с постановкой на учёт."), order.Selection)
	o.send(engineer, order.AcceptOffer, o.revision(), nil, order.Contracting)

	sign := o.sendContract(engineer, 1)
	o.send(customer, sign.kind, sign.details, nil, order.Prepayment)
	o.refused(customer, sign.kind, sign.details, nil, order.CodeAlreadyDone)
	o.refused(customer, order.Cancel, nil, nil, order.CodeContractSigned)

	o.send(engineer, order.SendPrepaymentInvoice, o.invoice(engineer, o.advance()), nil, order.Prepayment)
	o.send(customer, order.ReportPrepayment, o.receipt(o.advance()), nil, order.Prepayment)
	o.send(engineer, order.ConfirmPrepayment, nil, nil, order.Work)

	o.send(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByFiles, Files: o.works(engineer, 1)}, nil, order.Acceptance)
	o.send(customer, order.AcceptResults, order.ActSignature{}, nil, order.Registration)

	o.send(engineer, order.ReportRegistration, order.RegistrationStatus{Status: order.RegistrationReview},
		order.RegistrationText{KUVD: "КУВД-001/2026-1234567", Note: "Заявление принято."}, order.Registration)
	extract := o.write(engineer, "Выписка из ЕГРН", "Участок поставлен на учёт")
	act, signed := o.act(engineer)
	o.send(engineer, order.SubmitFinal, order.FinalDelivery{
		Files: []order.FileRef{extract.ref}, Act: signed, Invoice: o.invoice(engineer, o.remainder()),
	}, nil, order.Payment)
	o.send(customer, order.SignAct, o.countersigned(act), nil, order.Payment)
	o.pay()
	o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
	o.send(customer, order.Rate, order.Mark{Mark: 5}, order.Review{Review: "Всё выполнено в срок, спасибо."}, order.Completed)
}

// playPlain takes the shortest way: a response, a contract without an advance and without ГКУ/ГРП.
func playPlain(r *run, spec OrderSpec) {
	customer, engineer := r.customer(spec), r.engineer(spec.Engineers[0])
	o := r.publish(customer, spec, engineer)
	o.send(engineer, order.Respond, spec.bid(), note("Готов выехать на место на этой неделе."), order.Selection)
	o.send(customer, order.Choose, choice(engineer), nil, order.Contracting)
	sign := o.sendContract(engineer, 1)
	o.send(customer, sign.kind, sign.details, nil, order.Work)
	o.toPayment(engineer)
	o.pay()
	o.send(customer, order.Rate, order.Mark{Mark: 4}, order.Review{Review: "Работа выполнена хорошо."}, order.Payment)
	o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
}

// playRework goes through every disagreement that the parties resolve without a moderator.
func playRework(r *run, spec OrderSpec) {
	customer, first, engineer := r.customer(spec), r.engineer(spec.Engineers[0]), r.engineer(spec.Engineers[1])
	o := r.publish(customer, spec, first, engineer)
	o.send(customer, order.OfferOrder, choice(first), nil, order.Selection)
	o.send(first, order.DeclineOffer, nil, note("Занята до конца месяца."), order.Selection)
	o.send(engineer, order.Respond, spec.bid(), nil, order.Selection)
	o.send(customer, order.Choose, choice(engineer), nil, order.Contracting)

	_, terms := o.contract(engineer, 1)
	o.send(engineer, order.SendContract, terms, nil, order.Contracting)
	o.send(customer, order.ReturnContract, nil, note("В договоре не указан второй участок."), order.Contracting)
	sign := o.sendContract(engineer, 2)
	o.send(customer, sign.kind, sign.details, nil, order.Work)

	act := o.reworked(engineer)
	o.send(customer, order.AcceptResults, o.countersigned(act), nil, order.Payment)
	o.pay()
	o.send(engineer, order.RefutePayment, nil, note("На счёт ничего не поступило, в платёжке другой получатель."), order.Payment)
	o.pay()
	o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
	o.send(customer, order.Rate, order.Mark{Mark: 3}, order.Review{Review: "Пришлось дважды возвращать."}, order.Completed)
}

// reworked submits the results three times, each time in another way; the customer returns them
// twice. It returns the act that came with the last ones.
func (o *liveOrder) reworked(engineer *person) paper {
	_, signed := o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{Way: order.ByLink, Act: signed},
		order.ResultsText{Link: "https://disk.example.com/results/1", Note: "Архив с межевым планом."}, order.Acceptance)
	o.refused(o.customer, order.AcceptResults, order.ActSignature{Act: signed.File.SHA256}, nil, order.CodeNotReceived)
	o.send(o.customer, order.ConfirmReceipt, nil, nil, order.Acceptance)
	remarks := order.Remarks{Files: []order.FileRef{o.write(o.customer, "Замечания", "Нет координат точки н4").ref}}
	o.send(o.customer, order.ReturnResults, remarks, note("Нет координат точки н4, замечания в файле."), order.Work)

	_, signed = o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: o.works(engineer, 2), Act: signed,
	}, nil, order.Acceptance)
	o.send(o.customer, order.ReturnResults, order.Remarks{}, note("Площадь не совпадает с заданием."), order.Work)

	act, signed := o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.InPerson, Act: signed, Invoice: o.invoice(engineer, o.remainder()),
	}, order.ResultsText{Note: "Передано на диске в офисе заказчика."}, order.Acceptance)
	o.send(o.customer, order.ConfirmReceipt, nil, nil, order.Acceptance)
	return act
}

// playRace sends a signature and a cancellation concurrently, twice: the customer cancels in one
// browser while he signs in another, and the engineer leaves while the customer signs. Either
// message may be first; both outcomes are right, and the order continues from there.
func playRace(r *run, spec OrderSpec) {
	customer, engineer := r.customer(spec), r.engineer(spec.Engineers[0])
	second := r.signIn("Вход через ЕСИА во втором браузере", spec.Customer, order.RoleCustomer, spec.CustomerKind)

	o, sign := r.toSignature(customer, engineer, spec)
	if o.race(newMessage(second, order.Cancel, nil, note("Передумали.")), sign) {
		o.refused(engineer, order.LeaveOrder, nil, note("Поздно."), order.CodeClosed)
	} else {
		o.terminate(engineer)
	}

	o, sign = r.toSignature(customer, engineer, spec)
	if o.race(newMessage(engineer, order.LeaveOrder, nil, note("Срочная командировка.")), sign) {
		o.send(customer, order.Cancel, nil, note("Исполнитель отказался."), order.Cancelled)
	} else {
		o.terminate(engineer)
	}
}

// terminate ends a signed order by agreement.
func (o *liveOrder) terminate(engineer *person) {
	stage := o.state.ShownStage()
	o.send(o.customer, order.ProposeTermination, nil, note("Просим прекратить договор: объект продан."), stage)
	o.send(engineer, order.AgreeTermination, nil, nil, order.Cancelled)
}

// playAmend changes a published order three times: while engineers respond, while the contract is
// being drawn up, and finally its place. Each time everyone who agreed to the old conditions must
// agree again.
func playAmend(r *run, spec OrderSpec) {
	customer, first, second := r.customer(spec), r.engineer(spec.Engineers[0]), r.engineer(spec.Engineers[1])
	o := r.publish(customer, spec, first, second)
	o.send(first, order.Respond, spec.bid(), nil, order.Selection)
	o.send(second, order.Respond, spec.bid(), nil, order.Selection)

	changed := spec
	changed.Price -= spec.Price / 10
	o.send(customer, order.Amend, changed.terms(), spec.Form, order.Selection)
	o.refused(customer, order.Choose, choice(first), nil, order.CodeStaleResponse)
	o.refused(first, order.AcceptChanges, order.Revised{Revision: 1}, nil, order.CodeOldRevision)
	o.send(first, order.AcceptChanges, o.revision(), nil, order.Selection)
	o.send(customer, order.Choose, choice(first), nil, order.Contracting)

	_, terms := o.contract(first, 1)
	changed.TermDays += 10
	o.send(customer, order.Amend, changed.terms(), spec.Form, order.Contracting)
	o.refused(first, order.SendContract, terms, nil, order.CodeReaccept)
	o.send(first, order.AcceptChanges, o.revision(), nil, order.Contracting)

	changed.Region = spec.Other.Region
	o.send(customer, order.Amend, changed.terms(), spec.Other.Form, order.Selection)
	o.refused(customer, order.Choose, choice(second), nil, order.CodeStaleResponse)
	o.send(second, order.AcceptChanges, o.revision(), nil, order.Selection)
	o.send(customer, order.Choose, choice(second), nil, order.Contracting)
	o.send(customer, order.Cancel, nil, note("Продаём участок без межевания."), order.Cancelled)
}

// playRegistry removes an engineer with orders in several stages from one snapshot and puts him
// back in the next. He loses the orders for which he was only a candidate; the orders that he
// performs are suspended and then continue where they were.
func playRegistry(r *run, spec OrderSpec) {
	customer := r.customer(spec)
	// A run that failed half-way may have removed him, and then he cannot sign in.
	r.sync("Ночь: инженер есть в снимке реестра", spec.Engineers[0], true)
	engineer := r.engineer(spec.Engineers[0])
	seeking := r.publish(customer, spec, engineer)
	seeking.send(engineer, order.Respond, spec.bid(), note("Готов взяться."), order.Selection)
	seeking.send(customer, order.OfferOrder, choice(engineer), nil, order.Selection)
	signing, _ := r.toSignature(customer, engineer, spec)
	working, paying := r.toWork(customer, engineer, spec), r.toWork(customer, engineer, spec)
	paying.toPayment(engineer)

	ready := order.ResultsDelivery{Way: order.ByFiles, Files: working.works(engineer, 1)}
	r.sync("Ночь: в снимке реестра инженера нет", engineer.Login, false)
	for _, o := range []*liveOrder{seeking, signing, working, paying} {
		o.awaitStatus(engineer, false)
	}
	seeking.refused(engineer, order.AcceptOffer, seeking.revision(), nil, order.CodeNoOffer)
	working.refused(engineer, order.SubmitResults, ready, nil, order.CodeSuspended)
	paying.pay()

	r.sync("Ночь: в следующем снимке инженер снова есть", engineer.Login, true)
	for _, o := range []*liveOrder{signing, working, paying} {
		o.awaitStatus(engineer, true)
	}
	seeking.send(engineer, order.Respond, spec.bid(), note("Снова готов."), order.Selection)
	seeking.send(customer, order.Cancel, nil, note("Нашли другого."), order.Cancelled)
	signing.send(customer, order.Cancel, nil, note("Передумали."), order.Cancelled)
	working.toPayment(engineer)
	working.pay()
	for _, o := range []*liveOrder{working, paying} {
		o.send(engineer, order.ConfirmPayment, nil, nil, order.Completed)
	}
}

// publish creates and publishes an order.
func (r *run) publish(customer *person, spec OrderSpec, engineers ...*person) *liveOrder {
	o := r.create(customer, spec, engineers...)
	o.send(customer, order.Publish, spec.terms(), spec.Form, order.Selection)
	return o
}

// toSignature brings an order to the point where only the customer's signature is missing, and
// returns that signature.
func (r *run) toSignature(customer, engineer *person, spec OrderSpec) (*liveOrder, message) {
	o := r.publish(customer, spec, engineer)
	o.send(customer, order.OfferOrder, choice(engineer), nil, order.Selection)
	o.send(engineer, order.AcceptOffer, o.revision(), nil, order.Contracting)
	return o, o.sendContract(engineer, 1)
}

// toWork brings an order to «Выполнение работ».
func (r *run) toWork(customer, engineer *person, spec OrderSpec) *liveOrder {
	o, sign := r.toSignature(customer, engineer, spec)
	o.send(customer, sign.kind, sign.details, nil, order.Work)
	return o
}

// toPayment submits the results and has them accepted.
func (o *liveOrder) toPayment(engineer *person) {
	act, signed := o.act(engineer)
	o.send(engineer, order.SubmitResults, order.ResultsDelivery{
		Way: order.ByFiles, Files: o.works(engineer, 1), Act: signed, Invoice: o.invoice(engineer, o.remainder()),
	}, nil, order.Acceptance)
	o.send(o.customer, order.AcceptResults, o.countersigned(act), nil, order.Payment)
}

// pay reports the payment of what is due after the advance.
func (o *liveOrder) pay() {
	o.send(o.customer, order.ReportPayment, o.receipt(o.remainder()), nil, order.Payment)
}

func choice(engineer *person) order.EngineerChoice {
	return order.EngineerChoice{Engineer: engineer.party}
}

// revision agrees to the current revision of the order.
func (o *liveOrder) revision() order.Revised { return order.Revised{Revision: o.state.Revision} }
