package play

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"epkr/internal/order"
)

// paper is a file that a person has uploaded to the order.
type paper struct {
	ref     order.FileRef
	content []byte
}

const typePDF = "application/pdf"

// write makes a document of the order and uploads it.
func (o *liveOrder) write(by *person, name string, lines ...string) paper {
	head := []string{name + " к заказу " + o.state.Number, "Подготовил(а): " + by.name, "Время: " + time.Now().In(order.Moscow).Format("02.01.2006 15:04:05.000"), ""}
	return o.upload(by, name+".pdf", typePDF, pdf(append(head, lines...)...))
}

// sign uploads a detached signature under a paper.
func (o *liveOrder) sign(by *person, name string, signed paper) order.FileRef {
	if o.run.err != nil {
		return order.FileRef{}
	}
	signature, err := by.signer.Sign(o.run.ctx, signed.content)
	if err != nil {
		o.run.fail("Подпись: "+name, err)
		return order.FileRef{}
	}
	return o.upload(by, name+".sig", "application/pkcs7-signature", signature).ref
}

// contract makes the contract and signs it for the engineer.
func (o *liveOrder) contract(engineer *person, edition int) (paper, order.ContractTerms) {
	agreed := o.spec.Contract
	terms := order.ContractTerms{
		Price: agreed.Price, AdvanceBasisPoints: agreed.AdvanceBasisPoints, Advance: order.Advance(agreed.Price, agreed.AdvanceBasisPoints),
		TermDate:     time.Now().In(order.Moscow).AddDate(0, 0, agreed.TermDays).Format(time.DateOnly),
		Registration: agreed.Registration,
	}
	document := o.write(
		engineer, "Договор подряда, редакция "+strconv.Itoa(edition),
		"Предмет: "+o.spec.WorkKind.Label(),
		"Место: "+o.spec.Form.Address,
		"Кадастровые номера: "+strings.Join(o.spec.Form.CadastralNumbers, ", "),
		"Стоимость: "+roubles(terms.Price)+", аванс: "+roubles(terms.Advance),
		"Срок: до "+terms.TermDate,
	)
	terms.File = document.ref
	terms.Signature = o.sign(engineer, "Подпись исполнителя", document)
	return document, terms
}

// sendContract sends an edition of the contract and returns the customer's signature, which is not
// sent yet.
func (o *liveOrder) sendContract(engineer *person, edition int) order.ContractSignature {
	document, terms := o.contract(engineer, edition)
	o.send(engineer, order.SendContract, terms, nil, order.Contracting)
	return order.ContractSignature{Contract: document.ref.SHA256, Signature: o.sign(o.customer, "Подпись заказчика", document)}
}

// act makes the act of completed works and signs it for the engineer.
func (o *liveOrder) act(engineer *person) (paper, *order.SignedAct) {
	document := o.write(engineer, "Акт выполненных работ", "Работы выполнены: "+o.spec.WorkKind.Label(), "Стоимость: "+roubles(o.spec.Contract.Price))
	return document, &order.SignedAct{File: document.ref, Signature: o.sign(engineer, "Подпись исполнителя на акте", document)}
}

// countersigned uploads the customer's signature under an act.
func (o *liveOrder) countersigned(customer *person, act paper) order.ActSignature {
	signature := o.sign(customer, "Подпись заказчика на акте", act)
	return order.ActSignature{Act: act.ref.SHA256, Signature: &signature}
}

// invoice uploads an invoice.
func (o *liveOrder) invoice(engineer *person, amount order.Kopecks) *order.Invoice {
	bill := o.write(engineer, "Счет", "К оплате: "+roubles(amount)).ref
	return &order.Invoice{File: &bill}
}

// receipt uploads the customer's proof of a payment.
func (o *liveOrder) receipt(customer *person, amount order.Kopecks) order.PaymentReport {
	proof := o.write(customer, "Квитанция об оплате", "Оплачено: "+roubles(amount)).ref
	return order.PaymentReport{File: &proof}
}

// works uploads an archive with the results of the works.
func (o *liveOrder) works(engineer *person, round int) order.FileRef {
	content, err := archive(map[string]string{
		"межевой-план.xml": fmt.Sprintf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<MP order=%q round=\"%d\"/>\n", o.state.Number, round),
		"координаты.csv":   "точка;X;Y\nн1;462101.15;1375210.40\nн2;462118.92;1375244.07\nн3;462090.31;1375259.88\nн4;462072.54;1375226.21\n",
	})
	if err != nil {
		o.run.fail("Архив результатов", err)
		return order.FileRef{}
	}
	return o.upload(engineer, fmt.Sprintf("Результаты работ, передача %d.zip", round), "application/zip", content).ref
}

// remainder returns the amount due after the advance.
func (o *liveOrder) remainder() order.Kopecks {
	c := o.spec.Contract
	return c.Price - order.Advance(c.Price, c.AdvanceBasisPoints)
}

func (o *liveOrder) advance() order.Kopecks { return o.spec.Contract.Price - o.remainder() }

func roubles(k order.Kopecks) string { return fmt.Sprintf("%d,%02d руб.", k/100, k%100) }

func note(text string) order.Note { return order.Note{Note: text} }
