package play

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"epkr/dev/simulators/cryptopro"
	"epkr/dev/synthetic"
	"epkr/internal/order"
)

// paper is a file that a person has uploaded to the order.
type paper struct {
	ref     order.FileRef
	content []byte
}

// upload makes a file and uploads it to the order as a browser does, and stores the facts about it
// that the rules need.
func (o *liveOrder) upload(by *person, name, contentType string, make func() ([]byte, error)) (p paper) {
	o.run.step("Загружен файл «"+name+"»", by, nil, func() (err error) {
		if p.content, err = make(); err != nil {
			return err
		}
		if p.ref, err = by.Upload(o.run.ctx, uuid.MustParse(o.id), name, contentType, p.content); err != nil {
			return err
		}
		o.files[p.ref.ID] = order.FileFacts{SHA256: p.ref.SHA256, ContentType: contentType, PDFA: &order.PDFACheck{}}
		return nil
	})
	return p
}

// write uploads a document of the order.
func (o *liveOrder) write(by *person, name string, lines ...string) paper {
	head := []string{"Подготовил(а): " + by.name, "Время: " + time.Now().In(order.Moscow).Format("02.01.2006 15:04:05.000")}
	return o.upload(by, name+".pdf", "application/pdf", func() ([]byte, error) {
		return synthetic.Paper(name+" к заказу "+o.state.Number, append(head, lines...)...)
	})
}

// sign uploads a detached signature under a paper.
func (o *liveOrder) sign(by *person, name string, signed paper) order.FileRef {
	ref := o.upload(by, name+".sig", "application/pkcs7-signature", func() ([]byte, error) {
		return cryptopro.Sign(by.login, by.kind, signed.content)
	}).ref
	o.signatures[ref.ID] = order.SignatureFacts{Document: signed.ref.SHA256}
	return ref
}

// contract makes the contract and signs it for the engineer.
func (o *liveOrder) contract(engineer *person, edition int) (paper, order.ContractTerms) {
	agreed := o.spec.Contract
	terms := order.ContractTerms{ContractConditions: order.ContractConditions{
		Price: agreed.Price, AdvanceBasisPoints: agreed.AdvanceBasisPoints, Advance: o.advance(),
		TermDate:     time.Now().In(order.Moscow).AddDate(0, 0, agreed.TermDays).Format(time.DateOnly),
		Registration: agreed.Registration,
	}}
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
func (o *liveOrder) sendContract(engineer *person, edition int) message {
	document, terms := o.contract(engineer, edition)
	o.send(engineer, order.SendContract, terms, nil, order.Contracting)
	return newMessage(o.customer, order.SignContract, order.ContractSignature{
		Contract: document.ref.SHA256, Signature: o.sign(o.customer, "Подпись заказчика", document),
	}, nil)
}

// act makes the act of completed works and signs it for the engineer.
func (o *liveOrder) act(engineer *person) (paper, *order.SignedAct) {
	document := o.write(
		engineer, "Акт выполненных работ",
		"Работы выполнены: "+o.spec.WorkKind.Label(), "Стоимость: "+roubles(o.spec.Contract.Price),
	)
	return document, &order.SignedAct{File: document.ref, Signature: o.sign(engineer, "Подпись исполнителя на акте", document)}
}

// countersigned uploads the customer's signature under an act.
func (o *liveOrder) countersigned(act paper) order.ActSignature {
	signature := o.sign(o.customer, "Подпись заказчика на акте", act)
	return order.ActSignature{Act: act.ref.SHA256, Signature: &signature}
}

// invoice uploads an invoice.
func (o *liveOrder) invoice(engineer *person, amount order.Kopecks) *order.Invoice {
	bill := o.write(engineer, "Счет", "К оплате: "+roubles(amount)).ref
	return &order.Invoice{File: &bill}
}

// receipt uploads the customer's proof of a payment.
func (o *liveOrder) receipt(amount order.Kopecks) order.PaymentReport {
	proof := o.write(o.customer, "Квитанция об оплате", "Оплачено: "+roubles(amount)).ref
	return order.PaymentReport{File: &proof}
}

// works uploads an archive with the results of the works.
func (o *liveOrder) works(engineer *person, round int) []order.FileRef {
	name := fmt.Sprintf("Результаты работ, передача %d.zip", round)
	results := o.upload(engineer, name, "application/zip", func() ([]byte, error) {
		var archive bytes.Buffer
		files := zip.NewWriter(&archive)
		for name, content := range map[string]string{
			"межевой-план.xml": fmt.Sprintf("<?xml version=\"1.0\"?>\n<MP order=%q round=\"%d\"/>\n", o.state.Number, round),
			"координаты.csv":   "точка;X;Y\nн1;462101.15;1375210.40\nн2;462118.92;1375244.07\nн3;462090.31;1375259.88\nн4;462072.54;1375226.21\n",
		} {
			entry, err := files.Create(name)
			if err != nil {
				return nil, err
			}
			fmt.Fprint(entry, content)
		}
		err := files.Close()
		return archive.Bytes(), err
	})
	return []order.FileRef{results.ref}
}

// remainder returns the amount due after the advance.
func (o *liveOrder) remainder() order.Kopecks { return o.spec.Contract.Price - o.advance() }

func (o *liveOrder) advance() order.Kopecks {
	return order.Advance(o.spec.Contract.Price, o.spec.Contract.AdvanceBasisPoints)
}

func roubles(k order.Kopecks) string { return fmt.Sprintf("%d,%02d руб.", k/100, k%100) }

func note(text string) order.Note { return order.Note{Note: text} }
