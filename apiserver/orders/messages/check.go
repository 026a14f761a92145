package messages

import (
	"errors"
	"strconv"
	"time"

	"epkr/apiserver/httpapi"
	"epkr/apiserver/httpapi/problems"
	"epkr/internal/order"
	"epkr/internal/requisites"
	"epkr/internal/territory"
)

// The form of a message is validated per field before anything is sent. Whether the order accepts
// the message is not checked here.

// detailProblems checks what the API description cannot express.
func detailProblems(details any, now time.Time) []problems.FieldProblem {
	if order.RepeatsFile(details) {
		return []problems.FieldProblem{{Field: "details.files", Message: order.ReasonOf(order.CodeFileRepeated)}}
	}
	switch d := details.(type) {
	case *order.Terms:
		return append(conditionProblems(d), termProblems(d.TermDate, d.TermDays, now)...)
	case *order.Bid:
		return termProblems(d.TermDate, d.TermDays, now)
	case *order.ContractTerms:
		return termProblems(d.TermDate, 0, now)
	}
	return nil
}

// termProblems refuses a term that was already invalid yesterday. A message may be repeated the day
// after it was sent, to get the verdict that it got then. The order itself checks the term against
// the day on which the message was first received.
func termProblems(date string, days int, now time.Time) []problems.FieldProblem {
	p := order.CheckTerm(date, days, now)
	if p == nil || order.CheckTerm(date, days, now.AddDate(0, 0, -1)) == nil {
		return nil
	}
	return []problems.FieldProblem{{Field: "details." + p.Field, Message: p.Reason}}
}

func conditionProblems(terms *order.Terms) []problems.FieldProblem {
	var found []problems.FieldProblem
	if r, known := territory.RegionByCode(terms.Region); !known || !r.Subject {
		found = append(found, problems.FieldProblem{Field: "details.region", Message: "Выберите субъект Российской Федерации из списка."})
	}
	if terms.WorkKind.Label() == "" {
		found = append(found, problems.FieldProblem{Field: "details.workKind", Message: "Выберите вид кадастровых работ из списка."})
	}
	return found
}

// textProblems checks a text and what the details require of it. It normalizes the numbers in the
// text.
func textProblems(kind order.Kind, text, details any) []problems.FieldProblem {
	c := &textCheck{}
	switch t := text.(type) {
	case *order.Form:
		c.form(t)
	case *order.LinkNote:
		c.link("link", t.Link)
	case *order.ResultsText:
		c.link("link", t.Link)
		c.link("invoiceLink", t.InvoiceLink)
		c.number("uin", &t.UIN, requisites.UIN)
	case *order.RegistrationText:
		c.number("kuvd", &t.KUVD, kuvd)
	}
	c.required(kind, text)
	c.pointedTo(text, details)
	return c.found
}

// textCheck collects the problems of a text.
type textCheck struct{ found []problems.FieldProblem }

func (c *textCheck) add(p *order.TextProblem) {
	if p != nil {
		c.found = append(c.found, problems.FieldProblem{Field: "text." + p.Field, Message: p.Reason})
	}
}

func (c *textCheck) link(field, link string) { c.add(order.CheckLink(field, link)) }

func (c *textCheck) number(field string, value *string, normal func(string) (string, error)) {
	if *value == "" {
		return
	}
	fixed, err := normal(*value)
	if wrong := (*requisites.Error)(nil); errors.As(err, &wrong) {
		c.add(&order.TextProblem{Field: field, Reason: wrong.Message})
		return
	}
	*value = fixed
}

func kuvd(text string) (string, error) {
	normal, _, err := requisites.KUVD(text)
	return normal, err
}

func (c *textCheck) form(f *order.Form) {
	c.add(order.CheckRequired("address", f.Address, "Укажите адрес или опишите место."))
	for i := range f.CadastralNumbers {
		c.number("cadastralNumbers["+strconv.Itoa(i)+"]", &f.CadastralNumbers[i], cadastral)
	}
}

// cadastral normalizes the number of an object or of a block.
func cadastral(text string) (string, error) {
	number, err := requisites.CadastralNumber(text)
	if err == nil {
		return number, nil
	}
	if block, notBlock := requisites.CadastralBlock(text); notBlock == nil {
		return block, nil
	}
	return "", err
}

// required requires the form of an order, and a reason where the other side must be given one.
func (c *textCheck) required(kind order.Kind, text any) {
	if text == nil && (kind == order.Publish || kind == order.Amend) {
		c.add(&order.TextProblem{Field: "address", Reason: "Укажите адрес или опишите место."})
		return
	}
	if rule, known := order.RuleFor(kind); !known || !rule.RequiresReason {
		return
	}
	note := ""
	if n, ok := text.(*order.Note); ok {
		note = n.Note
	}
	c.add(order.CheckRequired("note", note, order.ReasonOf(order.CodeNoReason)))
}

// pointedTo requires the links and numbers to which the details refer.
func (c *textCheck) pointedTo(text, details any) {
	const noLink = "Укажите ссылку, которая начинается с https://"
	links, _ := text.(*order.LinkNote)
	results, _ := text.(*order.ResultsText)
	switch d := details.(type) {
	case *order.Invoice:
		if d.Link && (links == nil || links.Link == "") {
			c.add(&order.TextProblem{Field: "link", Reason: noLink})
		}
	case *order.FinalDelivery:
		if d.Invoice != nil && d.Invoice.Link && (links == nil || links.Link == "") {
			c.add(&order.TextProblem{Field: "link", Reason: noLink})
		}
	case *order.ResultsDelivery:
		c.delivery(d, results)
	}
}

func (c *textCheck) delivery(d *order.ResultsDelivery, t *order.ResultsText) {
	if t == nil {
		t = &order.ResultsText{}
	}
	if d.Way == order.ByLink {
		c.add(order.CheckRequired("link", t.Link, "Укажите ссылку, которая начинается с https://"))
	}
	if d.Way == order.ByStorage {
		c.add(order.CheckRequired("uin", t.UIN, "Укажите номер УИН электронного хранилища."))
	}
	if d.Way != order.ByFiles {
		c.add(order.CheckRequired("note", t.Note, "Опишите, что и как передано."))
	}
	if d.Invoice != nil && d.Invoice.Link {
		c.add(order.CheckRequired("invoiceLink", t.InvoiceLink, "Укажите ссылку, которая начинается с https://"))
	}
}

// checkAuthority requires that a head who signs for his organisation has signed in at ЕСИА
// recently, because a membership may end during a session. A person who is not the head is refused
// by the order itself.
func (a *Service) checkAuthority(details any, by httpapi.Session) error {
	signs, ok := details.(order.Binding)
	if !ok || !signs.HasCustomerSignature() || by.Role != order.RoleCustomer || !by.Head {
		return nil
	}
	return a.HTTP.CheckAuthority(by)
}
